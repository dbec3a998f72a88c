#include "host/providers/eflow_machine.hpp"

#include <charconv>
#include <cstdint>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "harness/core/durable_files.hpp"
#include "harness/records/json_codec.hpp"
#include "host/providers/eflow_steps.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {
namespace {

Result<void> call_with(HostFunctions& functions, const std::string& function, const Facts& arguments) {
    PASSBENCH_TRY(const std::string unused, functions.call(function, codec::to_compact(codec::encode(arguments))));
    return {};
}

Result<std::int64_t> number_of(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
    return fail({.code = ErrorCode::usage,
                 .what = fmt::format("'{}' is no number, and EFLOW's machine takes one there", text),
                 .where = std::string(eflow_resource),
                 .fix = "Set its configuration by hand with Set-EflowVM, with all arguments that it takes."});
}

bool is_config(const std::string& property) {
    return property == eflow_key::cpu_count || property == eflow_key::memory_mb || property == eflow_key::gpu;
}

Result<void> set_config(HostFunctions& functions, Facts config, const std::string& property, const std::string& value) {
    config[property] = value;
    PASSBENCH_TRY(const std::int64_t cpus, number_of(shown_fact(config, eflow_key::cpu_count)));
    PASSBENCH_TRY(const std::int64_t memory, number_of(shown_fact(config, eflow_key::memory_mb)));
    const EflowGpu gpu = parse_eflow_gpu(shown_fact(config, eflow_key::gpu));
    PASSBENCH_TRY(const std::int64_t count, number_of(gpu.count));
    return call_with(functions, "Set-PassBenchEflowVm",
                     {{"cpu_count", cpus},
                      {"memory_mb", memory},
                      {"gpu_type", gpu.type},
                      {"gpu_name", gpu.name},
                      {"gpu_count", count}});
}

Result<void> deploy(HostFunctions& functions, const EflowSettings& settings) {
    return call_with(functions, "New-PassBenchEflowVm",
                     {{"cpu_count", settings.cpus},
                      {"memory_mb", settings.memory_mb},
                      {"disk_gb", settings.disk_gb},
                      {"switch", settings.virtual_switch},
                      {"switch_type", settings.switch_type}});
}

Result<void> provision(HostFunctions& functions, const EflowProvisioning& given) {
    return call_with(functions, "Set-PassBenchEflowProvisioning",
                     {{"type", given.type},
                      {"scope_id", given.scope_id},
                      {"registration_id", given.registration_id},
                      {"iot_hub", given.iot_hub},
                      {"device_id", given.device_id},
                      {"identity_cert", given.identity_cert},
                      {"identity_key", given.identity_key},
                      {"secret_variable", given.secret_variable}});
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        for (std::size_t index = 0; index < 3; ++index) {
            const std::uint32_t byte = at + index < bytes.size() ? static_cast<unsigned char>(bytes[at + index]) : 0U;
            group = group << 8U | byte;
        }
        for (std::size_t index = 0; index < 4; ++index) {
            const bool is_there = at + index <= bytes.size();
            text += is_there ? digits[group >> (18U - 6U * static_cast<unsigned>(index)) & 63U] : '=';
        }
    }
    return text;
}

}  // namespace

Result<void> set_eflow(HostFunctions& functions, const HostFacts& facts, const EflowSettings& settings,
                       const std::string& property, const std::string& value) {
    const Facts& machine = facts.at(std::string(eflow_resource));
    if (property == eflow_key::deployment && value == "deployed") return deploy(functions, settings);
    if (machine.contains(property) && is_config(property)) return set_config(functions, machine, property, value);
    if (machine.contains(property) && property == eflow_key::power) {
        return call_with(functions, "Set-PassBenchEflowPower", {{"power", value}});
    }
    if (property == eflow_key::provisioning && settings.provisioning && value == settings.provisioning->type) {
        return provision(functions, *settings.provisioning);
    }
    if (machine.contains(property) && property == eflow_key::container) {
        return call_with(functions, "Set-PassBenchEflowContainer", {{"image", value}});
    }
    return fail({.code = ErrorCode::usage,
                 .what = fmt::format("EFLOW's machine has no '{}' that could become '{}'", property, value),
                 .where = std::string(eflow_resource),
                 .fix = "See Get-EflowVm for what it has; what was deployed goes with EFLOW's uninstallation alone."});
}

Result<void> copy_to_eflow(HostFunctions& functions, const std::filesystem::path& file, const std::string& guest_path) {
    auto copied =
        call_with(functions, "Copy-PassBenchEflowFile", {{"file", file.string()}, {"guest_path", guest_path}});
    if (copied) return {};
    constexpr std::int64_t most_bytes = std::int64_t{1} << 30;
    constexpr std::size_t piece_bytes = 12 * 1024;  // as base64 within the 32,767 characters of a command of Windows
    PASSBENCH_TRY(const std::string content, read_file(file, most_bytes));
    std::size_t at = 0;
    do {
        auto written = call_with(functions, "Write-PassBenchEflowFile",
                                 {{"guest_path", guest_path},
                                  {"content", base64(std::string_view(content).substr(at, piece_bytes))},
                                  {"append", at > 0}});
        if (!written) {
            Error error = std::move(written).error();
            error.trail.push_back("copying it whole: " + copied.error().what);
            return fail(std::move(error));
        }
        at += piece_bytes;
    } while (at < content.size());
    return {};
}

}  // namespace passbench
