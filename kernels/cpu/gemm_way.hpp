// One of several ways to do the same product on the CPU, and finding the fastest of them. Which one that is nobody knows beforehand: a
// library's default may be half of the machine, so all are tried.
#pragma once

#include <functional>
#include <span>
#include <string>

namespace passbench {

struct GemmWay {
    std::string library;  // "oneDNN 3.2.0", "own loops"
    std::string core;     // whose code it takes: "avx2", "Haswell"
    std::string how;      // "matmul", "sgemm of f16 made floats"
    bool is_f32;          // done by 4-byte multiply-adds
    std::function<void()> run;
};

struct TriedWays {
    std::size_t fastest;
    std::string
        text;  // for the record of the trial: "oneDNN 3.2.0 matmul 84.1 GFLOP/s, OpenBLAS 0.3.34 sgemm 91.3 GFLOP/s"
};

/// Runs all in turn, each for some tenths of a second or three times; the fastest run of each counts. `flops`: of one run. There is at least one way.
[[nodiscard]] TriedWays try_ways(std::span<const GemmWay> ways, double flops);

}  // namespace passbench
