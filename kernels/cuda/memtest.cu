// memtest: memory is compared with what was written to it, and written anew. A thread handles two neighbouring words, so that a warp
// asks for whole lines; the blocks go over all of it in strides.
#include "kernels/cpu/memtest_shape.hpp"
#include "kernels/cuda/kernel.cuh"

namespace {

using passbench::MemtestContent;
using passbench::MemtestReport;
using Word = unsigned long long;

/// SplitMix64.
__device__ std::uint64_t scrambled(std::uint64_t state) {
    state = (state ^ (state >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    state = (state ^ (state >> 27U)) * 0x94d049bb133111ebULL;
    return state ^ (state >> 31U);
}

/// The words of a piece by their place in it; the first has the number `first` in all memory.
class Source {
public:
    __device__ Source(const MemtestContent& content, std::uint64_t first)
        : content_(content), first_(first), first_place_(static_cast<unsigned>(first % passbench::memtest_period)) {}
    __device__ std::uint64_t word(unsigned i) const {
        const std::uint64_t number = first_ + i;
        if (content_.is_random != 0) {
            return scrambled(content_.there + (number + 1) * 0x9e3779b97f4a7c15ULL) ^ content_.elsewhere;
        }
        // In 32 bits: a remainder of 64 costs more than all else here.
        const unsigned place = (first_place_ + i % passbench::memtest_period) % passbench::memtest_period;
        return (place == content_.place ? content_.there : content_.elsewhere) + content_.step * number;
    }

private:
    const MemtestContent content_;
    const std::uint64_t first_;
    const unsigned first_place_;
};

/// What a thread has seen.
struct Seen {
    std::uint64_t sum = 0;
    std::uint64_t wrong = 0;
};

/// Where errors go, and in which pass.
struct Notes {
    MemtestReport* report;
    std::uint64_t first;
    unsigned pass;
};

__device__ void look_at(const Notes& notes, const Source& source, unsigned i, std::uint64_t found, Seen& seen) {
    seen.sum += found + passbench::memtest_salt;
    const std::uint64_t expected = source.word(i);
    if (found == expected) return;
    ++seen.wrong;
    const Word number = atomicAdd(reinterpret_cast<Word*>(&notes.report->errors), 1ULL);
    if (number >= passbench::memtest_errors_kept) return;
    notes.report->first[number] = {notes.first + i, expected, found, notes.pass};
}

/// Adds what all threads of the block have seen to that of the piece.
__device__ void add_up(const Seen& seen, passbench::MemtestSeen* of_piece) {
    __shared__ Word sum;
    __shared__ Word wrong;
    if (threadIdx.x == 0) {
        sum = 0;
        wrong = 0;
    }
    __syncthreads();
    atomicAdd(&sum, static_cast<Word>(seen.sum));
    if (seen.wrong > 0) atomicAdd(&wrong, static_cast<Word>(seen.wrong));
    __syncthreads();
    if (threadIdx.x > 0) return;
    atomicAdd(reinterpret_cast<Word*>(&of_piece->sum), sum);
    atomicAdd(reinterpret_cast<Word*>(&of_piece->wrong), wrong);
}

/// Calls work(first of two words, whether there is a second) for what is this thread's.
template <typename Work>
__device__ void each_pair(unsigned count, const Work& work) {
    const unsigned stride = 2 * gridDim.x * blockDim.x;
    for (unsigned i = 2 * (blockIdx.x * blockDim.x + threadIdx.x); i < count; i += stride) work(i, i + 1 < count);
}

__device__ void write(std::uint64_t* words, unsigned i, bool is_pair, const Source& source) {
    if (is_pair) {
        *reinterpret_cast<ulonglong2*>(words + i) = ulonglong2{source.word(i), source.word(i + 1)};
    } else {
        words[i] = source.word(i);
    }
}

__device__ void compare(const std::uint64_t* words, unsigned i, bool is_pair, const Source& source, const Notes& notes,
                        Seen& seen) {
    if (is_pair) {
        const ulonglong2 both = *reinterpret_cast<const ulonglong2*>(words + i);
        look_at(notes, source, i, both.x, seen);
        look_at(notes, source, i + 1, both.y, seen);
    } else {
        look_at(notes, source, i, words[i], seen);
    }
}

}  // namespace

// `words` is a piece of at most 2^30 words, of which the first has the number `first`.

PASSBENCH_KERNEL(memtest_write, (std::uint64_t * words, unsigned count, std::uint64_t first, MemtestContent content)) {
    const Source source(content, first);
    each_pair(count, [&](unsigned i, bool is_pair) { write(words, i, is_pair, source); });
}

PASSBENCH_KERNEL(memtest_read, (const std::uint64_t* words, unsigned count, std::uint64_t first, MemtestContent content,
                                passbench::MemtestSeen* of_piece, MemtestReport* report, unsigned pass)) {
    const Source source(content, first);
    const Notes notes = {report, first, pass};
    Seen seen;
    each_pair(count, [&](unsigned i, bool is_pair) { compare(words, i, is_pair, source, notes, seen); });
    add_up(seen, of_piece);
}

PASSBENCH_KERNEL(memtest_replace,
                 (std::uint64_t * words, unsigned count, std::uint64_t first, MemtestContent content,
                  MemtestContent next, passbench::MemtestSeen* of_piece, MemtestReport* report, unsigned pass)) {
    const Source source(content, first);
    const Source after(next, first);
    const Notes notes = {report, first, pass};
    Seen seen;
    each_pair(count, [&](unsigned i, bool is_pair) {
        compare(words, i, is_pair, source, notes, seen);
        write(words, i, is_pair, after);
    });
    add_up(seen, of_piece);
}
