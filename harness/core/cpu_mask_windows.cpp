#include <cstdint>
#include <utility>
#include <windows.h>

#include "harness/core/cpu_mask.hpp"

namespace passbench {
namespace {

constexpr int cpus_of_a_group = 64;

}  // namespace

/// Of the CPUs of the thread's processor group, which are all of a machine with up to 64.
struct CpuMask::Bits {
    std::uint64_t word = 0;
};

CpuMask::CpuMask(std::unique_ptr<Bits> bits) : bits_(std::move(bits)) {}
CpuMask::CpuMask(CpuMask&& other) noexcept = default;
CpuMask& CpuMask::operator=(CpuMask&& other) noexcept = default;
CpuMask::~CpuMask() = default;

CpuMask::CpuMask(const std::vector<int>& cpus) : bits_(std::make_unique<Bits>()) {
    for (const int cpu : cpus) {
        if (cpu >= 0 && cpu < cpus_of_a_group) bits_->word |= std::uint64_t{1} << static_cast<unsigned>(cpu);
    }
}

CpuMask CpuMask::of_this_thread() {
    auto bits = std::make_unique<Bits>();
    GROUP_AFFINITY affinity{};
    if (::GetThreadGroupAffinity(::GetCurrentThread(), &affinity) != 0) bits->word = affinity.Mask;
    return CpuMask(std::move(bits));
}

std::vector<int> CpuMask::list() const {
    std::vector<int> result;
    for (int cpu = 0; cpu < cpus_of_a_group; ++cpu) {
        if (((bits_->word >> static_cast<unsigned>(cpu)) & 1U) != 0) result.push_back(cpu);
    }
    return result;
}

bool CpuMask::apply() const { return ::SetThreadAffinityMask(::GetCurrentThread(), bits_->word) != 0; }

}  // namespace passbench
