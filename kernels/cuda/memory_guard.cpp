#include "kernels/cuda/memory_guard.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "harness/core/findings.hpp"
#include "harness/core/units.hpp"

namespace passbench {

namespace {

/// Below this a fill ends in the cache and says nothing of where the memory is.
constexpr std::size_t least_proved_bytes = std::size_t{64} << 20;
constexpr std::size_t caches = 2;

std::size_t proved_from(const Gpu& gpu) {
    const auto cache_bytes = static_cast<std::size_t>(std::max(0, gpu.attribute(CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE)));
    return std::max(least_proved_bytes, caches * cache_bytes);
}

tl::unexpected<Error> lost(std::string what) {
    return fail(catalogued_error(ErrorCode::out_of_memory, std::move(what), "gpu.residency_lost"));
}

std::string bytes_text(std::size_t bytes) { return format_bytes(static_cast<std::int64_t>(bytes)); }

}  // namespace

double rate_of(const Transfer& transfer) {
    constexpr double ns_a_second = 1e9;
    return transfer.ns > 0 ? static_cast<double>(transfer.bytes) / transfer.ns * ns_a_second : 0;
}

bool is_on_card(const Transfer& transfer, double peak, double best) {
    constexpr double times = 8;
    constexpr double launch_ns = 20'000;
    constexpr double ns_a_second = 1e9;
    const double reference = std::max(peak, best);
    return reference == 0 ||
           transfer.ns <= launch_ns + times * static_cast<double>(transfer.bytes) / reference * ns_a_second;
}

double peak_bandwidth(const Gpu& gpu) {
    constexpr double hz_a_khz = 1e3;
    constexpr int transfers_a_cycle = 2;
    constexpr int bits_a_byte = 8;
    return gpu.attribute(CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE) * hz_a_khz * transfers_a_cycle *
           gpu.attribute(CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH) / bits_a_byte;
}

MemoryGuard::MemoryGuard(const Gpu& gpu, const MemoryRules& rules)
    : gpu_(gpu), rules_(rules), peak_(peak_bandwidth(gpu)), proved_from_bytes_(proved_from(gpu)) {}

Result<std::unique_ptr<MemoryGuard>> MemoryGuard::begin(const Gpu& gpu, const DriverChoice& choice) {
    const MemoryOwner owner = memory_owner(choice.passthrough);
    PASSBENCH_TRY(const CardMemory memory, gpu.memory());
    PASSBENCH_CHECK(check_host_memory(owner, memory.total_bytes, choice.host_memory_bytes));
    return std::unique_ptr<MemoryGuard>(new MemoryGuard(gpu, MemoryRules(owner, memory)));
}

Result<void> MemoryGuard::check(std::size_t size_bytes) {
    if (!lost_.empty()) {
        return lost(
            fmt::format("{} of device memory were asked for and are refused: {}", bytes_text(size_bytes), lost_));
    }
    PASSBENCH_TRY(const CardMemory now, gpu_.memory());
    return rules_.check(static_cast<std::int64_t>(size_bytes), now);
}

Result<void> MemoryGuard::prove(const DeviceMemory& fresh) {
    if (rules_.owner() == MemoryOwner::guest) return {};
    if (fresh.size_bytes() >= proved_from_bytes_) {
        PASSBENCH_TRY(const Transfer filled, fill(fresh));
        best_ = std::max(best_, rate_of(filled));
        if (!is_on_card(filled, peak_, best_)) {
            lost_ = fmt::format(
                "under GPU-PV, {} that were allocated are filled at {} where memory of this card has {}, so they lie "
                "in "
                "the host's memory",
                bytes_text(fresh.size_bytes()), format_value(rate_of(filled), "B/s"),
                format_value(std::max(peak_, best_), "B/s"));
        }
    }
    if (auto complaint = log_.residency_complaint(); complaint && lost_.empty()) {
        lost_ = "under GPU-PV, the kernel's log says " + *complaint;
    }
    return lost_.empty() ? Result<void>() : lost(lost_);
}

Result<std::size_t> MemoryGuard::left_bytes() const {
    if (!lost_.empty()) return 0;
    PASSBENCH_TRY(const CardMemory now, gpu_.memory());
    return static_cast<std::size_t>(rules_.left_bytes(now));
}

Result<Transfer> MemoryGuard::fill(const DeviceMemory& fresh) const {
    PASSBENCH_TRY(const Stream stream, gpu_.make_stream());
    PASSBENCH_TRY(const Event begin, gpu_.make_event());
    PASSBENCH_TRY(const Event end, gpu_.make_event());
    const DriverCalls& calls = gpu_.calls();
    const auto check = [this](CUresult result) { return gpu_.check(result, "filling new device memory"); };
    // The first time is that of making the memory resident.
    for (int round = 0; round < 2; ++round) {
        PASSBENCH_CHECK(check(calls.cuEventRecord(begin.get(), stream.get())));
        PASSBENCH_CHECK(check(calls.cuMemsetD8Async(fresh.address(), 0, fresh.size_bytes(), stream.get())));
        PASSBENCH_CHECK(check(calls.cuEventRecord(end.get(), stream.get())));
        PASSBENCH_CHECK(check(calls.cuStreamSynchronize(stream.get())));
    }
    float elapsed_ms = 0;
    PASSBENCH_CHECK(check(calls.cuEventElapsedTime(&elapsed_ms, begin.get(), end.get())));
    constexpr double ns_a_ms = 1e6;
    return Transfer{.bytes = fresh.size_bytes(), .ns = static_cast<double>(elapsed_ms) * ns_a_ms};
}

}  // namespace passbench
