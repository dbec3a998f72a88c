#include "harness/core/findings.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "harness/core/findings/rooms.hpp"

namespace passbench {

const std::vector<Finding>& findings() {
    static const std::vector<Finding> table = [] {
        std::vector<Finding> all;
        for (const auto room : {container_findings, dda_findings, eflow_findings, gpu_findings, gpupv_findings,
                                host_findings, ssh_findings, wsl_findings}) {
            const std::vector<Finding> rows = room();
            all.insert(all.end(), rows.begin(), rows.end());
        }
        return all;
    }();
    return table;
}

const Finding* find_finding(std::string_view name) {
    const auto& all = findings();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Finding& each) { return each.name == name; });
    return found == all.end() ? nullptr : &*found;
}

Error catalogued_error(ErrorCode code, std::string what, std::string_view finding) {
    const Finding* known = find_finding(finding);
    assert(known != nullptr);
    return {.code = code,
            .what = std::move(what),
            .where = {},
            .fix = std::string(known->cure),
            .trail = {},
            .finding = std::string(known->name)};
}

}  // namespace passbench
