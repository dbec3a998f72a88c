// Entry points that build graphs node by node, make them ready and launch them.
#include <algorithm>
#include <utility>

#include "kernels/emulation/copy_checks.hpp"
#include "kernels/emulation/launch_checks.hpp"
#include "kernels/emulation/submit.hpp"

namespace passbench::emulation {

namespace {

/// Adds a node whose work `make(Work&)` checks and fills in.
template <typename Make>
CUresult add_node(const char* name, CUgraphNode* result, CUgraph handle, const CUgraphNode* dependencies,
                  std::size_t count, CUgraphNodeType type, const Make& make) {
    return context_call(name, cost_model.call_ns, [&](const Context& /*context*/) -> CUresult {
        const auto graph = driver().graphs.find(handle);
        if (result == nullptr || !graph || (count > 0 && dependencies == nullptr)) return CUDA_ERROR_INVALID_VALUE;
        GraphNodes after;
        for (std::size_t i = 0; i < count; ++i) {
            auto node = driver().graph_nodes.find(dependencies[i]);
            const bool twice = std::find(after.begin(), after.end(), node) != after.end();
            if (!node || twice || node->graph.lock() != graph) return CUDA_ERROR_INVALID_VALUE;
            after.push_back(std::move(node));
        }
        Work work;
        if (const CUresult checked = make(work); checked != CUDA_SUCCESS) return checked;
        *result = driver().graph_nodes.add(graph->add(type, std::move(work), std::move(after)));
        return CUDA_SUCCESS;
    });
}

template <typename Parameters>
CUresult make_kernel(const Parameters* parameters, Work& work) {
    if (parameters == nullptr) return CUDA_ERROR_INVALID_VALUE;
    KernelWork kernel;
    const LaunchShape shape = {.grid = {parameters->gridDimX, parameters->gridDimY, parameters->gridDimZ},
                               .block = {parameters->blockDimX, parameters->blockDimY, parameters->blockDimZ},
                               .dynamic_shared_bytes = parameters->sharedMemBytes};
    const CUresult checked =
        make_kernel_work(parameters->func, shape, parameters->kernelParams, parameters->extra, kernel);
    if (checked == CUDA_SUCCESS) work = std::move(kernel);
    return checked;
}

CUresult instantiate(const char* name, CUgraphExec* result, CUgraph handle, unsigned long long flags) {
    return context_call(name, cost_model.module_ns, [&](const Context& /*context*/) -> CUresult {
        const auto graph = driver().graphs.find(handle);
        constexpr unsigned long long known =
            CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH | CUDA_GRAPH_INSTANTIATE_FLAG_USE_NODE_PRIORITY;
        if (result == nullptr || !graph || (flags & ~known) != 0) return CUDA_ERROR_INVALID_VALUE;
        *result = driver().graph_execs.add(make_executable(*graph));
        return CUDA_SUCCESS;
    });
}

}  // namespace

PASSBENCH_DRIVER_API CUresult cuGraphCreate(CUgraph* result, unsigned int flags) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (result == nullptr || flags != 0) return CUDA_ERROR_INVALID_VALUE;
        *result = driver().graphs.add(std::make_shared<Graph>());
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuGraphDestroy(CUgraph handle) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        const auto graph = driver().graphs.remove(handle);
        if (!graph) return CUDA_ERROR_INVALID_VALUE;
        driver().graph_nodes.remove_if([&](const GraphNode& node) { return node.graph.lock() == graph; });
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuGraphAddKernelNode_v2(CUgraphNode* result, CUgraph graph,
                                                      const CUgraphNode* dependencies, std::size_t num_dependencies,
                                                      const CUDA_KERNEL_NODE_PARAMS* node_params) {
    return add_node(__func__, result, graph, dependencies, num_dependencies, CU_GRAPH_NODE_TYPE_KERNEL,
                    [&](Work& work) { return make_kernel(node_params, work); });
}
#undef cuGraphAddKernelNode
PASSBENCH_DRIVER_API CUresult cuGraphAddKernelNode(CUgraphNode* result, CUgraph graph, const CUgraphNode* dependencies,
                                                   std::size_t num_dependencies,
                                                   const CUDA_KERNEL_NODE_PARAMS_v1* node_params) {
    return add_node(__func__, result, graph, dependencies, num_dependencies, CU_GRAPH_NODE_TYPE_KERNEL,
                    [&](Work& work) { return make_kernel(node_params, work); });
}

PASSBENCH_DRIVER_API CUresult cuGraphAddMemcpyNode(CUgraphNode* result, CUgraph graph, const CUgraphNode* dependencies,
                                                   std::size_t num_dependencies, const CUDA_MEMCPY3D* copy_params,
                                                   CUcontext /*ctx*/) {
    return add_node(__func__, result, graph, dependencies, num_dependencies, CU_GRAPH_NODE_TYPE_MEMCPY,
                    [&](Work& work) {
                        if (copy_params == nullptr) return CUDA_ERROR_INVALID_VALUE;
                        CopyWork copy;
                        const CUresult checked = make_copy_work(*copy_params, copy);
                        if (checked == CUDA_SUCCESS) work = copy;
                        return checked;
                    });
}

PASSBENCH_DRIVER_API CUresult cuGraphAddMemsetNode(CUgraphNode* result, CUgraph graph, const CUgraphNode* dependencies,
                                                   std::size_t num_dependencies,
                                                   const CUDA_MEMSET_NODE_PARAMS* memset_params, CUcontext /*ctx*/) {
    return add_node(__func__, result, graph, dependencies, num_dependencies, CU_GRAPH_NODE_TYPE_MEMSET,
                    [&](Work& work) {
                        if (memset_params == nullptr) return CUDA_ERROR_INVALID_VALUE;
                        FillWork fill;
                        const CUresult checked = make_fill_work(memset_params->dst, memset_params->value,
                                                                {.element_bytes = memset_params->elementSize,
                                                                 .columns = memset_params->width,
                                                                 .rows = memset_params->height,
                                                                 .pitch_bytes = memset_params->pitch},
                                                                fill);
                        if (checked == CUDA_SUCCESS) work = fill;
                        return checked;
                    });
}

PASSBENCH_DRIVER_API CUresult cuGraphAddHostNode(CUgraphNode* result, CUgraph graph, const CUgraphNode* dependencies,
                                                 std::size_t num_dependencies,
                                                 const CUDA_HOST_NODE_PARAMS* node_params) {
    return add_node(__func__, result, graph, dependencies, num_dependencies, CU_GRAPH_NODE_TYPE_HOST, [&](Work& work) {
        if (node_params == nullptr || node_params->fn == nullptr) return CUDA_ERROR_INVALID_VALUE;
        work = HostWork{[call = node_params->fn, data = node_params->userData] { call(data); }};
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuGraphAddEmptyNode(CUgraphNode* result, CUgraph graph, const CUgraphNode* dependencies,
                                                  std::size_t num_dependencies) {
    return add_node(__func__, result, graph, dependencies, num_dependencies, CU_GRAPH_NODE_TYPE_EMPTY,
                    [](Work& /*work*/) { return CUDA_SUCCESS; });
}

PASSBENCH_DRIVER_API CUresult cuGraphAddDependencies_v2(CUgraph handle, const CUgraphNode* from, const CUgraphNode* to,
                                                        const CUgraphEdgeData* edge_data, std::size_t count) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (edge_data != nullptr) return CUDA_ERROR_NOT_SUPPORTED;
        const auto graph = driver().graphs.find(handle);
        if (!graph || (count > 0 && (from == nullptr || to == nullptr))) return CUDA_ERROR_INVALID_VALUE;
        for (std::size_t i = 0; i < count; ++i) {
            const auto first = driver().graph_nodes.find(from[i]);
            const auto second = driver().graph_nodes.find(to[i]);
            if (!first || !second || first->graph.lock() != graph || second->graph.lock() != graph) {
                return CUDA_ERROR_INVALID_VALUE;
            }
            if (!graph->connect(first, second)) return CUDA_ERROR_INVALID_VALUE;
        }
        return CUDA_SUCCESS;
    });
}
#undef cuGraphAddDependencies
PASSBENCH_DRIVER_API CUresult cuGraphAddDependencies(CUgraph graph, const CUgraphNode* from, const CUgraphNode* to,
                                                     std::size_t count) {
    return cuGraphAddDependencies_v2(graph, from, to, nullptr, count);
}

PASSBENCH_DRIVER_API CUresult cuGraphGetNodes(CUgraph handle, CUgraphNode* nodes, std::size_t* num_nodes) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        const auto graph = driver().graphs.find(handle);
        if (!graph || num_nodes == nullptr) return CUDA_ERROR_INVALID_VALUE;
        const GraphNodes all = graph->nodes();
        if (nodes != nullptr) {
            for (std::size_t i = 0; i < *num_nodes; ++i) {
                // Nodes that a capture made get their handle when somebody asks for it.
                nodes[i] = i < all.size() ? driver().graph_nodes.add(all[i]) : nullptr;
            }
            *num_nodes = std::min(*num_nodes, all.size());
        } else {
            *num_nodes = all.size();
        }
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuGraphNodeGetType(CUgraphNode handle, CUgraphNodeType* type) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        const auto node = driver().graph_nodes.find(handle);
        if (!node || type == nullptr) return CUDA_ERROR_INVALID_VALUE;
        *type = node->type;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuGraphInstantiateWithFlags(CUgraphExec* result, CUgraph graph,
                                                          unsigned long long flags) {
    return instantiate(__func__, result, graph, flags);
}
#undef cuGraphInstantiate
PASSBENCH_DRIVER_API CUresult cuGraphInstantiate(CUgraphExec* result, CUgraph graph, CUgraphNode* error_node,
                                                 char* log_buffer, std::size_t buffer_size) {
    if (error_node != nullptr) *error_node = nullptr;
    if (log_buffer != nullptr && buffer_size > 0) *log_buffer = '\0';
    return instantiate(__func__, result, graph, 0);
}
PASSBENCH_DRIVER_API CUresult cuGraphInstantiate_v2(CUgraphExec* result, CUgraph graph, CUgraphNode* error_node,
                                                    char* log_buffer, std::size_t buffer_size) {
    return cuGraphInstantiate(result, graph, error_node, log_buffer, buffer_size);
}

PASSBENCH_DRIVER_API CUresult cuGraphExecDestroy(CUgraphExec handle) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        return driver().graph_execs.remove(handle) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
    });
}

