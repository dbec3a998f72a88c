// Never lose a host, on Windows: one controller at a time, and whenever it is killed the host can be put back.
#include <aclapi.h>
#include <sddl.h>
#include <windows.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/tests/temp_folder.hpp"
#include "harness/core/windows_error.hpp"
#include "host/engine/host_lock.hpp"
#include "host/engine/release.hpp"
#include "host/engine/state_folder.hpp"
#include "host/engine/tests/files_host.hpp"
#include "host/session/run_lock.hpp"
#include "host/tests/windows/roles.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int killed = 137;

TEST(WindowsEngine, ASecondControllerIsRefusedUntilTheFirstIsKilled) {
    const TempFolder state;
    {
        const Stranger first(as("host_lock", {state.path().string()}));
        ASSERT_TRUE(becomes_locked(state / "host.lock"));
        const auto second = HostLock::take(state.path(), "a second run");
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, ErrorCode::busy);
        EXPECT_THAT(second.error().what, HasSubstr("run of the test, since "));
        EXPECT_THAT(lock_holder(state.path()).value_or(""), HasSubstr("run of the test, since "));
        first.kill();
    }
    EXPECT_TRUE(HostLock::take(state.path(), "a second run"));
    EXPECT_EQ(lock_holder(state.path()), std::nullopt);
}

TEST(WindowsEngine, TwoDoNotMeasureIntoOneRunHoweverItsPathIsWritten) {
    const TempFolder folder;
    const fs::path run = folder / "Run";
    fs::create_directories(run);
    {
        const auto first = RunLock::take(run);
        ASSERT_TRUE(first) << to_text(first.error());
        for (const fs::path& path : {run, run / ".." / "Run", folder / "rUN"}) {
            const auto second = RunLock::take(path);
            ASSERT_FALSE(second) << path;
            EXPECT_EQ(second.error().code, ErrorCode::busy);
        }
    }
    EXPECT_TRUE(RunLock::take(run));
    EXPECT_EQ(RunLock::take(folder / "absent").error().code, ErrorCode::io);
}

TEST(WindowsEngine, StateLiesWhereWindowsKeepsIt) {
    const StatePlaces places = state_places();
    EXPECT_THAT(places.machine.string(), EndsWith("\\passbench"));
    EXPECT_TRUE(places.machine.is_absolute());
    EXPECT_NE(places.machine, places.user);
}

/// What its list of access says, as Windows writes it.
std::string access_to(const fs::path& folder) {
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    wchar_t* text = nullptr;
    ::GetNamedSecurityInfoW(wide_path(folder).c_str(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr, nullptr,
                            nullptr, nullptr, &descriptor);
    ::ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, SDDL_REVISION_1, DACL_SECURITY_INFORMATION,
                                                           &text, nullptr);
    const std::string access = text == nullptr ? "" : utf8_of_wide(text);
    ::LocalFree(text);
    ::LocalFree(descriptor);
    return access;
}

// What others may write there a privileged `release` would carry out.
TEST(WindowsEngine, OnlyAdministratorsAndTheSystemWriteTheMachinesFolder) {
    const TempFolder folder;
    fs::create_directories(folder / "open");  // as one that was made by hand
    for (const char* name : {"fresh", "open"}) {
        SCOPED_TRACE(name);
        const auto made = make_machine_folder(folder / name);
        ASSERT_TRUE(made) << to_text(made.error());
        // Wine keeps a list in the mode of a file, and says Everyone for the users.
        const std::string access = access_to(folder / name);
        EXPECT_THAT(access, HasSubstr("(A;OICI;FA;;;SY)"));
        for (const char* others : {"WD", "BU", "AU", "IU"}) {
            for (const char* right : {"FA", "FW", "GA", "GW", "0x1301bf", "0x1201bf"}) {  // all, to write, to change
                EXPECT_THAT(access, Not(HasSubstr(std::string(right) + ";;;" + others)));
            }
        }
    }
    EXPECT_NE(access_to(folder.path()), access_to(folder / "fresh"));
}

/// A release in this process, with no memory of the lease.
void expect_restored(const fs::path& folder, int kill_at) {
    SCOPED_TRACE("killed at moment " + std::to_string(kill_at));
    const TempFolder elsewhere;
    FilesHost example(elsewhere / "host");
    put_lab_machine(example);
    FilesHost host(folder / "host");
    host.guard = example.guard;
    const auto factory = [&](const std::string&) -> Result<std::unique_ptr<Resources>> {
        return std::make_unique<FilesHost>(host);
    };
    const auto report = release(folder / "state", factory);
    ASSERT_TRUE(report) << to_text(report.error());
    EXPECT_TRUE(report->is_clean());
    EXPECT_EQ(*host.survey(), *example.survey());
    EXPECT_THAT(unfinished_journals(folder / "state")->journals, IsEmpty());
}

TEST(WindowsEngine, WheneverTheControllerIsKilledTheHostCanBePutBack) {
    constexpr int step = 9;  // every moment is tried on Linux (engine_kill_tests)
    int kills = 0;
    for (int kill_at = 3;; kill_at += step, ++kills) {
        const TempFolder folder;
        const Stranger controller(as("lease", {folder.path().string(), std::to_string(kill_at)}));
        const int exit_code = controller.wait();
        if (exit_code != killed) {
            EXPECT_EQ(exit_code, 0);
            break;
        }
        expect_restored(folder.path(), kill_at);
    }
    EXPECT_GE(kills, 5);
}

}  // namespace
}  // namespace passbench::tests
