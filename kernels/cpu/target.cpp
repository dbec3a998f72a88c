#include "kernels/cpu/target.hpp"

#include <cassert>

namespace passbench {

namespace {

Result<int> choose_threads(const Value& wanted, int cpus) {
    const auto* const count = std::get_if<std::int64_t>(&wanted);
    if (count == nullptr) return cpus;  // all
    if (*count <= cpus) return static_cast<int>(*count);
    return fail({.code = ErrorCode::unsupported,
                 .what = "threads = " + std::to_string(*count) + " are asked for, but this trial may use " +
                         std::to_string(cpus) + (cpus == 1 ? " CPU" : " CPUs"),
                 .fix = "Take threads = \"all\", or give the machine more CPUs."});
}

}  // namespace

Result<Target> resolve_target(const Parameters& parameters, int cpus, const CpuFeatures& cpu, Isa best) {
    PASSBENCH_TRY(const Isa isa, choose_isa(word_of(parameters, "isa"), cpu, best));
    PASSBENCH_TRY(const int threads, resolve_threads(parameters, cpus));
    return Target{.isa = isa, .threads = threads};
}

Result<int> resolve_threads(const Parameters& parameters, int cpus) {
    return choose_threads(parameters.find("threads")->second, cpus);
}

Stores stores_of(std::string_view word) { return word == "nontemporal" ? Stores::nontemporal : Stores::plain; }

std::string_view word_of(const Parameters& parameters, std::string_view name) {
    const auto found = parameters.find(name);
    assert(found != parameters.end());
    return std::get<std::string>(found->second);
}

std::int64_t integer_of(const Parameters& parameters, std::string_view name) {
    const auto found = parameters.find(name);
    assert(found != parameters.end());
    return std::get<std::int64_t>(found->second);
}

}  // namespace passbench
