#include "guest/probe/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guest/probe/build_info.hpp"
#include "guest/probe/tests/machine_tree.hpp"

namespace passbench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string text(const Facts& facts, std::string_view key) { return fact_text(facts, key).value_or("(absent)"); }

/// The T4 of a Hyper-V guest (DDA) as it is when all is well.
Machine t4_guest(const MachineTree& tree) {
    Machine machine = tree.machine();
    machine.hypervisor_signature = "Microsoft Hv";
    machine.cuda = {.loaded = true, .path = "libcuda.so.1", .version = 13000, .why = {}};
    machine.cuda_device = {.name = "Tesla T4"};
    return machine;
}

TEST(Probe, IdentifiesAGuestWithAT4ByCpuMemoryCardAndSource) {
    const MachineTree tree("t4_hyperv");
    const Facts identity = describe(t4_guest(tree)).identity;
    EXPECT_EQ(text(identity, "cpu.model"), "Intel(R) Xeon(R) Gold 6226R CPU @ 2.90GHz");
    EXPECT_EQ(fact_int(identity, "cpus"), 4);
    EXPECT_EQ(text(identity, "gpu.uuid"), "GPU-0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");
    EXPECT_EQ(text(identity, "gpu.model"), "Tesla T4");
    EXPECT_EQ(text(identity, "gpu.pci_id"), "10de:1eb8 subsystem 10de:12a2");
    EXPECT_EQ(text(identity, "agent.source"), build_info().source);
    EXPECT_FALSE(build_info().source.empty());
}

TEST(Probe, DoesNotTakeSomePagesMoreOrLessForAnotherMachine) {
    const MachineTree tree("t4_hyperv");
    const auto before = describe(tree.machine());
    tree.write("proc/meminfo", "MemTotal:       16393020 kB\n");
    const auto after = describe(tree.machine());
    EXPECT_EQ(before.identity, after.identity);
    EXPECT_NE(fact_int(before.context, "memory.total_bytes"), fact_int(after.context, "memory.total_bytes"));
    tree.write("proc/meminfo", "MemTotal:       8196510 kB\n");
    EXPECT_NE(before.identity, describe(tree.machine()).identity);
}

TEST(Probe, RecordsTheContextOfAHyperVGuest) {
    const MachineTree tree("t4_hyperv");
    const Facts context = describe(t4_guest(tree)).context;
    EXPECT_EQ(text(context, "hypervisor"), "Hyper-V");
    EXPECT_EQ(text(context, "machine.product"), "Microsoft Corporation Virtual Machine");
    EXPECT_EQ(text(context, "clocksource"), "hyperv_clocksource_tsc_page");
    EXPECT_EQ(text(context, "kernel.release"), "5.15.0-91-generic");
    EXPECT_EQ(text(context, "os"), "Ubuntu 22.04.3 LTS");
    EXPECT_EQ(text(context, "cpu.mitigations"), "spectre_v2: Mitigation: Enhanced IBRS");
    EXPECT_EQ(text(context, "container"), "none");
    EXPECT_EQ(text(context, "gpu.driver"), "580.65.06");
    EXPECT_EQ(text(context, "gpu.vbios"), "90.04.38.00.03");
    EXPECT_EQ(text(context, "gpu.cuda_driver_api"), "13.0");
    EXPECT_EQ(fact_int(context, "numa.nodes"), 1);
    EXPECT_NE(text(context, "agent.compiler"), "(absent)");
}

TEST(Probe, LeavesOutOfTheCommandLineWhereTheSystemBootsFrom) {
    const MachineTree tree("t4_hyperv");
    EXPECT_EQ(text(describe(tree.machine()).context, "kernel.command_line"), "ro quiet mitigations=auto");
}

TEST(Probe, NamesWhatTheCpuCanDoAndItsDataCaches) {
    const MachineTree tree("t4_hyperv");
    const Facts can = describe(t4_guest(tree)).capabilities;
    EXPECT_EQ(text(can, "isa"), "sse2 sse4_2 avx fma avx2 avx512f avx512bw avx512dq avx512vl avx512_vnni");
    EXPECT_EQ(fact_int(can, "cache.l1_bytes"), 32 * 1024);
    EXPECT_EQ(fact_int(can, "cache.l3_bytes"), 22528 * 1024);
    EXPECT_EQ(fact_int(can, "timer.resolution_ns"), 20);
}

