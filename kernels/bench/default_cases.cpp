#include <cassert>

#include "kernels/bench/cases.hpp"

namespace passbench {

namespace {

constexpr std::int64_t kibibyte = 1 << 10;
constexpr std::int64_t mebibyte = 1 << 20;

class CaseList {
public:
    void add(std::string_view workload, const Parameters& given, Form in_form = Form::cpu) {
        const Workload* const row = find_workload(workload);
        const WorkloadForm* const form = find_workload_form(workload, in_form);
        assert(row != nullptr && form != nullptr);
        auto complete = complete_parameters(*row, in_form, given);
        assert(complete);
        const Work work = row->work(*complete);
        cases_.push_back({.form = form, .parameters = *std::move(complete), .work = work});
    }
    [[nodiscard]] std::vector<BenchCase> take() { return std::move(cases_); }

private:
    std::vector<BenchCase> cases_;
};

}  // namespace

std::vector<BenchCase> default_cases() {
    CaseList list;
    for (const char* op : {"copy", "scale", "add", "triad"}) {
        for (const char* stores : {"plain", "nontemporal"}) list.add("stream", {{"op", op}, {"stores", stores}});
    }
    list.add("stream", {{"op", "dot"}});
    for (const char* stores : {"plain", "nontemporal"}) {
        list.add("stream", {{"op", "triad"}, {"stores", stores}, {"threads", std::int64_t{1}}});
    }
    for (const std::int64_t bytes : {4 * kibibyte, 256 * kibibyte, 16 * mebibyte, 256 * mebibyte}) {
        for (const char* method : {"memcpy", "plain", "nontemporal"}) {
            for (const Value& threads : {Value(std::int64_t{1}), Value("all")}) {
                list.add("copy", {{"bytes", bytes}, {"method", method}, {"threads", threads}});
            }
        }
    }
    for (const std::int64_t bytes : {256 * kibibyte, 64 * mebibyte}) {
        for (const char* with : {"copy", "compute"}) list.add("duplex", {{"bytes", bytes}, {"with", with}});
    }
    for (const std::int64_t bytes : {16 * kibibyte, mebibyte, 16 * mebibyte, 256 * mebibyte}) {
        for (const char* pages : {"huge", "small"}) list.add("host-chase", {{"bytes", bytes}, {"pages", pages}});
    }
    for (const char* pages : {"huge", "small"}) list.add("host-read", {{"pages", pages}});
    for (const char* precision : {"f32", "f64"}) {
        for (const char* isa : {"sse2", "avx2", "avx512"}) {
            for (const Value& threads : {Value(std::int64_t{1}), Value("all")}) {
                list.add("fma", {{"isa", isa}, {"precision", precision}, {"threads", threads}});
            }
        }
    }
    for (const char* wait : {"spin", "block"}) list.add("dispatch", {{"wait", wait}});
    for (const char* intensity : {"0.25", "1", "4", "16", "64"}) {
        for (const Value& threads : {Value(std::int64_t{1}), Value("all")}) {
            list.add("roofline", {{"intensity", intensity}, {"threads", threads}});
        }
    }
    for (const char* op : {"stencil", "convolution", "sobel"}) {
        for (const char* isa : {"sse2", "avx2", "avx512"}) {
            list.add("image", {{"op", op}, {"isa", isa}, {"threads", std::int64_t{1}}});
        }
        list.add("image", {{"op", op}});
    }
    for (const std::int64_t nodes : {1, 64, 1024}) {
        for (const char* shape : {"chain", "fan"}) {
            for (const Value& threads : {Value(std::int64_t{1}), Value("all")}) {
                list.add("graph", {{"nodes", nodes}, {"shape", shape}, {"threads", threads}});
            }
        }
    }
    for (const char* method : {"futex", "condition_variable"}) list.add("event", {{"method", method}});
    for (const std::int64_t bytes : {4 * kibibyte, mebibyte, 256 * mebibyte}) {
        for (const char* op : {"allocate", "pool", "pinned", "register"}) {
            list.add("control-path", {{"op", op}, {"bytes", bytes}});
        }
    }
    for (const char* op : {"context", "module"}) list.add("control-path", {{"op", op}});
    for (const char* precision : {"f32", "f16", "bf16", "int8"}) {
        for (const std::int64_t n : {64, 256, 1024}) list.add("gemm", {{"n", n}, {"precision", precision}});
    }
    for (const char* library : {"onednn", "openblas"}) {
        for (const Value& threads : {Value(std::int64_t{1}), Value("all")}) {
            list.add("gemm", {{"library", library}, {"n", std::int64_t{1024}}, {"threads", threads}});
        }
    }
    for (const std::int64_t n : {4, 16, 32, 64}) {
        for (const char* library : {"own", "onednn", "openblas"})
            list.add("gemm-batched", {{"library", library}, {"n", n}});
    }
    for (const Value& threads : {Value(std::int64_t{1}), Value("all")})
        list.add("tiny-kernels", {{"threads", threads}});
    for (const char* dims : {"1d", "2d"}) {
        for (const Value& threads : {Value(std::int64_t{1}), Value("all")}) {
            list.add("fft", {{"dims", dims}, {"size", std::int64_t{512}}, {"threads", threads}});
        }
    }
    for (const Value& threads : {Value(std::int64_t{1}), Value("all")}) {
        for (const std::int64_t bytes : {1 * mebibyte, 256 * mebibyte}) {
            list.add("reduce", {{"bytes", bytes}, {"threads", threads}});
            for (const char* values : {"uniform", "skewed"}) {
                list.add("histogram", {{"bytes", bytes}, {"values", values}, {"threads", threads}});
            }
            for (const char* workload : {"scan", "sort"}) {
                for (const char* stores : {"plain", "nontemporal"}) {
                    list.add(workload, {{"bytes", bytes}, {"stores", stores}, {"threads", threads}});
                }
            }
        }
        for (const char* matrix : {"banded", "powerlaw"}) {
            for (const char* precision : {"f32", "f64"}) {
                list.add("spmv", {{"matrix", matrix}, {"precision", precision}, {"threads", threads}});
            }
        }
        for (const char* pattern : {"random", "sequential"}) {
            list.add("gather", {{"pattern", pattern}, {"threads", threads}});
        }
    }
    for (const char* pattern : {"address", "inversions", "random", "modulo20"})
        list.add("memtest", {{"pattern", pattern}});
    for (const char* pages : {"small", "huge"}) list.add("managed", {{"pages", pages}});
    list.add("burn", {{"seconds", std::int64_t{0}}});
    // Where there is no GPU these say so and are skipped.
    for (const std::int64_t depth : {1, 8, 64, 1024}) list.add("launch", {{"depth", depth}}, Form::cuda);
    for (const char* sync : {"yield", "block", "poll"}) list.add("launch", {{"sync", sync}}, Form::cuda);
    for (const char* op : {"record", "wait", "chain"}) list.add("event", {{"op", op}}, Form::cuda);
    for (const std::int64_t bytes : {4 * kibibyte, mebibyte, 256 * mebibyte}) {
        for (const char* op : {"allocate", "pool", "pinned", "register"}) {
            list.add("control-path", {{"op", op}, {"bytes", bytes}}, Form::cuda);
        }
    }
    for (const char* op : {"context", "module"}) list.add("control-path", {{"op", op}}, Form::cuda);
    for (const std::int64_t bytes : {4 * kibibyte, 16 * mebibyte, 256 * mebibyte}) {
        for (const char* direction : {"h2d", "d2h"}) {
            for (const char* host : {"pinned", "pageable", "write-combined", "mapped"}) {
                list.add("copy", {{"bytes", bytes}, {"direction", direction}, {"host", host}}, Form::cuda);
            }
            list.add("copy", {{"bytes", bytes}, {"direction", direction}, {"host", "mapped"}, {"by", "kernel"}},
                     Form::cuda);
            list.add("copy", {{"bytes", bytes}, {"direction", direction}, {"queue", "queued"}}, Form::cuda);
        }
    }
    list.add("duplex", {}, Form::cuda);
    for (const char* direction : {"h2d", "d2h"}) {
        list.add("duplex", {{"with", "compute"}, {"direction", direction}}, Form::cuda);
    }
    for (const std::int64_t bytes : {64 * kibibyte, 16 * mebibyte, 256 * mebibyte}) {
        list.add("host-chase", {{"bytes", bytes}}, Form::cuda);
        list.add("host-read", {{"bytes", bytes}}, Form::cuda);
    }
    for (const std::int64_t nodes : {1, 64, 1024}) {
        for (const char* shape : {"chain", "fan"}) list.add("graph", {{"nodes", nodes}, {"shape", shape}}, Form::cuda);
    }
    for (const char* op : {"copy", "scale", "add", "triad", "dot"}) list.add("stream", {{"op", op}}, Form::cuda);
    for (const char* precision : {"f32", "f64"}) list.add("fma", {{"precision", precision}}, Form::cuda);
    for (const char* precision : {"f32", "tf32", "f16", "bf16", "int8"}) {
        for (const char* by : {"library", "own"}) {
            for (const std::int64_t n : {64, 1024, 4096}) {
                list.add("gemm", {{"by", by}, {"n", n}, {"precision", precision}}, Form::cuda);
            }
        }
    }
    for (const char* by : {"library", "own"}) {
        for (const std::int64_t n : {4, 16, 32, 64}) list.add("gemm-batched", {{"by", by}, {"n", n}}, Form::cuda);
    }
    list.add("tiny-kernels", {}, Form::cuda);
    for (const char* intensity : {"0.25", "1", "4", "16", "64"}) {
        list.add("roofline", {{"intensity", intensity}}, Form::cuda);
    }
    for (const char* dims : {"1d", "2d"}) {
        for (const char* by : {"library", "own"}) {
            list.add("fft", {{"dims", dims}, {"by", by}, {"size", std::int64_t{512}}, {"transfers", "excluded"}},
                     Form::cuda);
        }
    }
    for (const char* op : {"stencil", "convolution", "sobel"}) {
        for (const char* transfers : {"included", "excluded"}) {
            list.add("image", {{"op", op}, {"transfers", transfers}}, Form::cuda);
        }
    }
    for (const std::int64_t bytes : {1 * mebibyte, 256 * mebibyte}) {
        for (const char* workload : {"reduce", "scan", "sort"}) list.add(workload, {{"bytes", bytes}}, Form::cuda);
        for (const char* values : {"uniform", "skewed"}) {
            list.add("histogram", {{"bytes", bytes}, {"values", values}}, Form::cuda);
        }
    }
    for (const char* matrix : {"banded", "powerlaw"}) {
        for (const char* precision : {"f32", "f64"}) {
            list.add("spmv", {{"matrix", matrix}, {"precision", precision}}, Form::cuda);
        }
    }
    for (const char* pattern : {"random", "sequential"}) list.add("gather", {{"pattern", pattern}}, Form::cuda);
    for (const char* op : {"touch", "prefetch", "back"}) list.add("managed", {{"op", op}}, Form::cuda);
    for (const char* pattern : {"address", "inversions", "random", "modulo20"}) {
        list.add("memtest", {{"pattern", pattern}}, Form::cuda);
    }
    for (const char* precision : {"f32", "f16"}) {
        list.add("burn", {{"precision", precision}, {"seconds", std::int64_t{0}}}, Form::cuda);
    }
    return list.take();
}

}  // namespace passbench
