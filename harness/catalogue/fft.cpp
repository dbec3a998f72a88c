#include <bit>

#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& parameters) {
    const auto size = std::get<std::int64_t>(parameters.at("size"));
    const auto batch = std::get<std::int64_t>(parameters.at("batch"));
    const bool has_two = std::get<std::string>(parameters.at("dims")) == "2d";
    const std::int64_t points = has_two ? size * size : size;
    const auto doublings = static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(points))) - 1;
    constexpr std::int64_t bytes_a_point = 2 * 8;  // read once and written once, whatever the passes
    constexpr std::int64_t flops_a_point_and_doubling = 5;
    return {.bytes = bytes_a_point * points * batch,
            .flops = flops_a_point_and_doubling * points * doublings * batch,
            .items = 0};
}

}  // namespace

Workload fft_workload() {
    return {
        .name = "fft",
        .version = 1,
        .title = "Fourier transforms of complex floats, many at once, in one or two dimensions",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "dims",
                 .words = {"1d", "2d"},
                 .fallback = "1d",
                 .forms = {Form::cpu, Form::cuda},
                 .meaning = "1d: rows of `size` points; 2d: squares of `size` x `size` points"},
                {.name = "size",
                 .low = 8,
                 .high = 1 << 20,
                 .power_of_two = true,
                 .fallback = std::int64_t{1024},
                 .forms = {Form::cpu, Form::cuda},
                 .small = 64,
                 .tested = {8, 64, 16},
                 .meaning = "points in a dimension; own kernels up to 4096"},
                {.name = "batch",
                 .low = 1,
                 .high = 1 << 20,
                 .fallback = std::int64_t{64},
                 .forms = {Form::cpu, Form::cuda},
                 .small = 4,
                 .tested = {3, 1, 7},
                 .meaning = "independent transforms an operation"},
                {.name = "by",
                 .words = {"library", "own"},
                 .fallback = "library",
                 .forms = {Form::cuda},
                 .meaning = "cuFFT, or own kernels that need no library"},
                transfers_parameter(),
                threads_parameter(),
            },
        .metrics =
            {
                flops_metric(),
                bandwidth_metric(),
                wall_metric(),
                device_metric(),
            },
        .limits =
            {
                {.form = Form::cpu,
                 .kind = LimitKind::measured,
                 .formula = "read bandwidth of the same trial x 5 log2(points) / 16 operations a byte; none where both "
                            "arrays together are under 4 x the last-level cache"},
                {.form = Form::cuda,
                 .kind = LimitKind::physical,
                 .formula = "transfers included: the card's PCIe link, excluded: memory clock x 2 x bus width; times 5 "
                            "log2(points) / 16 operations a byte; the second none where both arrays together are under "
                            "16 x the L2 cache"},
            },
        .measures =
            "Forward transforms from one array to another, made ready before the timing. As everybody counts them, "
            "5 N log2 N operations for N points, whatever the algorithm really does, and each array once for the "
            "bandwidth. A 2d transform of own kernels is rows, transposed, rows, transposed.",
        .check =
            "Of every transform: a plain inverse in double precision gives the input back, the energy is the same "
            "(Parseval), and sampled points agree with the sum that defines them in double precision; each relative to "
            "the transform's length as a vector, within 8 x 2^-24 x log2(points), which is the bound of Higham, "
            "Accuracy "
            "and Stability of Numerical Algorithms, theorem 24.2, for roots of unity that are right to two units in "
            "the "
            "last place. Results are not exact, and neither order nor algorithm is prescribed.",
        .cpu_form =
            "FFTW (single precision, FFTW_MEASURE, its own threads) of the bundle, loaded at run time. Its plans are "
            "kept as wisdom in $XDG_CACHE_HOME/passbench or ~/.cache/passbench, a file for each version and CPU, so "
            "that trials use the same plan; planning is never timed.",
        .sensitivity =
            "DDA: none. GPU-PV: some, for a 2d transform and one with transfers are several dependent calls.",
        .sources =
            "Frigo, Johnson, The design and implementation of FFTW3, Proceedings of the IEEE 93 (2005), and its "
            "counting "
            "rule; Govindaraju et al., High performance discrete Fourier transforms on graphics processors, SC08 "
            "(passes "
            "through shared memory).",
        .work = &work,
    };
}

}  // namespace passbench
