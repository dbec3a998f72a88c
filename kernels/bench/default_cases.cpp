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
    for (const char* precision : {"f32", "f64"}) {
        for (const char* isa : {"sse2", "avx2", "avx512"}) {
            for (const Value& threads : {Value(std::int64_t{1}), Value("all")}) {
                list.add("fma", {{"isa", isa}, {"precision", precision}, {"threads", threads}});
            }
        }
    }
    for (const char* wait : {"spin", "block"}) list.add("dispatch", {{"wait", wait}});
    for (const char* pattern : {"address", "inversions", "random", "modulo20"})
        list.add("memtest", {{"pattern", pattern}});
    for (const char* pages : {"small", "huge"}) list.add("managed", {{"pages", pages}});
    list.add("burn", {{"seconds", std::int64_t{0}}});
    // Where there is no GPU these say so and are skipped.
    for (const std::int64_t depth : {1, 64}) list.add("launch", {{"depth", depth}}, Form::cuda);
    for (const std::int64_t bytes : {4 * kibibyte, 16 * mebibyte, 256 * mebibyte}) {
        for (const char* direction : {"h2d", "d2h"}) {
            for (const char* host : {"pinned", "pageable"}) {
                list.add("copy", {{"bytes", bytes}, {"direction", direction}, {"host", host}}, Form::cuda);
            }
        }
    }
    for (const char* op : {"copy", "scale", "add", "triad", "dot"}) list.add("stream", {{"op", op}}, Form::cuda);
    for (const char* precision : {"f32", "f64"}) list.add("fma", {{"precision", precision}}, Form::cuda);
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
