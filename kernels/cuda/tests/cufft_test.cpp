// What is written down of cuFFT, against the library where a toolkit or a distribution has it. It loads without a card.
#include "kernels/cuda/cufft.hpp"

#include <gtest/gtest.h>

namespace passbench {
namespace {

TEST(Cufft, OfThisMachineHasEveryFunctionThatIsCalled) {
    const auto library = Cufft::load();
    if (!library && library.error().what.find("does not load") != std::string::npos) {
        GTEST_SKIP() << to_text(library.error());
    }
    ASSERT_TRUE(library) << to_text(library.error());
    EXPECT_NE((*library)->version(), "of unknown version");
}

}  // namespace
}  // namespace passbench
