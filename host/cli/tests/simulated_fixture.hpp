// What the tests of `--lab simulated` share: scenarios of a moment, runs of them, and their records.
#pragma once

#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "host/cli/tests/cli_fixture.hpp"

namespace passbench {

using Json = nlohmann::json;

/// A variable of the environment, for the life of this object; the trials inherit it.
class Variable {
public:
    Variable(const char* name, const std::string& value) : name_(name) { setenv(name, value.c_str(), 1); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    ~Variable() { unsetenv(name_); }

private:
    const char* name_;
};

inline constexpr const char* design = R"(
[design]
blocks     = 2
trials     = 1
iterations = 5
warmup     = "1 ms"
warmup_cap = "2 ms"
trial_timeout = "15 s"
)";

inline constexpr const char* both_forms = R"(version = 1
title = "both forms"
arms = ["local"]
[[case]]
workload = "stream"
axes = { bytes = 40008, threads = 1 }
)";

class Simulated : public CliTest {
protected:
    [[nodiscard]] Called run(const std::string& scenario, std::vector<std::string> more = {"--lab", "simulated"}) const;
    [[nodiscard]] Json record(const std::string& name) const;
    [[nodiscard]] std::vector<Json> lines(const std::string& name) const;
};

[[nodiscard]] bool is_cuda(const Json& of_case);
[[nodiscard]] std::set<std::string> flags_of(const Json& estimate);

}  // namespace passbench
