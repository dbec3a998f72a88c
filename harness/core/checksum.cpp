#include "harness/core/checksum.hpp"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace passbench {
namespace {

// FIPS 180-4, section 4.2.2.
constexpr std::array<std::uint32_t, 64> sha256_constants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr std::uint32_t rotate_right(std::uint32_t value, unsigned bits) {
    return (value >> bits) | (value << (32 - bits));
}

std::uint32_t big_endian(const std::byte* bytes) {
    return (std::to_integer<std::uint32_t>(bytes[0]) << 24) | (std::to_integer<std::uint32_t>(bytes[1]) << 16) |
           (std::to_integer<std::uint32_t>(bytes[2]) << 8) | std::to_integer<std::uint32_t>(bytes[3]);
}

constexpr std::array<std::uint32_t, 256> make_crc_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t index = 0; index < 256; ++index) {
        std::uint32_t remainder = index;
        // The Castagnoli polynomial 0x1EDC6F41, bits reflected.
        for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ ((remainder & 1U) != 0 ? 0x82F63B78U : 0U);
        table[index] = remainder;
    }
    return table;
}

constexpr std::array<std::uint32_t, 256> crc_table = make_crc_table();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32c_sse42(std::span<const std::byte> data, std::uint32_t crc) {
    std::uint64_t state = ~crc;
    std::size_t position = 0;
    for (; position + 8 <= data.size(); position += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, data.data() + position, sizeof word);
        state = _mm_crc32_u64(state, word);
    }
    auto rest = static_cast<std::uint32_t>(state);
    for (; position < data.size(); ++position) rest = _mm_crc32_u8(rest, std::to_integer<std::uint8_t>(data[position]));
    return ~rest;
}
#endif

}  // namespace

void Sha256::compress(const std::byte* block) {
    std::array<std::uint32_t, 64> schedule{};
    for (std::size_t word = 0; word < 16; ++word) schedule[word] = big_endian(block + 4 * word);
    for (std::size_t word = 16; word < 64; ++word) {
        const std::uint32_t early = schedule[word - 15];
        const std::uint32_t late = schedule[word - 2];
        const std::uint32_t sigma0 = rotate_right(early, 7) ^ rotate_right(early, 18) ^ (early >> 3);
        const std::uint32_t sigma1 = rotate_right(late, 17) ^ rotate_right(late, 19) ^ (late >> 10);
        schedule[word] = schedule[word - 16] + sigma0 + schedule[word - 7] + sigma1;
    }
    auto [a, b, c, d, e, f, g, h] = state_;
    for (std::size_t round = 0; round < 64; ++round) {
        const std::uint32_t sum1 = rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25);
        const std::uint32_t choice = (e & f) ^ (~e & g);
        const std::uint32_t first = h + sum1 + choice + sha256_constants[round] + schedule[round];
        const std::uint32_t sum0 = rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22);
        const std::uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
        h = g;
        g = f;
        f = e;
        e = d + first;
        d = c;
        c = b;
        b = a;
        a = first + sum0 + majority;
    }
    const std::array<std::uint32_t, 8> worked = {a, b, c, d, e, f, g, h};
    for (std::size_t word = 0; word < 8; ++word) state_[word] += worked[word];
}

void Sha256::update(std::span<const std::byte> data) {
    total_bytes_ += data.size();
    if (pending_size_ > 0) {
        const std::size_t taken = std::min(data.size(), pending_.size() - pending_size_);
        std::copy_n(data.begin(), taken, pending_.begin() + static_cast<std::ptrdiff_t>(pending_size_));
        pending_size_ += taken;
        data = data.subspan(taken);
        if (pending_size_ < pending_.size()) return;
        compress(pending_.data());
        pending_size_ = 0;
    }
    for (; data.size() >= pending_.size(); data = data.subspan(pending_.size())) compress(data.data());
    std::copy(data.begin(), data.end(), pending_.begin());
    pending_size_ = data.size();
}

void Sha256::update(std::string_view text) { update(std::as_bytes(std::span(text.data(), text.size()))); }

std::string Sha256::hex() const {
    Sha256 last = *this;
    const std::uint64_t total_bits = total_bytes_ * 8;
    // One bit, zeros up to 56 bytes of a block, the length in bits (FIPS 180-4, section 5.1.1).
    const std::array<std::byte, 64> padding = {std::byte{0x80}};
    const std::size_t padding_size = (pending_size_ < 56 ? 56 : 120) - pending_size_;
    last.update(std::span(padding).first(padding_size));
    std::array<std::byte, 8> length{};
    for (std::size_t byte = 0; byte < 8; ++byte) length[byte] = static_cast<std::byte>(total_bits >> (56 - 8 * byte));
    last.update(length);

    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::uint32_t word : last.state_) {
        for (unsigned shift = 32; shift > 0; shift -= 4) text += digits[(word >> (shift - 4)) & 0xFU];
    }
    return text;
}

std::string sha256_hex(std::string_view text) {
    Sha256 hash;
    hash.update(text);
    return hash.hex();
}

std::uint32_t crc32c_portable(std::span<const std::byte> data, std::uint32_t crc) {
    std::uint32_t state = ~crc;
    for (const std::byte byte : data) {
        state = (state >> 8) ^ crc_table[(state ^ std::to_integer<std::uint32_t>(byte)) & 0xFFU];
    }
    return ~state;
}

std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t crc) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) return crc32c_sse42(data, crc);
#endif
    return crc32c_portable(data, crc);
}

}  // namespace passbench
