#include "kernels/emulation/driver_state.hpp"

#include <algorithm>

#include "kernels/emulation/static_shared.hpp"

namespace passbench::emulation {

Function::Function(const KernelEntry& entry, CUmodule of)
    : kernel(&entry),
      module(of),
      static_shared_bytes(static_shared_bytes_of(entry.name)),
      most_dynamic_shared_bytes(usual_shared_bytes - std::min<std::size_t>(static_shared_bytes, usual_shared_bytes)) {}

Driver& driver() {
    static Driver* const instance = new Driver;
    return *instance;
}

std::vector<std::shared_ptr<Context>>& context_stack() {
    static thread_local std::vector<std::shared_ptr<Context>> stack;
    return stack;
}

std::shared_ptr<Context> current_context() {
    const auto& stack = context_stack();
    return stack.empty() ? nullptr : stack.back();
}

void destroy_context(const std::shared_ptr<Context>& context) {
    Context::wait_for(context->pending());
    const auto of_this = [&](const auto& object) { return &object.context() == context.get(); };
    driver().streams.remove_if(of_this);
    driver().events.remove_if(of_this);
    driver().functions.remove_if([&](const Function& function) {
        if (function.module == nullptr) return false;  // a library's, which outlives contexts
        const auto module = driver().modules.find(function.module);
        return !module || module->context == context;
    });
    driver().modules.remove_if([&](const Module& module) { return module.context == context; });
    driver().memory.release_all(context.get());
    driver().contexts.remove(context->handle());
    context->close();
}

bool& in_host_function() {
    static thread_local bool inside = false;
    return inside;
}

std::shared_ptr<Stream> find_stream(Context& context, CUstream handle) {
    if (handle == nullptr || handle == CU_STREAM_LEGACY) return context.legacy_stream();
    if (handle == CU_STREAM_PER_THREAD) return context.per_thread_stream();
    return driver().streams.find(handle);
}

bool is_device_range(const void* address, std::size_t bytes) {
    const auto allocation = driver().memory.find(address);
    return allocation && allocation->contains(address, bytes);
}

}  // namespace passbench::emulation
