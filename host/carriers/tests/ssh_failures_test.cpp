// What goes wrong with a machine reached by ssh: each is one message that says which cause it has and what to do.
#include "host/carriers/ssh_carrier.hpp"
#include "host/carriers/tests/carrier_contract.hpp"
#include "host/carriers/tests/real_sshd.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class SshFailure : public testing::Test {
public:
    void SetUp() override { ASSERT_TRUE(RealSshd::is_here()) << "scripts/setup.sh test installs openssh-server"; }

    [[nodiscard]] static Error error_of(const SshSettings& settings) {
        SshCarrier carrier(std::make_shared<SshConnection>(settings));
        const auto folder = carrier.make_job_folder("job");
        return folder ? Error{.what = "none"} : folder.error();
    }
    static void expect(const Error& error, ErrorCode code, const std::string& finding) {
        EXPECT_EQ(error.code, code) << to_text(error);
        EXPECT_EQ(error.finding, finding) << to_text(error);
        EXPECT_FALSE(error.fix.empty());
        EXPECT_THAT(error.where, HasSubstr("ssh "));
    }
};

TEST_F(SshFailure, AnUnknownHostKeyIsRefused) {
    const RealSshd sshd;
    SshSettings settings = sshd.settings();
    settings.known_hosts = (sshd.folder() / "no_hosts").string();
    const Error error = error_of(settings);
    expect(error, ErrorCode::precondition, "ssh.unknown_host_key");
    EXPECT_THAT(error.fix, AllOf(HasSubstr("fingerprint"), HasSubstr("known_hosts")));
    EXPECT_EQ(read_text(sshd.folder() / "no_hosts"), "") << "it was learnt";
}

TEST_F(SshFailure, AnotherHostKeyIsRefused) {
    const RealSshd sshd;
    SshSettings settings = sshd.settings();
    settings.known_hosts = (sshd.folder() / "wrong_hosts").string();
    expect(error_of(settings), ErrorCode::precondition, "ssh.host_key_changed");
}

TEST_F(SshFailure, AKeyThatTheMachineDoesNotTakeIsNamedAsSuch) {
    const RealSshd sshd;
    SshSettings settings = sshd.settings();
    settings.identity = (sshd.folder() / "unknown_user_key").string();
    const Error error = error_of(settings);
    expect(error, ErrorCode::precondition, "ssh.refused_key");
    EXPECT_THAT(error.fix, HasSubstr("authorized_keys"));
}

TEST_F(SshFailure, AKeyFileThatOthersMayReadOrThatIsNoKeyIsNamedAsSuch) {
    const RealSshd sshd;
    SshSettings settings = sshd.settings();
    fs::permissions(settings.identity, fs::perms::owner_read | fs::perms::others_read);
    expect(error_of(settings), ErrorCode::precondition, "ssh.key_file");
    fs::permissions(settings.identity, fs::perms::owner_read | fs::perms::owner_write);
    write_text(settings.identity, "no key\n");
    expect(error_of(settings), ErrorCode::precondition, "ssh.key_file");
}

TEST_F(SshFailure, AFileOfTheLabThatIsNotThereIsNamedWithItsKey) {
    const RealSshd sshd;
    SshSettings settings = sshd.settings();
    settings.identity = "/no/such/key";
    EXPECT_THAT(to_text(error_of(settings)), AllOf(HasSubstr("identity"), HasSubstr("/no/such/key")));
}

TEST_F(SshFailure, AClosedPortANameWithoutAddressAndAProxyThatEndsAreUnreachable) {
    RealSshd sshd;
    SshSettings settings = sshd.listen();
    sshd.kill_all();
    expect(error_of(settings), ErrorCode::agent_lost, "ssh.unreachable");
    settings.address = "no-such-machine.invalid";
    expect(error_of(settings), ErrorCode::agent_lost, "ssh.unreachable");
    settings = sshd.settings();
    settings.proxy_command = {"/bin/false"};
    expect(error_of(settings), ErrorCode::agent_lost, "ssh.unreachable");
}

