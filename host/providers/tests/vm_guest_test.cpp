// The guest of a VM over a real sshd: its address is asked for, it is waited for, and what waiting cannot mend is said at once.
#include "host/providers/vm_guest.hpp"

#include <gmock/gmock.h>

#include "host/carriers/tests/real_sshd.hpp"

namespace passbench::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t deadline_ns = 20 * second_ns;

/// A host that tells a guest's address once its clock says that the guest has started.
class TellingHost final : public HostFunctions {
public:
    TellingHost(std::string address, std::int64_t from_s)
        : address_(std::move(address)), from_ns_(from_s * second_ns) {}

    [[nodiscard]] Result<std::string> call(const std::string& function, const std::string& arguments) override {
        EXPECT_EQ(function, "Get-PassBenchGuest");
        EXPECT_EQ(arguments, R"({"vm":"lab-guest"})");
        const std::string link_local = R"("fe80::1")";
        if (now_ns < from_ns_) return R"({"addresses":[)" + link_local + R"(],"heartbeat":"NoContact"})";
        return R"({"addresses":[)" + link_local + ",\"" + address_ + R"("],"heartbeat":"OkApplicationsHealthy"})";
    }
    [[nodiscard]] bool is_simulated() const override { return true; }
    [[nodiscard]] EngineClock clock() {
        return {.now_ns = [this] { return now_ns; }, .sleep = [this](std::int64_t ns) { now_ns += ns; }};
    }
    std::int64_t now_ns = 0;

private:
    std::string address_;
    std::int64_t from_ns_;
};

class VmGuestBySsh : public testing::Test {
public:
    void SetUp() override { ASSERT_TRUE(RealSshd::is_here()) << "scripts/setup.sh test installs openssh-server"; }
    [[nodiscard]] Result<ExecResult> say(const SshSettings& settings, const std::string& word) const {
        const GuestAccess access = vm_guest(host, settings, host->clock());
        return access.carrier("vm/lab-guest")->exec({"/bin/echo", word}, deadline_ns, {});
    }

    RealSshd sshd;
    std::shared_ptr<TellingHost> host = std::make_shared<TellingHost>("127.0.0.1", 40);
};

TEST_F(VmGuestBySsh, IsReachedAtTheAddressThatItsHostTellsOnceItHasOne) {
    SshSettings settings = sshd.listen();
    settings.address = std::string(told_by_host);
    const auto said = say(settings, "started");
    ASSERT_TRUE(said) << to_text(said.error());
    EXPECT_THAT(said->output, HasSubstr("started"));
    EXPECT_GE(host->now_ns, 40 * second_ns);
    EXPECT_LT(host->now_ns, 60 * second_ns);
}

TEST_F(VmGuestBySsh, IsReachedAnewAfterEachStart) {
    const GuestAccess access = vm_guest(host, sshd.settings(), host->clock());
    for (int start = 0; start < 2; ++start) {
        const auto carrier = access.carrier("vm/lab-guest");
        const auto said = carrier->exec({"/bin/echo", "here"}, deadline_ns, {});
        ASSERT_TRUE(said) << to_text(said.error());
        sshd.kill_all();
    }
}

TEST_F(VmGuestBySsh, ThatNeverAnswersIsSaidAfterALimit) {
    SshSettings settings = sshd.listen();
    sshd.kill_all();
    const auto said = say(settings, "nobody");
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error().code, ErrorCode::timeout);
    EXPECT_THAT(to_text(said.error()), AllOf(HasSubstr("waiting 300 s"), HasSubstr("lab-guest")));
    EXPECT_GE(host->now_ns, guest_boot_limit_s * second_ns);
}

TEST_F(VmGuestBySsh, WhoseHostKeyIsUnknownIsNotWaitedFor) {
    SshSettings settings = sshd.listen();
    settings.known_hosts = "/dev/null";
    const auto said = say(settings, "stranger");
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error().code, ErrorCode::precondition);
    EXPECT_EQ(host->now_ns, 0);
}

TEST(ReachableAddress, IsOneThatHoldsBeyondItsLink) {
    EXPECT_EQ(reachable_address({"fe80::1", "2001:db8::5", "169.254.1.2", "10.0.0.5"}), "10.0.0.5");
    EXPECT_EQ(reachable_address({"fe80::1", "2001:db8::5"}), "2001:db8::5");
    EXPECT_EQ(reachable_address({"fe80::1", "169.254.1.2"}), "");
    EXPECT_EQ(reachable_address({"-oProxyCommand=id", "$(id)"}), "");
    EXPECT_EQ(reachable_address({}), "");
}

}  // namespace
}  // namespace passbench::tests
