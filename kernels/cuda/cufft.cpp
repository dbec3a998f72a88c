#include "kernels/cuda/cufft.hpp"

#include <array>
#include <utility>

#include <fmt/core.h>

#include "kernels/cpu/shared_library.hpp"

namespace passbench {

namespace {

/// Of CUDA 13, 12 and 11.
constexpr std::array files = {"libcufft.so.12", "libcufft.so.11", "libcufft.so.10"};

Result<SharedLibrary> load_newest() {
    auto first = SharedLibrary::load("cuFFT", files.front());
    if (first) return first;
    for (const char* const file : std::span(files).subspan(1)) {
        if (auto other = SharedLibrary::load("cuFFT", file)) return other;
    }
    Error error = std::move(first).error();
    error.fix = "Install cuFFT of the CUDA toolkit in the guest (libcufft), or take by = \"own\".";
    return fail(std::move(error));
}

}  // namespace

Result<std::shared_ptr<const Cufft>> Cufft::load() {
    PASSBENCH_TRY(const SharedLibrary library, load_newest());
    std::shared_ptr<Cufft> result(new Cufft);
#define PASSBENCH_FIND(function, ...) \
    { PASSBENCH_TRY(result->calls_.function, library.require<std::add_pointer_t<__VA_ARGS__>>(#function)); }
    PASSBENCH_CUFFT_CALLS(PASSBENCH_FIND)
#undef PASSBENCH_FIND
    return result;
}

std::string Cufft::version() const {
    int version = 0;
    if (calls_.cufftGetVersion(&version) != cufft::success) return "of unknown version";
    constexpr int majors = 1000;
    constexpr int minors = 100;
    return fmt::format("{}.{}.{}", version / majors, version % majors / minors, version % minors);
}

Result<CufftPlan> CufftPlan::make(std::shared_ptr<const Cufft> library, const FftShape& shape, const Stream& stream) {
    const auto side = static_cast<int>(shape.size);
    std::array<int, 2> sides = {side, side};
    const auto points = static_cast<int>(shape.points());
    cufft::Handle handle = 0;
    const int planned =
        library->calls().cufftPlanMany(&handle, shape.dimensions, sides.data(), nullptr, 1, points, nullptr, 1, points,
                                       cufft::complex_floats, static_cast<int>(shape.batch));
    if (planned != cufft::success) {
        return fail({.code = planned == cufft::alloc_failed ? ErrorCode::out_of_memory : ErrorCode::unsupported,
                     .what = fmt::format("cuFFT {} makes no plan for {} transforms of {} points: cufftResult {}",
                                         library->version(), shape.batch, shape.points(), planned),
                     .fix = "Take smaller ones, or by = \"own\"; does this cuFFT know the card?"});
    }
    CufftPlan plan(std::move(library), handle);
    const int bound = plan.library_->calls().cufftSetStream(handle, stream.get());
    if (bound == cufft::success) return plan;
    return fail({.code = ErrorCode::unsupported,
                 .what = fmt::format("cuFFT does not take the stream: cufftResult {}", bound),
                 .fix = "Take by = \"own\"."});
}

CufftPlan::CufftPlan(CufftPlan&& other) noexcept
    : library_(std::move(other.library_)), handle_(other.handle_), owns_(std::exchange(other.owns_, false)) {}

CufftPlan::~CufftPlan() {
    if (owns_) library_->calls().cufftDestroy(handle_);
}

CUresult CufftPlan::enqueue(const DeviceMemory& in, const DeviceMemory& out) const {
    const int result = library_->calls().cufftExecC2C(handle_, in.address(), out.address(), cufft::forward);
    if (result == cufft::success) return CUDA_SUCCESS;
    return result == cufft::exec_failed ? CUDA_ERROR_LAUNCH_FAILED : CUDA_ERROR_UNKNOWN;
}

}  // namespace passbench
