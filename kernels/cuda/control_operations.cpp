#include "kernels/cuda/control_operations.hpp"

#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/control_path_inputs.hpp"
#include "kernels/cuda/images.hpp"

namespace passbench {

namespace {

using FillKernel = Kernel<CUdeviceptr, unsigned long long, unsigned long long>;
constexpr const char* fill_name = "control_path_fill";

Result<FillKernel> fill_kernel(const Gpu& gpu, const Module& module) {
    return gpu.kernel<CUdeviceptr, unsigned long long, unsigned long long>(module, fill_name);
}

Error unsupported(std::string what) {
    return {.code = ErrorCode::unsupported, .what = std::move(what), .fix = "Leave this op out of the scenario."};
}

Error wrong_answer(std::string what) {
    return {
        .code = ErrorCode::verify_failed,
        .what = "control-path: the driver says " + std::move(what),
        .fix = "A driver that is wrong about its memory must not be measured: install another version and try again."};
}

/// The pattern written by the device to where it sees `address`; done when it returns.
Result<void> fill(const ControlTools& tools, const FillKernel& kernel, CUdeviceptr address, std::size_t words) {
    constexpr unsigned threads = 256;
    const Grid grid = {.blocks = static_cast<unsigned>((words + threads - 1) / threads), .threads = threads};
    PASSBENCH_CHECK(
        tools.gpu.check(kernel.launch(tools.stream, grid, address, tools.key, words), "launching the pattern"));
    return tools.gpu.check(tools.gpu.calls().cuStreamSynchronize(tools.stream.get()), "writing the pattern");
}

template <typename Value>
Result<Value> attribute_of(const Gpu& gpu, CUpointer_attribute attribute, CUdeviceptr address) {
    Value value{};
    PASSBENCH_CHECK(gpu.check(gpu.calls().cuPointerGetAttribute(&value, attribute, address),
                              "asking the driver whose memory this is"));
    return value;
}

Result<void> check_kind(const Gpu& gpu, CUdeviceptr address, CUmemorytype wanted) {
    PASSBENCH_TRY(const auto kind, attribute_of<unsigned>(gpu, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, address));
    if (kind == static_cast<unsigned>(wanted)) return {};
    return fail(wrong_answer(
        fmt::format("that the memory is of kind {} where it has to be {}", kind, static_cast<unsigned>(wanted))));
}

/// All of [address, address + size_bytes) belongs to one allocation.
Result<void> check_range(const Gpu& gpu, CUdeviceptr address, std::size_t size_bytes) {
    PASSBENCH_TRY(const auto begin, attribute_of<CUdeviceptr>(gpu, CU_POINTER_ATTRIBUTE_RANGE_START_ADDR, address));
    PASSBENCH_TRY(const auto range_bytes, attribute_of<std::size_t>(gpu, CU_POINTER_ATTRIBUTE_RANGE_SIZE, address));
    if (begin <= address && address - begin + size_bytes <= range_bytes) return {};
    return fail(wrong_answer(fmt::format("that {} bytes from {:#x} on are ours, where we have {} from {:#x} on",
                                         range_bytes, begin, size_bytes, address)));
}

Result<void> check_owner(const Gpu& gpu, CUdeviceptr address, CUcontext owner) {
    PASSBENCH_TRY(const auto context, attribute_of<CUcontext>(gpu, CU_POINTER_ATTRIBUTE_CONTEXT, address));
    if (context == owner) return {};
    return fail(wrong_answer("that the memory belongs to another context"));
}

/// Memory of the device: allocate and pool.
class DeviceOperation : public ControlOperation {
public:
    DeviceOperation(const ControlTools& tools, std::size_t size_bytes, Module module, FillKernel kernel)
        : tools_(tools), size_bytes_(size_bytes), module_(std::move(module)), kernel_(kernel) {}

    [[nodiscard]] Result<void> prove(std::span<std::uint64_t> words) override {
        const Gpu& gpu = tools_.gpu;
        PASSBENCH_CHECK(check_kind(gpu, address_, CU_MEMORYTYPE_DEVICE));
        PASSBENCH_CHECK(check_range(gpu, address_, size_bytes_));
        PASSBENCH_CHECK(fill(tools_, kernel_, address_, words.size()));
        return gpu.check(gpu.calls().cuMemcpyDtoH(words.data(), address_, words.size_bytes()), "reading the pattern");
    }

protected:
    const ControlTools tools_;
    const std::size_t size_bytes_;
    CUdeviceptr address_ = 0;

private:
    Module module_;
    FillKernel kernel_;
};

class Allocate final : public DeviceOperation {
public:
    using DeviceOperation::DeviceOperation;
    CUresult take() override { return tools_.gpu.calls().cuMemAlloc(&address_, size_bytes_); }
    CUresult give_back() override { return tools_.gpu.calls().cuMemFree(address_); }
    [[nodiscard]] std::string_view thing() const override { return "memory of the device"; }
};

class Pool final : public DeviceOperation {
public:
    using DeviceOperation::DeviceOperation;
    ~Pool() override {
        keep(0);
        if (pool_ != nullptr) tools_.gpu.calls().cuMemPoolTrimTo(pool_, 0);
    }
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// A pool that gives back what nobody holds at the moment would be another way of allocating.
    [[nodiscard]] Result<void> keep_everything() {
        const Gpu& gpu = tools_.gpu;
        PASSBENCH_CHECK(gpu.check(gpu.calls().cuDeviceGetDefaultMemPool(&pool_, gpu.device()),
                                  "asking for the pool of the device"));
        return gpu.check(keep(std::numeric_limits<cuuint64_t>::max()), "telling the pool to keep its memory");
    }

