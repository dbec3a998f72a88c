#include "host/survey/rules.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "host/survey/host_keys.hpp"
#include "host/survey/mmio.hpp"

namespace passbench {

namespace {

constexpr std::int64_t workstation = 1;  // ProductType; 2 and 3 are servers
constexpr std::int64_t first_windows_11 = 22000;

// A rule that rests on nothing but the card or the host comes first: it closes the cell. Then what the host lacks, then the card's
// state and driver, then what is only to be known.
constexpr std::array native_windows_rules = {&rule::nvidia_card,     &rule::given_away, &rule::dismounted,
                                             &rule::disabled_device, &rule::driver,     &rule::problem,
                                             &rule::nested_native};
constexpr std::array dda_rules = {
    &rule::nvidia_card, &rule::nested,       &rule::dda_server, &rule::complete_survey,  &rule::elevated,
    &rule::features,    &rule::services,     &rule::dda_iov,    &rule::dda_iommu_policy, &rule::given_away,
    &rule::dismounted,  &rule::only_display, &rule::dda_survey, &rule::dda_mmio,         &rule::dda_mitigation,
    &rule::display,     &rule::siblings,     &rule::dda_vm};
constexpr std::array gpupv_rules = {
    &rule::nvidia_card, &rule::nested,          &rule::tesla,      &rule::linux_guests, &rule::complete_survey,
    &rule::elevated,    &rule::features,        &rule::services,   &rule::policy,       &rule::given_away,
    &rule::dismounted,  &rule::disabled_device, &rule::driver,     &rule::problem,      &rule::tcc,
    &rule::wsl_driver,  &rule::partitionable,   &rule::chosen_gpu, &rule::memory,       &rule::gpupv_mmio_space,
    &rule::gpupv_vm};
constexpr std::array eflow_dda_rules = {
    &rule::nvidia_card,     &rule::nested,         &rule::eflow_table,     &rule::complete_survey,
    &rule::eflow_installed, &rule::eflow_release,  &rule::eflow_hns,       &rule::elevated,
    &rule::features,        &rule::services,       &rule::dda_iov,         &rule::dda_iommu_policy,
    &rule::given_away,      &rule::dismounted,     &rule::disabled_device, &rule::only_display,
    &rule::dda_survey,      &rule::dda_mitigation, &rule::display,         &rule::eflow_support};
constexpr std::array eflow_gpupv_rules = {
    &rule::nvidia_card,     &rule::nested,        &rule::eflow_client, &rule::eflow_table, &rule::complete_survey,
    &rule::eflow_installed, &rule::eflow_release, &rule::eflow_hns,    &rule::eflow_wsl,   &rule::elevated,
    &rule::features,        &rule::services,      &rule::given_away,   &rule::dismounted,  &rule::disabled_device,
    &rule::driver,          &rule::problem,       &rule::tcc,          &rule::wsl_driver,  &rule::memory,
    &rule::eflow_support};
constexpr std::array wsl_rules = {
    &rule::nvidia_card,     &rule::nested,        &rule::tesla,           &rule::linux_guests,
    &rule::complete_survey, &rule::wsl_installed, &rule::features,        &rule::services,
    &rule::given_away,      &rule::dismounted,    &rule::disabled_device, &rule::driver,
    &rule::problem,         &rule::tcc,           &rule::wsl_driver,      &rule::memory};

}  // namespace

std::span<const MethodRule* const> rules_of(Method method) {
    switch (method) {
        case Method::native_windows:
            return native_windows_rules;
        case Method::dda:
            return dda_rules;
        case Method::gpupv:
            return gpupv_rules;
        case Method::eflow_dda:
            return eflow_dda_rules;
        case Method::eflow_gpupv:
            return eflow_gpupv_rules;
        case Method::wsl:
            return wsl_rules;
    }
    return {};
}

std::string Inspection::card() const { return fact_text(gpu, device_key::name).value_or("the card"); }

bool Inspection::is_server() const {
    return fact_int(host, host_key::product_type).value_or(workstation) != workstation;
}

std::int64_t Inspection::build() const { return fact_int(host, host_key::build).value_or(0); }

bool Inspection::is_before_windows_11() const { return !is_server() && build() < first_windows_11; }

std::string Inspection::windows() const {
    const auto ubr = fact_int(host, host_key::ubr);
    return fmt::format("{}, build {}{}", fact_text(host, host_key::caption).value_or("Windows"), build(),
                       ubr ? fmt::format(".{}", *ubr) : std::string());
}

std::int64_t Inspection::lowest_high_mmio_base() const {
    std::int64_t lowest = default_high_mmio_base;
    for (const auto& [resource, vm] : facts) {
        if (!resource.starts_with(vm_prefix)) continue;
        lowest = std::min(lowest, fact_int(vm, vm_key::high_mmio_base).value_or(default_high_mmio_base));
    }
    return lowest;
}

}  // namespace passbench
