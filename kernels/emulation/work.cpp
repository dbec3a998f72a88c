#include "kernels/emulation/work.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <unistd.h>

#include "kernels/emulation/context_state.hpp"
#include "kernels/emulation/cost_model.hpp"
#include "kernels/emulation/driver_state.hpp"
#include "kernels/emulation/grid.hpp"
#include "kernels/emulation/source_place.hpp"

namespace passbench::emulation {

namespace {

std::int64_t later(std::int64_t begin_ns, double by_ns) { return begin_ns + std::llround(by_ns); }

std::string place_text(const char* what, const uint3& at) {
    return std::string(what) + " (" + std::to_string(at.x) + "," + std::to_string(at.y) + "," + std::to_string(at.z) +
           ")";
}

void report(const KernelWork& work, const std::string& words) {
    std::fprintf(stderr, "simulated CUDA device: kernel %s, %s\n", work.kernel->name, words.c_str());
}

CUresult report_failure(const KernelWork& work, const KernelFailure& failure) {
    std::string words = failure.words;
    if (failure.address && words.empty()) {
        char address[32];
        std::snprintf(address, sizeof address, "0x%zx", static_cast<std::size_t>(*failure.address));
        words = std::string("out-of-bounds access at ") + address + ", " + driver().memory.describe(*failure.address);
    }
    if (failure.instruction) {
        if (const std::string place = source_place(*failure.instruction); !place.empty()) words += ", at " + place;
    }
    report(work,
           place_text("block", failure.block_index) + ", " + place_text("thread", failure.thread_index) + ": " + words);
    return failure.address ? CUDA_ERROR_ILLEGAL_ADDRESS : CUDA_ERROR_LAUNCH_FAILED;
}

bool is_paged_out(const void* address) {
    const auto allocation = driver().memory.find(address);
    return allocation && static_cast<std::size_t>(static_cast<const std::byte*>(address) - allocation->data) >=
                             allocation->resident_bytes;
}

/// How many times as long a kernel takes because of where the memory lies that its parameters name.
double paging_factor(const KernelWork& work) {
    if (!driver().faults.pages_out()) return 1;
    for (std::uint32_t i = 0; i < work.kernel->parameters_count; ++i) {
        const KernelParameter& parameter = work.kernel->parameters[i];
        if (parameter.size_bytes != sizeof(void*)) continue;
        const void* address = nullptr;  // or a number, which is in no allocation
        std::memcpy(&address, work.parameters.data() + parameter.offset, sizeof address);
        if (is_paged_out(address)) return cost_model.paged_out;
    }
    return 1;
}

std::int64_t run(const KernelWork& work, Context& context, const WorkStart& start) {
    const auto threads_a_block = static_cast<double>(std::uint64_t{work.block.x} * work.block.y * work.block.z);
    const auto blocks = static_cast<double>(std::uint64_t{work.grid.x} * work.grid.y) * work.grid.z;
    const KernelFault fault = driver().faults.next_kernel();
    const double factor = start.device_factor / driver().faults.clock_factor() * paging_factor(work);
    // Half of the fixed cost lies before the first block and half behind the last.
    const double edge_ns = cost_model.kernel_ns / 2 * factor;
    const double block_ns = threads_a_block * cost_model.thread_ns * factor;
    while (fault == KernelFault::hung) pause();
    std::optional<WrongBit> wrong_bit;
    if (fault == KernelFault::wrong_bit) wrong_bit.emplace(*work.kernel, work.parameters.data());
    const GridOutcome outcome = run_grid({.kernel = work.kernel,
                                          .parameters = work.parameters.data(),
                                          .grid = work.grid,
                                          .block = work.block,
                                          .dynamic_shared_bytes = work.dynamic_shared_bytes,
                                          .cooperative = work.cooperative,
                                          .begin_ns = later(start.begin_ns, edge_ns),
                                          .block_ns = block_ns});
    if (wrong_bit) wrong_bit->apply();
    if (fault == KernelFault::launch_error) context.fail(CUDA_ERROR_LAUNCH_FAILED);
    if (fault == KernelFault::ecc_error) context.fail(CUDA_ERROR_ECC_UNCORRECTABLE);
    if (outcome.failure) {
        context.fail(report_failure(work, *outcome.failure));
    } else if (const auto damage = driver().memory.find_damage()) {
        report(work, "some thread: " + *damage);
        context.fail(CUDA_ERROR_ILLEGAL_ADDRESS);
    }
    return std::max(later(start.begin_ns, 2 * edge_ns + blocks * block_ns), later(outcome.end_ns, edge_ns));
}

std::int64_t run(const CopyWork& work, Context& /*context*/, const WorkStart& start) {
    for (std::size_t slice = 0; slice < work.slices; ++slice) {
        for (std::size_t row = 0; row < work.rows; ++row) {
            std::memmove(work.to.data + slice * work.to.slice_bytes + row * work.to.pitch_bytes,
                         work.from.data + slice * work.from.slice_bytes + row * work.from.pitch_bytes, work.row_bytes);
        }
    }
    const auto bytes = static_cast<double>(work.row_bytes * work.rows * work.slices);
    if (work.path == CopyPath::device) {
        return later(start.begin_ns, (cost_model.kernel_ns + bytes / cost_model.device_bytes_ns) * start.device_factor);
    }
    const double rate = work.path == CopyPath::pinned ? cost_model.pinned_bytes_ns : cost_model.pageable_bytes_ns;
    const double link_ns = bytes / rate * driver().faults.link_factor();
    return later(start.begin_ns, cost_model.copy_alpha_ns * start.host_factor + link_ns * start.device_factor);
}

std::int64_t run(const FillWork& work, Context& /*context*/, const WorkStart& start) {
    auto* row = static_cast<std::byte*>(work.to);
    for (std::size_t y = 0; y < work.rows; ++y, row += work.pitch_bytes) {
        if (work.element_bytes == 1) {
            std::memset(row, static_cast<int>(work.value), work.columns);
        } else {
            for (std::size_t x = 0; x < work.columns; ++x) {
                std::memcpy(row + x * work.element_bytes, &work.value, work.element_bytes);  // little-endian
            }
        }
    }
    const auto bytes = static_cast<double>(work.columns * work.rows * work.element_bytes);
    const double factor = driver().faults.pages_out() && is_paged_out(work.to) ? cost_model.paged_out : 1;
    return later(start.begin_ns,
                 (cost_model.kernel_ns + bytes / cost_model.device_bytes_ns * factor) * start.device_factor);
}

std::int64_t run(const HostWork& work, Context& /*context*/, const WorkStart& start) {
    in_host_function() = true;
    work.call();
    in_host_function() = false;
    return later(start.begin_ns, cost_model.host_function_ns * start.host_factor);
}

std::int64_t run(const EmptyWork& /*work*/, Context& /*context*/, const WorkStart& start) { return start.begin_ns; }

std::int64_t run(const std::shared_ptr<const GraphWork>& work, Context& context, const WorkStart& start) {
    std::vector<std::int64_t> ends_ns;
    std::int64_t end_ns = start.begin_ns;
    for (const GraphWork::Node& node : work->nodes) {
        WorkStart node_start = start;
        for (const std::size_t before : node.after)
            node_start.begin_ns = std::max(node_start.begin_ns, ends_ns[before]);
        ends_ns.push_back(run_work(node.work, context, node_start));
        end_ns = std::max(end_ns, ends_ns.back());
    }
    return end_ns;
}

}  // namespace

std::int64_t run_work(const Work& work, Context& context, const WorkStart& start) {
    if (context.error() != CUDA_SUCCESS) return start.begin_ns;
    const std::int64_t end_ns = std::visit([&](const auto& which) { return run(which, context, start); }, work);
    if (const std::size_t stuck = driver().faults.stuck_bit_at(); stuck > 0) driver().memory.stick(stuck);
    return end_ns;
}

}  // namespace passbench::emulation
