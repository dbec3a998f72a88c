// image: a 5-point stencil, a 3 x 3 convolution and Sobel edges of one frame, with or without bringing it to the device and its
// results back.
#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/image_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/image_shape.hpp"
#include "kernels/cuda/images.hpp"
#include "kernels/cuda/memory_limit.hpp"
#include "kernels/cuda/staging.hpp"
#include "kernels/cuda/transfers.hpp"

namespace passbench {

namespace {

static_assert(image_kernel_taps == image_taps && image_kernel_shift == image_shift);

constexpr unsigned threads_a_block = 128;

using Address = CUdeviceptr;

struct ImageKernels {
    Module module;
    Kernel<Address, Address, ImageShape> stencil;
    Kernel<Address, Address, ImageShape, ImageTaps> convolution;
    Kernel<Address, Address, ImageShape> sobel;

    static Result<ImageKernels> load(const Gpu& gpu) {
        ImageKernels kernels;
        PASSBENCH_TRY(kernels.module, gpu.load(image_image()));
        const Module& module = kernels.module;
        PASSBENCH_TRY(kernels.stencil, (gpu.kernel<Address, Address, ImageShape>(module, "image_stencil")));
        PASSBENCH_TRY(kernels.convolution,
                      (gpu.kernel<Address, Address, ImageShape, ImageTaps>(module, "image_convolution")));
        PASSBENCH_TRY(kernels.sobel, (gpu.kernel<Address, Address, ImageShape>(module, "image_sobel")));
        return kernels;
    }
};

/// Frames on the device and the host, with aligned rows, and the results without the gaps between these.
struct ImageMemory {
    DeviceMemory in;
    DeviceMemory out;
    Staging host_in;
    Staging host_out;
    Buffer results;
};

struct Case {
    ImageOp op;
    ImageSize size;
    Transfers transfers;
    std::uint64_t seed;

    [[nodiscard]] std::size_t row_bytes() const { return size.width * pixel_bytes(op); }
    [[nodiscard]] std::size_t aligned_row_bytes() const {
        return (row_bytes() + image_row_bytes - 1) / image_row_bytes * image_row_bytes;
    }
    [[nodiscard]] std::size_t frame_bytes() const { return aligned_row_bytes() * size.height; }
    [[nodiscard]] ImageShape shape() const {
        return {.width = static_cast<unsigned>(size.width),
                .height = static_cast<unsigned>(size.height),
                .stride = static_cast<unsigned>(aligned_row_bytes() / pixel_bytes(op))};
    }
};

class ImageInstance final : public CudaInstance {
public:
    ImageInstance(ThreadPool& pool, const Case& what, GpuSession session, ImageKernels kernels, ImageMemory memory)
        : CudaInstance(std::move(session)),
          pool_(pool),
          case_(what),
          shape_(what.shape()),
          inputs_(what.seed, what.op, what.size),
          kernels_(std::move(kernels)),
          memory_(std::move(memory)) {
        std::ranges::copy(inputs_.weights(), taps_.weights);
    }

    /// Once, before anything else.
    [[nodiscard]] Result<void> upload_inputs() {
        in_shares([this](const Share& rows) { inputs_.fill(results(), rows); });
        spread_rows(memory_.host_in);
        PASSBENCH_CHECK(gpu().upload(memory_.in, memory_.host_in.bytes()));
        return spoil_results();
    }

    [[nodiscard]] std::int64_t ops() const override { return 1; }

    [[nodiscard]] Result<void> fetch_results() override {
        if (!is_transferred()) PASSBENCH_CHECK(gpu().download(memory_.host_out.bytes(), memory_.out));
        gather_rows(memory_.host_out);
        return {};
    }
    [[nodiscard]] std::span<std::byte> results() override { return memory_.results.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = pixel_bytes(case_.op)}; }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        if (is_transferred()) return link_limit(gpu(), 1);
        return device_memory_limit(gpu(), static_cast<std::int64_t>(2 * case_.frame_bytes()));
    }

private:
    [[nodiscard]] bool is_transferred() const { return case_.transfers == Transfers::included; }

    /// Wrong results on both sides; with transfers also a wrong frame on the device, which the right one has to replace.
    [[nodiscard]] Result<void> spoil_results() override {
        in_shares([this](const Share& rows) { inputs_.spoil(results(), rows); });
        spread_rows(memory_.host_out);
        PASSBENCH_CHECK(gpu().upload(memory_.out, memory_.host_out.bytes()));
        return is_transferred() ? gpu().upload(memory_.in, memory_.host_out.bytes()) : Result<void>();
    }

