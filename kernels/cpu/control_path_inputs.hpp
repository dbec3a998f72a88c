// What goes through memory that was handed out, the same for every form: a seeded pattern of 64-bit words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/core/random.hpp"
#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

/// Bytes that a context or a module has to write, for they come without memory; the last block of threads is not full.
inline constexpr std::size_t proof_bytes = (std::size_t{16} << 10) + 40;

class ControlPathInputs {
public:
    explicit ControlPathInputs(std::uint64_t seed) : key_(derive_seed(seed, "control-path")) {}

    [[nodiscard]] std::uint64_t key() const { return key_; }
    /// The words [begin, begin + words.size()) of the pattern.
    void fill(std::span<std::uint64_t> words, std::size_t begin) const;
    /// No word is what it shall become.
    void spoil(std::span<std::uint64_t> words) const;
    /// Error `verify_failed` naming the first wrong word; `thing` is what it was read from: "pinned memory".
    [[nodiscard]] Result<void> check(ThreadPool& pool, std::span<const std::uint64_t> words,
                                     std::string_view thing) const;

private:
    std::uint64_t key_;
};

}  // namespace passbench
