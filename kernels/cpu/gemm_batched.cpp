// gemm-batched: many small products, by own loops, by oneDNN in one call, or by OpenBLAS in a call each: whichever is fastest here, or
// the one that is asked for.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/fma_peak.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/gemm_batched_inputs.hpp"
#include "kernels/cpu/gemm_libraries.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

struct Case {
    std::size_t batch;
    std::size_t n;
    int threads;
    std::string library;
    std::uint64_t seed;

    [[nodiscard]] std::size_t matrix_numbers() const { return n * n; }
    [[nodiscard]] std::size_t operand_bytes() const { return batch * matrix_numbers() * sizeof(float); }
    [[nodiscard]] double flops() const {
        return 2 * static_cast<double>(batch) * static_cast<double>(n) * static_cast<double>(matrix_numbers());
    }
    [[nodiscard]] bool wants(std::string_view name) const { return library == "best" || library == name; }
};

struct Memory {
    Buffer a;
    Buffer b;
    Buffer c;

    static Result<Memory> allocate(const Case& what) {
        constexpr std::size_t operands = 3;
        PASSBENCH_CHECK(
            require_memory(static_cast<std::int64_t>(operands * what.operand_bytes()), available_memory_bytes()));
        Memory memory;
        PASSBENCH_TRY(memory.a, Buffer::allocate(what.operand_bytes()));
        PASSBENCH_TRY(memory.b, Buffer::allocate(what.operand_bytes()));
        PASSBENCH_TRY(memory.c, Buffer::allocate(what.operand_bytes()));
        return memory;
    }
};

/// The widest registers of this CPU that are no longer than a row.
Isa isa_for(std::size_t n) {
    const CpuFeatures cpu = detect_cpu();
    for (const Isa isa : {Isa::avx512, Isa::avx2}) {
        if (supports(cpu, isa) && loops_of(isa).register_bytes <= n * sizeof(float)) return isa;
    }
    return Isa::sse2;
}

class GemmBatchedInstance final : public WorkloadInstance {
public:
    GemmBatchedInstance(ThreadPool& pool, Case what, Memory memory)
        : pool_(pool),
          case_(std::move(what)),
          memory_(std::move(memory)),
          inputs_(case_.seed, case_.batch, case_.n),
          small_gemm_(loops_of(isa_for(case_.n)).small_gemm),
          by_own_loops_([this](int worker) {
              each_share(worker, [this](std::size_t first, std::size_t count) {
                  small_gemm_(a(first), b(first), c(first), case_.n, count);
              });
          }) {
        inputs_.fill_a(pool_, threads(), memory_.a.as<float>());
        inputs_.fill_b(pool_, threads(), memory_.b.as<float>());
    }

    /// Once, before anything else.
    [[nodiscard]] Result<void> choose_way() {
        std::vector<GemmWay> ways;
        if (case_.wants("own")) {
            ways.push_back({.library = "own loops",
                            .core = std::string(to_string(isa_for(case_.n))),
                            .how = "in registers",
                            .is_f32 = true,
                            .run = [this] { pool_.run(threads(), by_own_loops_); }});
        }
        if (case_.library != "own") {
            auto libraries = GemmLibraries::load(case_.library, pool_, threads());
            // Own loops need no library.
            if (!libraries && case_.library != "best") return fail(std::move(libraries).error());
            if (libraries) add_libraries(ways, *libraries);
        }
        const TriedWays tried = try_ways(ways, case_.flops());
        way_ = std::move(ways[tried.fastest]);
        tried_ = tried.text;
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
        return inputs_.check(pool_, threads(), memory_.c.as<const float>());
    }

    [[nodiscard]] std::span<std::byte> results() override { return memory_.c.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(float)}; }

    /// The peak of arithmetic, or what memory allows where the matrices are too many for the caches.
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        InstanceLimit peak = fma_peak_limit(pool_, threads());
        const std::array<std::span<const std::byte>, 3> buffers = {memory_.a.bytes(), memory_.b.bytes(),
                                                                   memory_.c.bytes()};
        const auto moved_bytes = static_cast<std::int64_t>(buffers.size() * case_.operand_bytes());
        const Topology topology = read_topology(std::span(pool_.cpus()).first(static_cast<std::size_t>(threads())));
        if (too_small_for_memory(moved_bytes, topology)) return peak;
        const double read = measure_read_bandwidth(pool_, threads(), buffers);
        const double flops_a_byte = case_.flops() / static_cast<double>(moved_bytes);
        if (read * flops_a_byte >= peak.value) return peak;
        peak.value = read * flops_a_byte;
        peak.formula = fmt::format("{} read by {} thread{} x {:.1f} FLOP a byte", format_value(read, "B/s"), threads(),
                                   threads() == 1 ? "" : "s", flops_a_byte);
        return peak;
    }

    [[nodiscard]] Facts facts() const override {
        return {{"library", way_.library},
                {"library.core", way_.core},
                {"library.how", way_.how},
                {"library.tried", tried_}};
    }

