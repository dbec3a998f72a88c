// The ssh carrier over a real sshd: the contract of carriers without and with a port, with and without connection sharing, and what
// it promises beyond.
#include "host/carriers/ssh_carrier.hpp"

#include <memory>
#include <thread>

#include "host/carriers/shell_words.hpp"
#include "host/carriers/tests/carrier_contract.hpp"
#include "host/carriers/tests/real_sshd.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

/// A carrier with the sshd that it reaches.
class OwnSshd final : public Carrier {
public:
    OwnSshd(std::unique_ptr<RealSshd> sshd, const SshSettings& settings)
        : sshd_(std::move(sshd)), carrier_(std::make_unique<SshCarrier>(std::make_shared<SshConnection>(settings))) {}
    Result<std::string> make_job_folder(const std::string& name) override { return carrier_->make_job_folder(name); }
    Result<void> put(const fs::path& file, const std::string& guest_path) override {
        return carrier_->put(file, guest_path);
    }
    Result<ExecResult> exec(const std::vector<std::string>& argv, std::int64_t deadline_ns,
                            const ExecWatch& watch) override {
        return carrier_->exec(argv, deadline_ns, watch);
    }
    Result<void> get(const std::string& guest_folder, const fs::path& folder) override {
        return carrier_->get(guest_folder, folder);
    }
    [[nodiscard]] bool shares_files() const override { return carrier_->shares_files(); }

private:
    std::unique_ptr<RealSshd> sshd_;
    std::unique_ptr<SshCarrier> carrier_;
};

std::unique_ptr<Carrier> without_port() {
    auto sshd = std::make_unique<RealSshd>();
    const SshSettings settings = sshd->settings();
    return std::make_unique<OwnSshd>(std::move(sshd), settings);
}

std::unique_ptr<Carrier> by_port() {
    auto sshd = std::make_unique<RealSshd>();
    SshSettings settings = sshd->listen();
    settings.connection_sharing = false;
    return std::make_unique<OwnSshd>(std::move(sshd), settings);
}

constexpr const char* noisy_start =
    "echo 'Welcome to this machine. #0123 Last login: today'; echo 'a warning' >&2; printf '%s\\n' "
    "\"$BASH_EXECUTION_STRING\"; cd /; "
    "export LC_ALL=C; echo MOTD\n";

/// Its login prints, its start-up files print and change the folder, and its forced command prints.
std::unique_ptr<Carrier> noisy() {
    auto sshd = std::make_unique<RealSshd>(
        SshdOptions{.shell = "/bin/bash",
                    .more = "Banner /etc/hostname\nForceCommand echo \"running $SSH_ORIGINAL_COMMAND\"; exec /bin/bash "
                            "-c \"$SSH_ORIGINAL_COMMAND\""});
    for (const char* file : {".bashrc", ".profile", ".bash_profile"}) {
        write_text(sshd->home() / file, noisy_start);
        sshd->hand_over(sshd->home() / file);
    }
    const SshSettings settings = sshd->settings();
    return std::make_unique<OwnSshd>(std::move(sshd), settings);
}

INSTANTIATE_TEST_SUITE_P(Ssh, CarrierContract,
                         testing::Values(CarrierUnderTest{"ssh_without_port", without_port},
                                         CarrierUnderTest{"ssh_by_port_each_command_its_connection", by_port},
                                         CarrierUnderTest{"ssh_noisy_login", noisy}));

class Ssh : public testing::Test {
public:
    void SetUp() override {
        ASSERT_TRUE(RealSshd::is_here()) << "scripts/setup.sh test installs openssh-server";
        std::string name = testing::TempDir() + "ssh-carrier-XXXXXX";
        here = ::mkdtemp(name.data());
        carrier = std::make_unique<SshCarrier>(connection);
        job = *carrier->make_job_folder("job");
    }
    void TearDown() override {
        carrier.reset();
        fs::remove_all(here);
    }
    Result<ExecResult> shell(const std::string& script, const std::vector<std::string>& arguments = {},
                             std::int64_t deadline_ns = 60 * second_ns, const ExecWatch& watch = {}) const {
        std::vector<std::string> argv = {"/bin/sh", "-c", script, "sh"};
        argv.insert(argv.end(), arguments.begin(), arguments.end());
        return carrier->exec(argv, deadline_ns, watch);
    }
    /// Whether nothing with this in its command line runs in the guest any more, within 10 s.
    [[nodiscard]] bool all_are_gone(const std::string& text) const {
        for (int tenths = 0; tenths < 100; ++tenths) {
            if (sshd.running(text) == 0) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        return false;
    }
    [[nodiscard]] fs::path kept(const std::string& folder) const { return sshd.home() / ".cache/passbench" / folder; }
    [[nodiscard]] static std::ptrdiff_t count(const fs::path& folder) {
        return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
    }

    RealSshd sshd;
    std::shared_ptr<SshConnection> connection = std::make_shared<SshConnection>(sshd.settings());
    std::unique_ptr<SshCarrier> carrier;
    fs::path here;
    std::string job;
};

TEST_F(Ssh, CancellingLeavesNothingRunningInTheGuest) {
    int calls = 0;
    const auto result = shell("sleep 4711 & sleep 4712", {}, 60 * second_ns,
                              [&] { return ++calls < 3 || (sshd.running("sleep 4711") == 0 && calls < 100); });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::interrupted);
    EXPECT_LT(calls, 100) << "it had begun";
    EXPECT_THAT(result.error().what, Not(HasSubstr("does not say")));
    EXPECT_TRUE(all_are_gone("sleep 471")) << "with what watched over it, which has it in its command line";
}

