// Whatever the interpreter does, a call ends in its value or in one clear error, and nothing of it outlives its object.
#include "host/powershell/interpreter.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/core/clock.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t long_ns = 60 * second_ns;

InterpreterCommand fake(const std::string& how = "well") {
    return {.argv = {PASSBENCH_PYTHON, PASSBENCH_FAKE_INTERPRETER, how},
            .start_deadline_ns = long_ns,
            .call_deadline_ns = long_ns};
}

Interpreter begun(const std::string& how = "well") {
    auto started = Interpreter::start(fake(how));
    if (!started) ADD_FAILURE() << to_text(started.error());
    return *std::move(started);
}

Error start_error(InterpreterCommand command) {
    const auto started = Interpreter::start(std::move(command));
    EXPECT_FALSE(started);
    return started ? Error{} : started.error();
}

Error call_error(Interpreter& interpreter, const std::string& function, std::int64_t deadline_ns = long_ns) {
    const auto value = interpreter.call_within(deadline_ns, function, "{}");
    EXPECT_FALSE(value) << function;
    return value ? Error{} : value.error();
}

nlohmann::json echo(Interpreter& interpreter, const nlohmann::json& arguments = nlohmann::json::object()) {
    const auto value = interpreter.call("Echo", arguments.dump());
    if (!value) ADD_FAILURE() << to_text(value.error());
    return value ? nlohmann::json::parse(*value) : nlohmann::json();
}

TEST(Interpreter, SaysWhatItIsWhenItStarts) {
    const InterpreterGreeting expected{.interpreter = "fake", .version = "1.2", .edition = "Core", .simulated = true};
    const Interpreter interpreter = begun();
    EXPECT_EQ(interpreter.greeting(), expected);
    EXPECT_TRUE(interpreter.is_simulated());
}

TEST(Interpreter, AGreetingWithByteOrderMarkAndCarriageReturnIsOne) {
    EXPECT_EQ(begun("bom").greeting().version, "1.2");
}

TEST(Interpreter, OneProcessAnswersAllCalls) {
    Interpreter interpreter = begun();
    const auto pid = echo(interpreter).at("pid");
    EXPECT_EQ(echo(interpreter).at("pid"), pid);
}

TEST(Interpreter, ArgumentsArriveAsTheyWereGiven) {
    Interpreter interpreter = begun();
    const std::vector<std::string> texts = {"lab guest",
                                            "it's",
                                            "a \"quoted\" one",
                                            "$(Remove-Item C:\\)",
                                            "a; Stop-Computer",
                                            "line\nand\r\nline",
                                            "`backtick`n",
                                            "\\\\server\\share",
                                            "%PATH% ${env:PATH}",
                                            "-Force",
                                            "@{a=1}",
                                            "##passbench {}",
                                            "{\"id\":1}",
                                            "\u00e4\u00f6\u00fc \u2192 \U0001F600 \u0130",
                                            "\x01\x1b[31m",
                                            "#< CLIXML",
                                            "&|<>^*?[a]",
                                            ""};
    nlohmann::json arguments = {{"a key with $() and \"quotes\"", "value"}, {"force", true}, {"timeout_s", 60}};
    for (std::size_t index = 0; index < texts.size(); ++index) arguments["text" + std::to_string(index)] = texts[index];
    nlohmann::json arrived = echo(interpreter, arguments);
    arrived.erase("pid");
    EXPECT_EQ(arrived, arguments);
}

TEST(Interpreter, ArgumentsThatAreNoObjectOrNoUtf8AreRefusedBeforeTheyAreSent) {
    Interpreter interpreter = begun();
    for (const std::string arguments : {"{\"vm\":\"\xff\"}", "", "[]", "\"text\"", "{} {}", "{\"vm\":"}) {
        const auto value = interpreter.call("Echo", arguments);
        ASSERT_FALSE(value) << arguments;
        EXPECT_EQ(value.error().code, ErrorCode::usage) << arguments;
    }
    EXPECT_EQ(echo(interpreter).size(), 1U);
}

TEST(Interpreter, ARequestThatNoPipeHoldsAtOnceArrivesWhole) {
    Interpreter interpreter = begun();
    const std::string text(2 << 20, 'x');
    EXPECT_EQ(echo(interpreter, {{"text", text}}).at("text"), text);
}

TEST(Interpreter, ManyWordsBeforeTheAnswerBlockNobody) {
    Interpreter interpreter = begun();
    EXPECT_EQ(interpreter.call("TalkWhileAsked", R"({"text":")" + std::string(2 << 20, 'x') + "\"}").value_or(""),
              "null");
}

