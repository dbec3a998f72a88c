// The operations of control-path on the CPU: each asks for a thing and gives it back, which is what is timed, and can prove that it
// had it. Internal to control_path.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "harness/core/result.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/control_path_inputs.hpp"

namespace passbench {

/// One byte of each page, and the last: the system gives a page then, and has to set it to zero before.
inline void touch(std::byte* memory, std::size_t size_bytes) {
    for (std::size_t at = 0; at < size_bytes; at += page_bytes) {
        static_cast<volatile std::byte*>(memory)[at] = std::byte{1};
    }
    static_cast<volatile std::byte*>(memory)[size_bytes - 1] = std::byte{1};  // memory need not begin with a page
}

/// A thing to ask for and to give back. Both return 0 or errno.
class CpuOperation {
public:
    virtual ~CpuOperation() = default;
    CpuOperation() = default;
    CpuOperation(const CpuOperation&) = delete;
    CpuOperation& operator=(const CpuOperation&) = delete;

    virtual int take() = 0;
    virtual int give_back() = 0;
    /// Between the two: the pattern through all of the thing into `words`, after a look at whether it is what it shall be.
    virtual void prove(const ControlPathInputs& inputs, std::span<std::uint64_t> words) = 0;
    /// "pinned memory".
    [[nodiscard]] virtual std::string_view thing() const = 0;
};

/// `op` is a word of the catalogue. Error `unsupported` where this machine does not have it or does not allow it.
[[nodiscard]] Result<std::unique_ptr<CpuOperation>> make_cpu_operation(std::string_view op, std::size_t size_bytes,
                                                                       Pages pages);

/// A library that every system has and nothing here uses, loaded until one of its functions is known. Error `unsupported` where this
/// machine has none of which that can be told.
[[nodiscard]] Result<std::unique_ptr<CpuOperation>> make_library_operation();

}  // namespace passbench
