#include "harness/judge/evidence.hpp"

#include <fmt/core.h>

#include "harness/judge/gate_word.hpp"

namespace passbench {
namespace {

int severity(const Missing& missing) {
    if (missing.word == "error") return 2;
    return missing.word == "invalid" ? 1 : 0;
}

}  // namespace

Evidence::Evidence(const Stats& stats) {
    for (const Estimate& one : stats.estimates) {
        const std::string_view reference = one.reference ? std::string_view(*one.reference) : std::string_view();
        estimates_.emplace(std::tuple(std::string_view(one.case_name), std::string_view(one.metric),
                                      std::string_view(one.arm), reference),
                           &one);
        if (find_flag(one.flags, "above_limit") != nullptr)
            impossible_.emplace(CaseAndArm(one.case_name, one.arm), &one);
    }
    for (const Missing& one : stats.missing) {
        const auto [place, is_first] = missing_.emplace(CaseAndArm(one.case_name, one.arm), &one);
        if (!is_first && severity(one) > severity(*place->second)) place->second = &one;
    }
}

const Estimate* Evidence::estimate(std::string_view case_name, std::string_view metric, std::string_view arm,
                                   std::string_view reference) const {
    const auto found = estimates_.find({case_name, metric, arm, reference});
    return found == estimates_.end() ? nullptr : found->second;
}

const Missing* Evidence::missing(std::string_view case_name, std::string_view arm) const {
    const auto found = missing_.find({case_name, arm});
    return found == missing_.end() ? nullptr : found->second;
}

const Estimate* Evidence::impossible(std::string_view case_name, std::string_view arm) const {
    const auto found = impossible_.find({case_name, arm});
    return found == impossible_.end() ? nullptr : found->second;
}

std::string to_text(const Missing& missing) {
    return fmt::format("block {}, trial {} of {}: {}", missing.block, missing.trial, missing.arm, missing.text);
}

std::optional<ValidityState> validity_state(const Evidence& evidence, std::string_view case_name,
                                            std::string_view arm) {
    const Missing* missing = evidence.missing(case_name, arm);
    const Estimate* impossible = evidence.impossible(case_name, arm);
    if (impossible != nullptr && (missing == nullptr || missing->word != "error")) {
        return ValidityState{GateWord::invalid,
                             fmt::format("No verdict (invalid): {} of {} is at {}.", impossible->metric, arm,
                                         find_flag(impossible->flags, "above_limit")->text)};
    }
    if (missing == nullptr) return std::nullopt;
    const GateWord word = missing->word == "error"     ? GateWord::error
                          : missing->word == "invalid" ? GateWord::invalid
                                                       : GateWord::skipped;
    return ValidityState{word, fmt::format("No verdict ({}): {}.", missing->word, to_text(*missing))};
}

}  // namespace passbench
