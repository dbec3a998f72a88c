// How many fused multiply-adds a core can begin in a cycle, by CPU family and model: data with its source. It makes the
// physical limit of `fma`; a CPU that is not in the table has no limit, for a wrong one would call a right value invalid.
#pragma once

#include <span>
#include <string_view>

#include "harness/catalogue/workload.hpp"
#include "harness/core/result.hpp"
#include "kernels/cpu/isa.hpp"

namespace passbench {

struct FmaUnits {
    std::string_view vendor;
    int family;
    int first_model;
    int last_model;
    std::string_view brand_word;  // a part of the brand that must be there; "" for none
    std::string_view core;
    int avx2;    // 256-bit fused multiply-adds a cycle
    int avx512;  // 512-bit ones; 0: none, or not certain
    std::string_view source;
};

/// The table; where several rows fit, the first one counts.
[[nodiscard]] std::span<const FmaUnits> fma_units_table();

/// Fused multiply-adds of `isa` a cycle. Error `unsupported` with the reason where it is not known.
[[nodiscard]] Result<int> fma_units(const CpuFeatures& cpu, Isa isa);

/// Whether clock x units x `cores` cannot be exceeded by `threads` threads. Two threads of a core share its units, but a guest
/// that is told so may have its threads run on two cores: there the limit is for the percentage alone.
[[nodiscard]] LimitKind fma_limit_kind(const CpuFeatures& cpu, int cores, int threads);

}  // namespace passbench