private:
    [[nodiscard]] const float* a(std::size_t matrix) const {
        return memory_.a.as<float>().data() + matrix * case_.matrix_numbers();
    }
    [[nodiscard]] const float* b(std::size_t matrix) const {
        return memory_.b.as<float>().data() + matrix * case_.matrix_numbers();
    }
    [[nodiscard]] float* c(std::size_t matrix) const {
        return memory_.c.as<float>().data() + matrix * case_.matrix_numbers();
    }

    template <typename Work>
    void each_share(int worker, const Work& work) const {
        const Share share = share_of(case_.batch, worker, threads());
        if (share.begin < share.end) work(share.begin, share.end - share.begin);
    }

    void add_libraries(std::vector<GemmWay>& ways, const GemmLibraries& libraries) {
        if (const auto& onednn = libraries.onednn) {
            const auto n = static_cast<std::int64_t>(case_.n);
            const auto operand = [n](const float* data) {
                return OnednnOperand{
                    .type = OnednnType::f32, .data = data, .row_stride = n, .column_stride = 1, .matrix_stride = n * n};
            };
            if (auto matmul = onednn->matmul({.batch = static_cast<std::int64_t>(case_.batch),
                                              .m = n,
                                              .n = n,
                                              .k = n,
                                              .a = operand(a(0)),
                                              .b = operand(b(0)),
                                              .c = operand(c(0))})) {
                ways.push_back({.library = "oneDNN " + onednn->version(),
                                .core = onednn->isa(),
                                .how = "batched matmul",
                                .is_f32 = true,
                                .run = [product = *std::move(matmul)] { product.run(); }});
            }
        }
        if (const auto& openblas = libraries.openblas) {
            // Each of our threads its share: for matrices this small its own threads would only meet.
            openblas->start_threads(1);
            by_openblas_ = [this, sgemm = openblas->calls().cblas_sgemm](int worker) {
                each_share(worker, [&](std::size_t first, std::size_t count) {
                    const auto n = static_cast<int>(case_.n);
                    for (std::size_t matrix = first; matrix < first + count; ++matrix) {
                        sgemm(blas_row_major, blas_as_it_is, blas_as_it_is, n, n, n, 1, a(matrix), n, b(matrix), n, 0,
                              c(matrix), n);
                    }
                });
            };
            ways.push_back({.library = "OpenBLAS " + openblas->version(),
                            .core = openblas->core(),
                            .how = "an sgemm each",
                            .is_f32 = true,
                            .run = [this] { pool_.run(threads(), by_openblas_); }});
        }
    }

    /// So that an old result cannot pass for a new one.
    void spoil_results() { std::ranges::fill(memory_.c.as<float>(), std::numeric_limits<float>::quiet_NaN()); }

    ThreadPool& pool_;
    const Case case_;
    Memory memory_;
    const GemmBatchedInputs inputs_;
    const SmallGemmLoop small_gemm_;
    const std::function<void(int)> by_own_loops_;
    std::function<void(int)> by_openblas_;
    GemmWay way_;
    std::string tried_;
};

}  // namespace

PreparedCase prepare_gemm_batched(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(const int threads, resolve_threads(parameters, context.pool.size()));
    Case what = {.batch = static_cast<std::size_t>(integer_of(parameters, "batch")),
                 .n = static_cast<std::size_t>(integer_of(parameters, "n")),
                 .threads = threads,
                 .library = std::string(word_of(parameters, "library")),
                 .seed = context.seed};
    PASSBENCH_TRY(Memory memory, Memory::allocate(what));
    auto instance = std::make_unique<GemmBatchedInstance>(context.pool, std::move(what), std::move(memory));
    PASSBENCH_CHECK(instance->choose_way());
    return instance;
}

}  // namespace passbench