TEST(Interpreter, NoiseAroundAnAnswerIsLeftOut) {
    Interpreter interpreter = begun();
    EXPECT_EQ(interpreter.call("Noise", "{}").value_or(""), "[1]");
}

TEST(Interpreter, WhatAFunctionFailsWithKeepsItsIdAndTheProcess) {
    Interpreter interpreter = begun();
    const auto pid = echo(interpreter).at("pid");
    const Error error = call_error(interpreter, "Fail");
    EXPECT_EQ(error.code, ErrorCode::precondition);
    EXPECT_EQ(error.what, "no");
    EXPECT_EQ(error.where, "Fail");
    EXPECT_FALSE(error.fix.empty());
    ASSERT_EQ(error.trail.size(), 1U);
    EXPECT_EQ(error.trail[0], "the host calls it OperationFailed,StartVM, category NotSpecified, 0xC035001E");
    EXPECT_EQ(echo(interpreter).at("pid"), pid);
}

struct Trouble {
    std::string function;
    ErrorCode code;
    std::string finding;
    std::string words;
};

class InterpreterInTrouble : public testing::TestWithParam<Trouble> {};

TEST_P(InterpreterInTrouble, EndsInOneClearErrorAndTheNextCallFindsAnother) {
    Interpreter interpreter = begun();
    const auto pid = echo(interpreter).at("pid");
    const Error error = call_error(interpreter, GetParam().function);
    EXPECT_EQ(error.code, GetParam().code);
    EXPECT_EQ(error.finding, GetParam().finding);
    EXPECT_THAT(error.what, HasSubstr(GetParam().words));
    EXPECT_EQ(error.where, PASSBENCH_PYTHON);
    ASSERT_EQ(error.trail.size(), 1U);
    EXPECT_THAT(error.trail[0], HasSubstr("calling " + GetParam().function + "; the host may have carried it out"));
    EXPECT_NE(echo(interpreter).at("pid"), pid) << "it was started again";
    EXPECT_NE(::kill(pid.get<pid_t>(), 0), 0) << "the first one is gone";
}

INSTANTIATE_TEST_SUITE_P(
    Each, InterpreterInTrouble,
    testing::Values(Trouble{"Die", ErrorCode::io, "host.interpreter_died", "ended with 3 while Die"},
                    Trouble{"DieWithClixml", ErrorCode::io, "host.interpreter_died",
                            "its last words were: Start-VM : it <failed> & went\r\naway"},
                    Trouble{"WrongId", ErrorCode::io, "host.interpreter_garbled", "answered request 3 instead of 2"},
                    Trouble{"Garbage", ErrorCode::io, "host.interpreter_garbled", "it is not JSON"},
                    Trouble{"NoValue", ErrorCode::io, "host.interpreter_garbled", "the key 'value' is missing"},
                    Trouble{"Long", ErrorCode::io, "host.interpreter_garbled", "a line of more than 8 MiB"}),
    [](const auto& trouble) { return trouble.param.function; });

TEST(Interpreter, OneThatHangsIsEndedAtTheDeadline) {
    for (const std::string function : {"Hang", "Flood"}) {
        Interpreter interpreter = begun();
        const auto pid = echo(interpreter).at("pid").get<pid_t>();
        const std::int64_t began_ns = steady_ns();
        const Error error = call_error(interpreter, function, second_ns / 5);
        EXPECT_LT(steady_ns() - began_ns, 20 * second_ns);
        EXPECT_EQ(error.code, ErrorCode::timeout);
        EXPECT_EQ(error.finding, "host.interpreter_hung");
        EXPECT_THAT(error.what, HasSubstr(function + " took longer than 200 ms"));
        EXPECT_THAT(error.what, HasSubstr(function == "Hang" ? "waiting for the host" : "noise"));
        EXPECT_NE(::kill(pid, 0), 0);
    }
}

TEST(Interpreter, OneThatEndedBetweenTwoCallsIsStartedAgain) {
    Interpreter interpreter = begun();
    const auto pid = echo(interpreter).at("pid").get<pid_t>();
    ASSERT_TRUE(interpreter.call("DieBeforeNext", "{}"));
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
    EXPECT_NE(echo(interpreter).at("pid").get<pid_t>(), pid);
}

TEST(InterpreterStart, OneThatEndsWithoutAWordIsNamedAsSuch) {
    const Error error = start_error(fake("silent"));
    EXPECT_EQ(error.code, ErrorCode::unsupported);
    EXPECT_EQ(error.finding, "host.interpreter_silent");
}

