#include "guest/agent/sampling.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "harness/stats/order_statistic.hpp"

namespace passbench {
namespace {

// R3.2.
constexpr std::size_t min_warmup_samples = 3;
constexpr std::int64_t window_ns = 50'000'000;
constexpr std::int64_t min_window_samples = 8;
constexpr std::size_t windows = 3;
constexpr double steady_ratio = 1.02;

// R4.2.
constexpr std::size_t first_look = 30;
constexpr std::size_t max_samples = 2'000;
constexpr std::int64_t min_measure_ns = 200'000'000;
constexpr std::int64_t max_measure_ns = 10'000'000'000;
constexpr double wanted_half_width = 0.01;

// A batch is chosen a quarter longer than it must be, so that a clock that rises a little does not undo it.
constexpr std::int64_t batch_margin_percent = 125;

// Samples are taken in slices of about this time, so that a cap is never overrun by much.
constexpr std::int64_t slice_ns = 100'000'000;

std::int64_t sum_of(std::span<const std::int64_t> values) {
    return std::accumulate(values.begin(), values.end(), std::int64_t{0});
}

/// How many samples to take next: at most `wanted`, about one slice of time, within what is left to the cap, at least one.
std::size_t next_slice(std::size_t wanted, std::int64_t sample_ns, std::int64_t left_ns) {
    const std::int64_t fit = std::min(slice_ns, left_ns) / std::max<std::int64_t>(sample_ns, 1);
    return std::clamp<std::size_t>(static_cast<std::size_t>(std::max<std::int64_t>(fit, 1)), 1, wanted);
}

/// A warm-up in progress.
class WarmUp {
public:
    WarmUp(const WarmUpRules& rules, const TakeSamples& take) : rules_(rules), take_(take) {
        result_.samples.emplace_back();
    }

    Result<WarmedUp> run() {
        PASSBENCH_CHECK(double_up());
        PASSBENCH_CHECK(settle());
        return std::move(result_);
    }

private:
    [[nodiscard]] Samples& current() { return result_.samples.back(); }
    [[nodiscard]] bool capped() const { return result_.spent_ns >= rules_.cap_ns || taken_ >= rules_.most_samples; }

    /// Takes `count` samples, fewer where the cap comes first.
    Result<void> take(std::size_t count) {
        while (count > 0 && (!capped() || taken_ < min_warmup_samples)) {
            const std::size_t slice = next_slice(count, last_ns_, rules_.cap_ns - result_.spent_ns);
            std::vector<std::int64_t>& column = current().wall_ns;
            column.resize(column.size() + slice);
            const auto fresh = std::span(column).last(slice);
            PASSBENCH_CHECK(take_(fresh, result_.batch));
            result_.spent_ns += sum_of(fresh);
            last_ns_ = median_of(fresh);
            taken_ += slice;
            count -= slice;
        }
        return {};
    }

    /// 1, 2, 4, ... samples until the time is spent, the batch chosen anew after each doubling.
    Result<void> double_up() {
        for (std::size_t count = 1; result_.spent_ns < rules_.warmup_ns || taken_ < min_warmup_samples; count *= 2) {
            if ((capped() || taken_ >= rules_.most_samples / 2) && taken_ >= min_warmup_samples) break;
            PASSBENCH_CHECK(take(count));
            choose_batch();
        }
        return {};
    }

    void choose_batch() {
        const std::int64_t needed_ns = timer_margin * rules_.timer_resolution_ns;
        if (last_ns_ >= needed_ns || !rules_.may_batch) return;
        const std::int64_t one_ns_x100 = std::max<std::int64_t>(100 * last_ns_ / result_.batch, 1);
        result_.batch = needed_ns * batch_margin_percent / one_ns_x100 + 1;
        result_.samples.push_back({.batch = result_.batch, .wall_ns = {}});
        last_ns_ = needed_ns;
    }