TEST_F(Ssh, WhoDoesNotListenToSigtermIsKilledInTheGuest) {
    int calls = 0;
    const auto result = shell("trap '' TERM; sleep 4713; sleep 4713; sleep 4713", {}, 60 * second_ns,
                              [&] { return ++calls < 3 || (sshd.running("sleep 4713") == 0 && calls < 100); });
    ASSERT_FALSE(result);
    EXPECT_TRUE(all_are_gone("sleep 4713"));
}

TEST_F(Ssh, PastItsDeadlineNothingIsLeftInTheGuest) {
    EXPECT_EQ(shell("sleep 4714 & exec sleep 4715", {}, second_ns / 2).error().code, ErrorCode::timeout);
    EXPECT_TRUE(all_are_gone("sleep 471"));
}

TEST_F(Ssh, WhatACommandLeavesRunningIsEndedWithIt) {
    EXPECT_EQ(shell("sleep 4716 >/dev/null 2>&1 & exit 3")->exit_code, 3);
    EXPECT_TRUE(all_are_gone("sleep 4716"));
}

TEST_F(Ssh, AControllerThatIsKilledLeavesNothingRunningInTheGuest) {
    const pid_t controller = ::fork();
    if (controller == 0) {
        SshCarrier own(std::make_shared<SshConnection>(sshd.settings()));
        std::ignore = own.exec({"/bin/sh", "-c", "sleep 4717 & sleep 4718"}, 0, {});
        ::_exit(0);
    }
    for (int tenths = 0; tenths < 300 && sshd.running("sleep 4718") == 0; ++tenths) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    EXPECT_GT(sshd.running("sleep 4718"), 0);
    ::kill(controller, SIGKILL);
    ::waitpid(controller, nullptr, 0);
    EXPECT_TRUE(all_are_gone("sleep 471"));
}

TEST_F(Ssh, ALargeFileIsKeptByContentAndSentOnce) {
    write_text(here / "model", std::string(1 << 20, 'm'));
    ASSERT_TRUE(carrier->put(here / "model", job + "/model"));
    ASSERT_EQ(count(kept("files")), 1);
    const fs::path content = fs::directory_iterator(kept("files"))->path();
    const auto written = fs::last_write_time(content);
    carrier = std::make_unique<SshCarrier>(std::make_shared<SshConnection>(sshd.settings()));
    job = *carrier->make_job_folder("job");
    fs::rename(here / "model", here / "the same under another name");
    ASSERT_TRUE(carrier->put(here / "the same under another name", job + "/model"));
    EXPECT_EQ(count(kept("files")), 1);
    EXPECT_EQ(fs::last_write_time(content), written) << "sent again";
}

TEST_F(Ssh, WhatIsKeptAndWasCutShortIsSentAgain) {
    write_text(here / "model", std::string(1 << 20, 'm'));
    ASSERT_TRUE(carrier->put(here / "model", job + "/model"));
    fs::resize_file(fs::directory_iterator(kept("files"))->path(), 100);
    carrier = std::make_unique<SshCarrier>(connection);
    job = *carrier->make_job_folder("job");
    ASSERT_TRUE(carrier->put(here / "model", job + "/model"));
    ASSERT_TRUE(carrier->get(job, here / "back"));
    EXPECT_EQ(fs::file_size(here / "back/model"), 1U << 20U);
}

TEST_F(Ssh, ABundleIsBroughtOnceAndWhatTwoShareIsSentOnce) {
    write_text(here / "agent", "#!/bin/sh\ncat \"${0%/*}/lib/data\"; exit 7\n");
    fs::permissions(here / "agent", fs::perms::owner_all);
    write_text(here / "data", "library");
    const std::vector<BundleFile> files = {{"agent", here / "agent"}, {"lib/data", here / "data"}};
    const auto bundle = carrier->put_bundle(files);
    ASSERT_TRUE(bundle) << to_text(bundle.error());
    const auto result = carrier->exec({*bundle + "/agent"}, 60 * second_ns, {});
    ASSERT_TRUE(result) << to_text(result.error());
    EXPECT_EQ(result->exit_code, 7);
    EXPECT_THAT(result->output, HasSubstr("library"));
    EXPECT_EQ(*carrier->put_bundle(files), *bundle);
    EXPECT_EQ(count(kept("bundles")), 1);

    write_text(here / "agent", "#!/bin/sh\nexit 8\n");
    const auto newer = carrier->put_bundle(files);
    ASSERT_TRUE(newer);
    EXPECT_NE(*newer, *bundle);
    EXPECT_EQ(carrier->exec({*newer + "/agent"}, 60 * second_ns, {})->exit_code, 8);
    EXPECT_EQ(count(kept("files")), 3) << "the library was sent once";
}