    [[nodiscard]] Result<void> compare_results() const override {
        return inputs_.check(pool_, pool_.size(), memory_.results.bytes());
    }

    CUresult enqueue() override {
        if (!is_transferred()) return launch();
        const DriverCalls& calls = gpu().calls();
        const std::size_t bytes = case_.frame_bytes();
        const CUresult brought =
            calls.cuMemcpyHtoDAsync(memory_.in.address(), memory_.host_in.bytes().data(), bytes, stream().get());
        if (brought != CUDA_SUCCESS) return brought;
        const CUresult launched = launch();
        if (launched != CUDA_SUCCESS) return launched;
        return calls.cuMemcpyDtoHAsync(memory_.host_out.bytes().data(), memory_.out.address(), bytes, stream().get());
    }

    CUresult launch() {
        const Address in = memory_.in.address();
        const Address out = memory_.out.address();
        const unsigned groups = (shape_.width + image_pixels_a_thread - 1) / image_pixels_a_thread;
        const unsigned threads = groups * shape_.height;
        const Grid grid = {.blocks = (threads + threads_a_block - 1) / threads_a_block, .threads = threads_a_block};
        switch (case_.op) {
            case ImageOp::stencil:
                return kernels_.stencil.launch(stream(), grid, in, out, shape_);
            case ImageOp::convolution:
                return kernels_.convolution.launch(stream(), grid, in, out, shape_, taps_);
            case ImageOp::sobel:
                break;
        }
        return kernels_.sobel.launch(stream(), grid, in, out, shape_);
    }

    template <typename Work>
    void in_shares(const Work& work) const {
        pool_.run(pool_.size(), [&](int worker) { work(share_of(case_.size.height, worker, pool_.size())); });
    }
    /// From the rows without gaps to aligned ones, and back.
    void spread_rows(const Staging& to) {
        in_shares([&](const Share& rows) {
            for (std::size_t row = rows.begin; row < rows.end; ++row) {
                std::memcpy(to.bytes().data() + row * case_.aligned_row_bytes(),
                            results().data() + row * case_.row_bytes(), case_.row_bytes());
            }
        });
    }
    void gather_rows(const Staging& from) {
        in_shares([&](const Share& rows) {
            for (std::size_t row = rows.begin; row < rows.end; ++row) {
                std::memcpy(results().data() + row * case_.row_bytes(),
                            from.bytes().data() + row * case_.aligned_row_bytes(), case_.row_bytes());
            }
        });
    }

    ThreadPool& pool_;
    const Case case_;
    const ImageShape shape_;
    const ImageInputs inputs_;
    ImageTaps taps_{};
    ImageKernels kernels_;
    ImageMemory memory_;
};

Result<ImageMemory> allocate(const Gpu& gpu, const Case& what) {
    const std::size_t result_bytes = what.row_bytes() * what.size.height;
    PASSBENCH_CHECK(
        require_memory(static_cast<std::int64_t>(2 * what.frame_bytes() + result_bytes), available_memory_bytes()));
    ImageMemory memory;
    PASSBENCH_TRY(memory.in, gpu.allocate(what.frame_bytes()));
    PASSBENCH_TRY(memory.out, gpu.allocate(what.frame_bytes()));
    PASSBENCH_TRY(memory.host_in, Staging::allocate(gpu, what.transfers, what.frame_bytes()));
    PASSBENCH_TRY(memory.host_out, Staging::allocate(gpu, what.transfers, what.frame_bytes()));
    PASSBENCH_TRY(memory.results, Buffer::allocate(result_bytes));
    // What lies between the rows is copied too.
    std::ranges::fill(memory.host_in.bytes(), std::byte{0});
    std::ranges::fill(memory.host_out.bytes(), std::byte{0});
    return memory;
}

}  // namespace

PreparedCase prepare_cuda_image(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Case what = {.op = image_op_of(word_of(parameters, "op")),
                       .size = {.width = static_cast<std::size_t>(integer_of(parameters, "width")),
                                .height = static_cast<std::size_t>(integer_of(parameters, "height"))},
                       .transfers = transfers_of(word_of(parameters, "transfers")),
                       .seed = context.seed};
    PASSBENCH_TRY(ImageKernels kernels, ImageKernels::load(*session.gpu));
    PASSBENCH_TRY(ImageMemory memory, allocate(*session.gpu, what));
    auto instance =
        std::make_unique<ImageInstance>(context.pool, what, std::move(session), std::move(kernels), std::move(memory));
    PASSBENCH_CHECK(instance->upload_inputs());
    return instance;
}

}  // namespace passbench
