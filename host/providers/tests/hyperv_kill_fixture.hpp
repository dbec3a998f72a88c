// A lease on the simulated Windows host, or a release, in a child process that kills itself at its n-th moment: before and after each
// line of the journal, and each change of the host.
#pragma once

#include <csignal>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "host/engine/tests/engine_fixture.hpp"
#include "host/providers/tests/hyperv_example.hpp"

namespace passbench::tests {

class HypervKill : public testing::TestWithParam<HypervMethod> {
protected:
    static constexpr int more_than_there_are = 5000;
    enum class Ending { finished, killed, failed };

    ~HypervKill() override { set_store_observer({}); }

    /// Prepares and restores the host in a process that is killed at its moment number `kill_at`; 0: never.
    Ending run_lease(int kill_at) const {
        const pid_t child = ::fork();
        if (child == 0) {
            int moments = 0;
            const auto count = [&moments, kill_at] {
                if (++moments == kill_at) ::kill(::getpid(), SIGKILL);
            };
            set_store_observer([&](StoreOperation operation, const std::filesystem::path& path, bool after) {
                const bool is_line = path.extension() == ".jsonl" &&
                                     (operation == StoreOperation::write || operation == StoreOperation::sync);
                if (is_line) count();
                static_cast<void>(after);
                return 0;
            });
            ::_exit(leased(count) ? 0 : 1);
        }
        int status = -1;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        if (WIFSIGNALED(status)) return Ending::killed;
        return WEXITSTATUS(status) == 0 ? Ending::finished : Ending::failed;
    }

    [[nodiscard]] bool leased(const std::function<void()>& at_moment) const {
        HypervExample example(scratch_.path() / "host", GetParam());
        example.host->at_moment = at_moment;
        const auto provider = example.provider();
        auto lease = Lease::acquire(*provider, example.steps(),
                                    {.run = "run", .provider = std::string(provider->name()), .state_folder = state()});
        return lease && lease->restore().host_equals_snapshot();
    }

    void expect_released(int moment) const {
        SCOPED_TRACE("killed at moment " + std::to_string(moment));
        HypervExample example(scratch_.path() / "host", GetParam());
        const auto report = release(
            state(), [&](const std::string&) -> Result<std::unique_ptr<Resources>> { return example.provider(); });
        ASSERT_TRUE(report) << to_text(report.error());
        EXPECT_TRUE(report->is_clean());
        EXPECT_EQ(example.survey(), example_host(GetParam()));
        example.clock().sleep(100'000'000'000);
        EXPECT_EQ(example.survey(), example_host(GetParam())) << "something was still on its way";
        EXPECT_THAT(*read_quarantine(state()), testing::IsEmpty());
    }

    void begin_anew() const {
        std::filesystem::remove_all(state());
        std::filesystem::remove_all(scratch_.path() / "host");
    }

    /// Every `step`-th moment from `first`.
    void kill_at_moments(int first, int step) const {
        int kills = 0;
        for (int moment = first; moment < more_than_there_are; moment += step) {
            begin_anew();
            const Ending ending = run_lease(moment);
            ASSERT_NE(ending, Ending::failed) << moment;
            if (ending == Ending::finished) break;
            ++kills;
            expect_released(moment);
        }
        EXPECT_GT(kills, fewest_moments() / step) << "fewer moments than the steps must have: is the observer called?";
    }

    /// Those of a method with few steps.
    [[nodiscard]] static int fewest_moments() {
        return GetParam() == HypervMethod::wsl || is_of_eflow(GetParam()) ? 60 : 150;
    }
    [[nodiscard]] std::filesystem::path state() const { return scratch_.path() / "state"; }

private:
    ScratchFolder scratch_;
};

}  // namespace passbench::tests