TEST_F(Ssh, OfAJobNothingIsLeftInTheGuestWhenTheCarrierGoes) {
    EXPECT_EQ(count(kept("jobs")), 1);
    carrier.reset();
    EXPECT_EQ(count(kept("jobs")), 0);
}

TEST_F(Ssh, TheSharedConnectionEndsWithItsOwner) {
    ASSERT_TRUE(shell("true"));
    EXPECT_GT(sshd.running("sshd"), 0);
    carrier.reset();
    connection.reset();
    EXPECT_TRUE(all_are_gone("sshd"));
}

TEST_F(Ssh, AFarewellOfTheLoginIsHarmless) {
    const RealSshd other({.more = "ForceCommand /bin/sh -c \"$SSH_ORIGINAL_COMMAND\"; code=$?; echo bye; exit $code"});
    SshCarrier own(std::make_shared<SshConnection>(other.settings()));
    const auto folder = own.make_job_folder("job");
    ASSERT_TRUE(folder) << to_text(folder.error());
    EXPECT_EQ(own.exec({"/bin/sh", "-c", "echo x >\"$0/file\"; exit 255", *folder}, 60 * second_ns, {})->exit_code,
              255);
    ASSERT_TRUE(own.get(*folder, here / "back"));
    EXPECT_EQ(read_text(here / "back/file"), "x\n");
}

TEST_F(Ssh, TheStoreCanLieElsewhere) {
    SshSettings settings = sshd.settings();
    settings.store = "~/a store with 'quotes' and $(touch executed)";
    SshCarrier other(std::make_shared<SshConnection>(settings));
    ASSERT_TRUE(other.make_job_folder("job"));
    EXPECT_TRUE(fs::exists(sshd.home() / "a store with 'quotes' and $(touch executed)/jobs"));
    EXPECT_FALSE(fs::exists(sshd.home() / "executed"));
}

TEST_F(Ssh, NothingInAnyFieldOrNameIsExecuted) {
    const std::string hostile = "it's \"$(touch executed)\"; `touch executed`\n&& touch executed \303\274 %h ${HOME}";
    write_text(here / "file", "content");
    const std::string folder = *carrier->make_job_folder(hostile.substr(0, hostile.find('/')));
    ASSERT_TRUE(carrier->put(here / "file", folder + "/" + hostile));
    ASSERT_TRUE(carrier->get(folder, here / "back"));
    EXPECT_EQ(read_text(here / "back" / hostile), "content");
    EXPECT_EQ(shell("printf %s \"$1\" >\"$2/said\"", {hostile, folder})->exit_code, 0);
    ASSERT_TRUE(carrier->get(folder, here / "back"));
    EXPECT_EQ(read_text(here / "back/said"), hostile);

    // A file of known hosts and a key whose names hold it all; what is no path, name or address is refused before anything starts.
    const fs::path odd = here / "it's \"odd\"; $(touch executed) %h ${HOME} \303\274";
    fs::create_directories(odd);
    SshSettings settings = sshd.settings();
    for (std::string* path : {&settings.identity, &settings.known_hosts}) {
        fs::copy_file(*path, odd / fs::path(*path).filename());
        *path = (odd / fs::path(*path).filename()).string();
    }
    settings.proxy_command.back() += " # '\"%h $(touch " + (here / "executed").string() + ")";
    EXPECT_TRUE(SshCarrier(std::make_shared<SshConnection>(settings)).make_job_folder("job"));
    for (const std::string& address :
         {std::string("-oProxyCommand=touch executed"), hostile, std::string("a b"), std::string("$(id)")}) {
        settings.address = address;
        const auto refused = SshCarrier(std::make_shared<SshConnection>(settings)).make_job_folder("job");
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::usage);
    }
    settings = sshd.settings();
    settings.user = "root; touch executed";
    EXPECT_EQ(SshCarrier(std::make_shared<SshConnection>(settings)).make_job_folder("job").error().code,
              ErrorCode::usage);
    for (const fs::path& folder_of : {sshd.home(), here, fs::current_path(), fs::path(job)}) {
        EXPECT_FALSE(fs::exists(folder_of / "executed")) << folder_of;
    }
}

}  // namespace
}  // namespace passbench::tests
