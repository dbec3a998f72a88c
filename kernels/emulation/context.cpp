// Entry points for contexts, the primary one and those that are created.
#include <utility>

#include "kernels/emulation/driver_state.hpp"

namespace passbench::emulation {

namespace {

constexpr unsigned known_flags = CU_CTX_FLAGS_MASK;

std::shared_ptr<Context> make_context(unsigned flags, bool primary) {
    auto context = std::make_shared<Context>(driver().next_context_id++, flags, primary);
    driver().contexts.add(context);
    return context;
}

/// The work of all forms of cuCtxCreate.
CUresult create(const char* name, CUcontext* pctx, unsigned flags, CUdevice dev) {
    return driver_call(name, cost_model.context_ns, [&] {
        if (pctx == nullptr || (flags & ~known_flags) != 0) return CUDA_ERROR_INVALID_VALUE;
        if (dev != 0) return CUDA_ERROR_INVALID_DEVICE;
        auto context = make_context(flags, false);
        *pctx = context->handle();
        context_stack().push_back(std::move(context));
        return CUDA_SUCCESS;
    });
}

CUresult synchronise(Context& context) {
    if (context.forbids_waiting()) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    Context::wait_for(context.pending(), context.wake_ns());
    return context.error();
}

}  // namespace

PASSBENCH_DRIVER_API CUresult cuDevicePrimaryCtxRetain(CUcontext* pctx, CUdevice dev) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (pctx == nullptr) return CUDA_ERROR_INVALID_VALUE;
        if (dev != 0) return CUDA_ERROR_INVALID_DEVICE;
        const std::lock_guard lock(driver().primary_mutex);
        if (!driver().primary) {
            virtual_clock().spend(cost_model.context_ns);
            driver().primary = make_context(driver().primary_flags, true);
        }
        ++driver().primary_users;
        *pctx = driver().primary->handle();
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuDevicePrimaryCtxReset_v2(CUdevice dev) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (dev != 0) return CUDA_ERROR_INVALID_DEVICE;
        const std::lock_guard lock(driver().primary_mutex);
        // Whoever has retained it and retains again gets a new one; the count stays.
        if (const auto context = std::exchange(driver().primary, nullptr)) destroy_context(context);
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice dev) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (dev != 0) return CUDA_ERROR_INVALID_DEVICE;
        const std::lock_guard lock(driver().primary_mutex);
        if (driver().primary_users == 0) return CUDA_ERROR_INVALID_CONTEXT;
        if (--driver().primary_users > 0) return CUDA_SUCCESS;
        if (const auto context = std::exchange(driver().primary, nullptr)) destroy_context(context);
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuDevicePrimaryCtxGetState(CUdevice dev, unsigned int* flags, int* active) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (flags == nullptr || active == nullptr) return CUDA_ERROR_INVALID_VALUE;
        if (dev != 0) return CUDA_ERROR_INVALID_DEVICE;
        const std::lock_guard lock(driver().primary_mutex);
        *flags = driver().primary_flags;
        *active = driver().primary ? 1 : 0;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuDevicePrimaryCtxSetFlags_v2(CUdevice dev, unsigned int flags) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if ((flags & ~known_flags) != 0) return CUDA_ERROR_INVALID_VALUE;
        if (dev != 0) return CUDA_ERROR_INVALID_DEVICE;
        const std::lock_guard lock(driver().primary_mutex);
        driver().primary_flags = flags;
        if (driver().primary) driver().primary->set_flags(flags);
        return CUDA_SUCCESS;
    });
}

// The names without a suffix are older, and differ in nothing that can be seen here.
#undef cuDevicePrimaryCtxReset
#undef cuDevicePrimaryCtxRelease
#undef cuDevicePrimaryCtxSetFlags
PASSBENCH_DRIVER_API CUresult cuDevicePrimaryCtxReset(CUdevice dev) { return cuDevicePrimaryCtxReset_v2(dev); }
PASSBENCH_DRIVER_API CUresult cuDevicePrimaryCtxRelease(CUdevice dev) { return cuDevicePrimaryCtxRelease_v2(dev); }
PASSBENCH_DRIVER_API CUresult cuDevicePrimaryCtxSetFlags(CUdevice dev, unsigned int flags) {
    return cuDevicePrimaryCtxSetFlags_v2(dev, flags);
}

PASSBENCH_DRIVER_API CUresult cuCtxCreate_v4(CUcontext* pctx, CUctxCreateParams* params, unsigned int flags,
                                             CUdevice dev) {
    if (params != nullptr && (params->numExecAffinityParams != 0 || params->cigParams != nullptr)) {
        return CUDA_ERROR_NOT_SUPPORTED;
    }
    return create(__func__, pctx, flags, dev);
}
PASSBENCH_DRIVER_API CUresult cuCtxCreate_v3(CUcontext* pctx, CUexecAffinityParam* /*params*/, int params_count,
                                             unsigned int flags, CUdevice dev) {
    return params_count != 0 ? CUDA_ERROR_NOT_SUPPORTED : create(__func__, pctx, flags, dev);
}
PASSBENCH_DRIVER_API CUresult cuCtxCreate_v2(CUcontext* pctx, unsigned int flags, CUdevice dev) {
    return create(__func__, pctx, flags, dev);
}
#undef cuCtxCreate
PASSBENCH_DRIVER_API CUresult cuCtxCreate(CUcontext* pctx, unsigned int flags, CUdevice dev) {
    return create(__func__, pctx, flags, dev);
}

