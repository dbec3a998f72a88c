// managed: memory that host and device share, whose pages go to the side that touches them.
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/managed_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/images.hpp"
#include "kernels/cuda/memory_guard.hpp"
#include "kernels/cuda/pcie_link.hpp"

namespace passbench {

namespace {

constexpr unsigned threads_a_block = 256;
constexpr unsigned blocks_a_multiprocessor = 8;
constexpr std::size_t words_a_line = 8;

using Address = CUdeviceptr;

enum class Op : std::uint8_t { touch, prefetch, back };

Op op_of(std::string_view word) {
    if (word == "touch") return Op::touch;
    return word == "prefetch" ? Op::prefetch : Op::back;
}

class ManagedInstance final : public CudaInstance {
public:
    using Add = Kernel<Address, std::size_t, unsigned long long>;

    ManagedInstance(ThreadPool& pool, Op op, GpuSession session, Module module, Add add, DeviceMemory memory,
                    std::uint64_t seed)
        : CudaInstance(std::move(session)),
          pool_(pool),
          op_(op),
          module_(std::move(module)),
          add_(add),
          memory_(std::move(memory)),
          inputs_(seed),
          add_on_host_([this](int worker) {
              const std::span<std::uint64_t> all = words();
              const Share share = share_of(all.size(), worker, pool_.size(), words_a_line);
              for (std::uint64_t& word : all.subspan(share.begin, share.end - share.begin)) word += inputs_.step();
          }) {}

    [[nodiscard]] std::int64_t ops() const override { return static_cast<std::int64_t>(words().size()); }
    [[nodiscard]] std::span<std::byte> results() override { return std::as_writable_bytes(words()); }
    [[nodiscard]] bool may_batch() const override { return false; }

    /// Puts the pages where they have to come from.
    [[nodiscard]] Result<void> before_sample() override {
        PASSBENCH_CHECK(spoil_results());
        if (op_ != Op::back) return {};
        note(add_.launch(stream(), grid(), memory_.address(), words().size(), 0));
        note(gpu().calls().cuStreamSynchronize(stream().get()));
        return noted();
    }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        if (is_simulated()) return no_limit("no limit: the device is simulated");
        const auto link = read_pcie_link(gpu().pci_bus_id());
        if (!link) return no_limit("no limit: this machine does not show the card's PCIe link");
        return InstanceLimit{.value = raw_bytes_a_second(*link),
                             .kind = LimitKind::physical,
                             .metric = "bandwidth",
                             .formula = fmt::format("{:g} GT/s x {} lanes", link->gigatransfers, link->lanes)};
    }

    /// On the host, which has all pages then.
    [[nodiscard]] Result<void> spoil_results() override {
        note(gpu().calls().cuStreamSynchronize(stream().get()));
        PASSBENCH_CHECK(noted());
        const std::span<std::uint64_t> all = words();
        pool_.run(pool_.size(), [&](int worker) {
            const Share share = share_of(all.size(), worker, pool_.size(), words_a_line);
            for (std::size_t i = share.begin; i < share.end; ++i) all[i] = inputs_.start(i);
        });
        additions_ = 0;
        return {};
    }

private:
    [[nodiscard]] std::span<std::uint64_t> words() const {
        return {reinterpret_cast<std::uint64_t*>(memory_.address()), memory_.size_bytes() / sizeof(std::uint64_t)};
    }
    [[nodiscard]] Grid grid() const {
        const int multiprocessors = gpu().attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        return {.blocks = static_cast<unsigned>(std::max(1, multiprocessors)) * blocks_a_multiprocessor,
                .threads = threads_a_block};
    }

    [[nodiscard]] Result<void> compare_results() const override {
        const std::span<const std::uint64_t> found = words();
        const auto wrong = first_wrong(pool_, pool_.size(), found.size(),
                                       [&](std::size_t i) { return found[i] != inputs_.result(i, additions_); });
        if (!wrong) return {};
        return fail(
            {.code = ErrorCode::verify_failed,
             .what = fmt::format("managed: word {} of {} is {:#x} where {:#x} is right after {} additions", *wrong,
                                 found.size(), found[*wrong], inputs_.result(*wrong, additions_), additions_)});
    }

    CUresult enqueue() override {
        ++additions_;
        if (op_ == Op::back) {
            pool_.run(pool_.size(), add_on_host_);
            return CUDA_SUCCESS;
        }
        if (op_ == Op::prefetch) {
            CUmemLocation device = {};
            device.type = CU_MEM_LOCATION_TYPE_DEVICE;
            device.id = 0;
            const CUresult asked =
                gpu().calls().cuMemPrefetchAsync(memory_.address(), memory_.size_bytes(), device, 0, stream().get());
            if (asked != CUDA_SUCCESS) return asked;
        }
        return add_.launch(stream(), grid(), memory_.address(), words().size(), inputs_.step());
    }

    ThreadPool& pool_;
    const Op op_;
    Module module_;
    Add add_;
    DeviceMemory memory_;
    const ManagedInputs inputs_;
    const std::function<void(int)> add_on_host_;
    std::uint64_t additions_ = 0;
};

/// Sizes are given, or a share of the card's memory that is free; never more than that (memory_guard.hpp).
Result<std::size_t> bytes_of(const Gpu& gpu, const Parameters& parameters) {
    const Value& wanted = parameters.find("bytes")->second;
    if (const auto* bytes = std::get_if<std::int64_t>(&wanted)) return static_cast<std::size_t>(*bytes);
    PASSBENCH_TRY(const CardMemory now, gpu.memory());
    constexpr std::int64_t page_bytes = 4096;
    constexpr std::int64_t percent = 100;
    return static_cast<std::size_t>(now.free_bytes / percent * integer_of(parameters, "share") / page_bytes *
                                    page_bytes);
}

}  // namespace

PreparedCase prepare_cuda_managed(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    PASSBENCH_TRY(const std::size_t bytes, bytes_of(gpu, parameters));
    // The host has all of it at times.
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(bytes), available_memory_bytes()));
    PASSBENCH_TRY(DeviceMemory memory, gpu.allocate_managed(bytes));
    PASSBENCH_TRY(Module module, gpu.load(managed_image()));
    PASSBENCH_TRY(const auto add, (gpu.kernel<Address, std::size_t, unsigned long long>(module, "managed_add")));
    return std::make_unique<ManagedInstance>(context.pool, op_of(word_of(parameters, "op")), std::move(session),
                                             std::move(module), add, std::move(memory), context.seed);
}

}  // namespace passbench