TEST(Probe, SeesAUsableCard) {
    const MachineTree tree("t4_hyperv");
    const Facts can = describe(t4_guest(tree)).capabilities;
    EXPECT_EQ(fact_bool(can, "gpu.present"), true);
    EXPECT_FALSE(can.contains("gpu.why"));
    EXPECT_EQ(fact_int(can, "gpu.pci_cards"), 1);
}

TEST(Probe, SaysWhyThereIsNoGpuAndWhatToDo) {
    const MachineTree tree("t4_hyperv");
    const auto why = [](const Machine& machine) {
        const Facts can = describe(machine).capabilities;
        EXPECT_EQ(fact_bool(can, "gpu.present"), false);
        return text(can, "gpu.why");
    };
    EXPECT_THAT(why(tree.machine()), AllOf(HasSubstr("CUDA library"), HasSubstr("Install libcuda1")));
    tree.remove("dev/nvidiactl");
    Machine without_node = t4_guest(tree);
    without_node.cuda_device = {.finding = "gpu.no_device_nodes", .why = "starting the CUDA driver failed"};
    EXPECT_THAT(why(without_node), HasSubstr("nvidia-modprobe -u -c0"));
    tree.remove("proc/driver");
    EXPECT_THAT(why(tree.machine()),
                AllOf(HasSubstr("10de:1eb8 subsystem 10de:12a2 at b8f1:00:00.0"), HasSubstr("modprobe nvidia")));
    tree.remove("sys/bus/pci/devices/b8f1:00:00.0");
    EXPECT_THAT(why(tree.machine()), AllOf(HasSubstr("no NVIDIA card is visible"), HasSubstr("Pass a card through")));
    EXPECT_EQ(text(describe(tree.machine()).capabilities, "gpu.finding"), "gpu.no_driver");
}

TEST(Probe, BelievesTheCudaDriverMoreThanWhatIsVisible) {
    const MachineTree tree("t4_hyperv");
    Machine machine = t4_guest(tree);
    machine.cuda_device = {.finding = "gpu.driver_mismatch", .why = "starting the CUDA driver failed"};
    const Facts can = describe(machine).capabilities;
    EXPECT_EQ(fact_bool(can, "gpu.present"), false);
    EXPECT_EQ(text(can, "gpu.finding"), "gpu.driver_mismatch");
    EXPECT_THAT(text(can, "gpu.why"), AllOf(HasSubstr("starting the CUDA driver failed. "), HasSubstr("one driver")));

    tree.remove("proc/driver");  // as in a container that is given the devices alone
    machine.cuda_device = {.name = "NVIDIA A2"};
    EXPECT_EQ(fact_bool(describe(machine).capabilities, "gpu.present"), true);
    EXPECT_EQ(text(describe(machine).identity, "gpu.model"), "NVIDIA A2");
}

TEST(Probe, DoesNotTakeAStandInForACard) {
    const MachineTree tree("t4_hyperv");
    Machine machine = t4_guest(tree);
    machine.cuda_device = {.name = "simulated GPU", .simulated = true};
    EXPECT_EQ(fact_bool(describe(machine).capabilities, "gpu.present"), false);
    EXPECT_EQ(text(describe(machine).capabilities, "gpu.finding"), "gpu.simulated");
    EXPECT_EQ(text(describe(machine).identity, "gpu.model"), "Tesla T4") << "what the kernel driver says is there";
}

TEST(Probe, SaysWhichDriverHoldsTheCardInsteadOfOurs) {
    const MachineTree tree("bare_metal");
    // Its sound function is a device of the same vendor, and no card.
    EXPECT_EQ(fact_int(describe(tree.machine()).capabilities, "gpu.pci_cards"), 1);
    EXPECT_THAT(text(describe(tree.machine()).capabilities, "gpu.why"),
                AllOf(HasSubstr("held by the driver nouveau"), HasSubstr("Blacklist")));
}

TEST(Probe, IgnoresTheUuidOfACardThatTheDriverHasNotReadYet) {
    const MachineTree tree("t4_hyperv");
    tree.write("proc/driver/nvidia/gpus/b8f1:00:00.0/information",
               "Model: Tesla T4\nGPU UUID: GPU-" + std::string(8, '?') + "\n");
    const Facts identity = describe(t4_guest(tree)).identity;
    EXPECT_FALSE(identity.contains("gpu.uuid"));
    EXPECT_EQ(text(identity, "gpu.model"), "Tesla T4");
}