TEST_F(SshFailure, AMachineThatDiesInTheMiddleIsALostConnection) {
    for (const bool sharing : {true, false}) {
        SCOPED_TRACE(sharing);
        RealSshd sshd;
        SshSettings settings = sharing ? sshd.settings() : sshd.listen();
        settings.connection_sharing = sharing;
        SshCarrier carrier(std::make_shared<SshConnection>(settings));
        ASSERT_TRUE(carrier.make_job_folder("job"));
        bool was_killed = false;
        const auto result = carrier.exec({"/bin/sh", "-c", "sleep 4719"}, 60 * second_ns, [&] {
            if (!was_killed && sshd.running("sleep 4719") > 0) {
                was_killed = true;
                sshd.kill_all();
            }
            return true;
        });
        ASSERT_FALSE(result);
        EXPECT_TRUE(was_killed);
        EXPECT_EQ(result.error().code, ErrorCode::agent_lost) << to_text(result.error());
        EXPECT_EQ(result.error().finding, "ssh.connection_lost") << to_text(result.error());
    }
}

TEST_F(SshFailure, AMachineThatComesBackIsReachedAgain) {
    RealSshd sshd;
    SshCarrier carrier(std::make_shared<SshConnection>(sshd.settings()));
    ASSERT_TRUE(carrier.make_job_folder("job"));
    sshd.kill_all();
    // The shared connection may be seen to be dead only at the next use.
    auto again = carrier.make_job_folder("job");
    if (!again) again = carrier.make_job_folder("job");
    EXPECT_TRUE(again) << to_text(again.error());
}

TEST_F(SshFailure, AFullDiskInTheGuestIsSaidAndLeavesNoHalfFile) {
    const RealSshd sshd({.before = "ulimit -f 2048;"});  // 1 MiB, in blocks of 512 bytes
    SshCarrier carrier(std::make_shared<SshConnection>(sshd.settings()));
    const std::string job = *carrier.make_job_folder("job");
    const fs::path file = sshd.folder() / "model";
    {
        write_text(file, std::string(std::size_t{8} << 20U, 'm'));
        const auto put = carrier.put(file, job + "/model");
        ASSERT_FALSE(put);
        EXPECT_EQ(put.error().code, ErrorCode::io) << to_text(put.error());
        EXPECT_EQ(put.error().finding, "ssh.not_written");
        EXPECT_THAT(put.error().fix, HasSubstr("store"));
    }
    const fs::path files = sshd.home() / ".cache/passbench/files";
    EXPECT_EQ(std::distance(fs::directory_iterator(files), fs::directory_iterator()), 0);
}

/// A machine whose shells find their programs in a folder of the home first, or there alone.
std::unique_ptr<RealSshd> with_path(const std::string& path) {
    auto sshd = std::make_unique<RealSshd>(SshdOptions{.shell = "/bin/bash"});
    write_text(sshd->home() / ".bashrc", "PATH=" + path + "\n");
    sshd->hand_over(sshd->home() / ".bashrc");
    fs::create_directories(sshd->home() / "bin");
    return sshd;
}

TEST_F(SshFailure, WhatArrivesAsSomethingElseIsNotKept) {
    const auto sshd = with_path("$HOME/bin:$PATH");
    write_text(sshd->home() / "bin/sha256sum", "#!/bin/sh\ncat >/dev/null\necho \"0123  -\"\n");
    fs::permissions(sshd->home() / "bin/sha256sum", fs::perms::all);
    SshCarrier carrier(std::make_shared<SshConnection>(sshd->settings()));
    const std::string job = *carrier.make_job_folder("job");
    write_text(sshd->folder() / "file", "content");
    const auto put = carrier.put(sshd->folder() / "file", job + "/file");
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, ErrorCode::verify_failed);
    EXPECT_EQ(put.error().finding, "ssh.other_content");
    ASSERT_TRUE(carrier.get(job, sshd->folder() / "back"));
    EXPECT_FALSE(fs::exists(sshd->folder() / "back/file"));
}

