// memtest: patterns written to the device's memory and compared there, and which of its pieces are on the card at all.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <limits>
#include <numeric>
#include <thread>
#include <utility>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "harness/records/memory_facts.hpp"
#include "kernels/cpu/memtest_record.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/images.hpp"
#include "kernels/cuda/memory_guard.hpp"
#include "kernels/cuda/memory_limit.hpp"

namespace passbench {

namespace {

constexpr unsigned threads_a_block = 256;
constexpr unsigned blocks_a_multiprocessor = 8;
/// A kernel over one piece takes a hundredth of a second even where the piece lies in the host's memory: no watchdog ends it.
constexpr std::size_t most_piece_bytes = std::size_t{256} << 20;

using Address = CUdeviceptr;

struct MemtestKernels {
    Module module;
    Kernel<Address, unsigned, std::uint64_t, MemtestContent> write;
    Kernel<Address, unsigned, std::uint64_t, MemtestContent, Address, Address, unsigned> read;
    Kernel<Address, unsigned, std::uint64_t, MemtestContent, MemtestContent, Address, Address, unsigned> replace;

    static Result<MemtestKernels> load(const Gpu& gpu) {
        MemtestKernels kernels;
        PASSBENCH_TRY(kernels.module, gpu.load(memtest_image()));
        const Module& module = kernels.module;
        PASSBENCH_TRY(kernels.write,
                      (gpu.kernel<Address, unsigned, std::uint64_t, MemtestContent>(module, "memtest_write")));
        PASSBENCH_TRY(kernels.read,
                      (gpu.kernel<Address, unsigned, std::uint64_t, MemtestContent, Address, Address, unsigned>(
                          module, "memtest_read")));
        PASSBENCH_TRY(
            kernels.replace,
            (gpu.kernel<Address, unsigned, std::uint64_t, MemtestContent, MemtestContent, Address, Address, unsigned>(
                module, "memtest_replace")));
        return kernels;
    }
};

struct Case {
    std::string pattern;
    std::chrono::milliseconds rest;
    std::uint64_t seed;
};

/// What is tested, and why it is not more.
struct Pieces {
    std::vector<DeviceMemory> memory;
    std::string stopped;

    [[nodiscard]] std::vector<std::size_t> words() const {
        std::vector<std::size_t> all;
        for (const DeviceMemory& piece : memory) all.push_back(piece.size_bytes() / sizeof(std::uint64_t));
        return all;
    }
    [[nodiscard]] std::size_t bytes() const {
        return std::accumulate(memory.begin(), memory.end(), std::size_t{0},
                               [](std::size_t sum, const DeviceMemory& piece) { return sum + piece.size_bytes(); });
    }
};

/// Where the kernels leave what they saw. Made before the pieces: behind the last one there may be no memory of the card any more.
struct Notes {
    DeviceMemory seen;            // a place for each pass and piece, and one for what is read beside the passes
    DeviceMemory report;          // of all passes so far
    DeviceMemory planted;         // memory in which errors are planted
    DeviceMemory planted_report;  // what was found there

    static Result<Notes> allocate(const Gpu& gpu, std::size_t passes, std::size_t most_pieces) {
        Notes notes;
        PASSBENCH_TRY(notes.seen, gpu.allocate((passes * most_pieces + 1) * sizeof(MemtestSeen)));
        PASSBENCH_TRY(notes.report, gpu.allocate(sizeof(MemtestReport)));
        PASSBENCH_TRY(notes.planted, gpu.allocate(memtest_planted_words * sizeof(std::uint64_t)));
        PASSBENCH_TRY(notes.planted_report, gpu.allocate(sizeof(MemtestReport)));
        return notes;
    }
};

class MemtestInstance final : public CudaInstance {
public:
    MemtestInstance(ThreadPool& pool, Case what, GpuSession session, MemtestKernels kernels, Notes notes, Pieces pieces)
        : CudaInstance(std::move(session)),
          case_(std::move(what)),
          kernels_(std::move(kernels)),
          notes_(std::move(notes)),
          pieces_(std::move(pieces)),
          record_(case_.pattern, case_.seed, pieces_.words(), pool),
          blocks_(static_cast<unsigned>(std::max(1, gpu().attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT))) *
                  blocks_a_multiprocessor),
          seen_(record_.passes().size() * record_.pieces() + 1) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> begin() {
        PASSBENCH_CHECK(clear(notes_.report));
        return look_for_planted();
    }

    [[nodiscard]] std::int64_t ops() const override { return static_cast<std::int64_t>(record_.all_words()); }
    /// What lies in the host's memory is no fault of this measurement but what it finds out, as coverage.
    [[nodiscard]] std::int64_t device_memory_bytes() const override { return 0; }

