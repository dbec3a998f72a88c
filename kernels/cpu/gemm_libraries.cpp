#include "kernels/cpu/gemm_libraries.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "kernels/cpu/loops.hpp"

namespace passbench {

namespace {

constexpr std::size_t numbers_a_grain = 16;  // of widening
// Small matrices are widened by the caller alone: handing the halves over would take longer.
constexpr std::size_t least_shared = std::size_t{1} << 16;

OnednnType type_of(GemmPrecision precision) {
    switch (precision) {
        case GemmPrecision::f32:
        case GemmPrecision::tf32:
            return OnednnType::f32;
        case GemmPrecision::f16:
            return OnednnType::f16;
        case GemmPrecision::bf16:
            return OnednnType::bf16;
        case GemmPrecision::int8:
            break;
    }
    return OnednnType::s8;
}

bool is_of_16_bits(GemmPrecision precision) {
    return precision == GemmPrecision::f16 || precision == GemmPrecision::bf16;
}

/// A and B as oneDNN describes them.
OnednnProduct product_of(const GemmMatrices& what) {
    const auto size = static_cast<std::int64_t>(what.n);
    const auto row = static_cast<std::int64_t>(what.row_numbers);
    const auto c_row = static_cast<std::int64_t>(what.c_row_numbers);
    const OnednnType inputs = type_of(what.precision);
    const OnednnType results = inputs == OnednnType::s8 ? OnednnType::s32 : OnednnType::f32;
    return {
        .batch = 1,
        .m = size,
        .n = size,
        .k = size,
        .a = {.type = inputs, .data = what.a, .row_stride = row, .column_stride = 1, .matrix_stride = row * size},
        .b = {.type = inputs, .data = what.b, .row_stride = 1, .column_stride = row, .matrix_stride = row * size},
        .c = {.type = results, .data = what.c, .row_stride = c_row, .column_stride = 1, .matrix_stride = c_row * size}};
}

/// Writes the rows of A and B that are multiplied as floats.
class Widening {
public:
    Widening(ThreadPool& pool, int threads, const GemmMatrices& what)
        : pool_(pool), count_(what.n * what.row_numbers), threads_(count_ < least_shared ? 1 : threads), what_(what) {
        const LoopTable& loops = loops_of(widest_isa(detect_cpu()));
        loop_ = what.precision == GemmPrecision::f16 ? loops.widen_f16 : loops.widen_bf16;
    }

    void run() const { pool_.run(threads_, work_); }

private:
    void work(int worker) const {
        const Share share = share_of(count_, worker, threads_, numbers_a_grain);
        const std::size_t numbers = share.end - share.begin;
        loop_(what_.wide_a + share.begin, reinterpret_cast<const std::uint16_t*>(what_.a) + share.begin, numbers);
        loop_(what_.wide_b + share.begin, reinterpret_cast<const std::uint16_t*>(what_.b) + share.begin, numbers);
    }

    ThreadPool& pool_;
    const std::size_t count_;
    const int threads_;
    const GemmMatrices what_;
    WidenLoop loop_ = nullptr;
    const std::function<void(int)> work_ = [this](int worker) { work(worker); };
};

/// By floats, which both libraries multiply everywhere.
void add_sgemms(std::vector<GemmWay>& ways, const GemmLibraries& libraries, const GemmMatrices& what, ThreadPool& pool,
                int threads) {
    const float* a = reinterpret_cast<const float*>(what.a);
    const float* b = reinterpret_cast<const float*>(what.b);
    auto* const c = reinterpret_cast<float*>(what.c);
    std::function<void()> widen = [] {};
    std::string how = "sgemm";
    if (is_of_16_bits(what.precision)) {
        a = what.wide_a;
        b = what.wide_b;
        widen = [widening = std::make_shared<const Widening>(pool, threads, what)] { widening->run(); };
        how += fmt::format(" of {} made floats", to_string(what.precision));
    }
    const auto n = static_cast<int>(what.n);
    const auto row = static_cast<int>(what.row_numbers);
    const auto c_row = static_cast<int>(what.c_row_numbers);
    if (const auto& onednn = libraries.onednn) {
        ways.push_back({.library = "oneDNN " + onednn->version(),
                        .core = onednn->isa(),
                        .how = how,
                        .is_f32 = true,
                        .run = [=, sgemm = onednn->calls().dnnl_sgemm] {
                            widen();
                            sgemm('N', 'T', n, n, n, 1, a, row, b, row, 0, c, c_row);
                        }});
    }
    if (const auto& openblas = libraries.openblas) {
        ways.push_back({.library = "OpenBLAS " + openblas->version(),
                        .core = openblas->core(),
                        .how = how,
                        .is_f32 = true,
                        .run = [=, sgemm = openblas->calls().cblas_sgemm] {
                            widen();
                            sgemm(blas_row_major, blas_as_it_is, blas_transposed, n, n, n, 1, a, row, b, row, 0, c,
                                  c_row);
                        }});
    }
}

}  // namespace

Result<GemmLibraries> GemmLibraries::load(std::string_view wanted, ThreadPool& pool, int threads) {
    const MayRunOn all_of_case(std::span(pool.cpus()).first(static_cast<std::size_t>(threads)));
    GemmLibraries libraries;
    std::optional<Error> error;
    const auto keep = [&error](auto& place, auto library) {
        if (library) {
            place = *std::move(library);
        } else if (error) {
            error->what += "; " + library.error().what;
        } else {
            error = std::move(library).error();
        }
    };
    if (wanted != "openblas") keep(libraries.onednn, Onednn::load());
    if (wanted != "onednn") keep(libraries.openblas, Openblas::load());
    if (!libraries.onednn && !libraries.openblas) return fail(*std::move(error));
    if (libraries.onednn) libraries.onednn->start_threads(threads);
    if (libraries.openblas) libraries.openblas->start_threads(threads);
    return libraries;
}

// oneDNN has code for some of the types on some CPUs.
std::vector<GemmWay> gemm_ways(const GemmLibraries& libraries, const GemmMatrices& what, ThreadPool& pool,
                               int threads) {
    std::vector<GemmWay> ways;
    if (const auto& onednn = libraries.onednn) {
        if (auto matmul = onednn->matmul(product_of(what))) {
            ways.push_back({.library = "oneDNN " + onednn->version(),
                            .core = onednn->isa(),
                            .how = "matmul",
                            .is_f32 = type_of(what.precision) == OnednnType::f32,
                            .run = [product = *std::move(matmul)] { product.run(); }});
        }
    }
    if (what.precision != GemmPrecision::int8) add_sgemms(ways, libraries, what, pool, threads);
    return ways;
}

}  // namespace passbench
