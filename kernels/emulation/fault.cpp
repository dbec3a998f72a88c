#include "kernels/emulation/fault.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <string_view>
#include <unistd.h>

#include "kernels/emulation/driver_state.hpp"
#include "kernels/emulation/kernel_entry.hpp"
#include "kernels/emulation/own_symbols.hpp"

namespace passbench::emulation {

namespace {

CUresult complain(const std::string& file, const std::string& what) {
    std::fprintf(stderr, "simulated CUDA device: %s: %s\n", file.c_str(), what.c_str());
    return CUDA_ERROR_UNKNOWN;
}

bool is_driver_function(const std::string& name) {
    for (const char* suffix : {"", "_v2", "_v3", "_v4"}) {
        if (own_symbol(name + suffix) != nullptr) return true;
    }
    return false;
}

/// Counts this process among those that use the fault file; its number, from 1. 0 where that cannot be noted.
std::uint64_t number_of_process(const std::string& file) {
    const int descriptor = open((file + ".processes").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor < 0) return 0;
    const bool noted = write(descriptor, "+", 1) == 1;
    const off_t number = lseek(descriptor, 0, SEEK_CUR);
    close(descriptor);
    return noted && number > 0 ? static_cast<std::uint64_t>(number) : 0;
}

/// cuMemAlloc_v2 is cuMemAlloc.
std::string_view without_version(std::string_view name) {
    const auto size = name.size();
    if (size > 3 && name[size - 3] == '_' && name[size - 2] == 'v') name.remove_suffix(3);
    return name;
}

}  // namespace

CUresult Faults::load() {
    const char* named = std::getenv("PASSBENCH_FAULT");
    const std::string file = named != nullptr ? named : "";
    const std::lock_guard lock(mutex_);
    if (file != file_) {
        FaultFile parsed;
        std::uint64_t process = 1;
        if (!file.empty()) {
            std::ifstream stream(file, std::ios::binary);
            if (!stream) return complain(file, "cannot be read (named by PASSBENCH_FAULT)");
            std::string text(most_fault_file_bytes + 1, '\0');
            stream.read(text.data(), static_cast<std::streamsize>(text.size()));
            text.resize(static_cast<std::size_t>(stream.gcount()));
            parsed = parse_fault_file(text);
            if (!parsed.error.empty()) return complain(file, parsed.error);
            if (!parsed.plan.odd_code_from.empty() && !is_driver_function(parsed.plan.odd_code_from)) {
                return complain(file, "this driver has no function '" + parsed.plan.odd_code_from + "'");
            }
            if (parsed.plan.no_device_from > 0) process = number_of_process(file);
            if (process == 0) return complain(file, "the processes cannot be counted beside it");
        }
        file_ = file;
        plan_ = std::make_shared<FaultPlan>(parsed.plan);
        allocations_ = operations_ = kernels_ = 0;
        lost_ = throttled_ = false;
        no_device_ = plan_->no_device || (plan_->no_device_from > 0 && process >= plan_->no_device_from);
        pages_out_ = plan_->resident_bytes > 0;
        link_factor_ = static_cast<double>(plan_->slow_link);
        stuck_bit_at_ = plan_->stuck_bit_at;
    }
    return no_device_ ? CUDA_ERROR_NO_DEVICE : CUDA_SUCCESS;
}

std::shared_ptr<const FaultPlan> Faults::plan() const {
    const std::lock_guard lock(mutex_);
    return plan_;
}

std::optional<CUresult> Faults::odd_code(const char* function) const {
    const auto plan = this->plan();
    if (plan->odd_code_from.empty() || without_version(function) != without_version(plan->odd_code_from))
        return std::nullopt;
    return static_cast<CUresult>(plan->odd_code);
}

bool Faults::refuses_allocation(std::size_t pinned_bytes_after) {
    const auto plan = this->plan();
    if (plan->pinned_limit_bytes > 0 && pinned_bytes_after > plan->pinned_limit_bytes) return true;
    return ++allocations_ == plan->out_of_memory_at;
}

void Faults::count_operation() {
    if (++operations_ == plan()->device_lost_at) lost_ = true;
}

KernelFault Faults::next_kernel() {
    const auto plan = this->plan();
    const std::uint64_t number = ++kernels_;
    if (number == plan->throttle_at) throttled_ = true;
    if (number == plan->hung_kernel_at) return KernelFault::hung;
    if (number == plan->launch_error_at) return KernelFault::launch_error;
    if (number == plan->ecc_error_at) return KernelFault::ecc_error;
    if (number == plan->wrong_bit_at) return KernelFault::wrong_bit;
    return KernelFault::none;
}

std::uint64_t Faults::ecc_errors() const {
    const std::uint64_t failed = plan()->ecc_error_at;
    return failed > 0 && kernels_ >= failed ? 1 : 0;
}

Faults::Memory Faults::memory() const {
    const auto plan = this->plan();
    return {.capacity_bytes = plan->memory_bytes > 0 ? plan->memory_bytes : cost_model.memory_bytes,
            .used_bytes = plan->used_bytes,
            .resident_bytes = plan->resident_bytes > 0 ? plan->resident_bytes : SIZE_MAX};
}

WrongBit::WrongBit(const KernelEntry& kernel, const std::byte* parameters) {
    for (std::uint32_t i = 0; i < kernel.parameters_count; ++i) {
        if (kernel.parameters[i].is_output == 0) continue;
        void* address = nullptr;
        std::memcpy(&address, parameters + kernel.parameters[i].offset, sizeof address);
        const auto allocation = driver().memory.find(address);
        if (!allocation) continue;
        outputs_.push_back(
            {.data = allocation->data,
             .before = std::string(reinterpret_cast<const char*>(allocation->data), allocation->size_bytes)});
    }
}

void WrongBit::apply() const {
    constexpr auto bit = std::byte{0x20};
    for (const Output& output : outputs_) {
        for (std::size_t at = output.before.size(); at > 0; --at) {
            if (output.data[at - 1] == static_cast<std::byte>(output.before[at - 1])) continue;
            output.data[at - 1] ^= bit;
            return;
        }
    }
    // It wrote what was there already.
    if (!outputs_.empty()) outputs_.front().data[outputs_.front().before.size() - 1] ^= bit;
}

}  // namespace passbench::emulation