    [[nodiscard]] Result<void> fetch_results() override {
        PASSBENCH_CHECK(gpu().download(std::as_writable_bytes(std::span(seen_)), notes_.seen));
        for (std::size_t pass = 1; pass < record_.passes().size(); ++pass) {
            for (std::size_t piece = 0; piece < record_.pieces(); ++piece) {
                record_.put(pass, piece, seen_[slot(pass, piece)]);
            }
        }
        return gpu().download(std::as_writable_bytes(std::span(&report_, 1)), notes_.report);
    }

    [[nodiscard]] std::span<std::byte> results() override { return record_.results(); }
    [[nodiscard]] bool may_batch() const override { return false; }  // a batch would keep what its last iteration saw

    /// The twin does not rest: its time is that of the device's work.
    [[nodiscard]] Result<void> measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) override {
        const auto rest = std::exchange(case_.rest, std::chrono::milliseconds(0));
        const auto measured = CudaInstance::measure_on_device(iterations, values);
        case_.rest = rest;
        return measured;
    }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        PASSBENCH_CHECK(look_for_residency());
        return device_memory_limit(gpu(), static_cast<std::int64_t>(pieces_.bytes()));
    }

    [[nodiscard]] Facts facts() const override {
        Facts facts = record_.error_facts(report_);
        const auto put = [&](std::string_view key, Fact value) { facts[std::string(key)] = std::move(value); };
        put(memory_fact::tested_bytes, static_cast<std::int64_t>(pieces_.bytes()));
        put(memory_fact::resident_bytes, resident_bytes_);
        put(memory_fact::total_bytes, total_bytes_);
        put(memory_fact::coverage, static_cast<double>(resident_bytes_) / static_cast<double>(total_bytes_));
        if (!unproved_.empty()) put(memory_fact::unproved, unproved_);
        if (!pieces_.stopped.empty()) put(memory_fact::stopped, pieces_.stopped);
        return facts;
    }

