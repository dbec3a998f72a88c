#include "guest/agent/card_claim.hpp"

#include <csignal>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

/// A card that no other run of the tests has.
std::string card() { return "GPU-test-" + std::to_string(getpid()); }

TEST(CardClaim, IsForOneAtATimeAndEndsWithItsHolder) {
    {
        const auto first = CardClaim::take(card());
        ASSERT_TRUE(first);
        const auto second = CardClaim::take(card());
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, ErrorCode::precondition);
        EXPECT_EQ(second.error().finding, "gpu.claimed");
        EXPECT_THAT(second.error().what, testing::HasSubstr(": process " + std::to_string(getpid())));
        EXPECT_TRUE(CardClaim::take(card() + "-other"));
    }
    EXPECT_TRUE(CardClaim::take(card()));
}

TEST(CardClaim, OfAKilledProcessIsGone) {
    const std::string name = card();
    int ready[2];
    ASSERT_EQ(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
        const auto claim = CardClaim::take(name);
        const char word = claim ? '1' : '0';
        static_cast<void>(!write(ready[1], &word, 1));
        pause();
        _exit(0);
    }
    char word = '0';
    ASSERT_EQ(read(ready[0], &word, 1), 1);
    EXPECT_EQ(word, '1');
    const auto refused = CardClaim::take(name);
    EXPECT_THAT(refused ? "" : refused.error().what, testing::HasSubstr(": process " + std::to_string(child)));
    kill(child, SIGKILL);
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    EXPECT_TRUE(CardClaim::take(name));
    close(ready[0]);
    close(ready[1]);
}

TEST(CardClaim, OfACardWithoutANameIsNone) {
    const auto first = CardClaim::take("");
    const auto second = CardClaim::take("");
    EXPECT_TRUE(first && second);
}

}  // namespace
}  // namespace passbench
