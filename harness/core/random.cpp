#include "harness/core/random.hpp"

#include <cassert>
#include <charconv>
#include <string>

#include "harness/core/checksum.hpp"

namespace passbench {

std::uint64_t Random::below(std::uint64_t bound) {
    assert(bound > 0);
    // 2^64 mod bound: values under it would make the low remainders more likely.
    const std::uint64_t rejected = (0 - bound) % bound;
    std::uint64_t value = engine_();
    while (value < rejected) value = engine_();
    return value % bound;
}

std::uint64_t derive_seed(std::uint64_t seed, std::string_view purpose) {
    const std::string digest = sha256_hex(std::to_string(seed) + "/" + std::string(purpose));
    std::uint64_t result = 0;
    for (std::size_t byte = 0; byte < 8; ++byte) {
        std::uint64_t value = 0;
        std::from_chars(&digest[2 * byte], &digest[2 * byte + 2], value, 16);
        result |= value << (8 * byte);
    }
    return result;
}

}  // namespace passbench
