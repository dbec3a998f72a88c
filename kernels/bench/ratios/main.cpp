// passbench-ratios: what the CPU forms are worth, side by side in one process with what others write or what the hardware allows.
// Medians of rounds taken in turns. Usage: passbench-ratios [--out FILE.json] [NAME...]; without a name, all comparisons.
// The file is what docs/workloads.md shows of a machine.
#include <algorithm>
#include <array>
#include <fstream>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/isa.hpp"
#include "kernels/cpu/library_environment.hpp"

namespace passbench {

namespace {

constexpr auto comparisons = std::to_array<NamedComparison>({
    {"triad", &compare_triads},      {"fma", &compare_fma},
    {"gemm", &compare_gemm},         {"copy", &compare_copies},
    {"duplex", &compare_duplex},     {"host-chase", &compare_chases},
    {"host-read", &compare_reads},   {"dispatch", &compare_dispatch},
    {"roofline", &compare_roofline}, {"image", &compare_images},
    {"fft", &compare_ffts},          {"graph", &compare_graphs},
    {"event", &compare_events},      {"control-path", &compare_control_path},
    {"integers", &compare_integers}, {"sort", &compare_sorts},
    {"sparse", &compare_sparse},     {"managed", &compare_managed},
    {"memtest", &compare_memtest},   {"burn", &compare_burn},
});

struct Arguments {
    std::string out;  // empty: no file
    std::vector<std::string_view> wanted;
};

Result<Arguments> arguments_of(std::span<char*> words) {
    Arguments arguments;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (word == "--out" && i + 1 < words.size()) {
            arguments.out = words[++i];
        } else if (std::ranges::find(comparisons, word, &NamedComparison::name) != comparisons.end()) {
            arguments.wanted.push_back(word);
        } else {
            std::string names;
            for (const NamedComparison& each : comparisons)
                names += (names.empty() ? "" : ", ") + std::string(each.name);
            return fail(
                {.code = ErrorCode::usage,
                 .what = fmt::format("there is no comparison '{}'", word),
                 .fix = fmt::format("Take some of {}, or none for all; --out FILE.json keeps the ratios.", names)});
        }
    }
    return arguments;
}

Result<void> write(const std::string& path, const ThreadPool& pool, std::span<const Ratio> ratios) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const Ratio& ratio : ratios) {
        nlohmann::ordered_json row = {{"workload", ratio.workload}, {"what", ratio.what}, {"ratio", ratio.value}};
        if (ratio.at_least) row["at_least"] = *ratio.at_least;
        rows.push_back(std::move(row));
    }
    const nlohmann::ordered_json document = {{"format", "passbench.ratios"},
                                             {"version", 1},
                                             {"cpu", detect_cpu().brand},
                                             {"cpus", pool.size()},
                                             {"ratios", std::move(rows)}};
    std::ofstream file(path);
    file << document.dump(1) << '\n';
    if (file.flush()) return {};
    return fail({.code = ErrorCode::io, .what = "cannot write " + path, .fix = "Is the folder there and writable?"});
}

Result<void> run(std::span<char*> words) {
    PASSBENCH_TRY(const Arguments arguments, arguments_of(words));
    if (!supports(detect_cpu(), Isa::avx2)) {
        return fail({.code = ErrorCode::unsupported,
                     .what = "the comparisons are written for CPUs with AVX2, which this one lacks",
                     .fix = "Run passbench-kernels, which takes what the CPU has."});
    }
    set_library_environment();
    ThreadPool pool(usable_cpus());
    RatioReport report;
    for (const NamedComparison& comparison : comparisons) {
        const auto& wanted = arguments.wanted;
        if (!wanted.empty() && std::ranges::find(wanted, comparison.name) == wanted.end()) continue;
        PASSBENCH_CHECK(comparison.run(pool, report));
    }
    return arguments.out.empty() ? Result<void>() : write(arguments.out, pool, report.ratios());
}

}  // namespace

}  // namespace passbench

int main(int argc, char** argv) {
    const auto done = passbench::run({argv + 1, static_cast<std::size_t>(argc - 1)});
    if (done) return 0;
    fmt::print(stderr, "{}\n", passbench::to_text(done.error()));
    return passbench::exit_code(done.error().code);
}
