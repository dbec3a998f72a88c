// [prepare] gpu_clocks and gpu_persistence as users meet them: a run on the stand-in, whole and killed.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "host/cli/tests/child.hpp"
#include "host/cli/tests/simulated_fixture.hpp"

namespace passbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class PreparedCard : public Simulated {
protected:
    [[nodiscard]] Ended run_prepared(const std::string& clock, const std::function<int()>& signal_now = {}) const {
        const auto scenario = write("prepared.toml",
                                    "version = 1\ntitle = \"prepared\"\narms = [\"local\"]\n[[case]]\nworkload = "
                                    "\"stream\"\nforms = [\"cuda\"]\naxes = { bytes = 40008 }\n" +
                                        std::string(design));
        const auto lab =
            write("lab.toml", "[prepare]\ngpu_clocks = \"" + clock + "\"\ngpu_persistence = \"on\"\n").string();
        return run_program({passbench_program, "run", scenario.string(), "--lab", "simulated:" + lab, "--out",
                            results().string(), "--quiet"},
                           environment(), signal_now);
    }
    [[nodiscard]] std::vector<std::string> environment() const {
        return {"PASSBENCH_STATE=" + (folder() / "state").string(),
                "PASSBENCH_NVML_STATE=" + (folder() / "card.state").string()};
    }
    [[nodiscard]] std::string card() const { return content(folder() / "card.state"); }
};

TEST_F(PreparedCard, IsLockedWhileItIsMeasuredAndGivenBack) {
    const auto ended = run_prepared("10 MHz");
    EXPECT_THAT(ended.exit, is_measured()) << ended.output;
    EXPECT_EQ(card(), "locked_mhz = 0\npersistence = 0\n");
    int looks = 0;
    for (const auto& line : lines("telemetry.jsonl")) {
        if (line["facts"].value("moment", "") != "measured") continue;
        ++looks;
        EXPECT_EQ(line["facts"]["gpu.sm_clock_mhz"], 10);
        EXPECT_EQ(line["facts"]["gpu.persistence"], 1);
    }
    EXPECT_EQ(looks, 2);
    EXPECT_THAT(content(only_run() / "journal.jsonl"), HasSubstr("local.simulated_gpu"));
}

TEST_F(PreparedCard, IsGivenBackByReleaseAfterAKill) {
    const auto killed = run_prepared("10 MHz", [this] { return card().starts_with("locked_mhz = 10") ? SIGKILL : 0; });
    EXPECT_EQ(killed.signal, SIGKILL) << killed.output;
    EXPECT_EQ(card(), "locked_mhz = 10\npersistence = 1\n");
    const auto released = run_program({passbench_program, "release"}, environment());
    EXPECT_EQ(released.exit, 0) << released.output;
    EXPECT_THAT(released.output,
                AllOf(HasSubstr("clocks: restored, now unlocked"), HasSubstr("persistence: restored")));
    EXPECT_EQ(card(), "locked_mhz = 0\npersistence = 0\n");
}

TEST_F(PreparedCard, AClockThatItDoesNotHaveIsRefusedBeforeThereIsARun) {
    const auto ended = run_prepared("1230 MHz");
    EXPECT_EQ(ended.exit, 4);
    EXPECT_THAT(ended.output, AllOf(HasSubstr("lab.toml:2:14: [prepare] gpu_clocks"), HasSubstr("5 10 15 20")));
    EXPECT_EQ(card(), "");
    EXPECT_TRUE(runs().empty());
}

}  // namespace
}  // namespace passbench
