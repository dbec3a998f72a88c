// Everything the stand-in knows, and what all entry points have in common: the order of checks (fault, initialised, context,
// sticky error), the cost of a call, handles that are looked up before they are believed.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <cuda.h>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kernels/emulation/context_state.hpp"
#include "kernels/emulation/cost_model.hpp"
#include "kernels/emulation/device_memory.hpp"
#include "kernels/emulation/fault.hpp"
#include "kernels/emulation/graph_state.hpp"
#include "kernels/emulation/kernel_entry.hpp"
#include "kernels/emulation/virtual_clock.hpp"

namespace passbench::emulation {

/// A library that is linked by programs in C may say what is exported in no other way.
#define PASSBENCH_DRIVER_API extern "C" __attribute__((visibility("default")))

/// The live objects of one kind; a handle is the address of one.
template <typename Object, typename Handle>
class HandleTable {
public:
    Handle add(std::shared_ptr<Object> object) {
        const std::lock_guard lock(mutex_);
        auto handle = reinterpret_cast<Handle>(object.get());
        objects_[handle] = std::move(object);
        return handle;
    }
    /// Null for a handle that was never given out or was destroyed.
    [[nodiscard]] std::shared_ptr<Object> find(Handle handle) const {
        const std::lock_guard lock(mutex_);
        const auto found = objects_.find(handle);
        return found == objects_.end() ? nullptr : found->second;
    }
    std::shared_ptr<Object> remove(Handle handle) {
        const std::lock_guard lock(mutex_);
        const auto found = objects_.find(handle);
        if (found == objects_.end()) return nullptr;
        auto object = std::move(found->second);
        objects_.erase(found);
        return object;
    }
    template <typename Condition>
    void remove_if(const Condition& condition) {
        const std::lock_guard lock(mutex_);
        std::erase_if(objects_, [&](const auto& entry) { return condition(*entry.second); });
    }

private:
    mutable std::mutex mutex_;
    std::unordered_map<Handle, std::shared_ptr<Object>> objects_;
};

class Event {
public:
    Event(std::shared_ptr<Context> context, unsigned flags) : context_(std::move(context)), flags_(flags) {}
    [[nodiscard]] Context& context() const { return *context_; }
    [[nodiscard]] unsigned flags() const { return flags_; }
    void record(CompletionPointer completion) {
        const std::lock_guard lock(mutex_);
        recorded_ = std::move(completion);
        captured_.reset();
    }
    /// Recorded in a stream that is captured: it has no time, only a place.
    void record(CapturePoint point) {
        const std::lock_guard lock(mutex_);
        captured_ = std::move(point);
    }
    [[nodiscard]] std::optional<CapturePoint> captured() const {
        const std::lock_guard lock(mutex_);
        return captured_;
    }
    [[nodiscard]] CompletionPointer recorded() const {
        const std::lock_guard lock(mutex_);
        return recorded_;
    }

private:
    const std::shared_ptr<Context> context_;
    const unsigned flags_;
    mutable std::mutex mutex_;
    CompletionPointer recorded_;
    std::optional<CapturePoint> captured_;
};

struct Function {
    /// `module` is null where it belongs to a library.
    Function(const KernelEntry& kernel, CUmodule module);

    const KernelEntry* const kernel;
    const CUmodule module;
    const std::size_t static_shared_bytes;
    std::atomic<std::size_t> most_dynamic_shared_bytes;  // beside the static
};

struct Module {
    std::shared_ptr<Context> context;
    std::mutex mutex;
    std::unordered_map<std::string, CUfunction> functions;
    std::vector<void*> variables;  // that the memory knows because of this module
};

struct Driver {
    std::atomic<bool> initialised = false;
    Faults faults;
    DeviceMemory memory{cost_model.memory_bytes};
    HandleTable<Context, CUcontext> contexts;
    HandleTable<Stream, CUstream> streams;
    HandleTable<Event, CUevent> events;
    HandleTable<Module, CUmodule> modules;
    HandleTable<Function, CUfunction> functions;
    HandleTable<Graph, CUgraph> graphs;
    HandleTable<GraphNode, CUgraphNode> graph_nodes;
    HandleTable<GraphExec, CUgraphExec> graph_execs;
    std::atomic<std::uint64_t> captures = 0;

    std::mutex primary_mutex;
    std::shared_ptr<Context> primary;
    unsigned primary_users = 0;
    unsigned primary_flags = 0;
    std::atomic<std::uint64_t> next_context_id = 1;
};

/// Never destroyed: threads of streams may still work while the process ends.
[[nodiscard]] Driver& driver();

/// The contexts that the calling thread has pushed; the last one is current. Entries may be null.
[[nodiscard]] std::vector<std::shared_ptr<Context>>& context_stack();
[[nodiscard]] std::shared_ptr<Context> current_context();

/// Ends a context: waits for its work, frees what it owns.
void destroy_context(const std::shared_ptr<Context>& context);

/// What a stream handle means for the calling thread; null if it means nothing.
[[nodiscard]] std::shared_ptr<Stream> find_stream(Context& context, CUstream handle);

/// Whether `address` is in memory that a kernel can reach, all `bytes` of it in one piece.
[[nodiscard]] bool is_device_range(const void* address, std::size_t bytes);

inline void* to_pointer(CUdeviceptr address) { return reinterpret_cast<void*>(address); }
inline CUdeviceptr to_device(const void* address) { return reinterpret_cast<CUdeviceptr>(address); }

/// Whether the calling thread runs a host function of a stream. It may not call the driver, for it could wait for the very work that
/// waits for it; which thread runs it, the stream's or one that waits, must not matter.
[[nodiscard]] bool& in_host_function();

/// An entry point that needs no context. `cost_ns` passes on the host before `body` runs.
template <typename Body>
CUresult driver_call(const char* name, double cost_ns, const Body& body) noexcept {
    try {
        if (const auto odd = driver().faults.odd_code(name)) return *odd;
        if (!driver().initialised) return CUDA_ERROR_NOT_INITIALIZED;
        if (in_host_function()) return CUDA_ERROR_NOT_PERMITTED;
        if (driver().faults.device_lost()) return CUDA_ERROR_DEVICE_UNAVAILABLE;
        virtual_clock().spend(cost_ns);
        return body();
    } catch (const std::bad_alloc&) {
        return CUDA_ERROR_OUT_OF_MEMORY;
    } catch (...) {
        return CUDA_ERROR_UNKNOWN;
    }
}

/// As context_call, for what launches, copies or fills.
template <typename Body>
CUresult operation_call(const char* name, double cost_ns, const Body& body) noexcept;

/// An entry point that works on the current context, `body(Context&)`; not run in a context that has failed.
template <typename Body>
CUresult context_call(const char* name, double cost_ns, const Body& body) noexcept {
    return driver_call(name, cost_ns, [&]() -> CUresult {
        const auto context = current_context();
        if (!context) return CUDA_ERROR_INVALID_CONTEXT;
        if (driver().contexts.find(context->handle()) == nullptr) return CUDA_ERROR_CONTEXT_IS_DESTROYED;
        if (const CUresult error = context->error(); error != CUDA_SUCCESS) return error;
        return body(*context);
    });
}

template <typename Body>
CUresult operation_call(const char* name, double cost_ns, const Body& body) noexcept {
    driver().faults.count_operation();
    return context_call(name, cost_ns, body);
}

}  // namespace passbench::emulation
