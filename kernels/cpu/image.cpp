// image: a 5-point stencil, a 3 x 3 convolution and the Sobel operator on one frame, a share of its rows for each worker.
#include <array>
#include <type_traits>
#include <utility>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/image_inputs.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

struct Case {
    ImageOp op;
    ImageSize size;
    Target target;
    std::uint64_t seed;
    [[nodiscard]] std::size_t frame_bytes() const { return size.pixels() * pixel_bytes(op); }
};

template <typename T>
class ImageInstance final : public WorkloadInstance {
public:
    ImageInstance(ThreadPool& pool, const Case& what, Buffer in, Buffer out)
        : pool_(pool),
          case_(what),
          loop_(loop_of(what)),
          in_(std::move(in)),
          out_(std::move(out)),
          inputs_(what.seed, what.op, what.size),
          work_([this](int worker) { work(worker); }) {
        pool_.run(threads(), [this](int worker) {
            inputs_.fill(in_.bytes(), rows_of(worker));
            inputs_.spoil(out_.bytes(), rows_of(worker));
        });
    }

    void iterate() override { pool_.run(case_.target.threads, work_); }
    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] int threads() const override { return case_.target.threads; }
    [[nodiscard]] std::string isa() const override { return std::string(to_string(case_.target.isa)); }

    [[nodiscard]] Result<void> verify() override {
        pool_.run(threads(), [this](int worker) { inputs_.spoil(out_.bytes(), rows_of(worker)); });
        iterate();
        return check_results();
    }
    [[nodiscard]] Result<void> check_results() const override { return inputs_.check(pool_, threads(), out_.bytes()); }
    [[nodiscard]] std::span<std::byte> results() override { return out_.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(T)}; }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        const std::array<std::span<const std::byte>, 2> buffers = {in_.bytes(), out_.bytes()};
        return read_bandwidth_limit(pool_, threads(), buffers);
    }

private:
    static ImageLoop<T> loop_of(const Case& what) {
        const LoopTable& loops = loops_of(what.target.isa);
        if constexpr (std::is_same_v<T, float>) {
            return loops.stencil;
        } else {
            return what.op == ImageOp::sobel ? loops.sobel : loops.convolution;
        }
    }

    [[nodiscard]] Share rows_of(int worker) const { return share_of(case_.size.height, worker, threads()); }

    void work(int worker) {
        const auto [width, height] = case_.size;
        const T* const in = in_.as<T>().data();
        T* const out = out_.as<T>().data();
        const Share rows = rows_of(worker);
        for (std::size_t row = rows.begin; row < rows.end; ++row) {
            const T* const here = in + row * width;
            loop_({.above = row == 0 ? here : here - width,
                   .here = here,
                   .below = row + 1 == height ? here : here + width},
                  inputs_.weights().data(), out + row * width, width);
        }
    }

    ThreadPool& pool_;
    const Case case_;
    const ImageLoop<T> loop_;
    Buffer in_;
    Buffer out_;
    const ImageInputs inputs_;
    const std::function<void(int)> work_;
};

}  // namespace

PreparedCase prepare_image(const Parameters& parameters, const InstanceContext& context) {
    const CpuFeatures cpu = detect_cpu();
    PASSBENCH_TRY(const Target target, resolve_target(parameters, context.pool.size(), cpu, widest_isa(cpu)));
    const Case what = {.op = image_op_of(word_of(parameters, "op")),
                       .size = {.width = static_cast<std::size_t>(integer_of(parameters, "width")),
                                .height = static_cast<std::size_t>(integer_of(parameters, "height"))},
                       .target = target,
                       .seed = context.seed};
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(2 * what.frame_bytes()), available_memory_bytes()));
    PASSBENCH_TRY(Buffer in, Buffer::allocate(what.frame_bytes()));
    PASSBENCH_TRY(Buffer out, Buffer::allocate(what.frame_bytes()));
    if (what.op == ImageOp::stencil)
        return std::make_unique<ImageInstance<float>>(context.pool, what, std::move(in), std::move(out));
    return std::make_unique<ImageInstance<std::uint8_t>>(context.pool, what, std::move(in), std::move(out));
}

}  // namespace passbench
