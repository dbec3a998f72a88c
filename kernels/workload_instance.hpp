// A case made ready to run: what the agent and the Google Benchmark program both drive. Preparing allocates and fills inputs
// from the seed; iterate() is the timed body and nothing else; verify() compares all results with the reference. A case on a
// device also has columns of its own beside the wall time (R2.1).
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/catalogue/case.hpp"
#include "harness/catalogue/workload.hpp"
#include "harness/core/clock.hpp"
#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "harness/records/facts.hpp"

namespace passbench {

/// The limit that a value is compared with, measured or computed in the same trial. Kind `none`: there is no value here and
/// now, and the formula says why ("no limit: 3 MiB are under 4 x 32 MiB of last-level cache").
struct InstanceLimit {
    double value;  // in the unit of `metric`; of no meaning where kind is `none`
    LimitKind kind;
    std::string metric;   // bandwidth, flops; empty where kind is `none`
    std::string formula;  // with its numbers: "3.70 GHz x 32 FLOP/cycle x 2 threads"
};

/// There is no value here and now; `formula` says why: "no limit: ...".
[[nodiscard]] inline InstanceLimit no_limit(std::string formula) {
    return {.value = 0, .kind = LimitKind::none, .metric = "", .formula = std::move(formula)};
}

/// How the results of an instance are made up, for tests that plant faults in them.
struct ResultLayout {
    std::size_t element_bytes = sizeof(double);
    bool is_exact =
        true;  // any flipped bit is a fault; otherwise only what is beyond the bound that the catalogue states
};

/// Nanoseconds of a clock that only goes forward.
using WallClock = std::int64_t (*)();

class WorkloadInstance {
public:
    virtual ~WorkloadInstance() = default;
    WorkloadInstance() = default;
    WorkloadInstance(const WorkloadInstance&) = delete;
    WorkloadInstance& operator=(const WorkloadInstance&) = delete;

    /// One timed iteration: ops() operations.
    virtual void iterate() = 0;
    /// Operations an iteration; the work of one is Workload::work.
    [[nodiscard]] virtual std::int64_t ops() const = 0;
    /// Threads that do the work.
    [[nodiscard]] virtual int threads() const = 0;
    /// Instruction set of the timed body: sse2, avx2, avx512; libc where the C library chooses, x86-64 where it is plain code; sm_75 ... of a device.
    [[nodiscard]] virtual std::string isa() const = 0;
    /// Puts known inputs in, runs the work, compares every result (R1.2). Error `verify_failed` naming the first wrong element.
    /// Leaves the instance ready for timing.
    [[nodiscard]] virtual Result<void> verify() = 0;
    /// Brings what the last iteration left to where check_results() looks; nothing to do for what runs on the host.
    [[nodiscard]] virtual Result<void> fetch_results() { return {}; }
    /// The second half of verify(): compares the fetched results, so it may be asked again after timing.
    [[nodiscard]] virtual Result<void> check_results() const = 0;
    /// The writable bytes of the results that check_results() looks at: tests flip a bit here.
    [[nodiscard]] virtual std::span<std::byte> results() = 0;
    [[nodiscard]] virtual ResultLayout result_layout() const { return {}; }
    /// Measures or computes the limit now; nothing where the workload has none, with no error. To be called right after the
    /// timed iterations: clocks and memory are then in the state that they had.
    [[nodiscard]] virtual Result<std::optional<InstanceLimit>> limit() = 0;

    /// What else is to be told of this trial, asked after the timed iterations: "library" = "oneDNN 3.2.0", coverage of a memory
    /// test. Keys are those of results/README.md.
    [[nodiscard]] virtual Facts facts() const { return {}; }

