#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& parameters) {
    return {.bytes = 0, .flops = 0, .items = std::get<std::int64_t>(parameters.at("nodes"))};
}

}  // namespace

Workload graph_workload() {
    return {
        .name = "graph",
        .version = 1,
        .title = "A graph of nearly empty nodes, handed over at once",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "nodes",
                 .low = 1,
                 .high = 1024,
                 .fallback = std::int64_t{64},
                 .forms = {Form::cpu, Form::cuda},
                 .tested = {1, 2, 3, 37},
                 .meaning = "of the graph"},
                {.name = "shape",
                 .words = {"chain", "fan"},
                 .fallback = "chain",
                 .forms = {Form::cpu, Form::cuda},
                 .meaning = "each node after the one before, or all at once between a first and a last one"},
                threads_parameter(),
            },
        .metrics =
            {
                wall_metric(),
                device_metric(),
            },
        .limits = {{.form = Form::cpu, .kind = LimitKind::none}, {.form = Form::cuda, .kind = LimitKind::none}},
        .measures =
            "The time of a whole graph: from before it is launched until the host knows that its last node has ended. "
            "A "
            "node is one thread that counts itself and leaves its number in a trace. Over several numbers of nodes: a "
            "is "
            "what a submission costs, b what each node adds; launch has both in every kernel.",
        .check =
            "All nodes have run exactly once a launch, and the trace of the last launch has none before one that it "
            "depends on.",
        .cpu_form =
            "The same nodes and dependencies on the harness's threads: a queue without locks, and a node that becomes "
            "ready goes on on the thread that made it so; no library.",
        .sensitivity =
            "GPU-PV: a strongly, b not, for one submission stands for all nodes: that is how the cost of a submission "
            "is "
            "told from the cost of a kernel. DDA: little.",
        .sources = "CUDA driver API, graph management; intel oneTBB (a ready successor goes on on the same thread).",
        .seeded = false,
        .line = LineFit{.model = LineModel::a_plus_b, .parameter = "nodes", .metric = "wall"},
        .has_speed_up = false,  // the forms move or hand over other things
        .work = &work,
    };
}

}  // namespace passbench