    /// Goes on, a window at a time, until three windows in a row agree or the cap comes.
    Result<void> settle() {
        const std::int64_t one_ns = std::max<std::int64_t>(last_ns_, 1);
        const auto of_time = static_cast<std::size_t>(std::max(min_window_samples, (window_ns + one_ns - 1) / one_ns));
        const std::size_t window = std::min(of_time, std::max<std::size_t>(1, rules_.most_samples / (2 * windows)));
        const std::size_t have = current().wall_ns.size();
        if (have < windows * window) PASSBENCH_CHECK(take(windows * window - have));
        while (!(result_.steady = windows_agree(window)) && !capped()) PASSBENCH_CHECK(take(window));
        return {};
    }

    [[nodiscard]] bool windows_agree(std::size_t window) {
        const std::span<const std::int64_t> all = current().wall_ns;
        if (all.size() < windows * window) return false;
        const auto last = all.last(windows * window);
        std::int64_t low = median_of(last.first(window));
        std::int64_t high = low;
        for (std::size_t number = 1; number < windows; ++number) {
            const std::int64_t median = median_of(last.subspan(number * window, window));
            low = std::min(low, median);
            high = std::max(high, median);
        }
        return static_cast<double>(high) <= steady_ratio * static_cast<double>(low);
    }

    const WarmUpRules& rules_;
    const TakeSamples& take_;
    WarmedUp result_;
    std::int64_t last_ns_ = 0;  // the latest median of a slice
    std::size_t taken_ = 0;
};

/// Half the width of the 95 % interval of the median, as a share of it, is small enough.
bool precise(std::span<const std::int64_t> wall_ns) {
    std::vector<double> sorted(wall_ns.begin(), wall_ns.end());
    std::sort(sorted.begin(), sorted.end());
    const auto interval = quantile_interval(sorted, 0.5, 0.95);
    if (!interval) return false;
    const double median = sorted[(sorted.size() - 1) / 2];
    return (interval->hi - interval->lo) / 2 <= wanted_half_width * median;
}

}  // namespace

std::int64_t median_of(std::span<const std::int64_t> values) {
    assert(!values.empty());
    std::vector<std::int64_t> copy(values.begin(), values.end());
    const auto middle = copy.begin() + static_cast<std::ptrdiff_t>((copy.size() - 1) / 2);
    std::nth_element(copy.begin(), middle, copy.end());
    return *middle;
}

Result<WarmedUp> warm_up(const WarmUpRules& rules, const TakeSamples& take) { return WarmUp(rules, take).run(); }

Result<TakenSamples> measure_count(int iterations, std::int64_t batch, const TakeSamples& take) {
    TakenSamples measured{.wall_ns = std::vector<std::int64_t>(static_cast<std::size_t>(iterations)),
                          .stopped_by = "count"};
    PASSBENCH_CHECK(take(measured.wall_ns, batch));
    return measured;
}

Result<TakenSamples> measure_to_precision(std::int64_t batch, const TakeSamples& take) {
    std::vector<std::int64_t> column(max_samples);
    std::size_t taken = 0;
    std::int64_t spent_ns = 0;
    std::string_view stopped_by;
    for (std::size_t look = first_look; stopped_by.empty(); look = std::min(2 * look, max_samples)) {
        while (taken < look && spent_ns < max_measure_ns) {
            const std::int64_t one_ns = taken == 0 ? slice_ns : spent_ns / static_cast<std::int64_t>(taken);
            const std::size_t slice = next_slice(look - taken, one_ns, max_measure_ns - spent_ns);
            const auto fresh = std::span(column).subspan(taken, slice);
            PASSBENCH_CHECK(take(fresh, batch));
            spent_ns += sum_of(fresh);
            taken += slice;
        }
        if (spent_ns >= min_measure_ns && precise(std::span(column).first(taken))) {
            stopped_by = "precision";
        } else if (spent_ns >= max_measure_ns) {
            stopped_by = "time";
        } else if (taken == max_samples) {
            stopped_by = "samples";
        }
    }
    column.resize(taken);
    return TakenSamples{.wall_ns = std::move(column), .stopped_by = stopped_by};
}

}  // namespace passbench
