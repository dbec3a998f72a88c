// What a kernel compiled by g++ exports about itself: the contract between kernels/cuda/kernel.cuh and the stand-in driver,
// which finds the object `passbench_kernel_NAME` by dlsym. Constant-initialised: nothing runs when the library is loaded.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

namespace passbench::emulation {

/// The library shows nothing that is not marked.
#define PASSBENCH_EMULATION_EXPORT __attribute__((visibility("default")))

inline constexpr unsigned most_threads_a_block = 1024;
/// Shared memory, static and dynamic together: what a card of compute capability 7.5 gives to a kernel that asks for it, and
/// what it gives without.
inline constexpr unsigned most_shared_bytes = 64U << 10;
inline constexpr unsigned usual_shared_bytes = 48U << 10;

struct KernelParameter {
    std::uint32_t offset;  // in the packed block, by the rules that cuLaunchKernel's `extra` documents
    std::uint32_t size_bytes;
    std::uint32_t alignment;
    std::uint32_t is_output;  // 1: a pointer to what the kernel may write
};

struct KernelEntry {
    const char* name;
    void (*run)(const std::byte* parameters);  // one CUDA thread, with the packed parameters
    const KernelParameter* parameters;
    std::uint32_t parameters_count;
    std::uint32_t parameters_bytes;
    std::uint32_t most_threads;  // of a block
};

/// A variable of PASSBENCH_DEVICE_GLOBAL.
struct GlobalEntry {
    void* address;
    std::size_t size_bytes;
};

/// Parameters are packed into memory of at least this alignment: what `new` gives for less than half the price of more.
inline constexpr std::size_t parameters_alignment = 16;

template <typename Body>
struct KernelSignature;

template <typename... Parameters>
struct KernelSignature<void (*)(Parameters...)> {
    static_assert((std::is_trivially_copyable_v<Parameters> && ...), "a launch copies parameters byte by byte");
    static_assert((!std::is_reference_v<Parameters> && ...), "a kernel cannot refer to the host's memory");
    static_assert(((alignof(Parameters) <= parameters_alignment) && ...));

    static constexpr std::size_t count = sizeof...(Parameters);

    static constexpr std::array<KernelParameter, count> layout() {
        std::array<KernelParameter, count> result = {};
        std::uint32_t end = 0;
        std::size_t next = 0;
        const auto add = [&](std::uint32_t size, std::uint32_t alignment, bool is_output) {
            const std::uint32_t offset = (end + alignment - 1) / alignment * alignment;
            result[next++] = {
                .offset = offset, .size_bytes = size, .alignment = alignment, .is_output = is_output ? 1U : 0U};
            end = offset + size;
        };
        (add(sizeof(Parameters), alignof(Parameters),
             std::is_pointer_v<Parameters> && !std::is_const_v<std::remove_pointer_t<Parameters>>),
         ...);
        static_cast<void>(add);  // unused by a kernel without parameters
        return result;
    }

    static constexpr std::array<KernelParameter, count> parameters = layout();

    template <auto body>
    static void run([[maybe_unused]] const std::byte* packed) {
        [&]<std::size_t... index>(std::index_sequence<index...>) {
            body(*reinterpret_cast<const Parameters*>(packed + parameters[index].offset)...);
        }
        (std::index_sequence_for<Parameters...>());
    }
};

template <auto body>
constexpr KernelEntry kernel_entry(const char* name, unsigned most_threads) {
    using Signature = KernelSignature<decltype(body)>;
    std::uint32_t bytes = 0;
    if constexpr (Signature::count > 0) {
        bytes = Signature::parameters.back().offset + Signature::parameters.back().size_bytes;
    }
    return {.name = name,
            .run = &Signature::template run<body>,
            .parameters = Signature::parameters.data(),
            .parameters_count = static_cast<std::uint32_t>(Signature::count),
            .parameters_bytes = bytes,
            .most_threads = most_threads};
}

}  // namespace passbench::emulation
