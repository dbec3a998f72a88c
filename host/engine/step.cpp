#include "host/engine/step.hpp"

#include <utility>

#include "host/engine/step_codec.hpp"

namespace passbench {
namespace {

constexpr codec::Format steps_format{"passbench.steps", 1};
constexpr std::size_t max_steps = 10'000;

}  // namespace

std::string_view to_string(Undo undo) { return undo == Undo::keep ? "keep" : "restore"; }

codec::Json encode(const Step& step) {
    codec::Json object = {{"resource", step.resource},
                          {"property", step.property},
                          {"before", step.before},
                          {"wanted", step.wanted},
                          {"undo", to_string(step.undo)}};
    codec::put_unless_empty(object, "why", step.why);
    return object;
}

Step decode_step(const codec::Place& place) {
    return {.resource = place.nonempty_text("resource"),
            .property = place.nonempty_text("property"),
            .before = place.text("before"),
            .wanted = place.text("wanted"),
            .undo = place.word("undo", {Undo::restore, Undo::keep}),
            .why = place.text_or_empty("why")};
}

std::string to_json(const std::vector<Step>& steps) {
    codec::Json document = codec::begin(steps_format);
    codec::Json& list = document["steps"] = codec::Json::array();
    for (const Step& step : steps) list.push_back(encode(step));
    return codec::to_document(document);
}

Result<std::vector<Step>> steps_from_json(std::string_view text) {
    return codec::decode(text, steps_format, codec::max_document_bytes, [](const codec::Place& document) {
        std::vector<Step> steps;
        document.each("steps", max_steps, [&](const codec::Place& place) { steps.push_back(decode_step(place)); });
        return steps;
    });
}

}  // namespace passbench
