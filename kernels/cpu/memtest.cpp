// memtest: patterns written to this machine's memory and compared, by the threads that own its pieces.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "harness/records/memory_facts.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/memtest_record.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr std::size_t most_piece_bytes = std::size_t{64} << 20;
/// Compared, then overwritten while it is in the first cache.
constexpr std::size_t block_words = 512;

struct Case {
    std::string pattern;
    Target target;
    std::chrono::milliseconds rest;
    std::uint64_t seed;
};

class MemtestInstance final : public WorkloadInstance {
public:
    MemtestInstance(ThreadPool& pool, Case what, Buffer memory, Buffer planted)
        : pool_(pool),
          case_(std::move(what)),
          memory_(std::move(memory)),
          planted_(std::move(planted)),
          write_(loops_of(case_.target.isa).memtest_write[static_cast<std::size_t>(Stores::plain)]),
          stream_(loops_of(case_.target.isa).memtest_write[static_cast<std::size_t>(Stores::nontemporal)]),
          read_(loops_of(case_.target.isa).memtest_read),
          record_(case_.pattern, case_.seed, piece_words(memory_.bytes().size()), pool) {}

    void iterate() override {
        for (std::size_t pass = 0; pass < record_.passes().size(); ++pass) {
            if (record_.passes()[pass].rests) std::this_thread::sleep_for(case_.rest);
            pool_.run(threads(), [this, pass](int worker) {
                const Share share = share_of(record_.pieces(), worker, threads());
                for (std::size_t piece = share.begin; piece < share.end; ++piece) go_through(pass, piece);
            });
        }
    }

    [[nodiscard]] std::int64_t ops() const override { return static_cast<std::int64_t>(record_.all_words()); }
    [[nodiscard]] int threads() const override { return case_.target.threads; }
    [[nodiscard]] std::string isa() const override { return std::string(to_string(case_.target.isa)); }

    [[nodiscard]] Result<void> verify() override {
        record_.spoil();
        prove_that_errors_are_found();
        iterate();
        return check_results();
    }

    [[nodiscard]] Result<void> check_results() const override { return record_.check(); }
    [[nodiscard]] std::span<std::byte> results() override { return record_.results(); }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        const Topology topology = read_topology(std::span(pool_.cpus()).first(static_cast<std::size_t>(threads())));
        const auto footprint_bytes = static_cast<std::int64_t>(memory_.bytes().size());
        if (auto why_not = too_small_for_memory(footprint_bytes, topology)) return no_limit(*std::move(why_not));
        const std::array<std::span<const std::byte>, 1> buffers = {memory_.bytes()};
        const double read = measure_read_bandwidth(pool_, threads(), buffers);
        return InstanceLimit{.value = read,
                             .kind = LimitKind::measured,
                             .metric = "bandwidth",
                             .formula = fmt::format("{} read by {}", format_value(read, "B/s"),
                                                    counted(static_cast<std::size_t>(threads()), "thread"))};
    }

    [[nodiscard]] Facts facts() const override {
        Facts facts = record_.error_facts(report_);
        facts[std::string(memory_fact::tested_bytes)] = static_cast<std::int64_t>(memory_.bytes().size());
        return facts;
    }