TEST(InterpreterStart, OneThatEndsAfterOtherWordsIsQuoted) {
    const Error error = start_error(fake("chatty_end"));
    EXPECT_EQ(error.finding, "host.interpreter_died");
    EXPECT_THAT(error.what, HasSubstr("blocked by your administrator"));
}

TEST(InterpreterStart, OneThatFailsIsQuoted) {
    const Error error = start_error(fake("failed"));
    EXPECT_EQ(error.finding, "host.interpreter_died");
    EXPECT_THAT(error.what, HasSubstr("ended with 7 while starting; its last words were: the module is not there"));
}

TEST(InterpreterStart, OneThatHangsIsEndedAtTheDeadline) {
    InterpreterCommand command = fake("hang");
    command.start_deadline_ns = second_ns / 5;
    EXPECT_EQ(start_error(command).finding, "host.interpreter_hung");
}

TEST(InterpreterStart, GarbageAndAnotherProtocolAreRefused) {
    EXPECT_EQ(start_error(fake("garbage")).finding, "host.interpreter_garbled");
    const Error error = start_error(fake("other_version"));
    EXPECT_EQ(error.code, ErrorCode::unsupported);
    EXPECT_EQ(error.finding, "host.interpreter_version");
    EXPECT_THAT(error.what, HasSubstr("version 2"));
}

TEST(InterpreterStart, AProgramThatIsNotThereIsNamed) {
    const Error error = start_error({.argv = {"/no/such/powershell"}});
    EXPECT_EQ(error.code, ErrorCode::agent_lost);
    EXPECT_THAT(error.what, HasSubstr("cannot start powershell: there is no such file"));
    EXPECT_EQ(start_error({}).code, ErrorCode::usage);
}

class InterpreterEnd : public testing::Test {
public:
    InterpreterEnd() {
        std::string name = testing::TempDir() + "interpreter-XXXXXX";
        folder = ::mkdtemp(name.data());
        fifo = folder / "alive";
        ::mkfifo(fifo.c_str(), 0600);
        reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    }
    ~InterpreterEnd() override {
        ::close(reader);
        fs::remove_all(folder);
    }
    [[nodiscard]] InterpreterCommand deaf() const {
        InterpreterCommand command = fake("deaf");
        command.argv.push_back(fifo.string());
        return command;
    }
    void wait_until_begun() const {
        pollfd event{.fd = reader, .events = POLLIN, .revents = 0};
        ASSERT_EQ(::poll(&event, 1, 30'000), 1);
    }
    /// True when all who held the pipe open are gone, within 30 s.
    [[nodiscard]] bool all_are_gone() const {
        char byte = 0;
        while (true) {
            pollfd event{.fd = reader, .events = POLLIN, .revents = 0};
            if (::poll(&event, 1, 30'000) != 1) return false;
            if (::read(reader, &byte, 1) == 0) return true;
        }
    }

    fs::path folder;
    fs::path fifo;
    int reader = -1;
};

TEST_F(InterpreterEnd, WhoDoesNotEndWithItsInputIsKilledWithWhatItStarted) {
    {
        const auto interpreter = Interpreter::start(deaf());
        ASSERT_TRUE(interpreter);
        wait_until_begun();
    }
    EXPECT_TRUE(all_are_gone());
}

TEST_F(InterpreterEnd, ItDiesWithAControllerThatIsKilled) {
    // One that reads no input, whose end it would notice.
    InterpreterCommand command = fake();
    command.argv = {"/bin/sh", "-c", R"(exec 9>"$0"; echo begun >&9; exec sleep 300)", fifo.string()};
    const pid_t controller = ::fork();
    if (controller == 0) {
        std::ignore = Interpreter::start(command);
        ::_exit(0);
    }
    wait_until_begun();
    ::kill(controller, SIGKILL);
    ::waitpid(controller, nullptr, 0);
    EXPECT_TRUE(all_are_gone());
}

TEST_F(InterpreterEnd, OneThatBehavesIsGoneAtOnce) {
    pid_t pid = 0;
    std::int64_t began_ns = 0;
    {
        Interpreter interpreter = begun();
        pid = echo(interpreter).at("pid").get<pid_t>();
        began_ns = steady_ns();
    }
    EXPECT_LT(steady_ns() - began_ns, second_ns) << "nobody waited for the grace";
    EXPECT_NE(::kill(pid, 0), 0);
}

}  // namespace
}  // namespace passbench