private:
    [[nodiscard]] std::size_t slot(std::size_t pass, std::size_t piece) const {
        return pass * record_.pieces() + piece;
    }
    [[nodiscard]] Address address_of_slot(std::size_t number) const {
        return notes_.seen.address() + number * sizeof(MemtestSeen);
    }
    [[nodiscard]] Grid grid() const { return {.blocks = blocks_, .threads = threads_a_block}; }

    [[nodiscard]] Result<void> clear(const DeviceMemory& memory) {
        note(gpu().calls().cuMemsetD8Async(memory.address(), 0, memory.size_bytes(), stream().get()));
        note(gpu().calls().cuStreamSynchronize(stream().get()));
        return noted();
    }

    CUresult enqueue() override {
        CUresult result =
            gpu().calls().cuMemsetD8Async(notes_.seen.address(), 0, notes_.seen.size_bytes(), stream().get());
        for (std::size_t pass = 0; pass < record_.passes().size() && result == CUDA_SUCCESS; ++pass) {
            if (record_.passes()[pass].rests) result = rest();
            for (std::size_t piece = 0; piece < record_.pieces() && result == CUDA_SUCCESS; ++piece) {
                result = go_through(pass, piece);
            }
        }
        return result;
    }

    CUresult rest() {
        if (case_.rest.count() == 0) return CUDA_SUCCESS;
        const CUresult result = gpu().calls().cuStreamSynchronize(stream().get());
        std::this_thread::sleep_for(case_.rest);
        return result;
    }

    CUresult go_through(std::size_t pass, std::size_t piece) const {
        const auto& [expected, written, rests] = record_.passes()[pass];
        const Address words = pieces_.memory[piece].address();
        const auto count = static_cast<unsigned>(record_.words(piece));
        const std::uint64_t first = record_.first(piece);
        if (!expected) return kernels_.write.launch(stream(), grid(), words, count, first, *written);
        const Address seen = address_of_slot(slot(pass, piece));
        const Address report = notes_.report.address();
        const auto number = static_cast<unsigned>(pass);
        if (!written)
            return kernels_.read.launch(stream(), grid(), words, count, first, *expected, seen, report, number);
        return kernels_.replace.launch(stream(), grid(), words, count, first, *expected, *written, seen, report,
                                       number);
    }

    [[nodiscard]] Result<void> spoil_results() override {
        record_.spoil();
        note(gpu().calls().cuMemsetD8Async(notes_.seen.address(), 0xa5, notes_.seen.size_bytes(), stream().get()));
        return look_for_planted();
    }

    /// What the kernels find where errors are planted; whether it is right is for the record to say.
    [[nodiscard]] Result<void> look_for_planted() {
        note(kernels_.write.launch(stream(), grid(), notes_.planted.address(), unsigned{memtest_planted_words}, 0,
                                   record_.planted_content(MemtestWay::replace)));
        for (const MemtestWay way : {MemtestWay::replace, MemtestWay::read}) PASSBENCH_CHECK(find_planted(way));
        return {};
    }

    /// Turns bits of the planted memory over by copies of single words, and lets the kernel look for them.
    [[nodiscard]] Result<void> find_planted(MemtestWay way) {
        const MemtestContent& content = record_.planted_content(way);
        const Address words = notes_.planted.address();
        note(gpu().calls().cuStreamSynchronize(stream().get()));
        for (const auto& [word, bits] : record_.planted()) {
            const std::uint64_t wrong = memtest_word(content, word) ^ bits;
            note(gpu().calls().cuMemcpyHtoD(words + word * sizeof wrong, &wrong, sizeof wrong));
        }
        note(gpu().calls().cuCtxSynchronize());  // as upload() has it
        PASSBENCH_CHECK(clear(notes_.planted_report));
        const Address seen = address_of_slot(seen_.size() - 1);
        note(gpu().calls().cuMemsetD8Async(seen, 0, sizeof(MemtestSeen), stream().get()));
        const Address report = notes_.planted_report.address();
        constexpr auto count = static_cast<unsigned>(memtest_planted_words);
        if (way == MemtestWay::replace) {
            const MemtestContent& next = record_.planted_content(MemtestWay::read);
            note(kernels_.replace.launch(stream(), grid(), words, count, 0, content, next, seen, report, 0));
        } else {
            note(kernels_.read.launch(stream(), grid(), words, count, 0, content, seen, report, 0));
        }
        note(gpu().calls().cuStreamSynchronize(stream().get()));
        PASSBENCH_CHECK(noted());
        MemtestReport found = {};
        PASSBENCH_CHECK(gpu().download(std::as_writable_bytes(std::span(&found, 1)), notes_.planted_report));
        MemtestSeen sum = {0, 0};
        note(gpu().calls().cuMemcpyDtoH(&sum, seen, sizeof sum));
        record_.put_planted(way, found, sum.sum);
        if (way == MemtestWay::replace) {
            std::vector<std::uint64_t> replaced(memtest_planted_words);
            PASSBENCH_CHECK(gpu().download(std::as_writable_bytes(std::span(replaced)), notes_.planted));
            record_.put_replaced(replaced);
        }
        return noted();
    }

    [[nodiscard]] Result<void> compare_results() const override { return record_.check(); }

    /// Reads each piece by itself, after the timed iterations: what takes too long is not on the card.
    [[nodiscard]] Result<void> look_for_residency() {
        PASSBENCH_TRY(const CardMemory now, gpu().memory());
        total_bytes_ = now.total_bytes;
        resident_bytes_ = 0;
        const std::int64_t cache_bytes = gpu().attribute(CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE);
        const auto tested_bytes = static_cast<std::int64_t>(pieces_.bytes());
        constexpr std::int64_t caches = 2;
        if (tested_bytes < caches * cache_bytes) {
            unproved_ = fmt::format("{} are under 2 x {} of L2 cache, in which they may have been read",
                                    format_bytes(tested_bytes), format_bytes(cache_bytes));
            return {};
        }
        PASSBENCH_TRY(const std::vector<double> times_ns, read_times());
        double best = 0;
        for (std::size_t piece = 0; piece < times_ns.size(); ++piece) {
            best = std::max(best, rate_of({pieces_.memory[piece].size_bytes(), times_ns[piece]}));
        }
        std::size_t slow = 0;
        double slowest = best;
        for (std::size_t piece = 0; piece < times_ns.size(); ++piece) {
            const Transfer read = {.bytes = pieces_.memory[piece].size_bytes(), .ns = times_ns[piece]};
            if (is_on_card(read, peak_bandwidth(gpu()), best)) {
                resident_bytes_ += static_cast<std::int64_t>(read.bytes);
            } else {
                ++slow;
                slowest = std::min(slowest, rate_of(read));
            }
        }
        if (slow > 0) {
            unproved_ = fmt::format("{} of {} pieces are read at {} and not at {}: they lie in the host's memory", slow,
                                    times_ns.size(), format_value(slowest, "B/s"), format_value(best, "B/s"));
        }
        return {};
    }

    /// The best of some rounds over all pieces: between two reads of one the others have passed through the cache.
    [[nodiscard]] Result<std::vector<double>> read_times() {
        constexpr int rounds = 3;
        constexpr double ns_a_ms = 1e6;
        const DriverCalls& calls = gpu().calls();
        PASSBENCH_TRY(const Event begin, gpu().make_event());
        PASSBENCH_TRY(const Event end, gpu().make_event());
        std::vector<double> times_ns(record_.pieces(), std::numeric_limits<double>::max());
        const std::size_t last_pass = record_.passes().size() - 1;
        for (int round = 0; round < rounds; ++round) {
            for (std::size_t piece = 0; piece < record_.pieces(); ++piece) {
                note(calls.cuEventRecord(begin.get(), stream().get()));
                note(kernels_.read.launch(stream(), grid(), pieces_.memory[piece].address(),
                                          static_cast<unsigned>(record_.words(piece)), record_.first(piece),
                                          *record_.passes()[last_pass].expected, address_of_slot(seen_.size() - 1),
                                          notes_.report.address(), static_cast<unsigned>(last_pass)));
                note(calls.cuEventRecord(end.get(), stream().get()));
                note(calls.cuStreamSynchronize(stream().get()));
                PASSBENCH_CHECK(noted());
                float elapsed_ms = 0;
                note(calls.cuEventElapsedTime(&elapsed_ms, begin.get(), end.get()));
                times_ns[piece] = std::min(times_ns[piece], std::max(1.0, elapsed_ms * ns_a_ms));
            }
        }
        PASSBENCH_CHECK(noted());
        return times_ns;
    }

    Case case_;
    MemtestKernels kernels_;
    Notes notes_;
    Pieces pieces_;
    MemtestRecord record_;
    const unsigned blocks_;
    std::vector<MemtestSeen> seen_;  // as the device has it
    MemtestReport report_ = {};
    std::int64_t total_bytes_ = 1;
    std::int64_t resident_bytes_ = 0;
    std::string unproved_;
};

