#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

/// The operations that hand out memory.
const std::vector<std::string_view>& memory_operations() {
    static const std::vector<std::string_view> operations = {"allocate", "pool", "pinned", "register"};
    return operations;
}

Work work(const Parameters& parameters) {
    const auto& op = std::get<std::string>(parameters.at("op"));
    const bool is_memory = op != "context" && op != "module";
    return {.bytes = is_memory ? std::get<std::int64_t>(parameters.at("bytes")) : 0, .flops = 0, .items = 1};
}

}  // namespace

Workload control_path_workload() {
    return {
        .name = "control-path",
        .version = 1,
        .title = "Allocate and free, pin, make contexts, load modules",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "op",
                 .words = {"allocate", "pool", "pinned", "register", "context", "module"},
                 .fallback = "allocate",
                 .forms = {Form::cpu, Form::cuda},
                 .meaning =
                     "allocate: memory of the device, on the CPU fresh pages; pool: memory that was used before, from "
                     "the stream-ordered pool or malloc; pinned: page-locked memory of the host; register: memory that "
                     "is there gets page-locked; context: a CUDA context, on the CPU a thread; module: kernels are "
                     "loaded, on the CPU a shared library"},
                {.name = "bytes",
                 .unit = "B",
                 .low = 4 << 10,
                 .high = std::int64_t{1} << 30,
                 .multiple_of = 8,
                 .fallback = std::int64_t{16} << 20,
                 .forms = {Form::cpu, Form::cuda},
                 .only_where = Condition{.parameter = "op", .words = memory_operations()},
                 .tested = {4096, 5000, 65'536 + 8},
                 .meaning = "size of the memory"},
                {.name = "pages",
                 .words = {"huge", "small"},
                 .fallback = "huge",
                 .only_where = Condition{.parameter = "op", .words = {"allocate", "pinned"}},
                 .meaning =
                     "whether fresh memory is asked to be huge pages; pages that a machine does not have are small"},
            },
        .metrics =
            {
                wall_metric(),
                {.name = "allocate",
                 .unit = "ns",
                 .direction = Direction::lower,
                 .kind = MetricKind::time,
                 .column = "allocate_ns"},
                {.name = "free",
                 .unit = "ns",
                 .direction = Direction::lower,
                 .kind = MetricKind::time,
                 .column = "free_ns"},
                bandwidth_metric(),
            },
        .limits =
            {
                {.form = Form::cpu,
                 .kind = LimitKind::measured,
                 .formula =
                     "bytes a second that one thread sets to zero in the same trial, for allocate and pinned; none "
                     "where the memory is under 4 x the last-level cache"},
                {.form = Form::cuda, .kind = LimitKind::none},
            },
        .measures =
            "What is done before and after the work: a thing is asked for and given back, wall is both. The halves are "
            "timed in a twin. The pool keeps what is given back, so that it hands out memory that it has; a module is "
            "loaded until its kernel can be launched. On the CPU each page is touched, for memory that was never "
            "written "
            "is only promised; pages that are locked are there at once.",
        .check =
            "The driver says whose the memory is, of what kind and where it ends; a seeded pattern of the device is "
            "written through all of it and read back. A context and a module do their kernel. On the CPU the same "
            "pattern, in memory that the system shows to be there.",
        .cpu_form =
            "One thread: mmap and touch, malloc and touch, mmap with mlock, mlock alone; a thread made and joined; "
            "dlopen of libresolv.so.2. Locking needs a limit that is high enough (ulimit -l).",
        .sensitivity =
            "GPU-PV: strong, each call crosses the VM bus, and memory becomes resident by way of the host. DDA: "
            "pinned and register, whose pages are mapped by the IOMMU.",
        .sources = "CUDA driver API, memory management; mlock(2), mmap(2).",
        .work = &work,
    };
}

}  // namespace passbench
