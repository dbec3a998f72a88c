#include "kernels/cuda/cublaslt.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include <fmt/core.h>

#include "kernels/cpu/shared_library.hpp"

namespace passbench {

namespace {

using lt::Handle;

constexpr int most_candidates = 16;
constexpr std::size_t most_workspace_bytes = std::size_t{32}
                                             << 20;  // what NVIDIA recommends from Hopper on; older cards take less

constexpr std::array<const char*, 3> places = {"libcublasLt.so.13", "libcublasLt.so.12",
                                               "/usr/local/cuda/lib64/libcublasLt.so"};

struct Destroy {
    int (*call)(Handle) = nullptr;
    void operator()(lt::Object* object) const { call(object); }
};
using LtOwned = std::unique_ptr<lt::Object, Destroy>;

const void* pointer(CUdeviceptr address) {
    return reinterpret_cast<const void*>(
        address);  // NOLINT(performance-no-int-to-ptr): how the two interfaces name one address
}

}  // namespace

Result<std::shared_ptr<const CublasLt>> CublasLt::load() {
    Result<SharedLibrary> library = fail({});
    std::string words;
    for (const char* place : places) {
        library = SharedLibrary::load(
            "cuBLASLt", place,
            "Install cuBLAS of CUDA 13 (libcublas) in the guest, or take by = \"own\", which needs none.");
        if (library) break;
        if (words.empty()) words = library.error().what;
    }
    if (!library) {
        Error error = std::move(library).error();
        error.what = std::move(words);
        return fail(std::move(error));
    }
    std::shared_ptr<CublasLt> cublaslt(new CublasLt());
#define PASSBENCH_FIND(function, ...)                                                      \
    if (const auto found = library->require<std::add_pointer_t<__VA_ARGS__>>(#function)) { \
        cublaslt->calls_.function = *found;                                                \
    } else {                                                                               \
        return fail(found.error());                                                        \
    }
    PASSBENCH_CUBLASLT_CALLS(PASSBENCH_FIND)
#undef PASSBENCH_FIND
    return cublaslt;
}

std::string CublasLt::version() const {
    const std::size_t number = calls_.cublasLtGetVersion();
    return fmt::format("{}.{}.{}", number / 10000, number % 10000 / 100, number % 100);
}

Result<void> CublasLt::check(int status, std::string_view doing) const {
    if (status == lt::success) return {};
    return fail({.code = ErrorCode::unsupported,
                 .what = fmt::format("cuBLASLt {}: {} failed: {} (status {})", version(), doing,
                                     calls_.cublasLtGetStatusString(status), status),
                 .fix = "Take by = \"own\", or another size: multiples of 16 suit tensor cores."});
}

struct LtProduct::Objects {
    std::shared_ptr<const CublasLt> library;
    LtOwned handle;
    LtOwned product;
    // As cuBLASLt sees it, column by column: the transpose of C is the transpose of B times that of A.
    LtOwned left;    // B
    LtOwned right;   // A
    LtOwned result;  // C
    bool in_integers;

    [[nodiscard]] static Result<std::shared_ptr<Objects>> make(std::shared_ptr<const CublasLt> library,
                                                               const LtProblem& problem);
    [[nodiscard]] Result<LtOwned> layout(lt::Type type, std::int64_t rows, std::int64_t columns, std::int64_t column,
                                         std::int64_t batch, std::int64_t matrix) const;
    [[nodiscard]] int multiply(const lt::Algorithm& algorithm, CUdeviceptr a, CUdeviceptr b, CUdeviceptr c,
                               const DeviceMemory& workspace, std::size_t workspace_bytes, const Stream& stream) const;
    /// Nothing where the card refuses it.
    [[nodiscard]] std::optional<float> time_ms(const Gpu& gpu, const Stream& stream, const lt::Candidate& candidate,
                                               const DeviceMemory& workspace, CUdeviceptr a, CUdeviceptr b,
                                               CUdeviceptr c) const;
};

Result<LtOwned> LtProduct::Objects::layout(lt::Type type, std::int64_t rows, std::int64_t columns, std::int64_t column,
                                           std::int64_t batch, std::int64_t matrix) const {
    const lt::Calls& calls = library->calls();
    Handle made = nullptr;
    PASSBENCH_CHECK(library->check(calls.cublasLtMatrixLayoutCreate(&made, type, static_cast<std::uint64_t>(rows),
                                                                    static_cast<std::uint64_t>(columns), column),
                                   "describing a matrix"));
    LtOwned described(made, {calls.cublasLtMatrixLayoutDestroy});
    if (batch == 1) return described;
    const auto count = static_cast<std::int32_t>(batch);
    PASSBENCH_CHECK(
        library->check(calls.cublasLtMatrixLayoutSetAttribute(made, lt::layout_batch_count, &count, sizeof(count)),
                       "setting a batch"));
    PASSBENCH_CHECK(
        library->check(calls.cublasLtMatrixLayoutSetAttribute(made, lt::layout_batch_stride, &matrix, sizeof(matrix)),
                       "setting a batch"));
    return described;
}

Result<std::shared_ptr<LtProduct::Objects>> LtProduct::Objects::make(std::shared_ptr<const CublasLt> library,
                                                                     const LtProblem& problem) {
    auto objects = std::make_shared<Objects>();
    objects->library = std::move(library);
    const CublasLt& cublaslt = *objects->library;
    const lt::Calls& calls = cublaslt.calls();
    Handle made = nullptr;
    PASSBENCH_CHECK(cublaslt.check(calls.cublasLtCreate(&made), "starting"));
    objects->handle = {made, {calls.cublasLtDestroy}};
    objects->in_integers = problem.compute == lt::Compute::s32;
    PASSBENCH_CHECK(cublaslt.check(
        calls.cublasLtMatmulDescCreate(&made, problem.compute, objects->in_integers ? lt::Type::s32 : lt::Type::f32),
        "describing a product"));
    objects->product = {made, {calls.cublasLtMatmulDescDestroy}};
    const int of_b = problem.b_by_columns ? lt::transposed : lt::as_it_is;
    PASSBENCH_CHECK(
        cublaslt.check(calls.cublasLtMatmulDescSetAttribute(made, lt::product_transposes_a, &of_b, sizeof(of_b)),
                       "describing a product"));
    const auto& [inputs, results, compute, m, n, k, a_row, b_row, c_row, b_by_columns, batch, a_matrix, b_matrix,
                 c_matrix] = problem;
    PASSBENCH_TRY(objects->left,
                  objects->layout(inputs, b_by_columns ? k : n, b_by_columns ? n : k, b_row, batch, b_matrix));
    PASSBENCH_TRY(objects->right, objects->layout(inputs, k, m, a_row, batch, a_matrix));
    PASSBENCH_TRY(objects->result, objects->layout(results, n, m, c_row, batch, c_matrix));
    return objects;
}

int LtProduct::Objects::multiply(const lt::Algorithm& algorithm, CUdeviceptr a, CUdeviceptr b, CUdeviceptr c,
                                 const DeviceMemory& workspace, std::size_t workspace_bytes,
                                 const Stream& stream) const {
    constexpr float one = 1;
    constexpr float zero = 0;
    constexpr std::int32_t integer_one = 1;
    constexpr std::int32_t integer_zero = 0;
    const void* const alpha = in_integers ? static_cast<const void*>(&integer_one) : &one;
    const void* const beta = in_integers ? static_cast<const void*>(&integer_zero) : &zero;
    auto* const to = const_cast<void*>(pointer(c));
    return library->calls().cublasLtMatmul(
        handle.get(), product.get(), alpha, pointer(b), left.get(), pointer(a), right.get(), beta, to, result.get(), to,
        result.get(), &algorithm, const_cast<void*>(pointer(workspace.address())), workspace_bytes, stream.get());
}

std::optional<float> LtProduct::Objects::time_ms(const Gpu& gpu, const Stream& stream, const lt::Candidate& candidate,
                                                 const DeviceMemory& workspace, CUdeviceptr a, CUdeviceptr b,
                                                 CUdeviceptr c) const {
    const auto once = [&] {
        return multiply(candidate.algorithm, a, b, c, workspace, candidate.workspace_bytes, stream) == lt::success;
    };
    const DriverCalls& calls = gpu.calls();
    const auto begin = gpu.make_event();
    const auto end = gpu.make_event();
    if (!begin || !end || !once() || calls.cuStreamSynchronize(stream.get()) != CUDA_SUCCESS) return std::nullopt;
    constexpr int repeats = 3;
    bool is_fine = calls.cuEventRecord(begin->get(), stream.get()) == CUDA_SUCCESS;
    for (int i = 0; i < repeats; ++i) is_fine = once() && is_fine;
    is_fine = calls.cuEventRecord(end->get(), stream.get()) == CUDA_SUCCESS && is_fine;
    is_fine = calls.cuStreamSynchronize(stream.get()) == CUDA_SUCCESS && is_fine;
    float elapsed_ms = 0;
    is_fine = calls.cuEventElapsedTime(&elapsed_ms, begin->get(), end->get()) == CUDA_SUCCESS && is_fine;
    return is_fine ? std::optional(elapsed_ms) : std::nullopt;
}

Result<LtProduct> LtProduct::fastest(std::shared_ptr<const CublasLt> library, const Gpu& gpu, const Stream& stream,
                                     const LtProblem& problem, CUdeviceptr a, CUdeviceptr b, CUdeviceptr c) {
    LtProduct product;
    PASSBENCH_TRY(const auto objects, Objects::make(std::move(library), problem));
    const CublasLt& cublaslt = *objects->library;
    const lt::Calls& calls = cublaslt.calls();
    PASSBENCH_TRY(product.workspace_, gpu.allocate(most_workspace_bytes));

    Handle made = nullptr;
    PASSBENCH_CHECK(cublaslt.check(calls.cublasLtMatmulPreferenceCreate(&made), "choosing an algorithm"));
    const LtOwned preference(made, {calls.cublasLtMatmulPreferenceDestroy});
    PASSBENCH_CHECK(
        cublaslt.check(calls.cublasLtMatmulPreferenceSetAttribute(made, lt::preference_workspace, &most_workspace_bytes,
                                                                  sizeof(most_workspace_bytes)),
                       "choosing an algorithm"));
    std::array<lt::Candidate, most_candidates> candidates{};
    int found = 0;
    PASSBENCH_CHECK(cublaslt.check(
        calls.cublasLtMatmulAlgoGetHeuristic(objects->handle.get(), objects->product.get(), objects->left.get(),
                                             objects->right.get(), objects->result.get(), objects->result.get(),
                                             preference.get(), most_candidates, candidates.data(), &found),
        "choosing an algorithm"));
    float fastest_ms = std::numeric_limits<float>::infinity();
    for (const lt::Candidate& candidate : std::span(candidates).first(static_cast<std::size_t>(found))) {
        if (candidate.status != lt::success) continue;
        const auto ms = objects->time_ms(gpu, stream, candidate, product.workspace_, a, b, c);
        if (!ms) continue;
        ++product.candidates_;
        if (*ms >= fastest_ms) continue;
        fastest_ms = *ms;
        product.chosen_ = candidate;
    }
    if (product.candidates_ == 0) {
        constexpr int not_supported = 15;
        return fail(cublaslt.check(not_supported, "choosing an algorithm that this card runs").error());
    }
    product.objects_ = objects;
    return product;
}

CUresult LtProduct::enqueue(const Stream& stream, CUdeviceptr a, CUdeviceptr b, CUdeviceptr c) const {
    switch (objects_->multiply(chosen_.algorithm, a, b, c, workspace_, chosen_.workspace_bytes, stream)) {
        case lt::success:
            return CUDA_SUCCESS;
        case lt::execution_failed:
            return CUDA_ERROR_LAUNCH_FAILED;
        default:
            return CUDA_ERROR_UNKNOWN;
    }
}

}  // namespace passbench
