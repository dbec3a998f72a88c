#include "host/simulated/eflow_rules.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include <fmt/core.h>

#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench::rules {
namespace {

constexpr std::string_view whole = "DirectDeviceAssignment";
constexpr std::string_view shared = "ParaVirtualization";
constexpr std::int64_t client = 1;

const Facts& of_resource(const SimulatedState& state, std::string_view resource) {
    static const Facts none;
    const auto found = state.facts.find(std::string(resource));
    return found == state.facts.end() ? none : found->second;
}

std::string of_host(const SimulatedState& state, std::string_view key) {
    return shown_fact(of_resource(state, host_resource), key);
}

FunctionError said_by_module(std::string message) {
    return {.message = std::move(message), .id = "OperationFailed", .category = "OperationStopped"};
}

bool is_deployed(const SimulatedState& state) {
    return shown_fact(of_resource(state, eflow_resource), eflow_key::deployment) == "deployed";
}

/// "8.6" against 8.6: major and minor.
bool is_version_from(const std::string& version, int major, int minor) {
    char* end = nullptr;
    const auto first = std::strtol(version.c_str(), &end, 10);
    const auto second = *end == '.' ? std::strtol(end + 1, nullptr, 10) : 0;
    return first > major || (first == major && second >= minor);
}

/// E6: without its agent the module knows no machine.
Refusal ask_agent(const SimulatedState& state) {
    if (of_host(state, "service.wssdagent") == "running") return {};
    return said_by_module("Virtual machine name could not be retrieved from wssdagent");
}

Refusal find_vm(const SimulatedState& state) {
    if (auto refusal = ask_agent(state)) return refusal;
    if (is_deployed(state)) return {};
    return said_by_module("Virtual machine name could not be retrieved from wssdagent");  // 1.6
}

/// 1.3, where the ranges stand.
Refusal check_size(const SimulatedState& state, const EflowArguments& arguments) {
    constexpr std::int64_t least_mb = 1024;
    constexpr std::int64_t mib = std::int64_t{1} << 20;
    if (arguments.cpu_count < 1 || arguments.memory_mb < least_mb || arguments.memory_mb % 2 != 0) {
        return FunctionError{.message = fmt::format("Cannot validate argument: cpuCount {}, memoryInMB {}.",
                                                    arguments.cpu_count, arguments.memory_mb),
                             .id = "ParameterArgumentValidationError",
                             .category = "InvalidData"};
    }
    const auto memory = fact_int(of_resource(state, host_resource), host_key::memory_bytes);
    if (memory && arguments.memory_mb > *memory / mib) return said_by_module("Not enough memory available");  // 1.6
    return {};
}

/// Those of this name that Windows has, or this machine already.
std::int64_t available(const SimulatedState& state, const std::string& name) {
    const std::string config = shown_fact(of_resource(state, eflow_resource), eflow_key::gpu);
    const bool is_here = config.ends_with(":" + name);
    return std::count_if(state.facts.begin(), state.facts.end(), [&](const auto& resource) {
        const auto& [device, facts] = resource;
        if (!device.starts_with(gpu_prefix) || shown_fact(facts, device_key::name) != name) return false;
        return is_here || shown_fact(facts, device_key::state) == device_state::host;
    });
}

bool has_wsl_driver(const SimulatedState& state, const std::string& name) {
    return std::any_of(state.facts.begin(), state.facts.end(), [&](const auto& resource) {
        return shown_fact(resource.second, device_key::name) == name &&
               fact_bool(resource.second, device_key::driver_wsl).value_or(false);
    });
}

/// 1.6, in its order; "NVIDIA T4" is no name of it.
Refusal check_gpu(const SimulatedState& state, const EflowArguments& arguments) {
    const auto& [cpus, memory, type, name, count] = arguments;
    if (type.empty() && count == 0) return {};
    if (type.empty()) {
        return said_by_module("Invalid GPU configuration requested, Passthrough disabled but gpuCount > 0");
    }
    if (count == 0 || (type == shared && count > 1)) {
        return said_by_module(fmt::format(
            "Invalid GPU configuration requested, Passthrough enabled but requested gpuCount == {}", count));
    }
    if (type == whole && name != "NVIDIA Tesla T4" && name != "NVIDIA A2") {
        return said_by_module("Unsupported DDA Type: " + name);
    }
    if (type == shared && fact_int(of_resource(state, host_resource), host_key::product_type) != client) {
        return said_by_module(
            "GPU PassthroughType 'ParaVirtualization' not supported by 'WssdProviderVmms' WssdProvider");
    }
    const std::int64_t there = available(state, name);
    constexpr std::string_view unsupported = "Requested GPU configuration cannot be supported by Host, ";
    if (there == 0) return said_by_module(fmt::format("{}GPU '{}' not available", unsupported, name));
    if (count > there) {
        return said_by_module(
            fmt::format("{}not enough GPUs available - Requested({}), Available({})", unsupported, count, there));
    }
    if (type == shared && !has_wsl_driver(state, name)) {
        return said_by_module(fmt::format("{}GPU PassthroughType '{}' not supported", unsupported, type));
    }
    return {};
}

}  // namespace

