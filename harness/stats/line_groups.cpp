#include "harness/stats/line_groups.hpp"

#include <utility>

#include "harness/stats/fits.hpp"
#include "harness/stats/tails.hpp"

namespace passbench {
namespace {

std::vector<LineGroup> groups_of_parameters(const Plan& plan) {
    std::vector<LineGroup> groups;
    std::map<std::string, std::size_t> places;
    for (const PlannedCase& planned : plan.cases) {
        const Workload* workload = find_workload(planned.workload);
        if (workload == nullptr || !workload->line) continue;
        const LineFit& line = *workload->line;
        const auto value = planned.parameters.find(line.parameter);
        const Parameter* parameter = find_parameter(*workload, line.parameter);
        if (value == planned.parameters.end() || parameter == nullptr) continue;
        const auto* x = std::get_if<std::int64_t>(&value->second);
        if (x == nullptr) continue;
        std::string name = name_without(planned, line.parameter);
        const auto [place, is_new] = places.emplace(name, groups.size());
        if (is_new) {
            groups.push_back({.name = std::move(name),
                              .model = line.model,
                              .parameter = std::string(line.parameter),
                              .metric = std::string(line.metric),
                              .unit = std::string(parameter->unit),
                              .cases = {}});
        }
        groups[place->second].cases.emplace(*x, &planned);
    }
    std::erase_if(groups, [](const LineGroup& group) { return group.cases.size() < 2; });
    return groups;
}

std::vector<LineGroup> groups_of_loads(const Plan& plan) {
    std::map<std::string_view, const PlannedCase*> alone;
    for (const PlannedCase& planned : plan.cases) {
        if (!planned.load) alone.emplace(planned.name, &planned);
    }
    std::vector<LineGroup> groups;
    std::map<std::pair<std::string, std::string>, std::size_t> places;
    for (const PlannedCase& planned : plan.cases) {
        if (!planned.load) continue;
        const std::string parameter = load_key(planned.load->kind);
        const std::string name = name_without(planned, parameter);
        const auto base = alone.find(name);
        if (base == alone.end()) continue;
        const auto [place, is_new] = places.emplace(std::pair(parameter, name), groups.size());
        if (is_new) {
            groups.push_back({.name = name,
                              .model = LineModel::a_plus_b,
                              .parameter = parameter,
                              .metric = "wall",
                              .unit = {},
                              .cases = {{0, base->second}}});
        }
        groups[place->second].cases.emplace(planned.load->level, &planned);
    }
    return groups;
}

}  // namespace

std::vector<LineGroup> line_groups(const Plan& plan) {
    std::vector<LineGroup> groups = groups_of_parameters(plan);
    for (LineGroup& of_load : groups_of_loads(plan)) {
        groups.push_back(of_load);
        of_load.metric = tail_metric;
        groups.push_back(std::move(of_load));
    }
    return groups;
}

}  // namespace passbench
