// The record of a memory test: what its reads came to, held against what they have to come to. Two questions are kept apart. Did the
// test do its work? Every word must have been read, which the sums show, and errors that were planted must have been found: if not,
// the test itself is wrong (verify_failed). Does the memory hold what is written to it? Errors are counted and told as facts of the
// trial; they are no failure of the trial, and make the run not_qualified.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "harness/records/facts.hpp"
#include "kernels/cpu/memtest_inputs.hpp"

namespace passbench {

/// How the tested memory is cut: pieces of this many bytes, the last one what is left.
[[nodiscard]] std::size_t memtest_piece_bytes(std::size_t tested_bytes, std::size_t most_bytes);

/// The words of the memory that errors are planted in, before each check: more than one turn of every loop, and a ragged end.
inline constexpr std::size_t memtest_planted_words = 20'011;

/// How a pass goes through memory where it compares: and writes the next, or not.
enum class MemtestWay : std::uint8_t { replace, read };
inline constexpr std::size_t memtest_ways = 2;

class MemtestRecord {
public:
    /// `piece_words` are the lengths of the pieces, in their order.
    MemtestRecord(std::string_view pattern, std::uint64_t seed, std::vector<std::size_t> piece_words, ThreadPool& pool);

    [[nodiscard]] const std::vector<MemtestPass>& passes() const { return passes_; }
    [[nodiscard]] std::size_t pieces() const { return piece_words_.size(); }
    [[nodiscard]] std::size_t words(std::size_t piece) const { return piece_words_[piece]; }
    /// The number of the first word of a piece.
    [[nodiscard]] std::uint64_t first(std::size_t piece) const { return firsts_[piece]; }
    [[nodiscard]] std::uint64_t all_words() const { return all_words_; }
    /// What is planted, in memory of memtest_planted_words words that are numbered from 0.
    [[nodiscard]] std::span<const PlantedError> planted() const { return planted_; }
    /// What that memory has to hold before it is gone through: first replaced, by what the other way expects, then read.
    [[nodiscard]] const MemtestContent& planted_content(MemtestWay way) const {
        return *passes_[static_cast<std::size_t>(way)].written;
    }

    /// What going through the planted memory came to, each way.
    void put_planted(MemtestWay way, const MemtestReport& report, std::uint64_t sum);
    /// The planted memory after it was replaced, to be compared here, by what writes nothing itself.
    void put_replaced(std::span<const std::uint64_t> words);
    /// What a pass, any but the first, came to in a piece; `wrong` is not 0 where there were errors.
    void put(std::size_t pass, std::size_t piece, const MemtestSeen& seen);
    /// Makes every result wrong.
    void spoil();
    /// Errors of the test itself, never of the memory: `verify_failed`.
    [[nodiscard]] Result<void> check() const;
    /// What check() looks at.
    [[nodiscard]] std::span<std::byte> results() { return std::as_writable_bytes(std::span(found_)); }

    /// "error.1" and so on, and how many there were: of the report of all passes so far.
    [[nodiscard]] Facts error_facts(const MemtestReport& report) const;

private:
    [[nodiscard]] std::size_t place(std::size_t pass, std::size_t piece) const;
    [[nodiscard]] std::string where(std::uint64_t word) const;

    const std::string pattern_;
    const std::vector<MemtestPass> passes_;
    const std::vector<std::size_t> piece_words_;
    std::vector<std::uint64_t> firsts_;
    std::uint64_t all_words_ = 0;
    const std::array<PlantedError, 5> planted_;
    // How many errors were found where some were planted, which ones, the sum there, each way; how many words were replaced by wrong
    // ones; then the sums by pass and piece. The first pass reads nothing.
    std::vector<std::uint64_t> right_;
    std::vector<std::uint64_t> found_;
    std::vector<std::uint64_t> wrong_;  // the same places; not 0 where errors were counted
};

}  // namespace passbench
