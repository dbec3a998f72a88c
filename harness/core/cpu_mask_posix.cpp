#include <algorithm>
#include <cerrno>
#include <sched.h>
#include <utility>

#include "harness/core/cpu_mask.hpp"

namespace passbench {

/// Of any number of CPUs.
struct CpuMask::Bits {
    explicit Bits(int cpus) : count(cpus), set(CPU_ALLOC(static_cast<std::size_t>(cpus)), &free_set) {
        CPU_ZERO_S(size_bytes(), set.get());
    }
    static void free_set(cpu_set_t* bits) { CPU_FREE(bits); }
    [[nodiscard]] std::size_t size_bytes() const { return CPU_ALLOC_SIZE(static_cast<std::size_t>(count)); }

    int count;
    std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set;
};

CpuMask::CpuMask(std::unique_ptr<Bits> bits) : bits_(std::move(bits)) {}
CpuMask::CpuMask(CpuMask&& other) noexcept = default;
CpuMask& CpuMask::operator=(CpuMask&& other) noexcept = default;
CpuMask::~CpuMask() = default;

CpuMask::CpuMask(const std::vector<int>& cpus) : bits_(std::make_unique<Bits>(*std::ranges::max_element(cpus) + 1)) {
    for (const int cpu : cpus) CPU_SET_S(static_cast<std::size_t>(cpu), bits_->size_bytes(), bits_->set.get());
}

CpuMask CpuMask::of_this_thread() {
    for (int cpus = 1024;; cpus *= 2) {
        auto bits = std::make_unique<Bits>(cpus);
        // EINVAL: the kernel knows more CPUs than the mask has room for.
        if (sched_getaffinity(0, bits->size_bytes(), bits->set.get()) == 0 || errno != EINVAL) {
            return CpuMask(std::move(bits));
        }
    }
}

std::vector<int> CpuMask::list() const {
    std::vector<int> result;
    for (int cpu = 0; cpu < bits_->count; ++cpu) {
        if (CPU_ISSET_S(static_cast<std::size_t>(cpu), bits_->size_bytes(), bits_->set.get())) result.push_back(cpu);
    }
    return result;
}

bool CpuMask::apply() const { return sched_setaffinity(0, bits_->size_bytes(), bits_->set.get()) == 0; }

}  // namespace passbench
