#include "kernels/cpu/shared_library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

using testing::HasSubstr;

TEST(SharedLibrary, GivesTheFunctionsOfALibraryThatLoads) {
    const auto library = SharedLibrary::load("the C library's mathematics", "libm.so.6");
    ASSERT_TRUE(library) << to_text(library.error());
    const auto root = library->require<double (*)(double)>("sqrt");
    ASSERT_TRUE(root);
    EXPECT_EQ((*root)(9.0), 3.0);
}

TEST(SharedLibrary, OneThatIsNotThereIsUnsupportedWithTheLoadersWords) {
    const auto library = SharedLibrary::load("No Such", "libno_such_library.so.7");
    ASSERT_FALSE(library);
    EXPECT_EQ(library.error().code, ErrorCode::unsupported);
    EXPECT_THAT(library.error().what,
                HasSubstr("No Such does not load: libno_such_library.so.7: cannot open shared object"));
    EXPECT_THAT(library.error().fix, HasSubstr("scripts/setup.sh"));
}

TEST(SharedLibrary, AFunctionThatIsMissingIsNamedWithItsLibrary) {
    const auto library = SharedLibrary::load("libm", "libm.so.6");
    ASSERT_TRUE(library);
    EXPECT_EQ(library->find<void*>("no_such_function"), nullptr);
    const auto missing = library->require<void (*)()>("no_such_function");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::unsupported);
    EXPECT_THAT(missing.error().what, HasSubstr("libm loads and has no no_such_function"));
}

}  // namespace
}  // namespace passbench
