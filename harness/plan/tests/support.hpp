// Short ways to make scenarios and plans in tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "harness/plan/make_plan.hpp"

namespace passbench {

/// The scenario of this text, which has to be right; `version = 1` is put before it.
inline Scenario scenario_of(std::string_view text) {
    auto scenario = parse_scenario("version = 1\n" + std::string(text), "s.toml");
    if (!scenario) ADD_FAILURE() << scenario.error().front().where << ": " << scenario.error().front().what;
    return scenario ? *std::move(scenario) : Scenario{};
}

inline Plan plan_of(std::string_view text, Scale scale = Scale::full) {
    auto plan = make_plan(scenario_of(text), scale);
    if (!plan) ADD_FAILURE() << to_text(plan.error());
    return plan ? *std::move(plan) : Plan{};
}

inline std::vector<std::string> names_of(const Plan& plan) {
    std::vector<std::string> names;
    for (const PlannedCase& planned : plan.cases) names.push_back(planned.name);
    return names;
}

/// Two arms and `gates` gates, one a case, on `fma` with 1, 2, 3 ... threads.
inline std::string gated_on(int gates) {
    std::string text = "arms = [\"a\", \"b\"]\n[[case]]\nworkload = \"fma\"\nforms = [\"cpu\"]\naxes = { threads = [";
    for (int i = 1; i <= gates; ++i) text += std::to_string(i) + ", ";
    return text + "] }\ngate = [{ metric = \"wall\", budget = \"3 %\", form = \"cpu\" }]\n";
}

}  // namespace passbench
