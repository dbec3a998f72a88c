#include "host/survey/cards.hpp"

#include <gtest/gtest.h>

namespace passbench {
namespace {

CardFamily family(const std::string& device, const std::string& name, const std::string& subsystem = "") {
    return card_family(
        {{"vendor_id", std::string("10de")}, {"device_id", device}, {"name", name}, {"subsystem_id", subsystem}});
}

TEST(CardFamily, GoesByTheDeviceIdBeforeTheName) {
    EXPECT_EQ(family("1eb8", "3D Video Controller"), CardFamily::t4);
    EXPECT_EQ(family("2531", "Nonsense"), CardFamily::rtx);
    EXPECT_EQ(family("1eb1", "Quadro RTX 4000"), CardFamily::quadro);
    EXPECT_EQ(family("1f02", "NVIDIA GeForce RTX 2070"), CardFamily::geforce);
}

TEST(CardFamily, TellsAnA2FromAnA16ByItsSubsystemOrName) {
    EXPECT_EQ(family("25b6", "Nvidia A2_base - Dismounted", "157e10de"), CardFamily::a2);
    EXPECT_EQ(family("25b6", "NVIDIA A2"), CardFamily::a2);
    EXPECT_EQ(family("25b6", "NVIDIA A16", "14a910de"), CardFamily::tesla);
    EXPECT_EQ(family("25b6", "3D Video Controller"), CardFamily::tesla);
}

TEST(CardFamily, OfAnUnknownIdGoesByWholeWordsOfTheName) {
    EXPECT_EQ(family("ffff", "NVIDIA GeForce RTX 6090"), CardFamily::geforce);
    EXPECT_EQ(family("ffff", "NVIDIA RTX A400"), CardFamily::rtx);
    EXPECT_EQ(family("ffff", "NVIDIA T400 4GB"), CardFamily::other_nvidia);
    EXPECT_EQ(family("ffff", "NVIDIA H100 PCIe"), CardFamily::tesla);
    EXPECT_EQ(family("", ""), CardFamily::other_nvidia);
}

TEST(CardFamily, OfAnotherMakerIsNone) {
    EXPECT_EQ(card_family({{"vendor_id", std::string("8086")}, {"device_id", std::string("1eb8")}}), CardFamily::other);
    EXPECT_EQ(card_family({}), CardFamily::other);
}

TEST(CardFamily, OfDataCentresAreThree) {
    EXPECT_TRUE(is_tesla(CardFamily::t4) && is_tesla(CardFamily::a2) && is_tesla(CardFamily::tesla));
    EXPECT_FALSE(is_tesla(CardFamily::geforce) || is_tesla(CardFamily::quadro) || is_tesla(CardFamily::rtx));
}

}  // namespace
}  // namespace passbench
