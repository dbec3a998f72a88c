#include "guest/agent/sampler.hpp"

#include <cassert>

#include "guest/agent/measure_loop.hpp"

namespace passbench {

Sampler::Sampler(WorkloadInstance& instance) : instance_(instance), names_(instance.device_columns()) {}

Result<void> Sampler::take(std::span<std::int64_t> wall_ns, std::int64_t batch) {
    if (!names_.empty()) return take_on_device(wall_ns, batch);
    const auto body = [this] { instance_.iterate(); };
    if (batch == 1) {
        measure_into<SteadyClock>(wall_ns, body);
    } else {
        measure_batches_into<SteadyClock>(wall_ns, batch, body);
    }
    return {};
}

Result<void> Sampler::take_on_device(std::span<std::int64_t> wall_ns, std::int64_t batch) {
    const WallClock now = instance_.wall_clock();
    for (std::int64_t& value : wall_ns) {
        PASSBENCH_CHECK(instance_.before_sample());
        const std::int64_t begin = now();
        for (std::int64_t call = 0; call < batch; ++call) instance_.iterate();
        value = now() - begin;
        rows_.resize(rows_.size() + names_.size());
        PASSBENCH_CHECK(instance_.after_sample(batch, std::span(rows_).last(names_.size())));
    }
    return {};
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