private:
    static std::vector<std::size_t> piece_words(std::size_t bytes) {
        const std::size_t piece_bytes = memtest_piece_bytes(bytes, most_piece_bytes);
        std::vector<std::size_t> words;
        for (std::size_t left = bytes; left > 0; left -= std::min(left, piece_bytes)) {
            words.push_back(std::min(left, piece_bytes) / sizeof(std::uint64_t));
        }
        return words;
    }

    void go_through(std::size_t pass, std::size_t piece) {
        const auto& [expected, written, rests] = record_.passes()[pass];
        std::uint64_t* const words = memory_.as<std::uint64_t>().data() + record_.first(piece);
        const std::span<std::uint64_t> span(words, record_.words(piece));
        if (!expected) {
            stream_(*written, record_.first(piece), span.data(), span.size());
            return;
        }
        record_.put(pass, piece,
                    compare({.expected = *expected, .written = written ? &*written : nullptr, .pass = pass}, span,
                            record_.first(piece), report_));
    }

    struct Comparison {
        const MemtestContent& expected;
        const MemtestContent* written;  // nullptr where nothing is
        std::size_t pass;
    };

    /// Block after block: compared, errors noted, then overwritten.
    MemtestSeen compare(const Comparison& what, std::span<std::uint64_t> words, std::uint64_t first,
                        MemtestReport& report) {
        MemtestSeen seen = {0, 0};
        for (std::size_t begin = 0; begin < words.size(); begin += block_words) {
            const std::span<std::uint64_t> block = words.subspan(begin, std::min(block_words, words.size() - begin));
            const MemtestSeen of_block = read_(what.expected, first + begin, block.data(), block.size());
            if (of_block.wrong != 0) note_errors(what, block, first + begin, report);
            if (what.written != nullptr) write_(*what.written, first + begin, block.data(), block.size());
            seen.sum += of_block.sum;
            seen.wrong |= of_block.wrong;
        }
        return seen;
    }

    /// The vector loop has seen that some word of the block is wrong.
    void note_errors(const Comparison& what, std::span<const std::uint64_t> block, std::uint64_t first,
                     MemtestReport& report) {
        const std::lock_guard lock(noting_);
        const std::uint64_t before = report.errors;
        for (std::size_t i = 0; i < block.size(); ++i) {
            const std::uint64_t expected = memtest_word(what.expected, first + i);
            const std::uint64_t found = block[i];
            if (found == expected) continue;
            const std::uint64_t number = report.errors++;
            if (number < memtest_errors_kept) report.first[number] = {first + i, expected, found, what.pass};
        }
        // It was right when it was read again: an error of reading, of which nothing more is known.
        if (report.errors == before) ++report.errors;
    }

    void prove_that_errors_are_found() {
        const std::span<std::uint64_t> words = planted_.as<std::uint64_t>();
        write_(record_.planted_content(MemtestWay::replace), 0, words.data(), words.size());
        for (const MemtestWay way : {MemtestWay::replace, MemtestWay::read}) {
            for (const PlantedError& error : record_.planted()) words[error.word] ^= error.bits;
            MemtestReport report = {};
            const bool is_replaced = way == MemtestWay::replace;
            const MemtestContent* const next = is_replaced ? &record_.planted_content(MemtestWay::read) : nullptr;
            const MemtestSeen seen =
                compare({.expected = record_.planted_content(way), .written = next, .pass = 0}, words, 0, report);
            record_.put_planted(way, report, seen.sum);
            if (is_replaced) record_.put_replaced(words);
        }
    }

    ThreadPool& pool_;
    const Case case_;
    Buffer memory_;
    Buffer planted_;
    const MemtestWrite write_;
    const MemtestWrite stream_;
    const MemtestRead read_;
    MemtestRecord record_;
    std::mutex noting_;
    MemtestReport report_ = {};  // of all passes so far
};

/// Sizes are given, or a share of what is available.
Result<std::size_t> bytes_of(const Parameters& parameters) {
    const auto available = available_memory_bytes();
    const Value& wanted = parameters.find("bytes")->second;
    if (const auto* bytes = std::get_if<std::int64_t>(&wanted)) {
        PASSBENCH_CHECK(require_memory(*bytes, available));
        return static_cast<std::size_t>(*bytes);
    }
    if (!available) {
        return fail({.code = ErrorCode::unsupported,
                     .what = "this machine does not say how much memory is available (/proc/meminfo)",
                     .fix = "Give `bytes` as a size."});
    }
    constexpr std::int64_t page = 4096;
    constexpr std::int64_t percent = 100;
    return static_cast<std::size_t>(*available / percent * integer_of(parameters, "share") / page * page);
}

}  // namespace

PreparedCase prepare_memtest(const Parameters& parameters, const InstanceContext& context) {
    const CpuFeatures cpu = detect_cpu();
    PASSBENCH_TRY(const Target target, resolve_target(parameters, context.pool.size(), cpu, memory_isa(cpu)));
    PASSBENCH_TRY(const std::size_t bytes, bytes_of(parameters));
    PASSBENCH_TRY(Buffer memory, Buffer::allocate(bytes));
    PASSBENCH_TRY(Buffer planted, Buffer::allocate(memtest_planted_words * sizeof(std::uint64_t)));
    Case what = {.pattern = std::string(word_of(parameters, "pattern")),
                 .target = target,
                 .rest = std::chrono::milliseconds(integer_of(parameters, "rest")),
                 .seed = context.seed};
    return std::make_unique<MemtestInstance>(context.pool, std::move(what), std::move(memory), std::move(planted));
}

}  // namespace passbench