TEST(Probe, KnowsWsl2ByItsDeviceAndSaysWhereItsLibraryBelongs) {
    const MachineTree tree("wsl2");
    Machine machine = tree.machine();
    const Facts can = describe(machine).capabilities;
    EXPECT_EQ(fact_bool(can, "gpu.dxg"), true);
    EXPECT_THAT(text(can, "gpu.why"), AllOf(HasSubstr("/dev/dxg"), HasSubstr("/usr/lib/wsl/lib")));
    machine.cuda = {.loaded = true, .path = "/usr/lib/wsl/lib/libcuda.so.1", .version = 12040, .why = {}};
    machine.cuda_device = {.name = "NVIDIA RTX A2000"};
    EXPECT_EQ(fact_bool(describe(machine).capabilities, "gpu.present"), true);
    EXPECT_EQ(text(describe(machine).identity, "gpu.model"), "NVIDIA RTX A2000") << "no file of such a guest has it";
    EXPECT_EQ(text(describe(machine).context, "gpu.cuda_driver_api"), "12.4");
}

TEST(Probe, GivesAdviceWhereSomethingDisturbsAndOnlyThere) {
    const MachineTree wsl("wsl2");
    Machine machine = wsl.machine();
    machine.busy = {{77, "cc1plus", 0.98}};
    const Facts seen = describe(machine).disturbances;
    EXPECT_THAT(text(seen, "load.advice"), HasSubstr("below 0.5"));
    EXPECT_EQ(text(seen, "busy_processes"), "cc1plus (pid 77) 98 %");
    EXPECT_THAT(text(seen, "busy_processes.advice"), HasSubstr("stop them"));
    EXPECT_THAT(text(seen, "memory.huge_pages.advice"), HasSubstr("madvise"));
    EXPECT_THAT(text(seen, "memory.available_bytes.advice"), HasSubstr("tenth of the memory"));
    EXPECT_THAT(text(seen, "memory.swapped_bytes.advice"), HasSubstr("swapoff"));
    EXPECT_FALSE(seen.contains("steal.fraction.advice"));

    const MachineTree bare("bare_metal");
    const Facts other = describe(bare.machine()).disturbances;
    EXPECT_THAT(text(other, "cpu.governor.advice"), HasSubstr("performance"));
    EXPECT_EQ(text(other, "cpu.boost"), "on");
    EXPECT_EQ(text(other, "cpu.quota"), "150000 100000");
    EXPECT_TRUE(other.contains("cpu.quota.advice"));
    EXPECT_TRUE(other.contains("clock.advice"));
    EXPECT_FALSE(other.contains("load.advice"));
    EXPECT_FALSE(other.contains("busy_processes.advice"));
}

TEST(Probe, SeesWhatTheHypervisorStole) {
    const MachineTree tree("t4_hyperv");
    const Facts seen = describe(t4_guest(tree)).disturbances;
    EXPECT_NEAR(fact_double(seen, "steal.fraction").value_or(0), 0.035, 1e-6);
    EXPECT_THAT(text(seen, "steal.fraction.advice"), HasSubstr("reserve CPU"));
}

TEST(Probe, DescribesBareMetalWithIommuUnitsAndALimitOnMemory) {
    const MachineTree tree("bare_metal");
    const Facts context = describe(tree.machine()).context;
    EXPECT_EQ(text(context, "hypervisor"), "none");
    EXPECT_EQ(text(context, "iommu"), "2 units");
    EXPECT_EQ(fact_int(context, "memory.limit_bytes"), 17179869184);
}

TEST(Probe, KeepsTheWordsOfAHypervisorThatItDoesNotKnow) {
    const MachineTree tree("bare_metal");
    Machine machine = tree.machine();
    machine.hypervisor_signature = "NewHype\x01rv  ";
    EXPECT_EQ(text(describe(machine).context, "hypervisor"), "unknown (NewHype?rv)");
}

TEST(Probe, SurvivesAMachineWithoutAnyFiles) {
    const MachineTree tree("");
    const Environment environment = describe(tree.machine());
    EXPECT_EQ(fact_int(environment.identity, "cpus"), 4);
    EXPECT_THAT(text(environment.capabilities, "gpu.why"), Not(HasSubstr("(absent)")));
}

TEST(Probe, DescribesThisMachineAsAValidRecord) {
    const Environment environment = describe(this_machine());
    EXPECT_GT(fact_int(environment.identity, "memory_bytes").value_or(0), 0);
    EXPECT_GT(fact_int(environment.capabilities, "timer.resolution_ns").value_or(0), 0);
    const auto read = environment_from_json(to_json(environment));
    ASSERT_TRUE(read) << to_text(read.error());
    EXPECT_EQ(read->identity, environment.identity);
}

}  // namespace
}  // namespace passbench
