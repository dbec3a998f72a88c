// SHA-256 (FIPS 180-4) of plans, manifests and carried files; CRC-32C (Castagnoli, RFC 3720 appendix B.4) of sample
// chunks. Written here, not linked, because the agent has to start in guests that have no library of the kind.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace passbench {

class Sha256 {
public:
    void update(std::span<const std::byte> data);
    void update(std::string_view text);
    /// 64 lower-case hexadecimal digits of everything so far; the object can go on.
    [[nodiscard]] std::string hex() const;

private:
    void compress(const std::byte* block);

    std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                           0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::byte, 64> pending_{};
    std::size_t pending_size_ = 0;
    std::uint64_t total_bytes_ = 0;
};

[[nodiscard]] std::string sha256_hex(std::string_view text);

/// CRC-32C of `data`, continuing from `crc` (0 to begin). Uses SSE4.2 where the CPU has it.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t crc = 0);
/// The same by table, for CPUs without SSE4.2.
[[nodiscard]] std::uint32_t crc32c_portable(std::span<const std::byte> data, std::uint32_t crc = 0);

}  // namespace passbench
