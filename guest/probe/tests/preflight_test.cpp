#include "guest/probe/preflight.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guest/probe/known_drivers.hpp"
#include "guest/probe/tests/machine_tree.hpp"
#include "guest/probe/watched_variables.hpp"

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using Severity = PreflightSeverity;

/// A T4 by DDA of which NVML says that all is well.
Machine sound_machine(const MachineTree& tree) {
    Machine machine = tree.machine();
    machine.hypervisor_signature = "Microsoft Hv";
    machine.cuda = {.loaded = true, .path = "libcuda.so.1", .version = 13000, .why = {}};
    machine.cuda_device = {.name = "Tesla T4",
                           .nvml = {{"nvml", "580.65.06"},
                                    {"gpu.processes.other", std::int64_t{0}},
                                    {"gpu.memory.used_bytes", std::int64_t{1} << 20},
                                    {"gpu.memory.total_bytes", std::int64_t{16} << 30},
                                    {"gpu.pcie.width", std::int64_t{16}},
                                    {"gpu.pcie.width_max", std::int64_t{16}},
                                    {"gpu.pcie.generation", std::int64_t{1}},
                                    {"gpu.pcie.generation_max", std::int64_t{3}},
                                    {"gpu.ecc.uncorrected", std::int64_t{0}},
                                    {"gpu.temperature_c", std::int64_t{40}},
                                    {"gpu.slowdown_temperature_c", std::int64_t{93}},
                                    {"gpu.persistence", std::int64_t{1}}}};
    return machine;
}

class Preflight : public testing::Test {
protected:
    [[nodiscard]] PreflightCheck check(const std::string& name) const {
        const auto all = preflight_checks(machine_);
        const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.check == name; });
        return found == all.end()
                   ? PreflightCheck{.check = name, .severity = Severity::ok, .what = "(absent)", .fix = {}}
                   : *found;
    }
    void told(const std::string& field, std::int64_t value) { machine_.cuda_device->nvml["gpu." + field] = value; }

    MachineTree tree_{"t4_hyperv"};
    Machine machine_ = sound_machine(tree_);
};

TEST_F(Preflight, OfASoundCardNothingIsToBeDone) {
    for (const PreflightCheck& each : preflight_checks(machine_)) {
        EXPECT_TRUE(each.severity == Severity::ok || each.severity == Severity::skipped)
            << each.check << ": " << each.what;
        EXPECT_FALSE(each.what.empty()) << each.check;
    }
    EXPECT_EQ(check("gpu.driver_match").what, "driver and libraries are both 580.65.06");
}

TEST_F(Preflight, WhatIsNotInOrderSaysWhatToDo) {
    told("processes.other", 2);
    told("pcie.width", 8);
    told("ecc.uncorrected", 3);
    told("temperature_c", 85);
    told("persistence", 0);
    machine_.variables = {{"CUDA_LAUNCH_BLOCKING", "1"}};
    EXPECT_EQ(check("gpu.idle").severity, Severity::warn);
    EXPECT_THAT(check("gpu.idle").what, HasSubstr("2 programs on the card besides us"));
    EXPECT_EQ(check("gpu.link").severity, Severity::note);
    EXPECT_EQ(check("gpu.memory_errors").severity, Severity::warn);
    EXPECT_EQ(check("gpu.heat").severity, Severity::warn);
    EXPECT_EQ(check("gpu.persistence").severity, Severity::note);
    EXPECT_EQ(check("environment.CUDA_LAUNCH_BLOCKING").severity, Severity::block);
    for (const PreflightCheck& each : preflight_checks(machine_)) {
        EXPECT_EQ(each.fix.empty(), each.severity == Severity::ok || each.severity == Severity::skipped) << each.check;
    }
}

TEST_F(Preflight, LibrariesOfAnotherDriverBlock) {
    machine_.cuda_device->nvml["nvml"] = std::string("575.57.08");
    EXPECT_EQ(check("gpu.driver_match").severity, Severity::block);
    EXPECT_THAT(check("gpu.driver_match").what,
                HasSubstr("the kernel driver is 580.65.06 and its libraries are 575.57.08"));
}

