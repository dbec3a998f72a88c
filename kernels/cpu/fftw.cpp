#include "kernels/cpu/fftw.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "kernels/cpu/fftw_wisdom.hpp"
#include "kernels/cpu/shared_library.hpp"

namespace passbench {

namespace {

// Half of what a trial may take. What is found until then is the plan; the best one of a million points takes some seconds.
constexpr double planning_limit_s = 30;

/// "fftw-3.3.8-sse2-avx-avx2": the version, and what follows it.
std::pair<std::string, std::string> parts_of(std::string_view words) {
    constexpr std::string_view name = "fftw-";
    if (words.starts_with(name)) words.remove_prefix(name.size());
    const std::size_t end = words.find('-');
    if (end == std::string_view::npos) return {std::string(words), ""};
    return {std::string(words.substr(0, end)), std::string(words.substr(end))};
}

}  // namespace

Result<std::shared_ptr<const Fftw>> Fftw::load() {
    // It needs the library of the transforms, whose functions are found through it.
    PASSBENCH_TRY(const SharedLibrary library, SharedLibrary::load("FFTW", "libfftw3f_threads.so.3"));
    std::shared_ptr<Fftw> result(new Fftw);
#define PASSBENCH_FIND(function, ...) \
    { PASSBENCH_TRY(result->calls_.function, library.require<std::add_pointer_t<__VA_ARGS__>>("fftwf_" #function)); }
    PASSBENCH_FFTW_CALLS(PASSBENCH_FIND)
#undef PASSBENCH_FIND
    PASSBENCH_TRY(const auto* const words, library.require<const char*>("fftwf_version"));
    std::tie(result->version_, result->built_for_) = parts_of(words);
    static const bool has_threads = result->calls_.init_threads() != 0;  // once a process
    if (has_threads) return result;
    return fail({.code = ErrorCode::unsupported,
                 .what = "FFTW could not make its threads ready",
                 .fix = "Is there memory, and may this process have threads?"});
}

std::string Fftw::isa(const CpuFeatures& cpu) const {
    if (cpu.avx512 && built_for_.find("-avx512") != std::string::npos) return "avx512";
    if (cpu.avx2_fma && built_for_.find("-avx2") != std::string::npos) return "avx2";
    return cpu.avx2_fma && built_for_.find("-avx") != std::string::npos ? "avx" : "sse2";
}

Result<FftwPlan> FftwPlan::make(std::shared_ptr<const Fftw> library, const FftShape& shape,
                                std::span<std::complex<float>> in, std::span<std::complex<float>> out,
                                const ThreadPool& pool, int threads) {
    const auto side = static_cast<int>(shape.size);
    const std::array<int, 2> sides = {side, side};
    const auto points = static_cast<int>(shape.points());
    const fftw::Calls& calls = library->calls();
    const auto plan_with = [&](unsigned flags) {
        return calls.plan_many_dft(shape.dimensions, sides.data(), static_cast<int>(shape.batch), in.data(), nullptr, 1,
                                   points, out.data(), nullptr, 1, points, fftw::forward, flags);
    };
    // FFTW's threads begin while this one may run on all of its CPUs, and so may they then.
    const MayRunOn all_of_case(std::span(pool.cpus()).first(static_cast<std::size_t>(threads)));
    calls.plan_with_nthreads(threads);
    FftwWisdom wisdom(*library);
    fftw::Plan plan = plan_with(fftw::measure | fftw::wisdom_only);
    if (plan == nullptr) {
        calls.set_timelimit(planning_limit_s);
        plan = plan_with(fftw::measure);
        if (plan != nullptr) wisdom.keep();
    }
    if (plan == nullptr) {
        return fail({.code = ErrorCode::unsupported,
                     .what = fmt::format("FFTW {} has no plan for {} transforms of {} points", library->version(),
                                         shape.batch, shape.points()),
                     .fix = "Take smaller ones."});
    }
    calls.execute(plan);  // so that its threads are there
    return FftwPlan(std::move(library), plan);
}

FftwPlan::FftwPlan(FftwPlan&& other) noexcept
    : library_(std::move(other.library_)), plan_(std::exchange(other.plan_, nullptr)), execute_(other.execute_) {}

FftwPlan::~FftwPlan() {
    if (plan_ != nullptr) library_->calls().destroy_plan(plan_);
}

}  // namespace passbench
