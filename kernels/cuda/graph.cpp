// graph: nearly empty kernels as nodes of a CUDA graph that is launched as one.
#include <vector>

#include <fmt/core.h>

#include "kernels/cpu/graph_trace.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/images.hpp"

namespace passbench {

namespace {

/// What the nodes write to: the trace as it lies in GraphTrace, and the slot for the next number.
struct TraceMemory {
    DeviceMemory trace;
    DeviceMemory slot;
};

class GraphInstance final : public CudaInstance {
public:
    GraphInstance(GpuSession session, Module module, GraphTrace trace, TraceMemory memory)
        : CudaInstance(std::move(session)),
          module_(std::move(module)),
          trace_(std::move(trace)),
          memory_(std::move(memory)) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> build(GraphShape shape) {
        CUfunction node_kernel = nullptr;
        PASSBENCH_CHECK(gpu().check(gpu().calls().cuModuleGetFunction(&node_kernel, module_.get(), "graph_node"),
                                    "finding the kernel graph_node"));
        CUgraph made = nullptr;
        PASSBENCH_CHECK(gpu().check(gpu().calls().cuGraphCreate(&made, 0), "making a CUDA graph"));
        graph_ = Graph(gpu().calls(), made);
        std::vector<CUgraphNode> nodes(trace_.nodes());
        for (std::uint32_t number = 0; number < trace_.nodes(); ++number) {
            std::vector<CUgraphNode> before;
            for (const std::uint32_t each : nodes_before(shape, number, trace_.nodes())) before.push_back(nodes[each]);
            PASSBENCH_TRY(nodes[number], add_node(node_kernel, number, before));
        }
        CUgraphExec ready = nullptr;
        PASSBENCH_CHECK(gpu().check(gpu().calls().cuGraphInstantiateWithFlags(&ready, graph_.get(), 0),
                                    fmt::format("making a CUDA graph of {} nodes ready", trace_.nodes())));
        executable_ = ExecutableGraph(gpu().calls(), ready);
        return spoil_results();
    }

    [[nodiscard]] std::int64_t ops() const override { return 1; }

    [[nodiscard]] Result<void> fetch_results() override {
        launches_seen_ = launches_;
        return gpu().download(trace_.bytes(), memory_.trace);
    }
    [[nodiscard]] std::span<std::byte> results() override { return trace_.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(std::uint32_t)}; }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

private:
    /// The kernel's parameters are copied into the node.
    [[nodiscard]] Result<CUgraphNode> add_node(CUfunction kernel, std::uint32_t number,
                                               const std::vector<CUgraphNode>& before) {
        CUdeviceptr nodes_run = memory_.trace.address();
        CUdeviceptr slot = memory_.slot.address();
        CUdeviceptr order = nodes_run + sizeof(std::uint64_t);
        unsigned node = number;
        unsigned nodes = trace_.nodes();
        void* parameters[] = {&nodes_run, &slot, &order, &node, &nodes};
        CUDA_KERNEL_NODE_PARAMS what{};
        what.func = kernel;
        what.gridDimX = what.gridDimY = what.gridDimZ = 1;
        what.blockDimX = what.blockDimY = what.blockDimZ = 1;
        what.kernelParams = parameters;
        CUgraphNode added = nullptr;
        PASSBENCH_CHECK(
            gpu().check(gpu().calls().cuGraphAddKernelNode(
                            &added, graph_.get(), before.empty() ? nullptr : before.data(), before.size(), &what),
                        fmt::format("adding node {} of {} to a CUDA graph", number, nodes)));
        return added;
    }

    [[nodiscard]] Result<void> spoil_results() override {
        trace_.spoil();
        launches_ = 0;
        const std::uint32_t first_slot = 0;
        PASSBENCH_CHECK(gpu().upload(memory_.slot, std::as_bytes(std::span(&first_slot, 1))));
        return gpu().upload(memory_.trace, trace_.bytes());
    }
    [[nodiscard]] Result<void> compare_results() const override { return trace_.check(launches_seen_); }

    CUresult enqueue() override {
        ++launches_;
        return gpu().calls().cuGraphLaunch(executable_.get(), stream().get());
    }

    Module module_;
    GraphTrace trace_;
    TraceMemory memory_;
    Graph graph_;
    ExecutableGraph executable_;
    std::uint64_t launches_ = 0;  // since the trace was spoilt
    std::uint64_t launches_seen_ = 0;
};

}  // namespace

PreparedCase prepare_cuda_graph(const Parameters& parameters, const InstanceContext& context) {
    const GraphShape shape = graph_shape_of(word_of(parameters, "shape"));
    GraphTrace trace(shape, static_cast<std::uint32_t>(integer_of(parameters, "nodes")));
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    PASSBENCH_TRY(Module module, gpu.load(graph_image()));
    TraceMemory memory;
    PASSBENCH_TRY(memory.trace, gpu.allocate(trace.bytes().size()));
    PASSBENCH_TRY(memory.slot, gpu.allocate(sizeof(std::uint32_t)));
    auto instance =
        std::make_unique<GraphInstance>(std::move(session), std::move(module), std::move(trace), std::move(memory));
    PASSBENCH_CHECK(instance->build(shape));
    return instance;
}

}  // namespace passbench
