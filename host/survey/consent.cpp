#include "host/survey/consent.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace passbench {

namespace {

constexpr std::string_view eula_key = "nvidia_eula";
constexpr std::string_view force_key = "force_dismount";
constexpr std::string_view keep_key = "keep";

bool is_given(const ConsentNeed& need, const Consent& given) {
    if (need.key == eula_key) return given.nvidia_eula;
    if (need.key == force_key) return given.force_dismount;
    return std::ranges::find(given.keep, need.word) != given.keep.end();
}

/// The lines that lab.toml needs: `keep` is one list, with what is in it already.
std::string lines_for(std::span<const ConsentNeed> missing, const Consent& given) {
    std::string lines = "[consent]";
    auto keep = given.keep;
    for (const auto& need : missing) {
        if (need.key == keep_key) keep.push_back(need.word);
        if (need.key != keep_key) lines += fmt::format("\n{} = true", need.key);
    }
    if (keep.size() == given.keep.size()) return lines;
    std::string list;
    for (const auto& word : keep) list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", word);
    return lines + fmt::format("\n{} = [{}]", keep_key, list);
}

}  // namespace

std::vector<ConsentNeed> consents_needed(const MethodCell& cell, std::span<const std::string_view> kept) {
    std::vector<ConsentNeed> needed = {{.key = std::string(eula_key),
                                        .word = "",
                                        .why = "NVIDIA's driver and libraries are used under NVIDIA's end user licence "
                                               "agreement, which somebody has to have "
                                               "accepted."}};
    if (cell.has("dda.mitigation")) {
        needed.push_back({.key = std::string(force_key),
                          .word = "",
                          .why =
                              "The card is taken from the host by force, and a guest that has it may reach the host by "
                              "DMA: only trusted guests may get it."});
    }
    for (const auto word : kept) {
        needed.push_back({.key = std::string(keep_key),
                          .word = std::string(word),
                          .why = fmt::format("The run leaves something behind that is not undone: {}.", word)});
    }
    return needed;
}

Result<void> check_consent(std::span<const ConsentNeed> needed, const Consent& given) {
    std::vector<ConsentNeed> missing;
    std::string names;
    std::string reasons;
    for (const auto& need : needed) {
        if (is_given(need, given)) continue;
        missing.push_back(need);
        names += (names.empty() ? "" : ", ") + need.key + (need.word.empty() ? "" : " " + need.word);
        reasons += " " + need.why;
    }
    if (missing.empty()) return {};
    return fail({.code = ErrorCode::consent,
                 .what = fmt::format("nobody has agreed to: {}.{}", names, reasons),
                 .where = "[consent] in lab.toml",
                 .fix = fmt::format("Where you may agree to it, write into lab.toml:\n{}", lines_for(missing, given))});
}

}  // namespace passbench