TEST_F(SshFailure, WithoutSha256sumArrivalsAreCheckedByTheirSize) {
    const auto sshd = with_path("$HOME/bin");
    for (const auto& entry : fs::directory_iterator("/usr/bin")) {
        if (entry.path().filename() != "sha256sum") {
            fs::create_symlink(entry.path(), sshd->home() / "bin" / entry.path().filename());
        }
    }
    const auto connection = std::make_shared<SshConnection>(sshd->settings());
    SshCarrier carrier(connection);
    EXPECT_EQ(connection->store()->check, "size");
    const std::string job = *carrier.make_job_folder("job");
    write_text(sshd->folder() / "file", "content");
    EXPECT_TRUE(carrier.put(sshd->folder() / "file", job + "/file"));
    fs::remove(sshd->home() / "bin/setsid");
    EXPECT_THAT(to_text(error_of(sshd->settings())), AllOf(HasSubstr("no setsid"), HasSubstr("util-linux")));
}

TEST_F(SshFailure, AStoreThatCannotBeMadeIsSaid) {
    const RealSshd sshd;
    SshSettings settings = sshd.settings();
    settings.store = "/proc/passbench";
    const Error error = error_of(settings);
    expect(error, ErrorCode::io, "ssh.not_written");
    EXPECT_THAT(error.what, HasSubstr("/proc/passbench"));
}

TEST_F(SshFailure, ALoginThatRunsNoCommandsIsSaid) {
    const RealSshd sshd({.more = "ForceCommand echo 'This account is for file transfer only.' >&2; exit 1"});
    const Error error = error_of(sshd.settings());
    expect(error, ErrorCode::precondition, "ssh.no_commands");
    EXPECT_THAT(error.what, AllOf(HasSubstr("exit code 1"), HasSubstr("file transfer only")));
}

TEST_F(SshFailure, WhatCannotBeStartedIsNamedAsWhatItIs) {
    const RealSshd sshd;
    SshCarrier carrier(std::make_shared<SshConnection>(sshd.settings()));
    const std::string job = *carrier.make_job_folder("job");
    const fs::path file = sshd.folder() / "passbench-agent";
    const auto refusal = [&](const std::string& content) {
        write_text(file, content);
        fs::permissions(file, fs::perms::owner_all);
        EXPECT_TRUE(carrier.put(file, job + "/passbench-agent"));
        const auto result = carrier.exec({job + "/passbench-agent"}, 60 * second_ns, {});
        EXPECT_FALSE(result || result.error().code != ErrorCode::agent_lost);
        return result ? "exit code " + std::to_string(result->exit_code) : result.error().what;
    };
    EXPECT_THAT(refusal(std::string("\177ELF\002\001\001\0\0\0\0\0\0\0\0\0\002\0\xf3\0", 20)),
                HasSubstr("another processor"));
    EXPECT_THAT(refusal("touch executed\n"), HasSubstr("it is no program"));
    EXPECT_FALSE(fs::exists(sshd.home() / "executed"));
    EXPECT_THAT(carrier.exec({job}, second_ns, {}).error().what, HasSubstr("it is a folder"));
    ASSERT_TRUE(carrier.exec({"/bin/chmod", "a-x", job + "/passbench-agent"}, 60 * second_ns, {}));
    EXPECT_THAT(carrier.exec({job + "/passbench-agent"}, second_ns, {}).error().what, HasSubstr("not executable"));
}

TEST_F(SshFailure, ACommandWithoutAPathIsRefused) {
    const RealSshd sshd;
    SshCarrier carrier(std::make_shared<SshConnection>(sshd.settings()));
    for (const std::vector<std::string>& argv : {std::vector<std::string>{}, {"sh"}, {"-c/x"}}) {
        EXPECT_EQ(carrier.exec(argv, second_ns, {}).error().code, ErrorCode::usage);
    }
}

TEST_F(SshFailure, WithoutAClientTheMessageSaysWhatToInstall) {
    const std::string before = std::getenv("PATH");
    ::setenv("PATH", "/nonexistent", 1);
    const Error error = error_of({.address = "t4-box"});
    ::setenv("PATH", before.c_str(), 1);
    EXPECT_EQ(error.finding, "ssh.no_client");
    EXPECT_THAT(error.fix, HasSubstr("openssh-client"));
}

}  // namespace
}  // namespace passbench::tests
