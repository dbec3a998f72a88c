// The fixed functions by which a Windows host is read and changed (PassBench.psm1 says which), wherever they are carried out: in
// PowerShell, in the program that stands in for it, or in the same process for tests. Arguments and values are JSON text; no value
// ever becomes script text.
#pragma once

#include <string>

#include "harness/core/result.hpp"

namespace passbench {

/// What PowerShell says of a function that failed.
struct FunctionError {
    std::string message;
    std::string id = {};        // FullyQualifiedErrorId
    std::string category = {};  // CategoryInfo.Category
    std::string hresult = {};   // "0xc035001e", absent where there is none
};

class HostFunctions {
public:
    virtual ~HostFunctions() = default;
    /// The value that the function returned, as JSON. Errors: what to_error() makes of its own, and those of the way to it.
    [[nodiscard]] virtual Result<std::string> call(const std::string& function, const std::string& arguments) = 0;
    /// Whether what answers only looks like a host; it says so itself.
    [[nodiscard]] virtual bool is_simulated() const = 0;
};

/// Code `precondition`: the host refused; the message is kept as it is.
[[nodiscard]] Error to_error(const std::string& function, const FunctionError& error);

}  // namespace passbench
