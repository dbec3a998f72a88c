// What the stages before know of one case in one arm, looked up by name: estimates, trials that are missing, impossible
// values. Refers to the stats it was made from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "harness/records/stats.hpp"
#include "harness/records/verdict.hpp"

namespace passbench {

class Evidence {
public:
    explicit Evidence(const Stats& stats);

    /// The estimate in one arm (reference ""), or of an arm against the reference; nullptr where there is none.
    [[nodiscard]] const Estimate* estimate(std::string_view case_name, std::string_view metric, std::string_view arm,
                                           std::string_view reference) const;
    /// The worst reason why a trial of the case has no value in the arm: error, then invalid, then skipped; nullptr where all
    /// have one.
    [[nodiscard]] const Missing* missing(std::string_view case_name, std::string_view arm) const;
    /// The first value of the case in the arm that is above a physical limit.
    [[nodiscard]] const Estimate* impossible(std::string_view case_name, std::string_view arm) const;

private:
    using CaseAndArm = std::pair<std::string_view, std::string_view>;
    std::map<std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>, const Estimate*>
        estimates_;
    std::map<CaseAndArm, const Missing*> missing_;
    std::map<CaseAndArm, const Estimate*> impossible_;
};

/// "block 3, trial 0 of dda: device lost"
[[nodiscard]] std::string to_text(const Missing& missing);

/// What makes a gate no question of numbers, with its sentence.
struct ValidityState {
    GateWord word;  // not one of R9.4
    std::string text;
};
/// Of one case in one arm; nothing where all its values are valid.
[[nodiscard]] std::optional<ValidityState> validity_state(const Evidence& evidence, std::string_view case_name,
                                                          std::string_view arm);

}  // namespace passbench