PASSBENCH_DRIVER_API CUresult cuCtxDestroy_v2(CUcontext ctx) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        const auto context = driver().contexts.find(ctx);
        if (!context || context->primary()) return CUDA_ERROR_INVALID_CONTEXT;
        destroy_context(context);
        auto& stack = context_stack();
        if (!stack.empty() && stack.back() == context) stack.pop_back();
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuCtxPushCurrent_v2(CUcontext ctx) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        auto context = driver().contexts.find(ctx);
        if (!context) return CUDA_ERROR_INVALID_CONTEXT;
        context_stack().push_back(std::move(context));
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuCtxPopCurrent_v2(CUcontext* pctx) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        auto& stack = context_stack();
        if (stack.empty()) return CUDA_ERROR_INVALID_CONTEXT;
        if (pctx != nullptr) *pctx = stack.back() ? stack.back()->handle() : nullptr;
        stack.pop_back();
        return CUDA_SUCCESS;
    });
}

#undef cuCtxDestroy
#undef cuCtxPushCurrent
#undef cuCtxPopCurrent
PASSBENCH_DRIVER_API CUresult cuCtxDestroy(CUcontext ctx) { return cuCtxDestroy_v2(ctx); }
PASSBENCH_DRIVER_API CUresult cuCtxPushCurrent(CUcontext ctx) { return cuCtxPushCurrent_v2(ctx); }
PASSBENCH_DRIVER_API CUresult cuCtxPopCurrent(CUcontext* pctx) { return cuCtxPopCurrent_v2(pctx); }

PASSBENCH_DRIVER_API CUresult cuCtxSetCurrent(CUcontext ctx) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        auto& stack = context_stack();
        std::shared_ptr<Context> context;
        if (ctx != nullptr) {
            context = driver().contexts.find(ctx);
            if (!context) return CUDA_ERROR_INVALID_CONTEXT;
        }
        if (!stack.empty()) stack.pop_back();
        if (context) stack.push_back(std::move(context));
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuCtxGetCurrent(CUcontext* pctx) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (pctx == nullptr) return CUDA_ERROR_INVALID_VALUE;
        const auto context = current_context();
        *pctx = context ? context->handle() : nullptr;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuCtxGetDevice(CUdevice* device) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (device == nullptr) return CUDA_ERROR_INVALID_VALUE;
        if (!current_context()) return CUDA_ERROR_INVALID_CONTEXT;
        *device = 0;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuCtxGetFlags(unsigned int* flags) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& context) {
        if (flags == nullptr) return CUDA_ERROR_INVALID_VALUE;
        *flags = context.flags();
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuCtxGetApiVersion(CUcontext ctx, unsigned int* version) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (version == nullptr) return CUDA_ERROR_INVALID_VALUE;
        if (ctx != nullptr && !driver().contexts.find(ctx)) return CUDA_ERROR_INVALID_CONTEXT;
        *version = 3020;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuCtxSynchronize() {
    return context_call(__func__, cost_model.call_ns, [](Context& context) { return synchronise(context); });
}

PASSBENCH_DRIVER_API CUresult cuCtxSetLimit(CUlimit limit, std::size_t value) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        // Stacks and heaps of kernels are what they are; a value that would fit is accepted.
        if (limit == CU_LIMIT_STACK_SIZE)
            return value <= (std::size_t{64} << 10) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
        return limit == CU_LIMIT_PRINTF_FIFO_SIZE || limit == CU_LIMIT_MALLOC_HEAP_SIZE ? CUDA_SUCCESS
                                                                                        : CUDA_ERROR_UNSUPPORTED_LIMIT;
    });
}

PASSBENCH_DRIVER_API CUresult cuCtxGetLimit(std::size_t* pvalue, CUlimit limit) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (pvalue == nullptr) return CUDA_ERROR_INVALID_VALUE;
        switch (limit) {
            case CU_LIMIT_STACK_SIZE:
                *pvalue = std::size_t{64} << 10;
                return CUDA_SUCCESS;
            case CU_LIMIT_PRINTF_FIFO_SIZE:
                *pvalue = std::size_t{1} << 20;
                return CUDA_SUCCESS;
            case CU_LIMIT_MALLOC_HEAP_SIZE:
                *pvalue = std::size_t{8} << 20;
                return CUDA_SUCCESS;
            default:
                return CUDA_ERROR_UNSUPPORTED_LIMIT;
        }
    });
}

PASSBENCH_DRIVER_API CUresult cuCtxGetStreamPriorityRange(int* least, int* greatest) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (least != nullptr) *least = 0;
        if (greatest != nullptr) *greatest = -2;
        return CUDA_SUCCESS;
    });
}

}  // namespace passbench::emulation
