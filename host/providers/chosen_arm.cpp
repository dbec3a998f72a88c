#include "host/providers/chosen_arm.hpp"

#include <algorithm>
#include <utility>

#include "host/providers/hyperv_steps.hpp"
#include "host/providers/method_check.hpp"
#include "host/survey/choose.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {
namespace {

/// The rows of the cards that are meant: all of them where nobody says which.
Result<MethodTable> rows_of(const HostFacts& host, const std::string& gpu) {
    MethodTable table = method_table(host, this_day());
    if (gpu.empty()) return table;
    PASSBENCH_TRY(const std::string card, find_card(host, gpu));
    std::erase_if(table, [&](const GpuRow& row) { return row.location != location_of(card); });
    return table;
}

std::string provider_of(Method method) {
    const std::string name(to_string(method));
    return method == Method::dda || method == Method::gpupv ? "hyperv_" + name : name;
}

}  // namespace

bool is_left_open(const ArmBinding& binding) {
    return binding.provider == auto_provider || binding.provider == native_provider;
}

Result<ChosenArm> choose_arm(const ArmBinding& binding, const HostFacts& host, const MachineDemand& machine) {
    PASSBENCH_TRY(const MethodTable rows, rows_of(host, binding.gpu.empty() ? machine.gpu.value_or("") : binding.gpu));
    PASSBENCH_TRY(Choice choice, binding.provider == auto_provider ? choose_auto(rows) : choose_native(rows));
    ChosenArm chosen{.binding = binding, .why = std::move(choice.why)};
    chosen.binding.provider = provider_of(choice.method);
    chosen.binding.gpu = std::move(choice.location);
    return chosen;
}

}  // namespace passbench
