#include "harness/stats/host_times.hpp"

#include <algorithm>
#include <utility>

#include "harness/stats/order_statistic.hpp"

namespace passbench {

namespace {

/// What one set took in each lease.
struct Series {
    std::string what;
    std::vector<double> ns = {};
};

/// In the order of the first lease that did it. A lease may do the same twice (off, on, off): that is its sum.
class Sets {
public:
    void add(const std::vector<HostSet>& sets) {
        std::vector<HostSet> of_lease = {HostSet{}};  // first all together
        for (const HostSet& set : sets) {
            of_lease.front().spent_ns += set.spent_ns;
            const auto found = std::find_if(of_lease.begin() + 1, of_lease.end(),
                                            [&](const HostSet& earlier) { return earlier.what == set.what; });
            if (found == of_lease.end()) {
                of_lease.push_back(set);
            } else {
                found->spent_ns += set.spent_ns;
            }
        }
        for (const HostSet& set : of_lease) series_of(set.what).ns.push_back(static_cast<double>(set.spent_ns));
    }
    [[nodiscard]] const std::vector<Series>& all() const { return series_; }

private:
    Series& series_of(const std::string& what) {
        const auto found = std::ranges::find(series_, what, &Series::what);
        return found != series_.end() ? *found : series_.emplace_back(Series{.what = what});
    }

    std::vector<Series> series_;
};

HostTime time_of(Series series, double confidence) {
    HostTime time = {.what = std::move(series.what), .leases = static_cast<int>(series.ns.size())};
    std::ranges::sort(series.ns);
    if (const auto interval = quantile_interval(series.ns, 0.5, confidence)) {
        time.lo_ns = interval->lo;
        time.hi_ns = interval->hi;
        time.confidence = interval->confidence;
    }
    time.median_ns = median(std::move(series.ns)).value_or(0);
    return time;
}

}  // namespace

std::vector<HostTime> host_times(const std::vector<Event>& events, const std::vector<std::string>& arms,
                                 double confidence) {
    std::vector<HostTime> times;
    for (const std::string& arm : arms) {
        for (const std::string_view kind : {host_event::prepared, host_event::given_back}) {
            Sets sets;
            bool simulated = false;
            for (const Event& event : events) {
                if (event.kind != kind || event.arm != arm) continue;
                sets.add(host_sets_of(event.facts));
                simulated = simulated || is_simulated_host_time(event.facts);
            }
            for (const Series& series : sets.all()) {
                times.push_back(time_of(series, confidence));
                times.back().arm = arm;
                times.back().event = kind;
                times.back().simulated = simulated;
            }
        }
    }
    return times;
}

}  // namespace passbench
