// What copies carry and how it is checked, the same for every form: a seeded pattern of 64-bit words, the last one as far as there
// is room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/core/random.hpp"
#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"

namespace passbench {

class CopyInputs {
public:
    explicit CopyInputs(std::uint64_t seed) : key_(derive_seed(seed, "copy/from")) {}

    /// Writes the pattern into a share of the buffer that begins with a whole word.
    void fill(std::span<std::byte> buffer, const Share& share) const { fill_words(buffer, share, 0); }
    /// Every byte differs from what it shall become, so that an old result cannot pass for a new one.
    void spoil(std::span<std::byte> buffer, const Share& share) const { fill_words(buffer, share, ~std::uint64_t{0}); }
    /// Error `verify_failed` naming the first wrong word; `copy` begins its sentence: "copy", "copy to the device".
    [[nodiscard]] Result<void> check(ThreadPool& pool, int threads, std::span<const std::byte> copied,
                                     std::string_view copy) const;

private:
    void fill_words(std::span<std::byte> buffer, const Share& share, std::uint64_t flip) const;

    std::uint64_t key_;
};

}  // namespace passbench
