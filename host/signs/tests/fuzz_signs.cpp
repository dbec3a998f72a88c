// Any bytes as symptoms: a line "KEY=VALUE" is a fact of host, card, VM and guest, the rest is said by everybody and is in the kernel's log.
// Nothing may crash; each finding is in the catalogue and comes once, and what is kept of any text is small and printable.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "harness/core/findings.hpp"
#include "harness/report/text.hpp"
#include "host/signs/detect.hpp"
#include "host/signs/words.hpp"

namespace passbench {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

Facts facts_in(std::string_view text) {
    Facts facts;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const std::size_t equal = line.find('=');
        if (equal == std::string_view::npos) continue;
        facts[std::string(line.substr(0, equal))] = std::string(line.substr(equal + 1));
    }
    return facts;
}

Symptoms symptoms_of(std::string_view text) {
    const Facts facts = facts_in(text);
    const auto said = [&](Speaker by) {
        const auto doing = static_cast<Doing>(text.size() % 9);
        return Said{.by = by, .doing = doing, .text = std::string(text), .code = fact_text(facts, "code").value_or("")};
    };
    const HostFacts host = {{"host", facts}, {"gpu/G", facts}, {"vm/V", facts}, {"eflow", facts}};
    return {.said = {said(Speaker::cmdlet), said(Speaker::host_text), said(Speaker::command), said(Speaker::guest_text),
                     said(Speaker::cuda)},
            .kernel_log = std::string(text),
            .method = fact_text(facts, "method").value_or(""),
            .gpu = "G",
            .vm = "V",
            .host = host,
            .wanted = {{"gpu/G", {{"state", "host"}}}, {"eflow", {{"power", "running"}, {"config.gpu_count", "1"}}}},
            .guest = facts,
            .before = static_cast<Before>(text.size() % 4)};
}

}  // namespace
}  // namespace passbench

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace passbench;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto detections = detect(symptoms_of(text));
    std::set<std::string> names;
    for (const Detection& each : detections) {
        require(find_finding(each.finding) != nullptr);
        require(each.finding == unknown_finding || names.insert(each.finding).second);
        require(printable(each.text) == each.text && width(each.text) <= 2 * most_columns_kept + 3);
    }
    require(detections.size() <= names.size() + 2 * most_unknown);
    const Error error = with_finding({.what = "it failed"}, detections);
    require(error.what == "it failed" && (detections.empty() || find_finding(error.finding) != nullptr));
    return 0;
}
