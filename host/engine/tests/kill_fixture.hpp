// A whole lease, or a release, in a child process that kills itself at its n-th moment. A moment is before and after each
// operation on durable files (the journal's writes and syncs, the quarantine), and before, half-way through and after each set.
#pragma once

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "host/engine/tests/engine_fixture.hpp"

namespace passbench::tests {

inline constexpr int more_than_there_are = 1000;

/// How a child process ended.
enum class Ending { finished, killed, failed };

class KillTest : public EngineTest {
protected:
    KillTest() {
        host.behave("vm/lab", "memory", "static", Behaviour::late);
        host.behave("gpu/0", "owner", "dismounted", Behaviour::late_unseen);
        host.behave("gpu/0", "owner", "host", Behaviour::late);
    }

    /// Runs `program` in a child process that is killed (SIGKILL) at its moment number `kill_at`; 0: never.
    template <typename Program>
    Ending run(int kill_at, Program&& program) {
        const pid_t child = ::fork();
        if (child == 0) {
            int moments = 0;
            const auto count = [&moments, kill_at] {
                if (++moments == kill_at) ::kill(::getpid(), SIGKILL);
            };
            host.at_moment = count;
            set_store_observer([count](StoreOperation, const std::filesystem::path&, bool) {
                count();
                return 0;
            });
            ::_exit(program() ? 0 : 1);
        }
        int status = -1;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        if (WIFSIGNALED(status)) return Ending::killed;
        return WEXITSTATUS(status) == 0 ? Ending::finished : Ending::failed;
    }

    Ending run_lease(int kill_at) {
        return run(kill_at, [this] {
            auto lease = acquire();
            return lease && lease->restore().host_equals_snapshot();
        });
    }
    Ending run_release(int kill_at) {
        return run(kill_at, [this] {
            const auto report = release_now();
            return report && report->is_clean();
        });
    }

    void expect_restored(int first, int second) {
        SCOPED_TRACE("killed at moment " + std::to_string(first) + ", then at " + std::to_string(second));
        EXPECT_EQ(run_release(0), Ending::finished);
        EXPECT_EQ(*host.survey(), before);
        host.clock().sleep(100'000'000'000);
        EXPECT_EQ(*host.survey(), before) << "something was still on its way";
        EXPECT_THAT(unfinished_journals(state)->journals, testing::IsEmpty());
        EXPECT_THAT(quarantine(), testing::IsEmpty());
    }

    /// As it was before the first lease.
    void begin_anew() {
        std::filesystem::remove_all(state);
        put_lab_machine(host);
    }
};

}  // namespace passbench::tests
