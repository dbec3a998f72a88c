// What a stream can be asked to do, as data: the same operation is run by a stream at once or kept in a graph and run many
// times. Running it does the real work and says when, in virtual time, it ended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
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
    bool cooperative;
    PackedParameters parameters;
};

enum class CopyPath : std::uint8_t { pinned, pageable, device };

/// A box of `row_bytes` x `rows` x `slices`; most copies are one row.
struct CopyWork {
    struct Side {
        std::byte* data;
        std::size_t pitch_bytes;  // from one row to the next
        std::size_t slice_bytes;  // from one slice to the next
    };
    Side to;
    Side from;  // only read
    std::size_t row_bytes;
    std::size_t rows;
    std::size_t slices;
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

/// A function of the host, called on the stream's thread or on one that waits for the stream.
struct HostWork {
    std::function<void()> call;
};

struct EmptyWork {};

struct GraphWork;

using Work = std::variant<EmptyWork, KernelWork, CopyWork, FillWork, HostWork, std::shared_ptr<const GraphWork>>;

/// A graph that was made ready to run: each node stands behind all that it depends on.
struct GraphWork {
    struct Node {
        Work work;
        std::vector<std::size_t> after;
    };
    std::vector<Node> nodes;
};

/// When an operation begins and what its costs are multiplied with.
struct WorkStart {
    std::int64_t begin_ns;
    double host_factor;
    double device_factor;
};

/// Does the work; returns its end in virtual time. A failure becomes the context's error; in a failed context nothing is done.
[[nodiscard]] std::int64_t run_work(const Work& work, Context& context, const WorkStart& start);

}  // namespace passbench::emulation
