// What the comparisons of passbench-ratios share: the ratios that they come to, each with the goal that it is held against, and the
// case of the catalogue made ready to run. A comparison is a file of this folder; ratios are measured side by side in one process,
// never from two runs.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/bench/compare.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {

/// How many times as good as a rival one of our forms is.
struct Ratio {
    std::string workload;  // of the catalogue
    std::string what;      // "triad, 2 threads: own nontemporal / BabelStream-style"
    double value;
    std::optional<double> at_least;  // the goal, where there is one
};

/// Prints as it goes, and keeps the ratios.
class RatioReport {
public:
    /// A line of its own, then the rates of these ways for so much work each.
    void title(std::string_view text) const;
    void rates(std::span<const TimedWay> ways, double work, std::string_view unit) const;
    void line(std::string_view text) const;
    void add(Ratio ratio);
    [[nodiscard]] const std::vector<Ratio>& ratios() const { return ratios_; }

private:
    std::vector<Ratio> ratios_;
};

inline constexpr int ratio_rounds = 31;
inline constexpr std::uint64_t ratio_seed = 1;

/// A case of the catalogue in its cpu form, verified; parameters that are not given have their default.
[[nodiscard]] Result<std::unique_ptr<WorkloadInstance>> prepare_verified(const std::string& workload,
                                                                         const Parameters& given, ThreadPool& pool);

/// One name that passbench-ratios takes.
struct NamedComparison {
    std::string_view name;
    Result<void> (*run)(ThreadPool& pool, RatioReport& report);
};

// A function for each file of the folder. The CPU has AVX2.
[[nodiscard]] Result<void> compare_triads(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_fma(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_gemm(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_copies(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_duplex(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_chases(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_reads(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_dispatch(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_images(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_roofline(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_ffts(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_graphs(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_events(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_control_path(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_integers(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_sorts(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_sparse(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_managed(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_memtest(ThreadPool& pool, RatioReport& report);
[[nodiscard]] Result<void> compare_burn(ThreadPool& pool, RatioReport& report);

}  // namespace passbench
