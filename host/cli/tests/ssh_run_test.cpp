// Whole runs with an arm on a machine that ssh reaches: the program as users have it, against a real sshd on the loopback.
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "host/carriers/child_process.hpp"
#include "host/carriers/scratch_folder.hpp"
#include "host/carriers/tests/real_sshd.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class SshRun : public testing::Test {
public:
    void SetUp() override {
        ASSERT_TRUE(RealSshd::is_here()) << "scripts/setup.sh test installs openssh-server";
        settings = sshd.listen();
        ::setenv("PASSBENCH_STATE", (scratch.path() / "state").c_str(), 1);
    }
    /// The lab of self-check.toml, with its second arm on the other machine.
    [[nodiscard]] fs::path lab() const {
        std::ofstream(scratch.path() / "ssh-lab.toml")
            << "[arm.again]\nprovider = \"ssh\"\naddress = \"127.0.0.1\"\nport = " << settings.port
            << "\nuser = \"passbench\"\nidentity = \"" << settings.identity << "\"\nknown_hosts = \""
            << settings.known_hosts << "\"\n";
        return scratch.path() / "ssh-lab.toml";
    }
    [[nodiscard]] Result<ExecResult> run(const std::vector<std::string>& words, const ExecWatch& watch = {}) const {
        std::vector<std::string> argv = {PASSBENCH_PROGRAM, "run"};
        argv.insert(argv.end(), words.begin(), words.end());
        constexpr std::int64_t deadline_ns = 240'000'000'000;
        constexpr std::int64_t grace_ns = 60'000'000'000;
        return run_child({.argv = argv, .deadline_ns = deadline_ns, .watch = watch, .grace_ns = grace_ns});
    }
    [[nodiscard]] std::vector<std::string> small(const std::string& lab_file) const {
        return {"scenarios/self-check.toml", "--scale", "small", "--lab", lab_file, "--out", runs().string()};
    }
    /// A scenario of one case on both arms, one short trial a block. `rest`: its forms, its axes, and what [design] has besides.
    [[nodiscard]] std::string copies(const std::string& rest) const {
        const fs::path file = scratch.path() / "copies.toml";
        std::ofstream(file)
            << "version = 1\ntitle = \"copies\"\narms = [\"local\", \"again\"]\n[[case]]\nworkload = \"copy\"\n"
            << rest << "trials = 1\niterations = 5\n";
        return file.string();
    }
    [[nodiscard]] fs::path runs() const { return scratch.path() / "runs"; }
    [[nodiscard]] fs::path directory() const { return fs::directory_iterator(runs())->path(); }
    [[nodiscard]] std::vector<Json> events(const std::string& kind) const {
        std::vector<Json> found;
        std::ifstream lines(directory() / "events.jsonl");
        for (std::string line; std::getline(lines, line);) {
            if (Json event = Json::parse(line); event["kind"] == kind) found.push_back(std::move(event));
        }
        return found;
    }
    [[nodiscard]] std::ptrdiff_t jobs_left() const {
        const fs::path jobs = sshd.home() / ".cache/passbench/jobs";
        return std::distance(fs::directory_iterator(jobs), fs::directory_iterator());
    }

    RealSshd sshd;
    SshSettings settings;
    ScratchFolder scratch = *ScratchFolder::make(testing::TempDir());
};

TEST_F(SshRun, TheSelfCheckMeasuresThisMachineAndTheOther) {
    const auto ended = run(small(lab()));
    ASSERT_TRUE(ended) << to_text(ended.error());
    // 3: what a gate comes to after two blocks; 5: the hypervisor took time from a trial. Neither is about ssh.
    EXPECT_THAT(ended->exit_code, AnyOf(0, 3, 5)) << ended->output;
    EXPECT_TRUE(events("trial_failed").empty());
    int there = 0;
    for (const Json& event : events("trial_ended")) there += event["arm"] == "again" ? 1 : 0;
    EXPECT_EQ(2 * there, static_cast<int>(events("trial_ended").size()));
    EXPECT_GT(there, 0);
    const Json host = Json::parse(read(directory() / "host.json"));
    EXPECT_THAT(host.dump(), AllOf(HasSubstr("machine/passbench@127.0.0.1"), HasSubstr("checked by sha256sum")));
    EXPECT_EQ(Json::parse(read(directory() / "status.json"))["arms"]["again"], "ssh");
    EXPECT_EQ(jobs_left(), 0);
    EXPECT_EQ(sshd.running("passbench-agent"), 0);
}