    CUresult take() override { return tools_.gpu.calls().cuMemAllocAsync(&address_, size_bytes_, tools_.stream.get()); }
    CUresult give_back() override {
        const CUstream stream = tools_.stream.get();
        const CUresult freed = tools_.gpu.calls().cuMemFreeAsync(address_, stream);
        const CUresult waited = tools_.gpu.calls().cuStreamSynchronize(stream);
        return freed != CUDA_SUCCESS ? freed : waited;
    }
    [[nodiscard]] std::string_view thing() const override { return "memory of the pool"; }

private:
    CUresult keep(cuuint64_t threshold_bytes) {
        if (pool_ == nullptr) return CUDA_SUCCESS;
        return tools_.gpu.calls().cuMemPoolSetAttribute(pool_, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &threshold_bytes);
    }

    CUmemoryPool pool_ = nullptr;
};

/// Memory of the host that gets page-locked: the device writes the pattern into it by itself, out of memory of its own.
class HostOperation : public ControlOperation {
public:
    HostOperation(const ControlTools& tools, std::size_t size_bytes, Module module, FillKernel kernel,
                  DeviceMemory source)
        : tools_(tools),
          size_bytes_(size_bytes),
          module_(std::move(module)),
          kernel_(kernel),
          source_(std::move(source)) {}

    [[nodiscard]] Result<void> prove(std::span<std::uint64_t> words) override {
        const Gpu& gpu = tools_.gpu;
        const auto address =
            reinterpret_cast<CUdeviceptr>(memory());  // the same for both sides: one space of addresses
        PASSBENCH_CHECK(check_kind(gpu, address, CU_MEMORYTYPE_HOST));
        PASSBENCH_CHECK(fill(tools_, kernel_, source_.address(), words.size()));
        std::memset(memory(), 0, words.size_bytes());
        PASSBENCH_CHECK(gpu.check(
            gpu.calls().cuMemcpyDtoHAsync(memory(), source_.address(), words.size_bytes(), tools_.stream.get()),
            "copying the pattern"));
        PASSBENCH_CHECK(gpu.check(gpu.calls().cuStreamSynchronize(tools_.stream.get()), "copying the pattern"));
        std::memcpy(words.data(), memory(), words.size_bytes());
        return {};
    }

protected:
    [[nodiscard]] virtual void* memory() const = 0;

    const ControlTools tools_;
    const std::size_t size_bytes_;

private:
    Module module_;
    FillKernel kernel_;
    DeviceMemory source_;
};

class Pinned final : public HostOperation {
public:
    using HostOperation::HostOperation;
    CUresult take() override { return tools_.gpu.calls().cuMemAllocHost(&memory_, size_bytes_); }
    CUresult give_back() override { return tools_.gpu.calls().cuMemFreeHost(memory_); }
    [[nodiscard]] std::string_view thing() const override { return "pinned memory"; }

private:
    [[nodiscard]] void* memory() const override { return memory_; }

    void* memory_ = nullptr;
};

class Register final : public HostOperation {
public:
    Register(const ControlTools& tools, std::size_t size_bytes, Module module, FillKernel kernel, DeviceMemory source,
             Buffer buffer)
        : HostOperation(tools, size_bytes, std::move(module), kernel, std::move(source)), buffer_(std::move(buffer)) {
        std::memset(memory(), 0, size_bytes);  // memory that is there: its pages were touched
    }
    CUresult take() override { return tools_.gpu.calls().cuMemHostRegister(memory(), size_bytes_, 0); }
    CUresult give_back() override { return tools_.gpu.calls().cuMemHostUnregister(memory()); }
    [[nodiscard]] std::string_view thing() const override { return "registered memory"; }

private:
    [[nodiscard]] void* memory() const override { return buffer_.bytes().data(); }

    Buffer buffer_;
};

class MakeContext final : public ControlOperation {
public:
    explicit MakeContext(const ControlTools& tools) : tools_(tools) {}

