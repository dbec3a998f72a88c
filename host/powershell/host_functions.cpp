#include "host/powershell/host_functions.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "harness/core/findings.hpp"

namespace passbench {
namespace {

/// What PowerShell's word for a kind of trouble is here.
ErrorCode code_of(std::string_view category) {
    static constexpr std::array<std::pair<std::string_view, ErrorCode>, 5> codes = {{
        {"NotImplemented", ErrorCode::unsupported},
        {"NotInstalled", ErrorCode::unsupported},
        {"OperationTimeout", ErrorCode::timeout},
        {"ResourceBusy", ErrorCode::busy},
        {"DeviceError", ErrorCode::io},
    }};
    const auto* found =
        std::find_if(codes.begin(), codes.end(), [&](const auto& entry) { return entry.first == category; });
    return found == codes.end() ? ErrorCode::precondition : found->second;
}

/// "CommandNotFoundException,Microsoft..." -> "CommandNotFoundException".
std::string_view short_id(std::string_view id) { return id.substr(0, id.find(',')); }

Error meaning(const FunctionError& error) {
    const std::string_view id = short_id(error.id);
    if (id == "CommandNotFoundException") {
        return catalogued_error(ErrorCode::unsupported, error.message, "host.cmdlet_missing");
    }
    if (error.category == "PermissionDenied" || error.category == "SecurityError" || error.hresult == "0x80070005") {
        return catalogued_error(ErrorCode::precondition, error.message, "host.access_denied");
    }
    if (id == "PassBench.BadRequest" || id == "PassBench.UnknownFunction") {
        return catalogued_error(ErrorCode::unsupported, error.message, "host.interpreter_version");
    }
    return {.code = code_of(error.category),
            .what = error.message.empty() ? "the host gave no reason" : error.message,
            .fix = "See the host's event logs Hyper-V-VMMS-Admin and Hyper-V-Worker-Admin for more."};
}

}  // namespace

Error to_error(const std::string& function, const FunctionError& error) {
    Error result = meaning(error);
    result.where = function;
    std::string kept = "the host calls it " + (error.id.empty() ? std::string("nothing") : error.id);
    if (!error.category.empty()) kept += ", category " + error.category;
    if (!error.hresult.empty()) kept += ", " + error.hresult;
    result.trail.push_back(std::move(kept));
    return result;
}

}  // namespace passbench
