// What the child process class promises beyond the contract of carriers: who is ended with whom, and why a start fails.
#include "host/carriers/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <elf.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/carriers/child_process_carrier.hpp"
#include "host/carriers/tests/carrier_contract.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

INSTANTIATE_TEST_SUITE_P(ChildProcess, CarrierContract,
                         testing::Values(CarrierUnderTest{"child_process",
                                                          [] { return std::make_unique<ChildProcessCarrier>(); }}));

class ChildProcess : public testing::Test {
public:
    ChildProcess() {
        std::string name = testing::TempDir() + "child-process-XXXXXX";
        folder = ::mkdtemp(name.data());
        fifo = folder / "alive";
        ::mkfifo(fifo.c_str(), 0600);
        reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    }
    ~ChildProcess() override {
        ::close(reader);
        fs::remove_all(folder);
    }
    [[nodiscard]] fs::path file(const std::string& name, const std::string& content, fs::perms permissions) const {
        write_text(folder / name, content);
        fs::permissions(folder / name, permissions);
        return folder / name;
    }
    /// Waits until somebody has written to the pipe: those who hold it are running.
    void wait_until_begun() const {
        pollfd event{.fd = reader, .events = POLLIN, .revents = 0};
        ASSERT_EQ(::poll(&event, 1, 30'000), 1);
    }
    [[nodiscard]] bool has_begun() const {
        pollfd event{.fd = reader, .events = POLLIN, .revents = 0};
        return ::poll(&event, 1, 0) == 1 && (event.revents & POLLIN) != 0;
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
    [[nodiscard]] ChildCommand holding_the_pipe(const std::string& script) const {
        return {.argv = {"/bin/sh", "-c", "exec 9>\"$0\"; " + script, fifo.string()}};
    }

    fs::path folder;
    fs::path fifo;
    int reader = -1;
};

TEST_F(ChildProcess, CancellingEndsGrandchildrenToo) {
    ChildCommand command = holding_the_pipe("sh -c 'echo begun >&9; exec sleep 300' & wait");
    command.watch = [this] { return !has_begun(); };
    const auto result = run_child(command);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::interrupted);
    EXPECT_TRUE(all_are_gone());
}

TEST_F(ChildProcess, WhoDoesNotListenToSigtermIsKilledAfterTheGrace) {
    ChildCommand command =
        holding_the_pipe("trap '' TERM; sh -c 'echo begun >&9; sleep 300; sleep 300' & wait; sleep 300");
    command.watch = [this] { return !has_begun(); };
    command.grace_ns = second_ns / 20;
    EXPECT_FALSE(run_child(command));
    EXPECT_TRUE(all_are_gone());
}

TEST_F(ChildProcess, ReadsAFileAndWritesOne) {
    const fs::path input = file("in", std::string(200'000, 'x') + "end", fs::perms::owner_all);
    const auto result = run_child({.argv = {"/bin/sh", "-c", "cat; echo said >&2"},
                                   .input = ChildInput::file,
                                   .input_file = input,
                                   .output_file = folder / "out",
                                   .most_output_bytes = 1'000'000});
    ASSERT_TRUE(result) << to_text(result.error());
    EXPECT_TRUE(read_text(folder / "out") == read_text(input));
    EXPECT_EQ(result->output, "said\n") << "of stderr alone";
    const auto absent = run_child({.argv = {"/bin/cat"}, .input = ChildInput::file, .input_file = folder / "absent"});
    EXPECT_EQ(absent.error().where, (folder / "absent").string());
}

TEST_F(ChildProcess, WhoWritesMoreThanHisFileMayHoldIsEnded) {
    const auto result = run_child({.argv = {"/bin/sh", "-c", "exec 9>\"$0\"; yes", fifo.string()},
                                   .called = "the guest",
                                   .output_file = folder / "out",
                                   .most_output_bytes = 100'000});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::io);
    EXPECT_THAT(result.error().what, HasSubstr("the guest sends"));
    EXPECT_LE(fs::file_size(folder / "out"), 100'000U);
    EXPECT_TRUE(all_are_gone());
    // Also where it ends before that is seen.
    EXPECT_FALSE(
        run_child({.argv = {"/bin/echo", "more than two"}, .output_file = folder / "out", .most_output_bytes = 2}));
}

TEST_F(ChildProcess, AHeldInputEndsWithThisProcess) {
    int looks = 0;
    const auto waits =
        run_child({.argv = {"/bin/cat"}, .watch = [&] { return ++looks < 3; }, .input = ChildInput::held_open});
    EXPECT_EQ(waits.error().code, ErrorCode::interrupted) << "it has no end while it is waited for";
    const pid_t controller = ::fork();
    if (controller == 0) {
        // A reader of its own session outlives the child that the kernel ends with us.
        std::ignore =
            run_child({.argv = {"/bin/sh", "-c",
                                "exec 9>\"$0\"; exec 3<&0; setsid sh -c 'echo begun >&9; cat' <&3 & exec sleep 300",
                                fifo.string()},
                       .input = ChildInput::held_open});
        ::_exit(0);
    }
    wait_until_begun();
    ::kill(controller, SIGKILL);
    ::waitpid(controller, nullptr, 0);
    EXPECT_TRUE(all_are_gone());
}

TEST_F(ChildProcess, AHelperThatIsMeantToStayIsKept) {
    ChildCommand command = holding_the_pipe("sleep 1 & echo begun >&9; exit 3");
    command.rest = ChildRest::kept;
    EXPECT_EQ(run_child(command)->exit_code, 3);
    char byte = 0;
    while (::read(reader, &byte, 1) == 1) {
    }
    EXPECT_EQ(errno, EAGAIN) << "somebody still holds the pipe";
    EXPECT_TRUE(all_are_gone());
}

TEST_F(ChildProcess, HasTimeToTidyUpAfterSigterm) {
    ChildCommand command =
        holding_the_pipe("trap 'echo tidied >\"$0.tidy\"; exit 0' TERM; echo begun >&9; while :; do sleep 0.01; done");
    command.watch = [this] { return !has_begun(); };
    command.grace_ns = 60 * second_ns;
    EXPECT_FALSE(run_child(command));
    EXPECT_EQ(read_text(fifo.string() + ".tidy"), "tidied\n");
}

TEST_F(ChildProcess, WhatItLeavesRunningIsEndedWithIt) {
    const auto result = run_child(holding_the_pipe("sleep 300 & exit 3"));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->exit_code, 3);
    EXPECT_TRUE(all_are_gone());
}

TEST_F(ChildProcess, DiesWithAControllerThatIsKilled) {
    const pid_t controller = ::fork();
    if (controller == 0) {
        std::ignore = run_child(holding_the_pipe("echo begun >&9; exec sleep 300"));
        ::_exit(0);
    }
    wait_until_begun();
    ::kill(controller, SIGKILL);
    ::waitpid(controller, nullptr, 0);
    EXPECT_TRUE(all_are_gone());
}

TEST_F(ChildProcess, InheritsNoOpenFileOfTheController) {
    const int secret = ::open("/etc/hostname", O_RDONLY);  // without O_CLOEXEC
    const auto result = run_child({.argv = {"/bin/sh", "-c", "test ! -e /proc/self/fd/" + std::to_string(secret)}});
    ::close(secret);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->exit_code, 0);
}

TEST_F(ChildProcess, StartsWithSignalsAsTheyAreByDefault) {
    ::signal(SIGTERM, SIG_IGN);
    sigset_t all;
    ::sigfillset(&all);
    sigset_t before;
    ::sigprocmask(SIG_BLOCK, &all, &before);
    const auto result = run_child({.argv = {"/bin/sh", "-c", "kill -TERM $$; exit 5"}});
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    ::signal(SIGTERM, SIG_DFL);
    EXPECT_EQ(result->exit_code, 128 + SIGTERM);
}

TEST_F(ChildProcess, RunsWithoutAnyOutputAsFastAsTheSystemStartsIt) {
    // Twenty starts take well under the second that one missed wake-up would cost each.
    const auto began = std::chrono::steady_clock::now();
    for (int start = 0; start < 20; ++start) EXPECT_EQ(run_child({.argv = {"/bin/true"}})->exit_code, 0);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST_F(ChildProcess, AnArgumentWithAZeroByteIsRefused) {
    EXPECT_EQ(run_child({.argv = {"/bin/echo", std::string("a\0b", 3)}}).error().code, ErrorCode::usage);
    EXPECT_EQ(run_child({}).error().code, ErrorCode::usage);
}

std::string elf_for(unsigned char machine) {
    std::string elf(64, '\0');
    elf.replace(0, 4, ELFMAG);
    elf[EI_CLASS] = ELFCLASS64;
    elf[EI_DATA] = ELFDATA2LSB;
    elf[EI_VERSION] = EV_CURRENT;
    elf[16] = ET_EXEC;
    elf[18] = static_cast<char>(machine);
    return elf;
}

class Startable : public ChildProcess {
public:
    void expect_refusal(const std::string& content, fs::perms permissions, const std::string& message,
                        const std::string& fix) const {
        const fs::path program = file("passbench-agent", content, permissions);
        const auto result = run_child({.argv = {program.string()}});
        ASSERT_FALSE(result) << message;
        EXPECT_EQ(result.error().code, ErrorCode::agent_lost);
        EXPECT_THAT(result.error().what, HasSubstr(message));
        EXPECT_THAT(result.error().fix, HasSubstr(fix));
        EXPECT_EQ(result.error().where, program.string());
    }
    static constexpr fs::perms runnable = fs::perms::owner_all;
};

TEST_F(Startable, AProgramForAnotherMachineIsNamedAsSuch) {
    struct utsname names {};
    ASSERT_EQ(::uname(&names), 0);
    const bool is_arm = std::string(names.machine) == "aarch64";
    expect_refusal(
        elf_for(is_arm ? EM_X86_64 : EM_AARCH64), runnable,
        "it is built for " + std::string(is_arm ? "x86_64" : "aarch64") + ", this machine is " + names.machine,
        "Build passbench-agent on this machine");
    expect_refusal(elf_for(EM_RISCV), runnable, "it is built for riscv64", "Build");
}

TEST_F(Startable, ADamagedProgramIsNamedAsSuch) {
    struct utsname names {};
    ASSERT_EQ(::uname(&names), 0);
    const bool is_arm = std::string(names.machine) == "aarch64";
    expect_refusal(elf_for(is_arm ? EM_AARCH64 : EM_X86_64), runnable, "damaged", "Build it again");
}

TEST_F(Startable, AFileThatIsNoProgramIsNamedAsSuch) {
    expect_refusal("just text\n", runnable, "it is no program", "passbench-agent");
    expect_refusal("", runnable, "it is no program", "passbench-agent");
}

TEST_F(Startable, AProgramWithoutRightToRunItIsNamedAsSuch) {
    expect_refusal("#!/bin/sh\n", fs::perms::owner_read, "it is not executable", "chmod +x");
}

TEST_F(Startable, AMissingLoaderIsNamedAsSuch) {
    expect_refusal("#!/no/such/interpreter\n", runnable, "loader or interpreter", "built for this system");
}

TEST_F(Startable, AFolderIsNamedAsSuch) {
    const auto result = run_child({.argv = {folder.string()}});
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().what, HasSubstr("it is a folder"));
}

TEST_F(ChildProcess, TheScratchFolderGoesWithTheCarrier) {
    {
        ChildProcessCarrier carrier(folder);
        ASSERT_TRUE(carrier.make_job_folder("job"));
        EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 2)
            << "the pipe and the scratch";
    }
    EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
}

TEST_F(ChildProcess, TheScratchFolderOfAKilledOwnerGoesWithTheNextCarrier) {
    const pid_t owner = ::fork();
    if (owner == 0) {
        ChildProcessCarrier carrier(folder);
        std::ignore = carrier.make_job_folder("job");
        ::kill(::getpid(), SIGKILL);
    }
    ::waitpid(owner, nullptr, 0);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 2);

    ChildProcessCarrier in_use(folder);
    const std::string job = *in_use.make_job_folder("job");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 2)
        << "the abandoned one is gone";
    ChildProcessCarrier another(folder);
    ASSERT_TRUE(another.make_job_folder("job"));
    EXPECT_TRUE(fs::exists(job)) << "what is in use stays";
}

TEST_F(ChildProcess, AFolderThatCannotHoldAScratchFolderIsAnError) {
    ChildProcessCarrier carrier(folder / "absent");
    const auto job = carrier.make_job_folder("job");
    ASSERT_FALSE(job);
    EXPECT_THAT(job.error().fix, HasSubstr("TMPDIR"));
}

}  // namespace
}  // namespace passbench::tests
