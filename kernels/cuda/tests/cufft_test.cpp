// What is written down of cuFFT, against its header and the library where a toolkit or a distribution has them. It loads without a card.
#include "kernels/cuda/cufft.hpp"

#include <gtest/gtest.h>

#if __has_include(<cufft.h>)
#include <cufft.h>
#endif

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

TEST(Cufft, IsWrittenDownAsTheHeaderHasIt) {
#if __has_include(<cufft.h>)
    static_assert(std::is_same_v<cufft::Handle, cufftHandle>);
    static_assert(cufft::success == CUFFT_SUCCESS);
    static_assert(cufft::complex_floats == CUFFT_C2C);
    static_assert(cufft::forward == CUFFT_FORWARD);
    static_assert(cufft::alloc_failed == CUFFT_ALLOC_FAILED);
    static_assert(cufft::exec_failed == CUFFT_EXEC_FAILED);
    static_assert(sizeof(cufftType) == sizeof(int) && sizeof(cufftResult) == sizeof(int));
    static_assert(sizeof(CUdeviceptr) == sizeof(cufftComplex*));
#else
    GTEST_SKIP() << "the CUDA compiler of this machine comes without cufft.h";
#endif
}

}  // namespace
}  // namespace passbench
