// gemm: C = A B by the CPU library that is fastest here, or by the one that is asked for.
#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/core.h>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/fma_peak.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/gemm_inputs.hpp"
#include "kernels/cpu/gemm_libraries.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr std::size_t numbers_a_grain = 16;  // rows of A and columns of B begin at such multiples

constexpr std::size_t most_tried = 2048;  // rows and columns of the products that choose the way

Error nothing_for(GemmPrecision precision) {
    return {.code = ErrorCode::unsupported,
            .what = fmt::format("no CPU library that was asked for multiplies matrices of {}", to_string(precision)),
            .fix = "Take library = \"best\" or \"onednn\": OpenBLAS multiplies floating-point numbers alone."};
}

struct Case {
    GemmPrecision precision;
    std::size_t n;
    int threads;
    std::uint64_t seed;

    [[nodiscard]] std::size_t row_numbers() const {
        return (n + numbers_a_grain - 1) / numbers_a_grain * numbers_a_grain;
    }
    [[nodiscard]] std::size_t row_bytes() const { return row_numbers() * input_bytes_of(precision); }
    [[nodiscard]] bool is_of_16_bits() const { return input_bytes_of(precision) == sizeof(std::uint16_t); }
};

struct Memory {
    Buffer a;
    Buffer b;
    Buffer c;
    Buffer wide_a;  // of 16-bit inputs: what a CPU without such arithmetic makes floats
    Buffer wide_b;

    static Result<Memory> allocate(const Case& what) {
        const std::size_t input_bytes = what.n * what.row_bytes();
        const std::size_t result_bytes = what.n * what.n * gemm_result_bytes;
        const std::size_t wide_bytes = what.is_of_16_bits() ? what.n * what.row_numbers() * sizeof(float) : 0;
        PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(2 * (input_bytes + wide_bytes) + result_bytes),
                                       available_memory_bytes()));
        Memory memory;
        PASSBENCH_TRY(memory.a, Buffer::allocate(input_bytes));
        PASSBENCH_TRY(memory.b, Buffer::allocate(input_bytes));
        PASSBENCH_TRY(memory.c, Buffer::allocate(result_bytes));
        if (wide_bytes > 0) {
            PASSBENCH_TRY(memory.wide_a, Buffer::allocate(wide_bytes));
            PASSBENCH_TRY(memory.wide_b, Buffer::allocate(wide_bytes));
        }
        return memory;
    }

    [[nodiscard]] GemmMatrices matrices(const Case& what) const {
        return {.precision = what.precision,
                .n = what.n,
                .row_numbers = what.row_numbers(),
                .c_row_numbers = what.n,
                .a = a.bytes().data(),
                .b = b.bytes().data(),
                .c = c.bytes().data(),
                .wide_a = wide_a.as<float>().data(),
                .wide_b = wide_b.as<float>().data()};
    }
};

class GemmInstance final : public WorkloadInstance {
public:
    GemmInstance(ThreadPool& pool, const Case& what, Memory memory, GemmLibraries libraries)
        : pool_(pool),
          case_(what),
          memory_(std::move(memory)),
          inputs_(what.seed, what.n),
          libraries_(std::move(libraries)) {
        inputs_.fill_a(pool_, threads(), case_.precision, memory_.a.bytes(), case_.row_bytes());
        inputs_.fill_b(pool_, threads(), case_.precision, memory_.b.bytes(), case_.row_bytes());
    }

    /// Once, before anything else. Error `unsupported` where no library that was asked for has anything for the precision.
    [[nodiscard]] Result<void> choose_way() {
        const GemmMatrices all = memory_.matrices(case_);
        std::vector<GemmWay> ways = gemm_ways(libraries_, all, pool_, threads());
        if (ways.empty()) return fail(nothing_for(case_.precision));
        std::size_t fastest = 0;
        if (ways.size() > 1) {
            GemmMatrices first = all;
            first.n = std::min(all.n, most_tried);
            const auto size = static_cast<double>(first.n);
            const TriedWays tried = try_ways(gemm_ways(libraries_, first, pool_, threads()), 2 * size * size * size);
            fastest = tried.fastest;
            tried_ = tried.text;
        }
        way_ = std::move(ways[fastest]);
        spoil_results();
        return {};
    }

    void iterate() override { way_.run(); }
    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] int threads() const override { return case_.threads; }
    [[nodiscard]] std::string isa() const override { return fmt::format("{} {}", way_.library, way_.core); }

    [[nodiscard]] Result<void> verify() override {
        spoil_results();
        iterate();
        return check_results();
    }

    [[nodiscard]] Result<void> check_results() const override {
        if (case_.precision == GemmPrecision::int8)
            return inputs_.check(pool_, threads(), memory_.c.as<const std::int32_t>());
        return inputs_.check(pool_, threads(), memory_.c.as<const float>());
    }

    [[nodiscard]] std::span<std::byte> results() override { return memory_.c.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = gemm_result_bytes}; }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        if (way_.is_f32) return fma_peak_limit(pool_, threads());
        return no_limit(
            fmt::format("no limit: the peak of {} arithmetic is not measured here", to_string(case_.precision)));
    }

    [[nodiscard]] Facts facts() const override {
        return {{"library", way_.library},
                {"library.core", way_.core},
                {"library.how", way_.how},
                {"library.tried", tried_}};
    }

private:
    /// So that an old result cannot pass for a new one.
    void spoil_results() {
        if (case_.precision == GemmPrecision::int8) {
            std::ranges::fill(memory_.c.as<std::int32_t>(), std::numeric_limits<std::int32_t>::min());
        } else {
            std::ranges::fill(memory_.c.as<float>(), std::numeric_limits<float>::quiet_NaN());
        }
    }

    ThreadPool& pool_;
    const Case case_;
    Memory memory_;
    const GemmInputs inputs_;
    const GemmLibraries libraries_;
    GemmWay way_;
    std::string tried_;
};

}  // namespace

PreparedCase prepare_gemm(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(const int threads, resolve_threads(parameters, context.pool.size()));
    const Case what = {.precision = gemm_precision_of(word_of(parameters, "precision")),
                       .n = static_cast<std::size_t>(integer_of(parameters, "n")),
                       .threads = threads,
                       .seed = context.seed};
    PASSBENCH_TRY(GemmLibraries libraries, GemmLibraries::load(word_of(parameters, "library"), context.pool, threads));
    PASSBENCH_TRY(Memory memory, Memory::allocate(what));
    auto instance = std::make_unique<GemmInstance>(context.pool, what, std::move(memory), std::move(libraries));
    PASSBENCH_CHECK(instance->choose_way());
    return instance;
}

}  // namespace passbench
