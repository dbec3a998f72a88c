#include "kernels/cpu/memtest_record.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "harness/records/memory_facts.hpp"
#include "kernels/cpu/first_wrong.hpp"

namespace passbench {

namespace {

constexpr std::size_t words_an_error = 3;  // number, expected, found
constexpr std::size_t planted_results = 1 + std::tuple_size_v<decltype(memtest_planted(0, 64))> * words_an_error + 1;

constexpr std::size_t wrongly_replaced = memtest_ways * planted_results;  // the place of their number

/// The planted part of the results: how many, which ones in order, the sum.
std::vector<std::uint64_t> planted_part(const MemtestReport& report, std::uint64_t sum) {
    std::vector<MemtestError> errors(report.first,
                                     report.first + std::min<std::uint64_t>(report.errors, memtest_errors_kept));
    std::ranges::sort(errors, {}, &MemtestError::word);
    std::vector<std::uint64_t> part = {report.errors};
    for (const MemtestError& error : errors) part.insert(part.end(), {error.word, error.expected, error.found});
    part.resize(planted_results - 1);
    part.push_back(sum);
    return part;
}

/// What that part has to be.
std::vector<std::uint64_t> right_planted_part(const MemtestContent& content, std::span<const PlantedError> planted) {
    MemtestReport report = {.errors = planted.size(), .first = {}};
    std::uint64_t sum = memtest_sum(content, 0, memtest_planted_words);
    std::size_t next = 0;
    for (const auto& [word, bits] : planted) {
        const std::uint64_t expected = memtest_word(content, word);
        const std::uint64_t found = expected ^ bits;
        report.first[next++] = {.word = word, .expected = expected, .found = found, .pass = 0};
        sum += found - expected;
    }
    return planted_part(report, sum);
}

std::vector<std::uint64_t> first_words(const std::vector<std::size_t>& piece_words) {
    std::vector<std::uint64_t> firsts;
    std::uint64_t next = 0;
    for (const std::size_t words : piece_words) {
        firsts.push_back(next);
        next += words;
    }
    return firsts;
}

}  // namespace

std::size_t memtest_piece_bytes(std::size_t tested_bytes, std::size_t most_bytes) {
    // Enough pieces to tell where memory is slow, and each large enough for several turns of what works on it.
    constexpr std::size_t pieces = 16;
    constexpr std::size_t least_bytes = 128 << 10;
    constexpr std::size_t page = 4096;
    return std::clamp(tested_bytes / pieces / page * page, least_bytes, most_bytes);
}

MemtestRecord::MemtestRecord(std::string_view pattern, std::uint64_t seed, std::vector<std::size_t> piece_words,
                             ThreadPool& pool)
    : pattern_(pattern),
      passes_(memtest_passes(pattern, seed)),
      piece_words_(std::move(piece_words)),
      firsts_(first_words(piece_words_)),
      planted_(memtest_planted(seed, memtest_planted_words)) {
    for (const std::size_t words : piece_words_) all_words_ += words;
    for (const MemtestWay way : {MemtestWay::replace, MemtestWay::read}) {
        const std::vector<std::uint64_t> planted = right_planted_part(planted_content(way), planted_);
        right_.insert(right_.end(), planted.begin(), planted.end());
    }
    right_.resize(place(passes_.size(), 0));
    found_.resize(right_.size());
    wrong_.resize(right_.size());
    pool.run(pool.size(), [this, workers = pool.size()](int worker) {
        const Share share = share_of(pieces(), worker, workers);
        for (std::size_t pass = 1; pass < passes_.size(); ++pass) {
            for (std::size_t piece = share.begin; piece < share.end; ++piece) {
                right_[place(pass, piece)] =
                    memtest_sum(*passes_[pass].expected, firsts_[piece], firsts_[piece] + words(piece));
            }
        }
    });
}

std::size_t MemtestRecord::place(std::size_t pass, std::size_t piece) const {
    return wrongly_replaced + 1 + (pass - 1) * pieces() + piece;
}

void MemtestRecord::put_planted(MemtestWay way, const MemtestReport& report, std::uint64_t sum) {
    const auto at = static_cast<std::ptrdiff_t>(static_cast<std::size_t>(way) * planted_results);
    std::ranges::copy(planted_part(report, sum), found_.begin() + at);
}

void MemtestRecord::put_replaced(std::span<const std::uint64_t> words) {
    const MemtestContent& content = planted_content(MemtestWay::read);
    std::uint64_t wrong = 0;
    for (std::size_t i = 0; i < words.size(); ++i) wrong += words[i] == memtest_word(content, i) ? 0 : 1;
    found_[wrongly_replaced] = wrong;
}

void MemtestRecord::put(std::size_t pass, std::size_t piece, const MemtestSeen& seen) {
    found_[place(pass, piece)] = seen.sum;
    wrong_[place(pass, piece)] = seen.wrong;
}

void MemtestRecord::spoil() {
    for (std::size_t i = 0; i < found_.size(); ++i) found_[i] = ~right_[i];
    std::ranges::fill(wrong_, 0);
}

Result<void> MemtestRecord::check() const {
    const auto wrong = [&](std::string what) {
        return fail({.code = ErrorCode::verify_failed, .what = std::move(what), .fix = wrong_result_fix});
    };
    for (std::size_t way = 0; way < memtest_ways; ++way) {
        const std::size_t begin = way * planted_results;
        if (std::ranges::equal(std::span(found_).subspan(begin, planted_results),
                               std::span(right_).subspan(begin, planted_results))) {
            continue;
        }
        return wrong(fmt::format("memtest {}: of {} errors that were planted it found {}, or not those that were",
                                 pattern_, planted_.size(), found_[begin]));
    }
    if (found_[wrongly_replaced] != 0) {
        return wrong(fmt::format("memtest {}: of {} words {} were not replaced by what they had to be", pattern_,
                                 memtest_planted_words, found_[wrongly_replaced]));
    }
    for (std::size_t pass = 1; pass < passes_.size(); ++pass) {
        for (std::size_t piece = 0; piece < pieces(); ++piece) {
            const std::size_t at = place(pass, piece);
            if (wrong_[at] != 0) continue;  // then their sum is wrong too, and they are counted
            if (found_[at] == right_[at]) continue;
            return wrong(
                fmt::format("memtest {}: pass {} of {} did not read all of piece {} of {}: the sum of its words is "
                            "{:#x} where {:#x} is right",
                            pattern_, pass + 1, passes_.size(), piece + 1, pieces(), found_[at], right_[at]));
        }
    }
    return {};
}

std::string MemtestRecord::where(std::uint64_t word) const {
    const auto next = std::ranges::upper_bound(firsts_, word);
    const auto piece = static_cast<std::size_t>(next - firsts_.begin()) - 1;
    return fmt::format("byte {} of piece {} of {}", (word - firsts_[piece]) * sizeof(std::uint64_t), piece + 1,
                       pieces());
}

Facts MemtestRecord::error_facts(const MemtestReport& report) const {
    Facts facts = {{std::string(memory_fact::errors), static_cast<std::int64_t>(report.errors)}};
    const std::uint64_t kept = std::min<std::uint64_t>(report.errors, memtest_errors_kept);
    for (std::uint64_t i = 0; i < kept; ++i) {
        const MemtestError& error = report.first[i];
        const bool second = error.pass + 1 == passes_.size();
        facts[fmt::format("{}.{}", memory_fact::error, i + 1)] =
            fmt::format("{} in pass {} of {}{}: expected {:#018x}, found {:#018x}, wrong bits {:#018x}",
                        where(error.word), error.pass + 1, passes_.size(), second ? " (the second read)" : "",
                        error.expected, error.found, error.expected ^ error.found);
    }
    return facts;
}

}  // namespace passbench