TEST_F(Preflight, MemoryThatCannotBeMendedBlocksAndWhatWaitsForAResetWarns) {
    told("rows.remap_pending", 1);
    EXPECT_EQ(check("gpu.memory_errors").severity, Severity::warn);
    told("rows.remap_failed", 1);
    EXPECT_EQ(check("gpu.memory_errors").severity, Severity::block);
}

TEST_F(Preflight, AClockThatNobodyLockedIsNotedAndOneThatTheAgentLockedIsInOrder) {
    told("sm_clock_mhz", 300);
    EXPECT_EQ(check("gpu.clocks").severity, Severity::note);
    EXPECT_THAT(check("gpu.clocks").fix, HasSubstr("gpu_clocks"));
    tree_.write("run/passbench/gpu_clocks/GPU-1", "1230 MHz");
    EXPECT_EQ(check("gpu.clocks").severity, Severity::ok);
    EXPECT_THAT(check("gpu.clocks").what, HasSubstr("GPU-1 to 1230 MHz"));
}

TEST_F(Preflight, WhatNvmlDoesNotTellIsSkippedAndNotInOrder) {
    machine_.cuda_device->nvml = {{"nvml.why", std::string("NVML does not load")}};
    for (const auto* name : {"gpu.idle", "gpu.link", "gpu.memory_errors", "gpu.heat", "gpu.persistence", "gpu.clocks",
                             "gpu.driver_match"}) {
        EXPECT_EQ(check(name).severity, Severity::skipped) << name;
    }
    EXPECT_EQ(check("gpu.nvml").severity, Severity::note);
    EXPECT_EQ(check("gpu.nvml").what, "NVML does not load");
}

TEST_F(Preflight, WithoutACardThatIsSaidOnce) {
    machine_.cuda_device.reset();
    machine_.cuda = {};
    const auto all = preflight_checks(machine_);
    EXPECT_EQ(std::count_if(all.begin(), all.end(), &is_about_card), 1);
    EXPECT_EQ(check("gpu").severity, Severity::skipped);
}

TEST_F(Preflight, AMemoryLimitOfAContainerIsNoted) {
    tree_.write("sys/fs/cgroup/memory.max", "1073741824\n");
    EXPECT_EQ(check("container").severity, Severity::note);
    EXPECT_THAT(check("container").what, HasSubstr("1 GiB"));
}

TEST(WatchedVariables, AreFoundByNameAndByPrefixAndOnlyWhereTheyAreSet) {
    using namespace std::string_literals;
    const auto found =
        variables_in("PATH=/bin\0OMP_NUM_THREADS=2\0CUDA_LAUNCH_BLOCKING=\0CUDA_VISIBLE_DEVICES=1\0CUDA_X=1\0"s);
    EXPECT_THAT(found, ElementsAre(Pair("CUDA_VISIBLE_DEVICES", "1"), Pair("OMP_NUM_THREADS", "2")));
    EXPECT_THAT(variables_in(""), IsEmpty());
}

TEST(KnownDrivers, AreFoundByTheirRangeAndSayWhereFrom) {
    ASSERT_NE(find_known_windows_driver("555.85"), nullptr);
    EXPECT_NE(find_known_windows_driver("555.99"), nullptr);
    EXPECT_EQ(find_known_windows_driver("560.70"), nullptr);
    EXPECT_EQ(find_known_windows_driver("555"), nullptr);
    EXPECT_EQ(find_known_windows_driver("simulated"), nullptr);
    for (const KnownDriver& row : known_windows_drivers()) EXPECT_FALSE(row.source.empty());
}

TEST_F(Preflight, ADriverThatIsKnownToSpoilThingsWarnsUnderGpuPv) {
    machine_.cuda_device->nvml["nvml"] = std::string("572.16");
    EXPECT_EQ(check("gpu.known_driver").severity, Severity::skipped);
    tree_.write("dev/dxg", "");
    EXPECT_EQ(check("gpu.known_driver").severity, Severity::warn);
    EXPECT_THAT(check("gpu.known_driver").what, HasSubstr("github.com/"));
}

}  // namespace
}  // namespace passbench
