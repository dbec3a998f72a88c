// The catalogue's cases as benchmarks of Google Benchmark: the same prepared instances as the agent runs, timed by hand and
// under their canonical names. For people who write kernels; nothing measured here enters a run directory (R2.5).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernels/workload_instance.hpp"

namespace passbench {

/// A case and what prepares it.
struct BenchCase {
    const WorkloadForm* form;
    Parameters parameters;  // complete
    Work work;              // of one operation
};

/// The canonical name.
[[nodiscard]] std::string name_of(const BenchCase& what);

/// What is registered without being asked for: each workload at the sizes, instruction sets and thread counts that tell
/// something.
[[nodiscard]] std::vector<BenchCase> default_cases();

/// Registers cases with Google Benchmark and holds what their bodies share; outlives the benchmarks. At most one instance is
/// alive: benchmarks run one after another, and each may need much of the memory.
class CaseRegistry {
public:
    explicit CaseRegistry(ThreadPool& pool) : pool_(pool) {}

    /// When the benchmark runs, the instance is prepared and verified before the first timed iteration, once for all calls of
    /// the body; a failure is an error of the benchmark, never a time. Counters: seconds_per_op, and bandwidth (bytes a
    /// second) and flops where the case has such work.
    void add(const BenchCase& what);

private:
    void prepare(const std::string& name, const BenchCase& what);

    ThreadPool& pool_;
    std::string current_;  // the case that is prepared
    std::unique_ptr<WorkloadInstance> instance_;
    std::string error_;  // why there is no instance
};

}  // namespace passbench
