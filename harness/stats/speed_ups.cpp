#include "harness/stats/speed_ups.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "harness/catalogue/workload.hpp"
#include "harness/core/units.hpp"
#include "harness/stats/hodges_lehmann.hpp"
#include "harness/stats/order_statistic.hpp"
#include "harness/stats/rank_distribution.hpp"
#include "harness/stats/value_index.hpp"

namespace passbench {
namespace {

bool of_both_forms(const Parameter& parameter) { return parameter.forms.size() > 1; }

bool does_the_same(const Workload& workload, const PlannedCase& cuda, const PlannedCase& cpu) {
    if (cpu.load || cpu.form != Form::cpu || cpu.workload != cuda.workload || cpu.work != cuda.work) return false;
    return std::ranges::all_of(workload.parameters, [&](const Parameter& parameter) {
        if (!of_both_forms(parameter)) return true;
        const auto ours = cuda.parameters.find(parameter.name);
        const auto theirs = cpu.parameters.find(parameter.name);
        return ours != cuda.parameters.end() && theirs != cpu.parameters.end() && ours->second == theirs->second;
    });
}

std::vector<const PlannedCase*> rivals_of(const Plan& plan, const PlannedCase& cuda) {
    std::vector<const PlannedCase*> rivals;
    const Workload* const workload = find_workload(cuda.workload);
    if (workload == nullptr || !workload->has_speed_up || cuda.load) return rivals;
    for (const PlannedCase& planned : plan.cases) {
        if (does_the_same(*workload, cuda, planned)) rivals.push_back(&planned);
    }
    return rivals;
}

double middle_of(const ValuesOfBlocks& values) {
    std::vector<double> all;
    all.reserve(values.size());
    for (const auto& [block, value] : values) all.push_back(value);
    return median(std::move(all)).value_or(std::numeric_limits<double>::infinity());
}

/// ln of how many times as long the CPU takes, of each block that has all three; none where the device's time has no value.
std::vector<double> log_ratios(const ValuesOfBlocks& cpu, const ValuesOfBlocks& device,
                               const ValuesOfBlocks* transfers) {
    std::vector<double> ratios;
    for (const auto& [block, cpu_ns] : cpu) {
        const auto ours = device.find(block);
        if (ours == device.end()) continue;
        double device_ns = ours->second;
        if (transfers != nullptr) {
            const auto beside = transfers->find(block);
            if (beside == transfers->end()) continue;
            device_ns += beside->second;
        }
        if (cpu_ns > 0 && device_ns > 0) ratios.push_back(std::log(cpu_ns / device_ns));
    }
    return ratios;
}

FitNumber number_of(std::string name, const std::vector<double>& ratios, double confidence) {
    FitNumber number{.name = std::move(name)};
    const auto value = hodges_lehmann_paired(ratios);
    if (!value) {
        number.why = ratios.empty() ? "no block has a value of both forms" : value.error().what;
        return number;
    }
    number.value = std::exp(*value);
    if (const auto interval = hodges_lehmann_paired_interval(ratios, confidence)) {
        number.lo = std::exp(interval->lo);
        number.hi = std::exp(interval->hi);
        number.confidence = interval->confidence;
    } else {
        number.why = counted(ratios.size(), "block") + " measured; an interval needs " +
                     std::to_string(smallest_signed_rank_sample((1 - confidence) / 2));
    }
    return number;
}

SpeedUp speed_up_of(const PlannedCase& cuda, const std::vector<const PlannedCase*>& rivals, const std::string& arm,
                    const ValueIndex& index, double confidence) {
    SpeedUp speed_up;
    speed_up.case_name = cuda.name;
    speed_up.arm = arm;
    const ValuesOfBlocks& device = index.find(cuda.name, arm, "wall");
    const ValuesOfBlocks* best = nullptr;
    for (const PlannedCase* rival : rivals) {
        const ValuesOfBlocks& values = index.find(rival->name, arm, "wall");
        if (values.empty()) continue;
        ++speed_up.cpu_cases;
        if (best != nullptr && middle_of(values) >= middle_of(*best)) continue;
        best = &values;
        speed_up.cpu_case = rival->name;
    }
    if (best == nullptr || device.empty()) {
        speed_up.cpu_case.clear();
        speed_up.why = device.empty() ? "the cuda case has no value" : "no cpu case of the same work has a value";
        return speed_up;
    }
    const std::vector<double> alone = log_ratios(*best, device, nullptr);
    speed_up.blocks = static_cast<int>(alone.size());
    speed_up.numbers.push_back(number_of("alone", alone, confidence));
    const ValuesOfBlocks& transfers = index.find(cuda.name, arm, "transfers");
    if (!transfers.empty()) {
        speed_up.numbers.push_back(number_of("with_transfers", log_ratios(*best, device, &transfers), confidence));
    }
    return speed_up;
}

}  // namespace

std::vector<SpeedUp> find_speed_ups(const Plan& plan, const std::vector<BlockValue>& values, double confidence) {
    const ValueIndex index(values);
    std::vector<SpeedUp> speed_ups;
    for (const PlannedCase& planned : plan.cases) {
        if (planned.form != Form::cuda) continue;
        const std::vector<const PlannedCase*> rivals = rivals_of(plan, planned);
        if (rivals.empty()) continue;
        for (const std::string& arm : plan.arms) {
            speed_ups.push_back(speed_up_of(planned, rivals, arm, index, confidence));
        }
    }
    return speed_ups;
}

}  // namespace passbench
