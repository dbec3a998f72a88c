#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

/// How often all memory is written and how often it is read; a test of kernels/ holds it to what the forms do.
std::int64_t transfers(std::string_view pattern) {
    if (pattern == "inversions") return 19;
    if (pattern == "modulo20") return 41;
    return 5;  // address, random, fade
}

Work work(const Parameters& parameters) {
    constexpr std::int64_t word_bytes = 8;
    return {.bytes = word_bytes * transfers(std::get<std::string>(parameters.at("pattern"))), .flops = 0, .items = 0};
}

}  // namespace

Workload memtest_workload() {
    return {
        .name = "memtest",
        .version = 1,
        .title = "Memory health: patterns written to as much memory as is free, and read twice",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "pattern",
                 .words = {"address", "inversions", "random", "modulo20", "fade"},
                 .fallback = "random",
                 .forms = {Form::cpu, Form::cuda},
                 .meaning = "address: each word its number; inversions: words against their complement; modulo20: one "
                            "in 20 words differs, at each place; fade: left alone for a while"},
                {.name = "bytes",
                 .unit = "B",
                 .low = 4 << 10,
                 .high = std::int64_t{1} << 40,
                 .multiple_of = 8,
                 .words = {"share"},
                 .fallback = std::int64_t{256} << 20,
                 .forms = {Form::cpu, Form::cuda},
                 .small = 1 << 20,
                 .tested = {40'008, 300'008},
                 .meaning = "how much memory is tested; share: as much of what is free as the parameter share says"},
                {.name = "share",
                 .unit = "%",
                 .low = 1,
                 .high = 95,
                 .fallback = std::int64_t{90},
                 .forms = {Form::cpu, Form::cuda},
                 .only_where = Condition{.parameter = "bytes", .words = {"share"}},
                 .tested = {1},
                 .meaning = "of the memory that is free; less is taken where the rules of head room say so"},
                {.name = "rest",
                 .unit = "ms",
                 .low = 0,
                 .high = 600'000,
                 .fallback = std::int64_t{1000},
                 .forms = {Form::cpu, Form::cuda},
                 .only_where = Condition{.parameter = "pattern", .words = {"fade"}},
                 .small = 1,
                 .tested = {1},
                 .meaning = "how long fade leaves the memory alone, twice in an iteration"},
                threads_parameter(),
                isa_parameter(),
            },
        .metrics =
            {
                bandwidth_metric(),
                wall_metric(),
                device_metric(),
            },
        .limits =
            {
                {.form = Form::cpu,
                 .kind = LimitKind::measured,
                 .formula =
                     "read bandwidth of the same trial; none where the memory is under 4 x the last-level cache"},
                {.form = Form::cuda,
                 .kind = LimitKind::physical,
                 .formula = "memory clock x 2 x bus width; none where the memory is under 16 x the L2 cache"},
            },
        .measures =
            "Whether memory holds what is written to it. Errors are counted, the first ones told with their place, "
            "what "
            "was written and what was found; a run with one is not qualified. How fast it goes is measured beside it. "
            "On "
            "a card, each piece of the tested memory is read once more by itself: what is not as fast as memory of the "
            "card lies in the host's memory (GPU-PV moves it there without a word), and only the rest counts as "
            "coverage, the share of the card's memory that was tested. For coverage take bytes = share.",
        .check =
            "The test itself is checked: errors that are planted before each trial have to be found, all of them and "
            "no others, and the sum of all words that each pass read has to be the one that the pattern says, word for "
            "word from the seed.",
        .cpu_form =
            "Own loops with SSE2, AVX2 and AVX-512 intrinsics on the harness's threads; no library. Memory is "
            "not locked: what the kernel swaps out meanwhile is tested too.",
        .sensitivity = "None expected under DDA. Under GPU-PV memory may be paged out, which shows in coverage.",
        .sources = "memtest86+ (moving inversions, modulo 20, bit fade); Steele, Lea, Flood, SplitMix64.",
        .work = &work,
    };
}

}  // namespace passbench
