// What a stream can be asked to do, as data: the same operation is run by a stream at once or kept in a graph and run many
// times. Running it does the real work and says when, in virtual time, it ended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <variant>
#include <vector>
#include <vector_types.h>

#include "kernels/emulation/kernel_entry.hpp"

namespace passbench::emulation {

class Context;

/// The parameters of a launch, packed as the kernel's entry says; a copy, because the caller's may be gone when it runs.
class PackedParameters {
public:
    PackedParameters() = default;
    explicit PackedParameters(std::size_t bytes) : storage_((bytes + sizeof(Unit) - 1) / sizeof(Unit)) {}
    [[nodiscard]] std::byte* data() { return reinterpret_cast<std::byte*>(storage_.data()); }
    [[nodiscard]] const std::byte* data() const { return reinterpret_cast<const std::byte*>(storage_.data()); }

private:
    struct alignas(parameters_alignment) Unit {
        std::byte bytes[parameters_alignment];
    };
    std::vector<Unit> storage_;
};

struct KernelWork {
    const KernelEntry* kernel;
    dim3 grid;
    dim3 block;
    unsigned dynamic_shared_bytes;
    PackedParameters parameters;
};

enum class CopyPath : std::uint8_t { pinned, pageable, device };

struct CopyWork {
    void* to;
    const void* from;
    std::size_t bytes;
    CopyPath path;
};

/// `rows` rows of `columns` elements; pitch 0 for one row.
struct FillWork {
    void* to;
    std::uint32_t value;
    unsigned element_bytes;
    std::size_t columns;
    std::size_t rows;
    std::size_t pitch_bytes;
};

/// A function of the host, called on the stream's thread.
struct HostWork {
    std::function<void()> call;
};

struct EmptyWork {};

using Work = std::variant<EmptyWork, KernelWork, CopyWork, FillWork, HostWork>;

/// When an operation begins and what its costs are multiplied with.
struct WorkStart {
    std::int64_t begin_ns;
    double host_factor;
    double device_factor;
};

/// Does the work; returns its end in virtual time. A failure becomes the context's error; in a failed context nothing is done.
[[nodiscard]] std::int64_t run_work(const Work& work, Context& context, const WorkStart& start);

}  // namespace passbench::emulation
