#include "guest/agent/sampler.hpp"

#include <cassert>

#include "guest/agent/measure_loop.hpp"

namespace passbench {

Sampler::Sampler(WorkloadInstance& instance) : instance_(instance), names_(instance.device_columns()) {}

Result<void> Sampler::take(std::span<std::int64_t> wall_ns, std::int64_t batch) {
    if (names_.empty()) {
        take_on_host(wall_ns, batch);
        return {};
    }
    for (std::int64_t& value : wall_ns) {
        PASSBENCH_TRY(value, take_on_device(batch));
        rows_.resize(rows_.size() + names_.size());
        PASSBENCH_CHECK(instance_.measure_on_device(batch, std::span(rows_).last(names_.size())));
    }
    return {};
}

Result<void> Sampler::take_wall_alone(std::span<std::int64_t> wall_ns, std::int64_t batch) {
    if (names_.empty()) {
        take_on_host(wall_ns, batch);
        return {};
    }
    for (std::int64_t& value : wall_ns) {
        PASSBENCH_TRY(value, take_on_device(batch));
    }
    return {};
}

Result<std::int64_t> Sampler::take_on_device(std::int64_t batch) {
    const WallClock now = instance_.wall_clock();
    PASSBENCH_CHECK(instance_.before_sample());
    const std::int64_t begin = now();
    for (std::int64_t call = 0; call < batch; ++call) instance_.iterate();
    const std::int64_t wall_ns = now() - begin;
    PASSBENCH_CHECK(instance_.after_sample());
    return wall_ns;
}

void Sampler::take_on_host(std::span<std::int64_t> wall_ns, std::int64_t batch) {
    const auto body = [this] { instance_.iterate(); };
    if (batch == 1) {
        measure_into<SteadyClock>(wall_ns, body);
    } else {
        measure_batches_into<SteadyClock>(wall_ns, batch, body);
    }
}

std::vector<Column> Sampler::hand_over(std::size_t count) {
    std::vector<Column> columns;
    for (std::size_t place = 0; place < names_.size(); ++place) {
        Column column{.name = names_[place], .values = {}};
        column.values.reserve(count);
        for (std::size_t row = handed_over_; row < handed_over_ + count; ++row) {
            assert((row + 1) * names_.size() <= rows_.size());
            column.values.push_back(rows_[row * names_.size() + place]);
        }
        columns.push_back(std::move(column));
    }
    handed_over_ += count;
    return columns;
}

}  // namespace passbench
