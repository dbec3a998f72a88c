#include "kernels/cuda/memory_rules.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <system_error>

#include <fmt/core.h>

#include "harness/core/findings.hpp"
#include "harness/core/units.hpp"

namespace passbench {

namespace {

constexpr std::int64_t mebibyte = 1 << 20;

/// Of what was free: the driver needs some itself, for contexts, modules and page tables.
constexpr std::int64_t kept_parts = 20;  // a twentieth, 5 %

/// WDDM keeps more back than it says: a ceiling of 2 GiB below "free" was seen (WSL #41176), and of 16 of 96 GiB (#40401). On small
/// cards a quarter has to do.
constexpr std::int64_t least_reserve_bytes = 2048 * mebibyte;
constexpr std::int64_t reserve_parts = 6;
constexpr std::int64_t most_reserve_parts = 4;

/// Under GPU-PV no allocation is larger than half of what may be taken: a loss of residency shows before all of it is gone.
constexpr std::int64_t step_parts = 2;
constexpr std::int64_t least_step_bytes = 256 * mebibyte;

std::int64_t reserve_of(MemoryOwner owner, const CardMemory& at_start) {
    if (owner == MemoryOwner::guest) return at_start.free_bytes / kept_parts;
    const std::int64_t wanted = std::max(least_reserve_bytes, at_start.total_bytes / reserve_parts);
    return std::min(wanted, at_start.total_bytes / most_reserve_parts);
}

std::int64_t step_of(MemoryOwner owner, std::int64_t may_take_bytes) {
    if (owner == MemoryOwner::guest) return std::numeric_limits<std::int64_t>::max();
    return std::max(least_step_bytes, may_take_bytes / step_parts);
}

tl::unexpected<Error> refused(ErrorCode code, std::string_view finding, std::string what) {
    return fail(catalogued_error(code, std::move(what), finding));
}

}  // namespace

MemoryOwner memory_owner(std::string_view passthrough) {
    // `mixed` has a card of either kind, and which one CUDA takes nobody knows; `unknown` may be shared: the careful rules.
    constexpr std::array<std::string_view, 5> of_host = {"gpupv", "wsl", "eflow_gpupv", "mixed", "unknown"};
    std::error_code unknown;
    const bool is_hosts = passthrough.empty() ? std::filesystem::exists("/dev/dxg", unknown)
                                              : std::ranges::find(of_host, passthrough) != of_host.end();
    return is_hosts ? MemoryOwner::host : MemoryOwner::guest;
}

MemoryRules::MemoryRules(MemoryOwner owner, const CardMemory& at_start)
    : owner_(owner),
      at_start_(at_start),
      reserve_bytes_(reserve_of(owner, at_start)),
      step_bytes_(step_of(owner, at_start.free_bytes - reserve_bytes_)) {}

std::int64_t MemoryRules::left_bytes(const CardMemory& now) const {
    return std::max<std::int64_t>(0, now.free_bytes - reserve_bytes_);
}

Result<void> MemoryRules::check(std::int64_t asked_bytes, const CardMemory& now) const {
    const std::string state =
        fmt::format("{} are free of {}", format_bytes(now.free_bytes), format_bytes(now.total_bytes));
    if (asked_bytes > left_bytes(now)) {
        const std::string rule =
            owner_ == MemoryOwner::guest
                ? fmt::format("at most 95 % of the {} that were free when the case began",
                              format_bytes(at_start_.free_bytes))
                : fmt::format("under GPU-PV {} of the card stay untouched", format_bytes(reserve_bytes_));
        return refused(ErrorCode::out_of_memory, "gpu.head_room",
                       fmt::format("{} of device memory were asked for and are refused: {}, and {}",
                                   format_bytes(asked_bytes), rule, state));
    }
    if (asked_bytes > step_bytes_) {
        return refused(
            ErrorCode::out_of_memory, "gpu.head_room",
            fmt::format("{} of device memory were asked for at once and are refused: under GPU-PV one step is "
                        "at most {}, and {}",
                        format_bytes(asked_bytes), format_bytes(step_bytes_), state));
    }
    return {};
}

Result<void> check_host_memory(MemoryOwner owner, std::int64_t card_bytes, std::int64_t host_bytes) {
    if (owner == MemoryOwner::guest || host_bytes <= 0 || card_bytes <= host_bytes) return {};
    return refused(ErrorCode::precondition, "gpu.more_memory_than_host",
                   fmt::format("the card has {} of memory and its host {}: under GPU-PV the card may not have more",
                               format_bytes(card_bytes), format_bytes(host_bytes)));
}

}  // namespace passbench