    // It is the current one while it is there, and the one before it is current again afterwards.
    CUresult take() override { return tools_.gpu.calls().cuCtxCreate_v2(&context_, 0, tools_.gpu.device()); }
    CUresult give_back() override { return tools_.gpu.calls().cuCtxDestroy(context_); }

    [[nodiscard]] Result<void> prove(std::span<std::uint64_t> words) override {
        const Gpu& gpu = tools_.gpu;
        PASSBENCH_TRY(const Module module, gpu.load(control_path_image()));
        PASSBENCH_TRY(const FillKernel kernel, fill_kernel(gpu, module));
        PASSBENCH_TRY(const Stream stream, gpu.make_stream());
        PASSBENCH_TRY(const DeviceMemory memory, gpu.allocate(words.size_bytes()));
        PASSBENCH_CHECK(check_owner(gpu, memory.address(), context_));
        PASSBENCH_CHECK(
            fill({.gpu = gpu, .stream = stream, .key = tools_.key}, kernel, memory.address(), words.size()));
        return gpu.download(std::as_writable_bytes(words), memory);
    }
    [[nodiscard]] std::string_view thing() const override { return "a new context"; }

private:
    const ControlTools tools_;
    CUcontext context_ = nullptr;
};

class LoadModule final : public ControlOperation {
public:
    LoadModule(const ControlTools& tools, DeviceMemory memory) : tools_(tools), memory_(std::move(memory)) {}

    CUresult take() override {
        const DriverCalls& calls = tools_.gpu.calls();
        const CUresult loaded = calls.cuModuleLoadData(&module_, control_path_image().data());
        // A driver that loads lazily does so when a kernel is asked for.
        return loaded != CUDA_SUCCESS ? loaded : calls.cuModuleGetFunction(&function_, module_, fill_name);
    }
    CUresult give_back() override { return tools_.gpu.calls().cuModuleUnload(module_); }

    [[nodiscard]] Result<void> prove(std::span<std::uint64_t> words) override {
        const Gpu& gpu = tools_.gpu;
        PASSBENCH_CHECK(fill(tools_, FillKernel(gpu.calls(), function_), memory_.address(), words.size()));
        return gpu.download(std::as_writable_bytes(words), memory_);
    }
    [[nodiscard]] std::string_view thing() const override { return "a new module"; }

private:
    const ControlTools tools_;
    DeviceMemory memory_;
    CUmodule module_ = nullptr;
    CUfunction function_ = nullptr;
};

/// Once before anything is timed: what this driver refuses is no failure of it.
Result<void> try_registering(const Gpu& gpu, Register& operation) {
    const CUresult registered = operation.take();
    if (registered == CUDA_ERROR_NOT_SUPPORTED || registered == CUDA_ERROR_NOT_PERMITTED) {
        return fail(unsupported("this driver does not register memory of the host"));
    }
    PASSBENCH_CHECK(gpu.check(registered, "registering memory of the host"));
    return gpu.check(operation.give_back(), "giving registered memory back");
}

}  // namespace

Result<std::unique_ptr<ControlOperation>> make_control_operation(std::string_view op, std::size_t size_bytes,
                                                                 const ControlTools& tools) {
    const Gpu& gpu = tools.gpu;
    if (op == "context") return std::make_unique<MakeContext>(tools);
    if (op == "pool" && gpu.attribute(CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED) == 0) {
        return fail(unsupported("this device has no stream-ordered pool of memory"));
    }
    // As much as the operation will ask for, or copies out of: a refusal comes before anything is timed, and with its reason.
    PASSBENCH_TRY(DeviceMemory memory, gpu.allocate(op == "module" ? proof_bytes : size_bytes));
    if (op == "module") return std::make_unique<LoadModule>(tools, std::move(memory));
    PASSBENCH_TRY(Module module, gpu.load(control_path_image()));
    PASSBENCH_TRY(const FillKernel kernel, fill_kernel(gpu, module));
    if (op == "allocate") return std::make_unique<Allocate>(tools, size_bytes, std::move(module), kernel);
    if (op == "pool") {
        auto pool = std::make_unique<Pool>(tools, size_bytes, std::move(module), kernel);
        PASSBENCH_CHECK(pool->keep_everything());
        return pool;
    }
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(size_bytes), available_memory_bytes()));
    if (op == "pinned")
        return std::make_unique<Pinned>(tools, size_bytes, std::move(module), kernel, std::move(memory));
    PASSBENCH_TRY(Buffer buffer, Buffer::allocate(size_bytes));
    auto registering =
        std::make_unique<Register>(tools, size_bytes, std::move(module), kernel, std::move(memory), std::move(buffer));
    PASSBENCH_CHECK(try_registering(gpu, *registering));
    return registering;
}

}  // namespace passbench
