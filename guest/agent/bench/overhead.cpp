// passbench-agent-overhead: what measuring itself costs, each cost beside what it cannot go below, in one run.
//   trial  an empty trial (child start to its records) beside posix_spawn of a program that does nothing; goal: 5 ms more
//   loop   the measuring loop around an empty virtual call beside two bare reads of the clock; goal: 2 ns more
// It is an agent itself, with one form that does nothing, because trials are processes of the program that runs the job.
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <spawn.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <fmt/core.h>

#include "guest/agent/agent_main.hpp"
#include "guest/agent/job.hpp"
#include "guest/agent/measure_loop.hpp"
#include "harness/core/durable_files.hpp"

namespace passbench {
namespace {

constexpr int rounds = 15;  // an odd number; medians are shown

class Nothing final : public WorkloadInstance {
public:
    void iterate() override {}
    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] int threads() const override { return 1; }
    [[nodiscard]] std::string isa() const override { return "sse2"; }
    [[nodiscard]] Result<void> verify() override { return {}; }
    [[nodiscard]] Result<void> check_results() const override { return {}; }
    [[nodiscard]] std::span<std::byte> results() override { return {}; }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::optional<InstanceLimit>(); }
};

Result<std::unique_ptr<WorkloadInstance>> prepare_nothing(const Parameters&, const InstanceContext&) {
    return std::make_unique<Nothing>();
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Runs `action` and returns how long it took, in ns.
template <typename Action>
double time_of(Action&& action) {
    const std::int64_t begin = steady_ns();
    action();
    return static_cast<double>(steady_ns() - begin);
}

void spawn_trivial() {
    std::string program = "/bin/true";
    char* argv[] = {program.data(), nullptr};
    pid_t child = -1;
    if (posix_spawn(&child, argv[0], nullptr, nullptr, argv, environ) == 0) waitpid(child, nullptr, 0);
}

JobRequest empty_job(std::size_t trials) {
    TrialRequest trial;
    trial.what.workload = "nothing";
    trial.what.name = "nothing/cpu";
    JobRequest job;
    job.arm = "local";
    job.iterations = 30;
    job.trial_timeout_ns = 10'000'000'000;
    job.trials.assign(trials, trial);
    return job;
}

/// The shared part of a job (its folder, the timer's quality) is left out: the difference of a long job and a short one.
double trial_ns(const std::filesystem::path& folder) {
    constexpr std::size_t trials = 20;
    const auto run = [&folder](std::size_t count) {
        std::filesystem::remove_all(folder);
        const JobRequest job = empty_job(count);
        return time_of([&] {
            if (const auto done = run_job(job, folder); !done) fmt::print("{}\n", to_text(done.error()));
        });
    };
    const double base = run(1);
    return (run(trials + 1) - base) / static_cast<double>(trials);
}

double fsync_ns(const std::filesystem::path& folder) {
    auto file = AppendFile::open(folder / "fsync.probe");
    if (!file) return 0;
    return time_of([&] {
        static_cast<void>(file->append(std::string_view("0123456789\n")).and_then([&] { return file->sync(); }));
    });
}

void show_trial(const std::filesystem::path& folder) {
    std::vector<double> trivial;
    std::vector<double> trial;
    std::vector<double> fsync;
    for (int round = 0; round < rounds; ++round) {
        trivial.push_back(time_of(spawn_trivial));
        trial.push_back(trial_ns(folder));
        fsync.push_back(fsync_ns(folder));
    }
    const double base = median(trivial);
    const double whole = median(trial);
    fmt::print("posix_spawn of /bin/true   {:8.3f} ms\n", base * 1e-6);
    fmt::print("empty trial                {:8.3f} ms   {:.2f} x   {:+.3f} ms (goal: at most +5)\n", whole * 1e-6,
               whole / base, (whole - base) * 1e-6);
    fmt::print("one fsync, not in a trial  {:8.3f} ms\n\n", median(fsync) * 1e-6);
}

/// Two reads of the clock, the difference added up: what no loop around them can go below.
double bare_reads_ns(std::size_t count) {
    std::int64_t sum = 0;
    const double total = time_of([&] {
        for (std::size_t call = 0; call < count; ++call) {
            const std::int64_t begin = SteadyClock::now();
            sum += SteadyClock::now() - begin;
        }
    });
    asm volatile("" : : "r"(sum));
    return total / static_cast<double>(count);
}

double loop_ns(std::span<std::int64_t> column, WorkloadInstance& instance) {
    const double total = time_of([&] { measure_into<SteadyClock>(column, [&instance] { instance.iterate(); }); });
    return total / static_cast<double>(column.size());
}

void show_loop() {
    std::vector<std::int64_t> column(1'000'000);
    const std::unique_ptr<WorkloadInstance> instance = std::make_unique<Nothing>();
    std::vector<double> bare;
    std::vector<double> loop;
    for (int round = 0; round < rounds; ++round) {
        bare.push_back(bare_reads_ns(column.size()));
        loop.push_back(loop_ns(column, *instance));
    }
    const double base = median(bare);
    const double whole = median(loop);
    fmt::print("two reads of the clock     {:8.2f} ns\n", base);
    fmt::print("loop, empty virtual call   {:8.2f} ns   {:.3f} x   {:+.2f} ns (goal: at most +2)\n", whole,
               whole / base, whole - base);
}

}  // namespace
}  // namespace passbench

int main(int argc, char** argv) {
    const std::vector<passbench::WorkloadForm> forms = {{"nothing", passbench::Form::cpu, &passbench::prepare_nothing}};
    if (argc > 1 && std::string_view(argv[1]) == "trial") return passbench::agent_main(argc, argv, forms);
    const auto folder = std::filesystem::temp_directory_path() / fmt::format("passbench-overhead-{}", getpid());
    passbench::show_trial(folder);
    passbench::show_loop();
    std::filesystem::remove_all(folder);
    return 0;
}
