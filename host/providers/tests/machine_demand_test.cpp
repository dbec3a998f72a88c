#include "host/providers/machine_demand.hpp"

#include <gmock/gmock.h>

namespace passbench {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Card, IsTheOneAskedForWhereItsNameHasTheWordsWhole) {
    EXPECT_TRUE(is_card("Tesla T4", "T4"));
    EXPECT_TRUE(is_card("NVIDIA T4", "t4"));
    EXPECT_TRUE(is_card("NVIDIA RTX A2000 12GB", "RTX A2000"));
    EXPECT_TRUE(is_card("NVIDIA RTX A2000", "nvidia  rtx-a2000"));
    EXPECT_TRUE(is_card("NVIDIA A100-SXM4-40GB", "A100"));
    EXPECT_TRUE(is_card("NVIDIA A2", "A2"));
}

TEST(Card, IsNotOneWhoseNameOnlyBeginsAlikeOrHasTheWordsApart) {
    EXPECT_FALSE(is_card("NVIDIA T400", "T4"));
    EXPECT_FALSE(is_card("NVIDIA T400 4GB", "T4"));
    EXPECT_FALSE(is_card("NVIDIA RTX A2000", "A2"));
    EXPECT_FALSE(is_card("NVIDIA T4", "Tesla T4"));
    EXPECT_FALSE(is_card("NVIDIA RTX PRO 6000 Blackwell", "RTX 6000"));
    EXPECT_FALSE(is_card("NVIDIA GeForce RTX 3060", "RTX 3060 Ti"));
    EXPECT_FALSE(is_card("", "T4"));
    EXPECT_FALSE(is_card("Tesla T4", " - "));
}

Environment guest_with(const std::string& card) {
    Environment guest;
    guest.capabilities["gpu.present"] = true;
    guest.identity["gpu.model"] = card;
    return guest;
}

TEST(CheckCard, NamesWhatIsThereAndWhatIsAskedFor) {
    EXPECT_TRUE(check_card(guest_with("Tesla T4"), "T4"));
    const auto refused = check_card(guest_with("Quadro P400"), "T4");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::precondition);
    EXPECT_EQ(refused.error().where, "machine.gpu");
    EXPECT_EQ(refused.error().what,
              "this machine does not meet the scenario's demand: its GPU is 'Quadro P400', not 'T4'");
    EXPECT_THAT(refused.error().fix, HasSubstr("leave gpu out"));
}

TEST(CheckCard, SaysWhatIsMissingWhereNoCardWorks) {
    Environment guest = guest_with("Tesla T4");  // the kernel driver knows it
    guest.capabilities["gpu.present"] = false;
    guest.capabilities["gpu.why"] = std::string("starting the CUDA driver failed. Install both from one driver.");
    guest.capabilities["gpu.finding"] = std::string("gpu.driver_mismatch");
    const auto refused = check_card(guest, "T4");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::precondition);
    EXPECT_EQ(refused.error().finding, "gpu.driver_mismatch");
    EXPECT_THAT(refused.error().what,
                AllOf(HasSubstr("no GPU that works, and 'T4' is asked for: starting the CUDA driver "
                                "failed. Install both from one driver.")));
}

}  // namespace
}  // namespace passbench
