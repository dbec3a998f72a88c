// The kernel's log from now on, for one line: dxgkrnl's that memory of the card could not be made resident (WSL #41176). Where the
// log may not be read, which takes rights, nothing is ever seen.
#pragma once

#include <optional>
#include <string>

namespace passbench {

class KernelLog {
public:
    /// Begins behind what is logged already.
    explicit KernelLog(const std::string& path = "/dev/kmsg");
    KernelLog(const KernelLog&) = delete;
    KernelLog& operator=(const KernelLog&) = delete;
    ~KernelLog();

    /// The newest line since the last call that says so.
    [[nodiscard]] std::optional<std::string> residency_complaint();

private:
    int file_;
};

}  // namespace passbench
