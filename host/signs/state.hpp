// Conditions on the state of host and guest, as rules of the catalogue make them: whose facts they are, and what holds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "host/signs/symptoms.hpp"

namespace passbench {

/// Whose facts a condition is about; those of cards, VMs and EFLOW are of the ones in question.
enum class Of { arm, host, gpu, vm, eflow, guest, wanted_gpu, wanted_vm, wanted_eflow };

/// Nothing is true of a fact that is absent, but `unless`.
enum class Is {
    equal,
    other,   // there, and another
    unless,  // another, or absent
    beginning,
    containing,
    at_least,
    at_most,
    version,  // equal by its numbers: 1.3.1.02092 is 1.3.1.2092
    version_from,
    version_below,
};

/// One condition on the state. Of::arm has the key "method" alone.
struct StateCondition {
    Of of;
    std::string_view key;
    Is is;
    std::string_view value;
};

/// The facts of the Symptoms by whose they are; refers to it.
class State {
public:
    explicit State(const Symptoms& symptoms);
    /// Empty where nothing is known of it.
    [[nodiscard]] const Facts& facts(Of of) const;
    [[nodiscard]] const Symptoms& symptoms() const { return symptoms_; }

private:
    const Symptoms& symptoms_;
    Facts arm_;
};

/// "gpu problem_code = 22", "host hns.version is older than version 9.2".
[[nodiscard]] std::string to_text(const StateCondition& condition);
/// What holds, as a person reads it: "gpu problem_code = 22"; nothing where it does not.
[[nodiscard]] std::optional<std::string> holds(const StateCondition& condition, const State& state);

/// A condition that is more than one fact beside one value.
struct StateComparison {
    std::optional<std::string> (*holds)(const State& state) = nullptr;  // as of a StateCondition
    std::string_view meaning = {};  // "the card is assigned to another VM than this"
};

}  // namespace passbench
