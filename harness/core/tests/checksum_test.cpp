#include "harness/core/checksum.hpp"

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace passbench {
namespace {

std::vector<std::byte> counting_bytes(int first, int step, std::size_t count) {
    std::vector<std::byte> bytes;
    for (std::size_t index = 0; index < count; ++index) {
        bytes.push_back(static_cast<std::byte>(first + step * static_cast<int>(index)));
    }
    return bytes;
}

// FIPS 180-4 examples and the long message of the NIST example page.
TEST(Sha256Digest, FitsTheVectorsOfNist) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Digest, IsRightWhereThePaddingJustFitsAndJustDoesNot) {
    EXPECT_EQ(sha256_hex(std::string(55, 'a')), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
    EXPECT_EQ(sha256_hex(std::string(56, 'a')), "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
    EXPECT_EQ(sha256_hex(std::string(64, 'a')), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
}

TEST(Sha256Digest, IsTheSameInPiecesOfAnySizeAndCanGoOnAfterBeingRead) {
    const std::string text(1000, 'x');
    for (std::size_t piece = 1; piece < 200; piece += 7) {
        Sha256 hash;
        for (std::size_t at = 0; at < text.size(); at += piece) hash.update(std::string_view(text).substr(at, piece));
        EXPECT_EQ(hash.hex(), sha256_hex(text)) << piece;
        EXPECT_EQ(hash.hex(), sha256_hex(text)) << "reading changed it";
    }
}

// RFC 3720, appendix B.4.
TEST(Crc32c, FitsTheVectorsOfRfc3720) {
    EXPECT_EQ(crc32c(counting_bytes(0x00, 0, 32)), 0x8a9136aaU);
    EXPECT_EQ(crc32c(counting_bytes(0xff, 0, 32)), 0x62a8ab43U);
    EXPECT_EQ(crc32c(counting_bytes(0, 1, 32)), 0x46dd794eU);
    EXPECT_EQ(crc32c(counting_bytes(31, -1, 32)), 0x113fdb5cU);
}

TEST(Crc32c, IsTheSameByTableAndByHardwareForEveryLengthAndStart) {
    const std::vector<std::byte> bytes = counting_bytes(3, 41, 100);
    for (std::size_t begin = 0; begin < 9; ++begin) {
        for (std::size_t end = begin; end <= bytes.size(); ++end) {
            const auto part = std::span(bytes).subspan(begin, end - begin);
            ASSERT_EQ(crc32c(part), crc32c_portable(part)) << begin << " to " << end;
        }
    }
}

TEST(Crc32c, GoesOnFromAnEarlierValue) {
    const std::vector<std::byte> bytes = counting_bytes(0, 1, 32);
    const std::uint32_t first = crc32c(std::span(bytes).first(13));
    EXPECT_EQ(crc32c(std::span(bytes).subspan(13), first), 0x46dd794eU);
    EXPECT_EQ(crc32c_portable(std::span(bytes).subspan(13), first), 0x46dd794eU);
}

TEST(Crc32c, SeesOneFlippedBit) {
    std::vector<std::byte> bytes(4096);
    const std::uint32_t before = crc32c(bytes);
    bytes[4095] ^= std::byte{0x01};
    EXPECT_NE(crc32c(bytes), before);
}

}  // namespace
}  // namespace passbench