Refusal deploy(const SimulatedState& state, const EflowArguments& arguments) {
    if (auto refusal = ask_agent(state)) return refusal;
    // The words are made up: the facts do not say what a second deployment is answered.
    if (is_deployed(state)) return said_by_module("The virtual machine is already deployed");
    for (const std::string_view service : {"service.vmms", "service.vmcompute", "service.hvhost"}) {  // 1.6
        if (of_host(state, service) != "running") {
            return said_by_module("Hyper-V core services not running (vmms, vmcompute, hvhost)");
        }
    }
    const std::string hns = of_host(state, host_key::hns_version);
    if (!hns.empty() && !is_version_from(hns, 9, 2)) {
        return said_by_module(fmt::format("HNS API version {} doesn't meet minimum version (9.2)", hns));  // E17
    }
    return check_size(state, arguments);
}

Refusal change_eflow(const SimulatedState& state, const EflowArguments& arguments) {
    if (auto refusal = find_vm(state)) return refusal;
    if (auto refusal = check_size(state, arguments)) return refusal;
    return check_gpu(state, arguments);
}

Refusal start_eflow(const SimulatedState& state) {
    if (auto refusal = find_vm(state)) return refusal;
    const bool has_gpu = shown_fact(of_resource(state, eflow_resource), eflow_key::gpu) != "none";
    if (!has_gpu || of_host(state, host_key::nested) != "true") return {};
    // E16: taken, and then it does not start; the words are those of E7.
    return said_by_module("Unable to Start HCS VM: The data is invalid.");
}

Refusal stop_eflow(const SimulatedState& state) { return find_vm(state); }

Refusal reach_eflow(const SimulatedState& state) {
    if (auto refusal = find_vm(state)) return refusal;
    if (shown_fact(of_resource(state, eflow_resource), eflow_key::power) == "running") return {};
    return said_by_module("Cannot process request, EFLOW VM is OFF!");  // 1.6
}

/// 1.3: one table, by types.
Refusal provision(const SimulatedState& state, const EflowProvisioningArguments& arguments) {
    struct Type {
        std::string_view name;
        std::vector<std::string_view> needed;
        bool has_secret;
    };
    const std::vector<Type> all = {{"ManualConnectionString", {}, true},
                                   {"ManualX509", {"iot_hub", "device_id", "identity_cert", "identity_key"}, false},
                                   {"DpsTPM", {"scope_id"}, false},
                                   {"DpsX509", {"scope_id", "identity_cert", "identity_key"}, false},
                                   {"DpsSymmetricKey", {"scope_id", "registration_id"}, true}};
    const auto type =
        std::find_if(all.begin(), all.end(), [&](const Type& each) { return each.name == arguments.type; });
    if (type == all.end()) {
        return FunctionError{
            .message = "type is none that there is.", .id = "BadArgument", .category = "InvalidArgument"};
    }
    const char* secret = std::getenv(arguments.secret_variable.c_str());
    if (type->has_secret && (secret == nullptr || *secret == '\0')) {
        return FunctionError{.message = fmt::format("The environment variable {} is not set where passbench runs.",
                                                    arguments.secret_variable),
                             .id = "PassBench.NoSecret",
                             .category = "ObjectNotFound"};
    }
    for (const std::string_view key : type->needed) {
        if (std::find(arguments.keys.begin(), arguments.keys.end(), key) != arguments.keys.end()) continue;
        return FunctionError{.message = fmt::format("Cannot bind argument: {} is empty.", key),
                             .id = "ParameterArgumentValidationErrorEmptyStringNotAllowed",
                             .category = "InvalidData"};
    }
    if (auto refusal = reach_eflow(state)) return refusal;
    // X.509: the certificates are copied in (E12).
    return arguments.type.ends_with("X509") ? copy_to_eflow(state) : Refusal();
}

/// E12; by which release of EFLOW it is mended the facts do not say, so here by none. The words are made up.
Refusal copy_to_eflow(const SimulatedState& state) {
    if (auto refusal = reach_eflow(state)) return refusal;
    if (!is_version_from(of_host(state, host_key::openssh_version), 8, 6)) return {};
    return said_by_module("The file could not be copied to the virtual machine");
}

}  // namespace passbench::rules
