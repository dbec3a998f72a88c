// FFTW in single precision, found at run time, and a plan of it. Its plans are measured, which takes up to seconds, and remembered
// (fftw_wisdom.hpp). Its planner is not for several threads at once: one plan is made at a time.
#pragma once

#include <complex>
#include <memory>
#include <span>
#include <string>
#include <type_traits>

#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/fft_inputs.hpp"
#include "kernels/cpu/isa.hpp"

namespace passbench {

namespace fftw {

// fftwf_plan, and the flags and signs that are used, as fftw3.h has them.
struct PlanObject;
using Plan = PlanObject*;
using Points = std::complex<float>*;  // fftwf_complex has the same layout
inline constexpr int forward = -1;
inline constexpr unsigned measure = 0;
inline constexpr unsigned wisdom_only = 1U << 21U;

// clang-format off
#define PASSBENCH_FFTW_CALLS(X)                                                                                       \
    X(init_threads, int())                                                                                            \
    X(plan_with_nthreads, void(int))                                                                                  \
    X(plan_many_dft, fftw::Plan(int, const int*, int, fftw::Points, const int*, int, int, fftw::Points, const int*,   \
                                int, int, int, unsigned))                                                             \
    X(execute, void(fftw::Plan))                                                                                      \
    X(destroy_plan, void(fftw::Plan))                                                                                 \
    X(set_timelimit, void(double))                                                                                    \
    X(import_wisdom_from_string, int(const char*))                                                                    \
    X(export_wisdom_to_string, char*())
// clang-format on

/// Pointers to the functions fftwf_NAME.
struct Calls {
#define PASSBENCH_MEMBER(function, ...) std::add_pointer_t<__VA_ARGS__> function = nullptr;
    PASSBENCH_FFTW_CALLS(PASSBENCH_MEMBER)
#undef PASSBENCH_MEMBER
};

}  // namespace fftw

class Fftw {
public:
    /// The library with its threads. Error `unsupported` with the loader's words.
    [[nodiscard]] static Result<std::shared_ptr<const Fftw>> load();

    /// "3.3.8"
    [[nodiscard]] const std::string& version() const { return version_; }
    /// The widest instruction set that both the library was built with and this CPU has: sse2, avx, avx2, avx512.
    [[nodiscard]] std::string isa(const CpuFeatures& cpu) const;
    [[nodiscard]] const fftw::Calls& calls() const { return calls_; }

private:
    Fftw() = default;

    fftw::Calls calls_;
    std::string version_;
    std::string built_for_;  // "-sse2-avx-avx2"
};

/// A forward transform from one array to another, made ready.
class FftwPlan {
public:
    /// Measures which way is the fastest unless that is remembered, and overwrites both arrays. `threads` are those of the first
    /// workers' CPUs. Error `unsupported` where FFTW has no plan.
    [[nodiscard]] static Result<FftwPlan> make(std::shared_ptr<const Fftw> library, const FftShape& shape,
                                               std::span<std::complex<float>> in, std::span<std::complex<float>> out,
                                               const ThreadPool& pool, int threads);
    FftwPlan(FftwPlan&& other) noexcept;
    FftwPlan& operator=(FftwPlan&&) = delete;
    FftwPlan(const FftwPlan&) = delete;
    FftwPlan& operator=(const FftwPlan&) = delete;
    ~FftwPlan();

    void execute() const { execute_(plan_); }

private:
    FftwPlan(std::shared_ptr<const Fftw> library, fftw::Plan plan)
        : library_(std::move(library)), plan_(plan), execute_(library_->calls().execute) {}

    std::shared_ptr<const Fftw> library_;
    fftw::Plan plan_;
    decltype(fftw::Calls::execute) execute_;
};

}  // namespace passbench
