// What the functions of PassBench.psm1 share as changes of a simulated host's state. Internal to this room.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "harness/records/json_codec.hpp"
#include "host/powershell/host_functions.hpp"
#include "host/simulated/rules.hpp"
#include "host/simulated/simulated_state.hpp"

namespace passbench::actions {

/// The arguments do not fit the function, or there is nothing of that name: PowerShell would not bind them, the host not find it.
class Unfit {
public:
    explicit Unfit(FunctionError error) : error_(std::move(error)) {}
    [[nodiscard]] const FunctionError& error() const { return error_; }

private:
    FunctionError error_;
};

/// A function by what it makes of the state; the JSON of its value. Throws Unfit.
using Action = std::string (*)(SimulatedState&, const codec::Place&);
using ActionTable = std::map<std::string, Action, std::less<>>;

/// Those of EFLOW and WSL (eflow_actions.cpp, wsl_actions.cpp).
[[nodiscard]] const ActionTable& eflow_actions();
[[nodiscard]] const ActionTable& wsl_actions();

[[noreturn]] void unfit(const std::string& message);
/// Throws Unfit where there is a refusal.
void allow(const rules::Refusal& refusal);
/// Throws Unfit that says `what` where there is no such resource.
[[nodiscard]] Facts& facts_of(SimulatedState& state, const std::string& resource, const std::string& what);
/// The text as a fact of the type that the property has.
[[nodiscard]] Fact as_type_of(const Fact& known, const std::string& text);
void put(SimulatedState& state, const std::string& resource, std::string_view property, std::string value);
void put_later(SimulatedState& state, PendingChange change);
/// The value of a function that has none.
[[nodiscard]] std::string nothing();
/// The answer of a survey: the resources that are meant.
[[nodiscard]] std::string resources_value(const HostFacts& facts, bool (*is_meant)(std::string_view resource));

}  // namespace passbench::actions
