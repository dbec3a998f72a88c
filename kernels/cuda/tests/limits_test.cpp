// What limits of cuda forms are computed from: the PCIe link, and the units of an SM.
#include <fstream>

#include <gtest/gtest.h>

#include "harness/core/tests/temp_folder.hpp"
#include "kernels/cuda/fma_lanes.hpp"
#include "kernels/cuda/pcie_link.hpp"

namespace passbench {
namespace {

/// A folder of devices with one card in it.
class PcieDevices {
public:
    PcieDevices(const std::string& speed, const std::string& width) {
        const auto card = folder_.path() / "0000:65:00.0";
        std::filesystem::create_directory(card);
        std::ofstream(card / "max_link_speed") << speed << '\n';
        std::ofstream(card / "current_link_width") << width << '\n';
    }
    [[nodiscard]] std::string path() const { return folder_.path().string(); }

private:
    TempFolder folder_;
};

// 15.75 and 63.0 GB/s: workloads list, PCIe limits.
TEST(PcieLink, IsReadFromWhatTheKernelShows) {
    const PcieDevices gen3("8.0 GT/s PCIe", "16");
    const auto link = read_pcie_link("0000:65:00.0", gen3.path());
    ASSERT_TRUE(link);
    EXPECT_EQ(link->lanes, 16);
    EXPECT_NEAR(raw_bytes_a_second(*link), 15.75e9, 0.01e9);
    EXPECT_NEAR(raw_bytes_a_second({.gigatransfers = 32, .lanes = 16}), 63.0e9, 0.1e9);
    EXPECT_NEAR(raw_bytes_a_second({.gigatransfers = 5, .lanes = 4}), 2.0e9, 1);
}

TEST(PcieLink, IsUnknownWhereTheKernelDoesNotKnowIt) {
    const PcieDevices vague("Unknown", "0");
    EXPECT_FALSE(read_pcie_link("0000:65:00.0", vague.path()));
    EXPECT_FALSE(read_pcie_link("0000:01:00.0", vague.path()));
}

TEST(PcieLink, TakesTheDriversUpperCaseForTheKernelsLowerCase) {
    TempFolder folder;
    std::filesystem::create_directory(folder.path() / "000a:65:00.0");
    std::ofstream(folder.path() / "000a:65:00.0/max_link_speed") << "16.0 GT/s PCIe\n";
    std::ofstream(folder.path() / "000a:65:00.0/current_link_width") << "8\n";
    EXPECT_TRUE(read_pcie_link("000A:65:00.0", folder.path().string()));
}

// T4: 40 SMs x 64 x 2 x 1.59 GHz = 8.1 TFLOP/s, its data-sheet value.
TEST(FmaLanes, GiveTheDataSheetPeakOfAT4) {
    constexpr double boost_hz = 1.59e9;
    EXPECT_NEAR(fma_lanes(7, 5, Precision::f32).value() * 2 * 40 * boost_hz, 8.1e12, 0.05e12);
    EXPECT_EQ(fma_lanes(7, 5, Precision::f64), 2);
}

TEST(FmaLanes, AreUnknownForACardOfTheFuture) { EXPECT_FALSE(fma_lanes(99, 0, Precision::f32)); }

}  // namespace
}  // namespace passbench
