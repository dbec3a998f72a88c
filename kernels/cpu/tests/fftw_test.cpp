// FFTW as the harness uses it, and what is kept of its plans. Without the library everything that needs it is skipped.
#include "kernels/cpu/fftw.hpp"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "harness/core/durable_files.hpp"
#include "harness/core/tests/temp_folder.hpp"
#include "kernels/cpu/fftw_wisdom.hpp"

namespace passbench {
namespace {

/// The user's cache lies elsewhere while it lives.
class CacheFolder {
public:
    CacheFolder() {
        if (const char* const before = std::getenv("XDG_CACHE_HOME")) before_ = before;
        setenv("XDG_CACHE_HOME", folder_.path().c_str(), 1);
    }
    CacheFolder(const CacheFolder&) = delete;
    CacheFolder& operator=(const CacheFolder&) = delete;
    ~CacheFolder() {
        if (before_) {
            setenv("XDG_CACHE_HOME", before_->c_str(), 1);
        } else {
            unsetenv("XDG_CACHE_HOME");
        }
    }
    [[nodiscard]] std::filesystem::path path() const { return folder_.path(); }

private:
    TempFolder folder_;
    std::optional<std::string> before_;
};

TEST(UserCacheFolder, IgnoresARelativePath) {
    const CacheFolder cache;
    EXPECT_EQ(user_cache_folder(), cache.path() / "passbench");
    setenv("XDG_CACHE_HOME", "relative", 1);
    const char* const home = std::getenv("HOME");
    if (home == nullptr || *home != '/') GTEST_SKIP() << "no home folder here";
    EXPECT_EQ(user_cache_folder(), std::filesystem::path(home) / ".cache" / "passbench");
}

TEST(WisdomFileName, IsOneForEachVersionAndCpu) {
    CpuFeatures cpu = {.vendor = "AuthenticAMD", .brand = "", .family = 25, .model = 1, .avx2_fma = true};
    EXPECT_EQ(wisdom_file_name("3.3.8", cpu), "fftw-3.3.8-AuthenticAMD-25-1-avx2.wisdom");
    cpu.vendor = "../etc";
    EXPECT_EQ(wisdom_file_name("3.3/8", cpu), "fftw-3.3_8-.._etc-25-1-avx2.wisdom");
}

class WithFftw : public testing::Test {
protected:
    void SetUp() override {
        const auto loaded = Fftw::load();
        if (!loaded) GTEST_SKIP() << to_text(loaded.error());
        library_ = *loaded;
    }
    [[nodiscard]] std::filesystem::path wisdom_file() const {
        return *user_cache_folder() / wisdom_file_name(library_->version(), detect_cpu());
    }
    /// A plan for so many points, that nobody else here plans for.
    [[nodiscard]] Result<FftwPlan> plan(std::size_t points) {
        in_.resize(points);
        out_.resize(points);
        return FftwPlan::make(library_, {.dimensions = 1, .size = points, .batch = 1}, in_, out_, pool_, 1);
    }

    const CacheFolder cache_;
    ThreadPool pool_ = ThreadPool({usable_cpus().front()});
    std::shared_ptr<const Fftw> library_;
    std::vector<std::complex<float>> in_;
    std::vector<std::complex<float>> out_;
};

TEST_F(WithFftw, SaysItsVersionAndInstructionSet) {
    EXPECT_EQ(library_->version().substr(0, 2), "3.");
    EXPECT_TRUE(library_->isa({}) == "sse2") << library_->isa({});
}

TEST_F(WithFftw, APlanThatWasMeasuredIsKept) {
    ASSERT_TRUE(plan(32));
    const auto kept = read_file(wisdom_file(), 1 << 20);
    ASSERT_TRUE(kept) << to_text(kept.error());
    EXPECT_NE(kept->find("fftwf_wisdom"), std::string::npos);
    const auto written = std::filesystem::last_write_time(wisdom_file());
    ASSERT_TRUE(plan(32));
    EXPECT_EQ(std::filesystem::last_write_time(wisdom_file()), written) << "nothing new was measured";
}

TEST_F(WithFftw, ADamagedFileCountsAsNothingAndIsReplaced) {
    ASSERT_TRUE(make_folder(wisdom_file().parent_path()));
    std::ofstream(wisdom_file()) << "(fftw-3.3.8 fftwf_wis";
    ASSERT_TRUE(plan(128));
    const auto kept = read_file(wisdom_file(), 1 << 20);
    ASSERT_TRUE(kept);
    EXPECT_GT(kept->size(), 100U);
}

TEST_F(WithFftw, WhereNothingCanBeKeptItIsMeasuredAgain) {
    std::ofstream(cache_.path() / "passbench") << "a file where the folder would be";
    EXPECT_TRUE(plan(512));
}

}  // namespace
}  // namespace passbench
