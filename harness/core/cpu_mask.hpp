// Which logical CPUs the calling thread may run on. Internal to this room.
#pragma once

#include <memory>
#include <vector>

namespace passbench {

class CpuMask {
public:
    explicit CpuMask(const std::vector<int>& cpus);
    CpuMask(CpuMask&& other) noexcept;
    CpuMask& operator=(CpuMask&& other) noexcept;
    ~CpuMask();
    [[nodiscard]] static CpuMask of_this_thread();
    /// Ascending.
    [[nodiscard]] std::vector<int> list() const;
    /// False where the system refuses, as with CPUs that are not the process's.
    [[nodiscard]] bool apply() const;

private:
    struct Bits;
    explicit CpuMask(std::unique_ptr<Bits> bits);
    std::unique_ptr<Bits> bits_;
};

}  // namespace passbench