PASSBENCH_DRIVER_API CUresult cuGraphExecKernelNodeSetParams_v2(CUgraphExec exec_handle, CUgraphNode node_handle,
                                                                const CUDA_KERNEL_NODE_PARAMS* node_params) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) -> CUresult {
        const auto exec = driver().graph_execs.find(exec_handle);
        const auto node = driver().graph_nodes.find(node_handle);
        if (!exec || !node) return CUDA_ERROR_INVALID_VALUE;
        Work work;
        if (const CUresult checked = make_kernel(node_params, work); checked != CUDA_SUCCESS) return checked;
        const std::lock_guard lock(exec->mutex);
        const auto found = std::find(exec->nodes.begin(), exec->nodes.end(), node);
        if (found == exec->nodes.end() || node->type != CU_GRAPH_NODE_TYPE_KERNEL) return CUDA_ERROR_INVALID_VALUE;
        // Launches that are under way keep what they were launched with.
        auto changed = std::make_shared<GraphWork>(*exec->work);
        changed->nodes[static_cast<std::size_t>(found - exec->nodes.begin())].work = std::move(work);
        exec->work = std::move(changed);
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuGraphUpload(CUgraphExec handle, CUstream stream_handle) {
    return context_call(__func__, cost_model.enqueue_ns, [&](Context& context) -> CUresult {
        const auto exec = driver().graph_execs.find(handle);
        const auto stream = find_stream(context, stream_handle);
        if (!exec || !stream) return CUDA_ERROR_INVALID_VALUE;
        return submit(context, *stream, EmptyWork{}, Blocking::no);
    });
}

PASSBENCH_DRIVER_API CUresult cuGraphLaunch(CUgraphExec handle, CUstream stream_handle) {
    return operation_call(__func__, cost_model.enqueue_ns, [&](Context& context) -> CUresult {
        const auto exec = driver().graph_execs.find(handle);
        const auto stream = find_stream(context, stream_handle);
        if (!exec) return CUDA_ERROR_INVALID_VALUE;
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        std::shared_ptr<const GraphWork> work;
        {
            const std::lock_guard lock(exec->mutex);
            work = exec->work;
        }
        virtual_clock().spend(cost_model.graph_node_ns * static_cast<double>(work->nodes.size()));
        return submit(context, *stream, std::move(work), Blocking::no);
    });
}

}  // namespace passbench::emulation
