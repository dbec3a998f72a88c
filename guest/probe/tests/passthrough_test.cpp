// Each kind of guest by what is recorded of it.
#include <gtest/gtest.h>

#include "guest/probe/probe.hpp"
#include "guest/probe/tests/machine_tree.hpp"

namespace passbench {
namespace {

constexpr const char* mariner = "NAME=\"Common Base Linux Mariner\"\nID=mariner\nVERSION_ID=\"2.0\"\n";
constexpr const char* read_only_root = "/dev/sda2 / ext4 ro,relatime 0 0\n/dev/sda5 /var ext4 rw,relatime 0 0\n";

std::string way(const MachineTree& tree, const std::string& signature) {
    Machine machine = tree.machine();
    machine.hypervisor_signature = signature;
    return fact_text(describe(machine).context, "gpu.passthrough").value_or("(absent)");
}

TEST(Passthrough, OfAHyperVGuestWithACardOnItsBusIsDda) {
    const MachineTree tree("t4_hyperv");
    EXPECT_EQ(way(tree, "Microsoft Hv"), "dda");
}

TEST(Passthrough, OfTheSameGuestUnderKvmIsVfioAndOnBareMetalNative) {
    const MachineTree tree("t4_hyperv");
    tree.remove("sys/bus/vmbus");
    EXPECT_EQ(way(tree, "KVMKVMKVM"), "vfio");
    EXPECT_EQ(way(tree, ""), "native");
}

TEST(Passthrough, OfWsl2IsToldByItsKernel) {
    const MachineTree tree("wsl2");
    EXPECT_EQ(way(tree, "Microsoft Hv"), "wsl");
}

TEST(Passthrough, OfAPlainGuestWithDxgIsGpuPv) {
    const MachineTree tree("wsl2");
    tree.write("proc/sys/kernel/osrelease", "6.6.36-dxgkrnl\n");
    EXPECT_EQ(way(tree, "Microsoft Hv"), "gpupv");
}

TEST(Passthrough, OfEflowIsToldByMarinerWithARootThatCannotBeWritten) {
    const MachineTree shared("wsl2");
    shared.write("proc/sys/kernel/osrelease", "5.15.131.1-1.cm2\n");
    shared.write("etc/os-release", mariner);
    shared.write("proc/mounts", read_only_root);
    EXPECT_EQ(way(shared, "Microsoft Hv"), "eflow_gpupv");
    shared.write("proc/mounts", "/dev/sda2 / ext4 rw,relatime 0 0\n");
    EXPECT_EQ(way(shared, "Microsoft Hv"), "gpupv");

    const MachineTree whole("t4_hyperv");
    whole.write("etc/os-release", mariner);
    whole.write("proc/mounts", read_only_root);
    EXPECT_EQ(way(whole, "Microsoft Hv"), "eflow_dda");
}

TEST(Passthrough, IsNoneWithoutACardAndMixedWithBoth) {
    const MachineTree bare("bare_metal");
    bare.remove("sys/bus/pci/devices");
    EXPECT_EQ(way(bare, ""), "none");
    const MachineTree both("t4_hyperv");
    both.write("dev/dxg", "");
    EXPECT_EQ(way(both, "Microsoft Hv"), "mixed");
}

TEST(Passthrough, OfWindowsIsNativeUnlessItIsAGuestOfWhichNothingIsTold) {
    const MachineTree windows("bare_metal");
    windows.remove("sys/bus/pci/devices");
    windows.write("etc/os-release", "ID=windows\n");
    EXPECT_EQ(way(windows, ""), "native");
    EXPECT_EQ(way(windows, "Microsoft Hv"), "unknown");
    EXPECT_EQ(way(windows, "KVMKVMKVM"), "unknown");
    windows.write("sys/hypervisor/root_partition", "1\n");
    EXPECT_EQ(way(windows, "Microsoft Hv"), "native") << "above Hyper-V, in the partition that makes the others";
}

}  // namespace
}  // namespace passbench