/// How much is wanted; and whether less will do, for a share of what is free may turn out to be more than there is.
struct Wanted {
    std::size_t bytes;
    bool less_will_do;
};

Result<Wanted> wanted_bytes(const Gpu& gpu, const Parameters& parameters) {
    const Value& wanted = parameters.find("bytes")->second;
    if (const auto* bytes = std::get_if<std::int64_t>(&wanted)) {
        return Wanted{.bytes = static_cast<std::size_t>(*bytes), .less_will_do = false};
    }
    PASSBENCH_TRY(const CardMemory now, gpu.memory());
    PASSBENCH_TRY(const std::size_t left_bytes, gpu.memory_guard().left_bytes());
    constexpr std::int64_t percent = 100;
    const auto share = static_cast<std::size_t>(now.free_bytes * integer_of(parameters, "share") / percent);
    constexpr std::size_t page_bytes = 4096;
    return Wanted{.bytes = std::max(page_bytes, std::min(share, left_bytes) / page_bytes * page_bytes),
                  .less_will_do = true};
}

Result<Pieces> allocate_pieces(const Gpu& gpu, const Wanted& wanted, std::size_t piece_bytes) {
    Pieces pieces;
    for (std::size_t left = wanted.bytes; left > 0;) {
        const std::size_t bytes = std::min(left, piece_bytes);
        auto piece = gpu.allocate(bytes);
        if (!piece) {
            const bool is_enough =
                wanted.less_will_do && !pieces.memory.empty() && piece.error().code == ErrorCode::out_of_memory;
            if (!is_enough) return fail(std::move(piece).error());
            pieces.stopped = piece.error().what;
            break;
        }
        pieces.memory.push_back(*std::move(piece));
        left -= bytes;
    }
    return pieces;
}

}  // namespace

PreparedCase prepare_cuda_memtest(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    PASSBENCH_TRY(MemtestKernels kernels, MemtestKernels::load(*session.gpu));
    PASSBENCH_TRY(const Wanted wanted, wanted_bytes(*session.gpu, parameters));
    const Gpu& gpu = *session.gpu;
    const std::size_t piece_bytes =
        memtest_piece_bytes(wanted.bytes, std::min(most_piece_bytes, gpu.memory_guard().step_bytes()));
    const std::size_t passes = memtest_passes(word_of(parameters, "pattern"), context.seed).size();
    PASSBENCH_TRY(Notes notes, Notes::allocate(gpu, passes, wanted.bytes / piece_bytes + 1));
    PASSBENCH_TRY(Pieces pieces, allocate_pieces(gpu, wanted, piece_bytes));
    Case what = {.pattern = std::string(word_of(parameters, "pattern")),
                 .rest = std::chrono::milliseconds(integer_of(parameters, "rest")),
                 .seed = context.seed};
    auto instance = std::make_unique<MemtestInstance>(context.pool, std::move(what), std::move(session),
                                                      std::move(kernels), std::move(notes), std::move(pieces));
    PASSBENCH_CHECK(instance->begin());
    return instance;
}

}  // namespace passbench