    /// The clock of the wall time: the steady clock, but for a simulated device, whose time is virtual.
    [[nodiscard]] virtual WallClock wall_clock() const { return &steady_ns; }
    /// What does the work where it is not the CPU: "Tesla T4, sm_75, 40 SMs"; empty for the CPU.
    [[nodiscard]] virtual std::string device() const { return {}; }
    /// The card as NVML names it, "GPU-..."; empty for the CPU, and where the driver does not tell.
    [[nodiscard]] virtual std::string device_uuid() const { return {}; }
    /// What it has allocated of the card's memory now; 0 where it looks itself at what of it is on the card.
    [[nodiscard]] virtual std::int64_t device_memory_bytes() const { return 0; }
    /// What an iteration carries across the bus, where so much of it is carried by the copy engine from or to pinned memory that the
    /// bus alone bounds it; else 0.
    [[nodiscard]] virtual std::int64_t bus_bytes() const { return 0; }
    /// The device only looks like one (method and figures of such a case are marked wherever they appear).
    [[nodiscard]] virtual bool is_simulated() const { return false; }
    /// The columns of a sample beside wall_ns, such as device_ns.
    [[nodiscard]] virtual std::vector<std::string_view> device_columns() const { return {}; }
    /// Untimed, before each sample: brings the caches into the state that the case names (R2.2).
    [[nodiscard]] virtual Result<void> before_sample() { return {}; }
    /// Whether several iterations may make one sample; not where each needs before_sample() of its own.
    [[nodiscard]] virtual bool may_batch() const { return true; }
    /// Untimed, after each sample. Error: what the device said of the iterations, which do not stop to ask.
    [[nodiscard]] virtual Result<void> after_sample() { return {}; }
    /// Untimed, after each measured sample of `iterations`: one value for each of device_columns(). May repeat the iterations, for
    /// what an iteration would have to do to be timed by the device must not be in its wall time.
    [[nodiscard]] virtual Result<void> measure_on_device(std::int64_t /*iterations*/,
                                                         std::span<std::int64_t> /*values*/) {
        return {};
    }
};

/// Which CUDA driver a cuda case uses.
struct DriverChoice {
    std::string library = {};      // the stand-in's file; empty: the driver of this machine
    std::string passthrough = {};  // a word of gpu.passthrough: which rules its memory has; empty: looked up in /dev
    std::int64_t host_memory_bytes = 0;  // of the host behind this guest; 0: not known
    std::uint64_t seed = 0;              // the rest is for the stand-in: of its noise,
    double inject_host = 0;              // and planted slowdowns of what the host and what the device does; fractions
    double inject_device = 0;
};

/// What preparing may use.
struct InstanceContext {
    ThreadPool& pool;  // of all CPUs of the trial; a case on fewer threads uses its first ones
    std::uint64_t seed;
    DriverChoice driver = {};  // never loaded for a cpu case
    // Asked between the pieces of work that goes on for minutes; an error ends the work and is the trial's: too hot, ECC errors.
    // Empty: nothing ends it before its time.
    std::function<Result<void>()> may_go_on = {};
};

using PreparedCase = Result<std::unique_ptr<WorkloadInstance>>;

struct WorkloadForm {
    std::string_view workload;
    Form form;
    /// `parameters` are complete and valid (complete_parameters). Errors: `unsupported` (an instruction set that this CPU
    /// lacks, too few CPUs): the trial is skipped with its words; `out_of_memory` with the bytes it needed.
    PreparedCase (*prepare)(const Parameters& parameters, const InstanceContext& context);
};

/// nullptr where there is none.
[[nodiscard]] inline const WorkloadForm* find_form(std::span<const WorkloadForm> forms, std::string_view workload,
                                                   Form form) {
    const auto found = std::ranges::find_if(
        forms, [&](const WorkloadForm& each) { return each.workload == workload && each.form == form; });
    return found == forms.end() ? nullptr : &*found;
}

/// All (workload, form) pairs that this build can do; a test holds them equal to the catalogue.
[[nodiscard]] std::span<const WorkloadForm> workload_forms();
[[nodiscard]] const WorkloadForm* find_workload_form(std::string_view workload, Form form);

}  // namespace passbench
