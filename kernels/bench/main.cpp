// passbench-kernels: the workloads under Google Benchmark. All flags of Google Benchmark work; names hold the characters ? and
// & of canonical case names, of which ? must be escaped in --benchmark_filter ('^copy/cpu\?bytes=4096&').
#include <benchmark/benchmark.h>

#include "kernels/bench/cases.hpp"
#include "kernels/cpu/library_environment.hpp"

int main(int argc, char** argv) {
    constexpr int usage_error = 2;
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return usage_error;
    passbench::set_library_environment();
    passbench::ThreadPool pool(passbench::usable_cpus());
    passbench::CaseRegistry registry(pool);
    for (const passbench::BenchCase& what : passbench::default_cases()) registry.add(what);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
