#include <algorithm>
#include <array>

#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

// Ascending powers of two from a quarter: one addition, or 1, 2, 4 ... 128 multiply-adds, for each 4-byte float.
constexpr std::array<std::string_view, 9> intensities = {"0.25", "0.5", "1", "2", "4", "8", "16", "32", "64"};

Work work(const Parameters& parameters) {
    const auto bytes = std::get<std::int64_t>(parameters.at("bytes"));
    const auto& intensity = std::get<std::string>(parameters.at("intensity"));
    const auto doublings = std::ranges::find(intensities, intensity) - intensities.begin();
    constexpr std::int64_t bytes_a_flop = 4;  // of the first intensity
    return {.bytes = bytes, .flops = (bytes / bytes_a_flop) << doublings, .items = 0};
}

}  // namespace

Workload roofline_workload() {
    return {
        .name = "roofline",
        .version = 1,
        .title = "Operational intensity: one array read, 0.25 to 64 operations for each byte",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "intensity",
                 .words = {intensities.begin(), intensities.end()},
                 .fallback = "8",
                 .forms = {Form::cpu, Form::cuda},
                 .meaning = "floating-point operations for each byte read; 0.25 is one addition for each float, "
                            "0.5 to 64 are 1 to 128 multiply-adds"},
                {.name = "bytes",
                 .unit = "B",
                 .low = 4 << 10,
                 .high = std::int64_t{4} << 30,
                 .multiple_of = 4,
                 .fallback = std::int64_t{256} << 20,
                 .forms = {Form::cpu, Form::cuda},
                 .tested = {4096 + 4, 24'576 + 20, 49'152 - 4},
                 .meaning = "size of the array of 4-byte floats"},
                threads_parameter(),
                isa_parameter(),
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
                 .formula = "the lower one of read bandwidth x intensity and multiply-adds in registers, both of the "
                            "same trial, threads and, for the second, instruction set; none where the array is under "
                            "4 x the last-level cache"},
                {.form = Form::cuda,
                 .kind = LimitKind::measured,
                 .formula = "the lower one of read bandwidth x intensity and multiply-adds in registers, both of the "
                            "same trial; none where the array is under 16 x the L2 cache"},
            },
        .measures =
            "A roofline from data: the same loop over the same array with a growing number of multiply-adds for each "
            "float. At low intensities memory decides, at high ones arithmetic, and where the two lines meet is the "
            "ridge, below which a kernel of this machine cannot be made faster by arithmetic alone. Each float is "
            "read once and nothing is written but one sum for each 24 KiB.",
        .check =
            "The sum of every 6144 floats, bit for bit with integers that are made from the seed. The floats are whole "
            "numbers from 1 to 128 and the multiplier is one from 2 to 8, deliberately: every sum is exact in whatever "
            "order it is made.",
        .cpu_form =
            "Own loops with SSE2, AVX2 and AVX-512 intrinsics on 12 independent accumulators; sse2 multiplies and "
            "adds, avx2 and avx512 fuse. On the harness's threads; no library.",
        .sensitivity =
            "None: a control. Where low intensities alone are slower in one arm its memory is, where high ones are, "
            "its clock.",
        .sources =
            "Williams, Waterman, Patterson, Roofline: an insightful visual performance model for multicore "
            "architectures, Communications of the ACM 52 (2009).",
        .work = &work,
    };
}

}  // namespace passbench
