// passbench-agent-faulty: a stand-in for passbench-agent in tests of whoever deals with agents. It is the agent, with quick forms
// of every workload of the catalogue (a few microseconds an iteration, always the same work), and it goes wrong in the one way
// that the environment variable PASSBENCH_FAULT names; without it, in none.
//
//   in the agent itself, after the first half of the trials (the first alone, of two):
//     dies            by SIGKILL                          hangs           for ever, SIGTERM included
//   in what it hands back, with exit code 0:
//     writes_garbage  samples.jsonl is noise              half_record     samples.bin ends within the last value
//     half_line       events.jsonl ends within a line     forgets_trial   nothing about the last trial
//   in a trial ("NAME:TEXT": in the trials alone whose case's name holds TEXT):
//     trial_dies      by SIGSEGV while measuring          trial_hangs     while measuring, for ever
//     trial_exits     with code 3                         trial_silent    exit code 0, but nothing said
//     trial_scribbles half a record, then SIGSEGV         wrong_result    its results do not verify
//     unsupported     this machine cannot do it           no_memory       allocating fails
//     unsteady        each iteration 20 us longer         slow            20 ms an iteration
//     broken_limit    its limit cannot be measured        noisy           writes on standard output
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <new>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

#include "guest/agent/agent_main.hpp"
#include "guest/agent/job.hpp"
#include "guest/agent/job_request.hpp"
#include "harness/core/durable_files.hpp"

namespace passbench {
namespace {

std::string fault() {
    const char* text = std::getenv("PASSBENCH_FAULT");
    return text == nullptr ? "" : text;
}

/// OUT of `agent trial REQUEST INDEX OUT ...`, for a form is not told.
std::string output_folder_of_this_trial() {
    std::ifstream file("/proc/self/cmdline", std::ios::binary);
    std::string argument;
    for (int place = 0; place <= 4; ++place) std::getline(file, argument, '\0');
    return argument;
}

void scribble() {
    const std::string folder = output_folder_of_this_trial();
    std::ofstream(folder + "/samples.bin", std::ios::binary | std::ios::app) << "0123456789";
    std::ofstream(folder + "/samples.jsonl", std::ios::app) << "{\"format\":\"passbench.samples\",\"vers";
}

class StandIn final : public WorkloadInstance {
public:
    explicit StandIn(std::uint64_t seed) { values_.fill(seed | 1U); }

    void iterate() override {
        ++iterations_;
        if (iterations_ > 1) misbehave();
        for (std::uint64_t& value : values_) value = value * 6364136223846793005U + 1442695040888963407U;
    }
    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] int threads() const override { return 1; }
    [[nodiscard]] std::string isa() const override { return "sse2"; }
    [[nodiscard]] Result<void> verify() override {
        if (fault_ == "noisy") std::puts("a library greets its user");
        return check_results();
    }
    [[nodiscard]] Result<void> check_results() const override {
        if (fault_ != "wrong_result") return {};
        return fail(
            {.code = ErrorCode::verify_failed, .what = "element 17 is 3 where 4 was expected", .where = "results"});
    }
    [[nodiscard]] std::span<std::byte> results() override { return std::as_writable_bytes(std::span(values_)); }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        if (fault_ == "broken_limit") {
            return fail({.code = ErrorCode::verify_failed, .what = "the peak loop computed 0", .where = "limit"});
        }
        return std::optional<InstanceLimit>();
    }

private:
    void misbehave() {
        if (fault_ == "trial_dies" || fault_ == "trial_scribbles") {
            if (fault_ == "trial_scribbles") scribble();
            std::fputs("something is about to go wrong\n", stderr);
            signal(SIGSEGV, SIG_DFL);  // the sanitizers' handler would end by an exit code
            raise(SIGSEGV);
        }
        if (fault_ == "trial_exits") _exit(3);
        if (fault_ == "trial_silent") _exit(0);
        if (fault_ == "trial_hangs") {
            while (true) pause();
        }
        if (fault_ == "slow") std::this_thread::sleep_for(std::chrono::milliseconds(20));
        if (fault_ == "unsteady") std::this_thread::sleep_for(std::chrono::microseconds(1000 + 20 * iterations_));
    }