TEST_F(SshRun, ASimulatedLabSimulatesThereToo) {
    const auto scenario = copies(R"(forms = ["cuda"]
axes = { bytes = 4096, direction = "h2d", host = "pinned" }
[design]
blocks = 2
warmup = "1 ms"
warmup_cap = "2 ms"
)");
    const auto ended = run({scenario, "--lab", "simulated:" + lab().string(), "--out", runs().string()});
    ASSERT_TRUE(ended) << to_text(ended.error());
    EXPECT_THAT(ended->exit_code, AnyOf(0, 3)) << ended->output;
    EXPECT_EQ(events("trial_ended").size(), 4U);
    EXPECT_TRUE(events("trial_failed").empty());
    EXPECT_TRUE(Json::parse(read(directory() / "status.json"))["simulated"]);
}

TEST_F(SshRun, AnUnknownHostKeyStopsItBeforeAnythingIsMade) {
    settings.known_hosts = (sshd.folder() / "no_hosts").string();
    const auto ended = run(small(lab()));
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->exit_code, 4) << ended->output;
    EXPECT_THAT(ended->output,
                AllOf(HasSubstr("127.0.0.1"), HasSubstr("ssh.unknown_host_key"), HasSubstr("fingerprint")));
    EXPECT_FALSE(fs::exists(runs()));
}

TEST_F(SshRun, AnInterruptedRunLeavesNothingThereAndIsResumed) {
    // A warm-up so long that who looks from time to time sees it.
    const auto scenario = copies(R"(forms = ["cpu"]
axes = { bytes = 4096, threads = 1 }
[design]
blocks = 1
warmup = "1500 ms"
warmup_cap = "1500 ms"
)");
    const auto interrupted = run({scenario, "--lab", lab().string(), "--out", runs().string()},
                                 [this] { return sshd.running("passbench-agent run") == 0; });
    ASSERT_FALSE(interrupted) << interrupted->output;
    for (int tenths = 0; tenths < 100 && sshd.running("passbench-agent") > 0; ++tenths) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    EXPECT_EQ(sshd.running("passbench-agent"), 0);
    EXPECT_EQ(jobs_left(), 0);
    const auto resumed = run({"--resume", directory().string(), "--lab", lab().string()});
    ASSERT_TRUE(resumed);
    EXPECT_THAT(resumed->exit_code, AnyOf(0, 3, 5)) << resumed->output;
}

/// As on a Windows host, but that its interpreter is the one that plays it: what the lab says of the host and the guest is what counts.
TEST_F(SshRun, AVmWithoutTheCardIsNotMeasuredAndItsHostIsGivenBack) {
    const fs::path fixture = fs::path(PASSBENCH_FIXTURE_HOSTS) / "server-2019-t4.json";
    const fs::path played = scratch.path() / "played.json";
    std::ofstream(scratch.path() / "vm-lab.toml")
        << "[consent]\nnvidia_eula = true\nforce_dismount = true\n[host]\ninterpreter = [\"" << PASSBENCH_SIM_HOST
        << "\", \"--state\", \"" << played.string() << "\", \"--host\", \"" << fixture.string()
        << "\"]\n[arm.dda]\nprovider = \"hyperv_dda\"\nmay_stop = true\naddress = \"127.0.0.1\"\nport = "
        << settings.port << "\nuser = \"passbench\"\nidentity = \"" << settings.identity << "\"\nknown_hosts = \""
        << settings.known_hosts << "\"\n";
    const auto ended = run({"scenarios/t4-dda.toml", "--scale", "small", "--lab",
                            (scratch.path() / "vm-lab.toml").string(), "--out", runs().string()});
    ASSERT_TRUE(ended) << to_text(ended.error());
    EXPECT_EQ(ended->exit_code, 4) << ended->output;
    EXPECT_THAT(ended->output, HasSubstr("asked for dda")) << ended->output;
    EXPECT_TRUE(events("trial_begun").empty());
    EXPECT_EQ(Json::parse(read(played))["facts"], Json::parse(read(fixture))["resources"]);
    EXPECT_EQ(Json::parse(read(directory() / "status.json"))["host_restored"], true);
}

}  // namespace
}  // namespace passbench::tests
