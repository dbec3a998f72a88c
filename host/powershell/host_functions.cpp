#include "host/powershell/host_functions.hpp"

#include <utility>

namespace passbench {

Error to_error(const std::string& function, const FunctionError& error) {
    Error refused{.code = ErrorCode::precondition,
                  .what = error.message.empty() ? "the host gave no reason" : error.message,
                  .where = function,
                  .fix = "See the host's event logs Hyper-V-VMMS-Admin and Hyper-V-Worker-Admin for more."};
    std::string details = error.id;
    if (!error.hresult.empty()) details += (details.empty() ? "" : ", ") + error.hresult;
    if (!details.empty()) refused.trail.push_back("the host calls it " + details);
    return refused;
}

}  // namespace passbench
