#include "harness/plan/expand.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include <fmt/core.h>

#include "harness/catalogue/workload.hpp"

namespace passbench {

namespace {

constexpr std::int64_t small_bytes = 1 << 20;

std::size_t saturating_product(std::size_t a, std::size_t b) {
    std::size_t product = 0;
    return __builtin_mul_overflow(a, b, &product) ? std::numeric_limits<std::size_t>::max() : product;
}

std::size_t count_of(const ScenarioCase& table) {
    std::size_t count = table.forms.size();
    for (const auto& [name, values] : table.axes) count = saturating_product(count, values.size());
    return count;
}

Error too_many(const Scenario& scenario, std::size_t count) {
    const ScenarioCase& largest =
        *std::ranges::max_element(scenario.cases, {}, [](const ScenarioCase& table) { return count_of(table); });
    const auto longest =
        std::ranges::max_element(largest.axes, {}, [](const auto& axis) { return axis.second.size(); });
    const std::string axis = longest == largest.axes.end()
                                 ? ""
                                 : fmt::format(" The axis '{}' has {} values.", longest->first, longest->second.size());
    return {.code = ErrorCode::scenario,
            .what = fmt::format("this scenario expands to {} cases, more than {}", count, max_expanded_cases),
            .where = largest.where,
            .fix = fmt::format("This table makes {} of them.{} Give its axes fewer values.", count_of(largest), axis)};
}

/// The combination with this index; the last axis by name runs fastest.
Parameters combination(const ScenarioCase& table, std::size_t index) {
    Parameters parameters;
    for (auto axis = table.axes.rbegin(); axis != table.axes.rend(); ++axis) {
        const auto& [name, values] = *axis;
        parameters.emplace(name, values[index % values.size()]);
        index /= values.size();
    }
    return parameters;
}

std::vector<Gate> gates_of(const ScenarioCase& table, Form form) {
    std::vector<Gate> gates;
    for (const ScenarioCase::FormGate& gate : table.gates) {
        if (gate.form == form) gates.push_back(gate.gate);
    }
    return gates;
}

/// The largest value of a parameter at scale small, where it has one: the catalogue's, or of sizes 1 MiB or the smallest allowed.
std::optional<std::int64_t> largest_small(const Parameter& parameter) {
    if (parameter.small) return parameter.small;
    if (parameter.unit == "B") return std::max(small_bytes, parameter.low);
    return std::nullopt;
}

Parameters made_small(const Workload& workload, Parameters parameters) {
    for (const Parameter& parameter : workload.parameters) {
        const auto found = parameters.find(parameter.name);
        const auto largest = largest_small(parameter);
        if (found == parameters.end() || !largest) continue;
        if (auto* number = std::get_if<std::int64_t>(&found->second)) {
            *number = std::min(*number, *largest);
        } else if (parameter.small) {
            found->second = *parameter.small;  // a word beside sizes stands for as much as there is
        }
    }
    return parameters;
}

/// Collects cases, each name once.
class CaseList {
public:
    CaseList(Scale scale, const std::vector<Load>& loads) : scale_(scale), loads_(loads) {}

    [[nodiscard]] Result<void> add(const ScenarioCase& table, const Workload& workload, Form form,
                                   const Parameters& given) {
        PASSBENCH_TRY(const Parameters complete, complete_parameters(workload, form, given));
        const std::string full_name = case_name(workload.name, form, complete);
        const auto [named, is_new] = named_by_.try_emplace(full_name, &table);
        if (named->second != &table) {
            return fail({.code = ErrorCode::scenario,
                         .what = "the case " + full_name + " is named twice",
                         .where = table.where,
                         .fix = "The table at " + named->second->where + " names it too; take it out of one of them."});
        }
        if (is_new) keep(table, workload, form, scale_ == Scale::small ? made_small(workload, complete) : complete);
        return {};
    }

    [[nodiscard]] std::vector<PlannedCase> take() && { return std::move(cases_); }

private:
    /// The case alone, and beside each load.
    void keep(const ScenarioCase& table, const Workload& workload, Form form, const Parameters& parameters) {
        PlannedCase planned{.name = case_name(workload.name, form, parameters),
                            .workload = std::string(workload.name),
                            .workload_version = workload.version,
                            .form = form,
                            .parameters = parameters,
                            .work = workload.work(parameters),
                            .gates = gates_of(table, form)};
        // At scale small two sizes may have become one.
        if (!kept_.insert(planned.name).second) return;
        cases_.push_back(planned);
        planned.gates.clear();
        for (const Load& load : loads_) {
            planned.name = case_name(workload.name, form, with_load(parameters, load));
            planned.load = load;
            cases_.push_back(planned);
        }
    }

    Scale scale_;
    const std::vector<Load>& loads_;
    std::vector<PlannedCase> cases_;
    std::unordered_set<std::string> kept_;
    std::unordered_map<std::string, const ScenarioCase*> named_by_;
};

}  // namespace

std::size_t count_combinations(const Scenario& scenario) {
    std::size_t sum = 0;
    for (const ScenarioCase& table : scenario.cases) {
        if (__builtin_add_overflow(sum, count_of(table), &sum)) return std::numeric_limits<std::size_t>::max();
    }
    return saturating_product(sum, 1 + scenario.loads.size());
}

Result<std::vector<PlannedCase>> expand_cases(const Scenario& scenario, Scale scale) {
    const std::size_t count = count_combinations(scenario);
    if (count > max_expanded_cases) return fail(too_many(scenario, count));

    CaseList list(scale, scenario.loads);
    for (const ScenarioCase& table : scenario.cases) {
        const Workload* workload = find_workload(table.workload);
        if (workload == nullptr) {
            return fail({.code = ErrorCode::scenario,
                         .what = "unknown workload '" + table.workload + "'",
                         .where = table.where,
                         .fix = "`passbench help workloads` lists what there is."});
        }
        const std::size_t combinations = count_of(table) / std::max<std::size_t>(1, table.forms.size());
        for (const Form form : table.forms) {
            for (std::size_t index = 0; index < combinations; ++index) {
                PASSBENCH_CHECK(list.add(table, *workload, form, combination(table, index)));
            }
        }
    }
    return std::move(list).take();
}

}  // namespace passbench
