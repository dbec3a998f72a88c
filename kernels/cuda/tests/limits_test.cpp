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

TEST(PcieLink, IsAsFastAsThePortAllows) {
    TempFolder folder;
    const auto port = folder.path() / "tree" / "0000:64:00.0";
    std::filesystem::create_directories(port / "0000:65:00.0");
    std::ofstream(port / "max_link_speed") << "8.0 GT/s PCIe\n";
    std::ofstream(port / "0000:65:00.0" / "max_link_speed") << "16.0 GT/s PCIe\n";
    std::ofstream(port / "0000:65:00.0" / "current_link_width") << "16\n";
    std::filesystem::create_directory(folder.path() / "devices");
    std::filesystem::create_directory_symlink(port / "0000:65:00.0", folder.path() / "devices" / "0000:65:00.0");
    const auto link = read_pcie_link("0000:65:00.0", (folder.path() / "devices").string());
    ASSERT_TRUE(link);
    EXPECT_EQ(link->gigatransfers, 8);
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

// Units x 2 x SMs x boost clock is the peak of the data sheets, in TFLOP/s.
TEST(FmaLanes, GiveThePeaksOfTheDataSheets) {
    struct Card {
        const char* name;
        int major;
        int minor;
        int multiprocessors;
        double boost_ghz;
        double peak_f32;
        double peak_f64;
    };
    for (const Card& card :
         {Card{"T4", 7, 5, 40, 1.59, 8.1, 0.254}, Card{"A100 SXM", 8, 0, 108, 1.41, 19.5, 9.7},
          Card{"A2", 8, 6, 10, 1.77, 4.5, 0.070}, Card{"L4", 8, 9, 58, 2.04, 30.3, 0.473},
          Card{"H100 SXM", 9, 0, 132, 1.98, 67, 34}, Card{"RTX 5090", 12, 0, 170, 2.407, 104.8, 1.64}}) {
        SCOPED_TRACE(card.name);
        const double one = 2 * card.multiprocessors * card.boost_ghz / 1000;
        EXPECT_NEAR(fma_lanes(card.major, card.minor, Precision::f32).value() * one / card.peak_f32, 1, 0.02);
        EXPECT_NEAR(fma_lanes(card.major, card.minor, Precision::f64).value() * one / card.peak_f64, 1, 0.02);
    }
}

TEST(FmaLanes, AreUnknownForACardOfTheFuture) { EXPECT_FALSE(fma_lanes(99, 0, Precision::f32)); }

}  // namespace
}  // namespace passbench
