// The operations of control-path on the CUDA driver: each asks for a thing and gives it back, which is what is timed, and can prove
// that it had it: the driver says whose it is and where it ends, and a kernel's pattern goes through it. Internal to control_path.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "kernels/cuda/gpu.hpp"

namespace passbench {

/// What operations work with; outlives them.
struct ControlTools {
    const Gpu& gpu;
    const Stream& stream;
    std::uint64_t key;  // of the pattern
};

class ControlOperation {
public:
    virtual ~ControlOperation() = default;
    ControlOperation() = default;
    ControlOperation(const ControlOperation&) = delete;
    ControlOperation& operator=(const ControlOperation&) = delete;

    /// Asks for the thing; nothing but calls of the driver.
    virtual CUresult take() = 0;
    /// Gives it back.
    virtual CUresult give_back() = 0;
    /// Between the two: what the driver says of the thing, and a pattern through all of it into `words`. Error `verify_failed`
    /// where the driver says something else than what was asked for.
    [[nodiscard]] virtual Result<void> prove(std::span<std::uint64_t> words) = 0;
    /// "memory of the device".
    [[nodiscard]] virtual std::string_view thing() const = 0;
};

/// `op` is a word of the catalogue. Errors: `unsupported` where this device or driver does not have it; `out_of_memory`.
[[nodiscard]] Result<std::unique_ptr<ControlOperation>> make_control_operation(std::string_view op,
                                                                               std::size_t size_bytes,
                                                                               const ControlTools& tools);

}  // namespace passbench
