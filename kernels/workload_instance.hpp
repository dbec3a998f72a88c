// A case made ready to run: what the agent and the Google Benchmark program both drive. Preparing allocates and fills inputs
// from the seed; iterate() is the timed body and nothing else; verify() compares all results with the reference.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/catalogue/case.hpp"
#include "harness/catalogue/workload.hpp"
#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"

namespace passbench {

/// The limit that a value is compared with, measured or computed in the same trial. Kind `none`: there is no value here and
/// now, and the formula says why ("no limit: 3 MiB are under 4 x 32 MiB of last-level cache").
struct InstanceLimit {
    double value;  // in the unit of `metric`; of no meaning where kind is `none`
    LimitKind kind;
    std::string metric;   // bandwidth, flops; empty where kind is `none`
    std::string formula;  // with its numbers: "3.70 GHz x 32 FLOP/cycle x 2 threads"
};

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
    /// Instruction set of the timed body: sse2, avx2, avx512; libc where the C library chooses, x86-64 where it is plain code.
    [[nodiscard]] virtual std::string isa() const = 0;
    /// Puts known inputs in, runs the work, compares every result (R1.2). Error `verify_failed` naming the first wrong element.
    /// Leaves the instance ready for timing.
    [[nodiscard]] virtual Result<void> verify() = 0;
    /// The second half of verify(): compares what the last iteration left, so it may be asked again after timing.
    [[nodiscard]] virtual Result<void> check_results() const = 0;
    /// The writable bytes of the results that check_results() looks at: tests flip a bit here.
    [[nodiscard]] virtual std::span<std::byte> results() = 0;
    /// Measures or computes the limit now; nothing where the workload has none, with no error. To be called right after the
    /// timed iterations: clocks and memory are then in the state that they had.
    [[nodiscard]] virtual Result<std::optional<InstanceLimit>> limit() = 0;
};

/// What preparing may use.
struct InstanceContext {
    ThreadPool& pool;  // of all CPUs of the trial; a case on fewer threads uses its first ones
    std::uint64_t seed;
};

struct WorkloadForm {
    std::string_view workload;
    Form form;
    /// `parameters` are complete and valid (complete_parameters). Errors: `unsupported` (an instruction set that this CPU
    /// lacks, too few CPUs): the trial is skipped with its words; `out_of_memory` with the bytes it needed.
    Result<std::unique_ptr<WorkloadInstance>> (*prepare)(const Parameters& parameters, const InstanceContext& context);
};

/// All (workload, form) pairs that this build can do; a test holds them equal to the catalogue.
[[nodiscard]] std::span<const WorkloadForm> workload_forms();
[[nodiscard]] const WorkloadForm* find_workload_form(std::string_view workload, Form form);

}  // namespace passbench