    std::string fault_ = fault();
    std::array<std::uint64_t, 4096> values_{};
    std::int64_t iterations_ = 0;
};

Result<std::unique_ptr<WorkloadInstance>> prepare(const Parameters&, const InstanceContext& context) {
    if (fault() == "no_memory") throw std::bad_alloc();
    if (fault() == "unsupported") {
        return fail({.code = ErrorCode::unsupported,
                     .what = "this CPU has no avx512",
                     .where = {},
                     .fix = "Leave isa = \"avx512\" out of the scenario."});
    }
    return std::make_unique<StandIn>(context.seed);
}

std::vector<WorkloadForm> stand_in_forms() {
    std::vector<WorkloadForm> forms;
    for (const Workload& workload : workloads()) {
        for (const Form form : workload.forms) forms.push_back({workload.name, form, &prepare});
    }
    return forms;
}

/// A fault that is meant for other cases than the one of this trial is none here.
void keep_fault_for_its_cases(const char* request_path) {
    const std::string all = fault();
    const std::size_t colon = all.find(':');
    if (colon == std::string::npos) return;
    const auto request = read_job_request(request_path);
    const bool here = request && !request->trials.empty() &&
                      request->trials.front().what.name.find(all.substr(colon + 1)) != std::string::npos;
    setenv("PASSBENCH_FAULT", here ? all.substr(0, colon).c_str() : "", 1);
}

/// Does the first `count` trials of the request.
void run_first(const char* request_path, const char* out, std::size_t count) {
    auto request = read_job_request(request_path);
    if (!request) return;
    request->trials.resize(std::min(request->trials.size(), count));
    static_cast<void>(run_job(*request, out));
}

void cut_file(const std::string& path, std::uintmax_t bytes) {
    std::error_code absent;
    const std::uintmax_t size = std::filesystem::file_size(path, absent);
    if (!absent) std::filesystem::resize_file(path, size - std::min(size, bytes), absent);
}

/// `run` with a fault of the agent itself; false where the fault is none of those.
bool run_with_fault(const char* request_path, const std::string& out) {
    const std::string name = fault();
    const auto request = read_job_request(request_path);
    const std::size_t trials = request ? request->trials.size() : 0;
    if (name == "dies" || name == "hangs") {
        run_first(request_path, out.c_str(), std::max<std::size_t>(trials / 2, 1));
        if (name == "dies") raise(SIGKILL);
        signal(SIGTERM, SIG_IGN);
        while (true) pause();
    }
    if (name == "forgets_trial") {
        run_first(request_path, out.c_str(), trials - std::min<std::size_t>(trials, 1));
        return true;
    }
    if (name != "writes_garbage" && name != "half_record" && name != "half_line") return false;
    run_first(request_path, out.c_str(), trials);
    if (name == "writes_garbage") std::ofstream(out + "/samples.jsonl", std::ios::trunc) << "\x7f\x45LF\xff noise {[\n";
    if (name == "half_record") cut_file(out + "/samples.bin", 4);
    if (name == "half_line") cut_file(out + "/events.jsonl", 20);
    return true;
}

}  // namespace
}  // namespace passbench

int main(int argc, char** argv) {
    const std::string_view verb = argc > 1 ? argv[1] : "";
    if (verb == "run" && argc == 4 && passbench::run_with_fault(argv[2], argv[3])) return 0;
    if (verb == "trial" && argc > 2) passbench::keep_fault_for_its_cases(argv[2]);
    const auto forms = passbench::stand_in_forms();
    return passbench::agent_main(argc, argv, forms);
}
