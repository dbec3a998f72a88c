// The client of the interpreter, on Windows: with the simulated host in PowerShell's place, and with those that misbehave.
#include "host/powershell/interpreter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/tests/temp_folder.hpp"
#include "harness/core/this_process.hpp"
#include "host/tests/windows/roles.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::int64_t second_ns = 1'000'000'000;

Error call_error(const std::string& how) {
    auto started = Interpreter::start({.argv = as("interpreter", {how})});
    if (!started) return started.error();
    const auto value = started->call_within(2 * second_ns, "Get-PassBenchHost", "{}");
    EXPECT_FALSE(value);
    return value ? Error{} : value.error();
}

TEST(WindowsInterpreter, TheSimulatedHostAnswers) {
    const TempFolder folder;
    const fs::path programs = running_program().parent_path();
    const fs::path fixture = fs::path(PASSBENCH_FIXTURE);
    auto host =
        Interpreter::start({.argv = {(programs / "passbench-sim-host.exe").string(), "--state",
                                     (folder.path() / "Gr\u00F6\u00DFe.json").string(), "--host", fixture.string()}});
    ASSERT_TRUE(host) << to_text(host.error());
    EXPECT_TRUE(host->is_simulated());
    EXPECT_THAT(host->call("Get-PassBenchHost", "{}").value_or(""), HasSubstr("resources"));
    EXPECT_THAT(host->call("Get-PassBenchJobs", "{}").value_or(""), HasSubstr("jobs"));
    EXPECT_FALSE(host->call("Get-PassBenchVmLog", R"({"vm":"\u65E5\u672C"})"));
    EXPECT_TRUE(fs::exists(folder.path() / "Gr\u00F6\u00DFe.json"));
}

TEST(WindowsInterpreter, EachMisbehaviourIsOneClearError) {
    EXPECT_EQ(call_error("silent").finding, "host.interpreter_silent");
    const Error chatty = call_error("chatty");
    EXPECT_EQ(chatty.finding, "host.interpreter_died");
    EXPECT_THAT(chatty.what, HasSubstr("blocked by your administrator"));
    EXPECT_EQ(call_error("deaf").finding, "host.interpreter_hung");
    EXPECT_THAT(call_error("dies").what, HasSubstr("ended with 3"));
    EXPECT_EQ(call_error("garbage").finding, "host.interpreter_garbled");
}

}  // namespace
}  // namespace passbench::tests
