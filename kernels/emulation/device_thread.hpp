// What a kernel that runs in the stand-in can ask of it: who it is, barriers, warp exchanges, timers. Included by the shim
// into every .cu; declares only, so that the fiber engine can change without the kernels being compiled again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector_types.h>

namespace passbench::emulation {

inline constexpr unsigned warp_threads = 32;

/// Where a kernel calls something: a default argument `CallSite::here()` is the caller's place. Not std::source_location,
/// which clang 14, whose linter reads this, does not find in libstdc++.
struct CallSite {
    const char* file = "";
    unsigned line = 0;

    static constexpr CallSite here(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
        return {.file = file, .line = line};
    }
    [[nodiscard]] std::string text() const;  // kernel.cu:12
    friend bool operator==(const CallSite& a, const CallSite& b) {
        return a.line == b.line && (a.file == b.file || std::strcmp(a.file, b.file) == 0);
    }
};

struct BlockPlace {
    uint3 index;
    dim3 block_dim;
    dim3 grid_dim;
    std::uint64_t linear;  // number of the block in its grid
    void* dynamic_shared;
    std::int64_t begin_ns;  // of the device's virtual time
};

/// A CUDA thread, as it sees itself.
struct DeviceThread {
    uint3 index;
    unsigned linear;          // number of the thread in its block
    std::int64_t elapsed_ns;  // virtual, since the block began
};

struct RunningBlock {
    DeviceThread* thread = nullptr;  // that runs now
    const BlockPlace* place = nullptr;
};

/// The block that the calling thread of the machine runs; null outside of blocks. Not initial-exec, although read at every
/// threadIdx: one such variable moves all thread-local storage of the library, which is the shared memory of its kernels,
/// into the static block, of which dlopen has less than 2 KiB.
extern __thread RunningBlock* running_block;

inline DeviceThread& current_thread() { return *running_block->thread; }
inline const uint3& thread_index() { return current_thread().index; }
inline const uint3& block_index() { return running_block->place->index; }
inline const dim3& block_dim() { return running_block->place->block_dim; }
inline const dim3& grid_dim() { return running_block->place->grid_dim; }
inline void* dynamic_shared() { return running_block->place->dynamic_shared; }
inline unsigned lane_id() { return current_thread().linear % warp_threads; }

/// __syncthreads and its kin: returns when all threads of the block have come to the same `site`; how many of them came with
/// a predicate that is true.
std::uint64_t block_barrier(bool predicate, const CallSite& site);
inline unsigned block_threads() { return block_dim().x * block_dim().y * block_dim().z; }

/// Whether the blocks of the grid run at the same time, each on its own, so that they can wait for each other.
[[nodiscard]] bool cooperative_launch();
/// Returns when all threads of all blocks have come; the launch fails if it is not a cooperative one.
void grid_barrier(const CallSite& site);

enum class WarpOperation : std::uint8_t { sync, shuffle, ballot, all, match_any, match_all, collective };

/// Waits until all lanes of `mask` that have not exited come with the same mask and operation. Returns: of shuffle the value
/// of lane `source`, of ballot the lanes with a non-zero value, of all 1 or 0, of match_* the lanes of equal value.
std::uint64_t warp_exchange(WarpOperation operation, unsigned mask, std::uint64_t value, unsigned source,
                            const CallSite& site);

/// What the 32 lanes of a warp do as one, such as a product of matrices that are spread over them.
struct WarpCollective {
    const char* name;  // for reports
    void (*run)(
        void* const (&lanes)[warp_threads]);  // called once, on the lane that comes last, with what each lane gave
};

/// Waits until all 32 lanes come to the same `site` with the same collective; one that has exited is missed, too.
void warp_collective(const WarpCollective& collective, void* own, const CallSite& site);

/// The device's global timer in ns and the SM's cycle counter, both virtual: within a kernel they start when the cost model
/// starts the block, and each read takes a little time, so that loops that wait for a time end. The timer is ahead of the
/// host's clock by what the cost model says.
[[nodiscard]] std::int64_t device_global_timer_ns();
[[nodiscard]] std::int64_t device_clock();
/// The multiprocessor that the block is placed on.
[[nodiscard]] unsigned sm_id();

/// Waits until the host has written `wanted` into this word of mapped memory, as a kernel does that reads it again and again;
/// false if it did not for some seconds of real time. For kernels of one thread. Reading in vain takes no virtual time, so that
/// the times do not depend on how long the machine took.
[[nodiscard]] bool device_wait_for_host(std::uint32_t* word, std::uint32_t wanted);
/// Writes what the host looks for in mapped memory without a call of the driver: its virtual time moves to when it sees it.
void device_tell_host(std::uint64_t* word, std::uint64_t value);

/// Lets virtual time pass, and other threads of the block run.
void device_sleep(std::int64_t ns);
/// Orders memory accesses for all threads of the machine.
void device_fence();
/// What __trap and a failed assert do: the launch fails, the words go to the report.
[[noreturn]] void device_trap(const char* words, const CallSite& site = CallSite::here());

}  // namespace passbench::emulation
