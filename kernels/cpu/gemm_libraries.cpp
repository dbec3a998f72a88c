#include "kernels/cpu/gemm_libraries.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "harness/core/clock.hpp"
#include "harness/core/units.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/onednn.hpp"
#include "kernels/cpu/openblas.hpp"

namespace passbench {

namespace {

constexpr std::size_t numbers_a_grain = 16;  // of widening
constexpr std::size_t most_tried = 1024;     // rows and columns
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
    return {.batch = 1,
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
        : pool_(pool),
          count_(what.n * what.row_numbers),
          threads_(count_ < least_shared ? 1 : threads),
          what_(what) {
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

/// The best of a few runs, each long enough for the clock.
double best_ns(const GemmWay& way) {
    constexpr std::int64_t long_enough_ns = 200'000;
    constexpr int most_runs = 5;
    constexpr std::int64_t enough_ns = 50'000'000;
    way.run();
    std::int64_t begin = steady_ns();
    way.run();
    const std::int64_t once_ns = std::max<std::int64_t>(1, steady_ns() - begin);
    const std::int64_t repeats = std::max<std::int64_t>(1, long_enough_ns / once_ns);
    double best = static_cast<double>(once_ns);
    std::int64_t spent_ns = once_ns;
    for (int i = 0; i < most_runs && spent_ns < enough_ns; ++i) {
        begin = steady_ns();
        for (std::int64_t repeat = 0; repeat < repeats; ++repeat) way.run();
        const std::int64_t ns = steady_ns() - begin;
        best = std::min(best, static_cast<double>(ns) / static_cast<double>(repeats));
        spent_ns += ns;
    }
    return best;
}

Error nothing_for(GemmPrecision precision) {
    return {.code = ErrorCode::unsupported,
            .what = fmt::format("no CPU library that was asked for multiplies matrices of {}", to_string(precision)),
            .fix = "Take library = \"best\" or \"onednn\": OpenBLAS multiplies floating-point numbers alone."};
}

}  // namespace

struct GemmLibraries::Loaded {
    std::shared_ptr<const Onednn> onednn;
    std::shared_ptr<const Openblas> openblas;
};

Result<GemmLibraries> GemmLibraries::load(std::string_view wanted, ThreadPool& pool, int threads) {
    const MayRunOn all_of_case(std::span(pool.cpus()).first(static_cast<std::size_t>(threads)));
    auto loaded = std::make_shared<Loaded>();
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
    if (wanted != "openblas") keep(loaded->onednn, Onednn::load());
    if (wanted != "onednn") keep(loaded->openblas, Openblas::load());
    if (!loaded->onednn && !loaded->openblas) return fail(*std::move(error));
    if (loaded->onednn) loaded->onednn->use_threads(threads);
    if (loaded->openblas) loaded->openblas->use_threads(threads);
    return GemmLibraries(pool, threads, std::move(loaded));
}

// oneDNN has code for some of the types on some CPUs; floats both multiply everywhere.
std::vector<GemmWay> GemmLibraries::ways(const GemmMatrices& what) const {
    std::vector<GemmWay> result;
    const auto [onednn, openblas] = *loaded_;
    if (onednn) {
        if (auto matmul = onednn->matmul(product_of(what))) {
            result.push_back({.library = "oneDNN " + onednn->version(),
                              .core = onednn->isa(),
                              .how = "matmul",
                              .is_f32 = type_of(what.precision) == OnednnType::f32,
                              .run = [product = *std::move(matmul)] { product.run(); }});
        }
    }
    if (what.precision == GemmPrecision::int8) return result;

    const float* a = reinterpret_cast<const float*>(what.a);
    const float* b = reinterpret_cast<const float*>(what.b);
    auto* const c = reinterpret_cast<float*>(what.c);
    std::function<void()> widen = [] {};
    std::string how = "sgemm";
    if (is_of_16_bits(what.precision)) {
        a = what.wide_a;
        b = what.wide_b;
        widen = [widening = std::make_shared<const Widening>(pool_, threads_, what)] { widening->run(); };
        how += fmt::format(" of {} made floats", to_string(what.precision));
    }
    const auto n = static_cast<int>(what.n);
    const auto row = static_cast<int>(what.row_numbers);
    const auto c_row = static_cast<int>(what.c_row_numbers);
    if (onednn) {
        result.push_back({.library = "oneDNN " + onednn->version(),
                          .core = onednn->isa(),
                          .how = how,
                          .is_f32 = true,
                          .run = [=, sgemm = onednn->calls().dnnl_sgemm] {
                              widen();
                              sgemm('N', 'T', n, n, n, 1, a, row, b, row, 0, c, c_row);
                          }});
    }
    if (openblas) {
        result.push_back({.library = "OpenBLAS " + openblas->version(),
                          .core = openblas->core(),
                          .how = how,
                          .is_f32 = true,
                          .run = [=, sgemm = openblas->calls().cblas_sgemm] {
                              widen();
                              sgemm(blas_row_major, blas_as_it_is, blas_transposed, n, n, n, 1, a, row, b, row, 0, c, c_row);
                          }});
    }
    return result;
}

Result<GemmWay> GemmLibraries::fastest(const GemmMatrices& matrices) {
    const MayRunOn all_of_case(std::span(pool_.cpus()).first(static_cast<std::size_t>(threads_)));
    std::vector<GemmWay> all = ways(matrices);
    tried_.clear();
    if (all.empty()) return fail(nothing_for(matrices.precision));
    if (all.size() == 1) return std::move(all.front());
    GemmMatrices first = matrices;
    first.n = std::min(matrices.n, most_tried);
    const std::vector<GemmWay> candidates = ways(first);
    const auto size = static_cast<double>(first.n);
    std::size_t fastest = 0;
    double fastest_ns = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const double ns = best_ns(candidates[i]);
        constexpr double ns_a_second = 1e9;
        tried_ += fmt::format("{}{} {} {}", tried_.empty() ? "" : ", ", candidates[i].library, candidates[i].how,
                              format_value(2 * size * size * size / ns * ns_a_second, "FLOP/s"));
        if (ns >= fastest_ns) continue;
        fastest_ns = ns;
        fastest = i;
    }
    return std::move(all[fastest]);
}

}  // namespace passbench
