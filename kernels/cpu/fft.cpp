// fft: forward transforms of complex floats from one array to another by FFTW.
#include <array>
#include <limits>
#include <utility>

#include <fmt/core.h>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/fft_inputs.hpp"
#include "kernels/cpu/fftw.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

using Point = std::complex<float>;

class FftInstance final : public WorkloadInstance {
public:
    FftInstance(ThreadPool& pool, const FftShape& shape, int threads, std::uint64_t seed, const Fftw& library,
                FftwPlan plan, Buffer in, Buffer out)
        : pool_(pool),
          threads_(threads),
          shape_(shape),
          inputs_(seed, shape),
          library_(fmt::format("FFTW {}", library.version())),
          isa_(library.isa(detect_cpu())),
          plan_(std::move(plan)),
          in_(std::move(in)),
          out_(std::move(out)) {
        pool_.run(threads_, [this](int worker) { inputs_.fill(in_.as<Point>(), share(worker)); });
        spoil_results();
    }

    void iterate() override { plan_.execute(); }
    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] int threads() const override { return threads_; }
    [[nodiscard]] std::string isa() const override { return isa_; }
    [[nodiscard]] Facts facts() const override { return {{"library", library_}}; }

    [[nodiscard]] Result<void> verify() override {
        spoil_results();
        iterate();
        return check_results();
    }
    [[nodiscard]] Result<void> check_results() const override {
        return inputs_.check(pool_, threads_, out_.as<const Point>());
    }
    [[nodiscard]] std::span<std::byte> results() override { return out_.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override {
        return {.element_bytes = sizeof(float), .is_exact = false};
    }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        const std::array<std::span<const std::byte>, 2> buffers = {in_.bytes(), out_.bytes()};
        InstanceLimit limit = read_bandwidth_limit(pool_, threads_, buffers);
        if (limit.kind == LimitKind::none) return limit;
        limit.value *= shape_.flops_a_byte();
        limit.metric = "flops";
        limit.formula += fmt::format(" x {:.3g} FLOP/B", shape_.flops_a_byte());
        return limit;
    }

private:
    [[nodiscard]] Share share(int worker) const { return share_of(shape_.all_points(), worker, threads_); }

    void spoil_results() {
        constexpr float nan = std::numeric_limits<float>::quiet_NaN();
        pool_.run(threads_, [this](int worker) {
            const auto [begin, end] = share(worker);
            for (std::size_t i = begin; i < end; ++i) out_.as<Point>()[i] = {nan, nan};
        });
    }

    ThreadPool& pool_;
    const int threads_;
    const FftShape shape_;
    const FftInputs inputs_;
    const std::string library_;
    const std::string isa_;
    const FftwPlan plan_;
    Buffer in_;
    Buffer out_;
};

}  // namespace

PreparedCase prepare_fft(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(const int threads, resolve_threads(parameters, context.pool.size()));
    PASSBENCH_TRY(const FftShape shape, fft_shape_of(parameters));
    PASSBENCH_TRY(const auto library, Fftw::load());
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(2 * shape.bytes()), available_memory_bytes()));
    PASSBENCH_TRY(Buffer in, Buffer::allocate(shape.bytes()));
    PASSBENCH_TRY(Buffer out, Buffer::allocate(shape.bytes()));
    PASSBENCH_TRY(FftwPlan plan,
                  FftwPlan::make(library, shape, in.as<Point>(), out.as<Point>(), context.pool, threads));
    return std::make_unique<FftInstance>(context.pool, shape, threads, context.seed, *library, std::move(plan),
                                         std::move(in), std::move(out));
}

}  // namespace passbench
