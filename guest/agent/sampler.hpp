// Takes the samples of one instance: wall times by the measuring loop, and where the work is done by a device, that device's own
// columns beside them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {

/// A column of samples.
struct Column {
    std::string_view name;
    std::vector<std::int64_t> values;
};

class Sampler {
public:
    explicit Sampler(WorkloadInstance& instance);

    /// Fills `wall_ns`, each value the time of `batch` iterations. Error: what the device says of them, or of its own columns.
    [[nodiscard]] Result<void> take(std::span<std::int64_t> wall_ns, std::int64_t batch);
    /// The same without the device's columns, which cost a second run of each sample: for a warm-up, whose time is limited.
    [[nodiscard]] Result<void> take_wall_alone(std::span<std::int64_t> wall_ns, std::int64_t batch);

    /// The device's columns of the `count` oldest samples of take() that were not handed over yet.
    [[nodiscard]] std::vector<Column> hand_over(std::size_t count);

private:
    [[nodiscard]] Result<std::int64_t> take_on_device(std::int64_t batch);
    void take_on_host(std::span<std::int64_t> wall_ns, std::int64_t batch);

    WorkloadInstance& instance_;
    std::vector<std::string_view> names_;
    std::vector<std::int64_t> rows_;  // one value for each name, sample after sample
    std::size_t handed_over_ = 0;     // rows
};

}  // namespace passbench
