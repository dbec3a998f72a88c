#include "host/providers/kept_steps.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "host/survey/host_keys.hpp"

namespace passbench {
namespace {

/// Properties of EFLOW's machine and the words for them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> keep_words_by_property = {
    {{eflow_key::deployment, "eflow_deployment"}, {eflow_key::provisioning, "eflow_provisioning"}}};

std::string word_for(const Step& step) {
    const auto* found = std::find_if(keep_words_by_property.begin(), keep_words_by_property.end(),
                                     [&](const auto& each) { return each.first == step.property; });
    return step.resource != eflow_resource || found == keep_words_by_property.end() ? "" : std::string(found->second);
}

bool is_agreed(const Step& step, const Consent& given) {
    const std::string word = word_for(step);
    return !word.empty() && std::find(given.keep.begin(), given.keep.end(), word) != given.keep.end();
}

}  // namespace

Result<void> check_kept(const std::vector<Step>& steps, const Consent& given) {
    for (const Step& step : steps) {
        if (step.undo != Undo::keep || is_agreed(step, given)) continue;
        return fail({.code = ErrorCode::consent,
                     .what = fmt::format("{} {} becomes '{}' and stays so: it has no way back", step.resource,
                                         step.property, step.wanted),
                     .where = step.resource + " " + step.property,
                     .fix = fmt::format("Where you agree to that, write keep = [\"{}\"] below [consent] in lab.toml.",
                                        word_for(step))});
    }
    return {};
}

std::vector<std::string> consented_steps(const std::vector<Step>& steps, const Consent& given) {
    std::vector<std::string> names;
    for (const Step& step : steps) {
        if (step.undo == Undo::keep && is_agreed(step, given)) names.push_back(step.resource + " " + step.property);
    }
    return names;
}

}  // namespace passbench
