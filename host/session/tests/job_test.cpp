#include "host/session/job.hpp"

#include <cstdlib>
#include <fstream>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/catalogue/workload.hpp"
#include "harness/records/job_progress.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// A guest that is a folder, and an agent that is a function.
class ScriptedCarrier final : public Carrier {
public:
    using Agent = std::function<Result<ExecResult>(const fs::path& output, const ExecWatch& watch)>;
    ScriptedCarrier(fs::path guest, Agent agent) : guest_(std::move(guest)), agent_(std::move(agent)) {}

    Result<std::string> make_job_folder(const std::string& name) override {
        fs::create_directories(guest_ / name);
        return (guest_ / name).string();
    }
    Result<void> put(const fs::path& file, const std::string& guest_path) override {
        fs::copy_file(file, guest_path);
        return {};
    }
    Result<ExecResult> exec(const std::vector<std::string>& argv, std::int64_t deadline_ns,
                            const ExecWatch& watch) override {
        argv_ = argv;
        deadline_ns_ = deadline_ns;
        fs::create_directories(argv.back());
        return agent_(argv.back(), watch);
    }
    Result<void> get(const std::string& guest_folder, const fs::path& folder) override {
        fs::copy(guest_folder, folder, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
        return {};
    }
    [[nodiscard]] bool shares_files() const override { return true; }

    [[nodiscard]] const std::vector<std::string>& argv() const { return argv_; }
    [[nodiscard]] std::int64_t deadline_ns() const { return deadline_ns_; }

private:
    fs::path guest_;
    Agent agent_;
    std::vector<std::string> argv_;
    std::int64_t deadline_ns_ = 0;
};

class Job : public ::testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "passbench-job-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        request_.arm = "local";
        request_.block = 3;
        request_.attempt = 1;
        request_.iterations = 2;
        request_.trial_timeout_ns = 1'000'000'000;
        for (const int trial : {0, 1}) {
            request_.trials.push_back({.what = planned_case(), .trial = trial, .seed = 7});
        }
    }
    void TearDown() override { fs::remove_all(folder_); }

    static PlannedCase planned_case() {
        const auto& workload = workloads().front();
        PlannedCase planned;
        planned.workload = workload.name;
        planned.parameters = *complete_parameters(workload, Form::cpu, {});
        planned.name = case_name(workload.name, Form::cpu, planned.parameters);
        return planned;
    }
    [[nodiscard]] Event event(const std::string& kind, int trial) const {
        Event event;
        event.kind = kind;
        event.at = "2026-01-15T09:30:00.000Z";
        event.case_name = planned_case().name;
        event.arm = request_.arm;
        event.block = request_.block;
        event.trial = trial;
        event.attempt = request_.attempt;
        return event;
    }
    /// One trial that was measured, as the agent leaves it.
    void measure(const fs::path& output, int trial) const {
        auto writer = SampleWriter::open(output);
        ASSERT_TRUE(writer);
        Chunk chunk;
        chunk.case_name = planned_case().name;
        chunk.arm = request_.arm;
        chunk.block = request_.block;
        chunk.trial = trial;
        chunk.attempt = request_.attempt;
        const std::vector<std::int64_t> wall = {100, 200};
        const std::vector<ColumnValues> columns = {{"wall_ns", wall}};
        ASSERT_TRUE(writer->append(chunk, columns));
        std::ofstream(output / "events.jsonl", std::ios::app) << to_json_line(event("trial_ended", trial));
    }
    Result<FinishedJob> run(const ScriptedCarrier::Agent& agent, StopAsked stop = {}) {
        fs::remove_all(folder_ / "guest");
        carrier_ = std::make_unique<ScriptedCarrier>(folder_ / "guest", agent);
        return run_job(request_, {.carrier = *carrier_,
                                  .agent = "/guest/agent",
                                  .scratch = folder_ / "scratch",
                                  .stop = std::move(stop),
                                  .seen_done = [this](std::size_t done) { seen_.push_back(done); },
                                  .device = device_});
    }

    fs::path folder_;
    JobRequest request_;
    std::unique_ptr<ScriptedCarrier> carrier_;
    std::vector<std::size_t> seen_;
    std::string device_;
};

TEST_F(Job, BringsBackWhatTheAgentMeasured) {
    const auto job = run([this](const fs::path& output, const ExecWatch&) {
        measure(output, 0);
        measure(output, 1);
        return ExecResult{};
    });
    ASSERT_TRUE(job) << to_text(job.error());
    EXPECT_EQ(job->output.chunks.size(), 2U);
    EXPECT_EQ(job->output.events.size(), 2U);
    EXPECT_FALSE(job->trouble);
    EXPECT_EQ(carrier_->argv()[0], "/guest/agent");
    EXPECT_EQ(carrier_->argv()[1], "run");
    EXPECT_GT(carrier_->deadline_ns(), 2 * request_.trial_timeout_ns);
}

TEST_F(Job, ATrialThatFindsNoDeviceWhereTheRunHadOneIsMarkedFailed) {
    const auto agent = [this](const fs::path& output, const ExecWatch&) {
        measure(output, 0);
        Event skipped = event("trial_skipped", 1);
        skipped.facts[std::string(trial_fact::finding)] = std::string("gpu.no_device");
        std::ofstream(output / "events.jsonl", std::ios::app) << to_json_line(skipped);
        return ExecResult{};
    };
    EXPECT_EQ(run(agent)->output.events.back().kind, "trial_skipped");
    device_ = "Tesla T4";
    const auto job = run(agent);
    ASSERT_TRUE(job) << to_text(job.error());
    EXPECT_EQ(job->output.events.back().kind, "trial_failed");
    EXPECT_EQ(fact_text(job->output.events.back().facts, trial_fact::code), "device_lost");
}

TEST_F(Job, ATrialWithoutARecordIsMarkedFailed) {
    const auto job = run([this](const fs::path& output, const ExecWatch&) {
        measure(output, 1);
        return ExecResult{.exit_code = 139, .output = "loading\nout of luck\n"};
    });
    ASSERT_TRUE(job) << to_text(job.error());
    ASSERT_EQ(job->output.events.size(), 2U);
    const auto& lost = job->output.events.back();
    EXPECT_EQ(lost.kind, "trial_failed");
    EXPECT_EQ(lost.trial, 0);
    EXPECT_EQ(lost.attempt, 1);
    EXPECT_EQ(fact_text(lost.facts, trial_fact::code), "agent_lost");
    EXPECT_THAT(*fact_text(lost.facts, trial_fact::reason), HasSubstr("signal 11, saying: out of luck"));
    EXPECT_FALSE(job->trouble) << "one trial was measured";
}

TEST_F(Job, ADeadlineThatPassedIsATimeoutOfTheTrialsThatAreMissing) {
    const auto job = run([this](const fs::path& output, const ExecWatch&) -> Result<ExecResult> {
        measure(output, 0);
        return fail({.code = ErrorCode::timeout, .what = "the agent took too long"});
    });
    ASSERT_TRUE(job) << to_text(job.error());
    EXPECT_EQ(fact_text(job->output.events.back().facts, trial_fact::code), "timeout");
}

TEST_F(Job, AJobOfWhichNothingCouldBeMeasuredIsTrouble) {
    const auto job = run([this](const fs::path& output, const ExecWatch&) {
        for (const int trial : {0, 1}) {
            auto failed = event("trial_failed", trial);
            failed.facts.emplace(trial_fact::code, std::string("device_lost"));
            failed.facts.emplace(trial_fact::reason, std::string("the card fell off the bus"));
            std::ofstream(output / "events.jsonl", std::ios::app) << to_json_line(failed);
        }
        return ExecResult{};
    });
    ASSERT_TRUE(job) << to_text(job.error());
    ASSERT_TRUE(job->trouble);
    EXPECT_THAT(job->trouble->what, HasSubstr("the card fell off the bus"));
}

TEST_F(Job, WrongResultsAreNoTroubleOfTheInfrastructure) {
    const auto job = run([this](const fs::path& output, const ExecWatch&) {
        for (const int trial : {0, 1}) {
            auto failed = event("trial_failed", trial);
            failed.facts.emplace(trial_fact::code, std::string("verify_failed"));
            std::ofstream(output / "events.jsonl", std::ios::app) << to_json_line(failed);
        }
        return ExecResult{};
    });
    ASSERT_TRUE(job) << to_text(job.error());
    EXPECT_FALSE(job->trouble);
}

TEST_F(Job, AStopReachesTheAgentThroughItsWatch) {
    bool was_told = false;
    const auto job = run(
        [&](const fs::path&, const ExecWatch& watch) -> Result<ExecResult> {
            was_told = !watch();
            return fail({.code = ErrorCode::interrupted, .what = "cancelled"});
        },
        [] { return true; });
    EXPECT_TRUE(was_told);
    ASSERT_FALSE(job);
    EXPECT_EQ(job.error().code, ErrorCode::interrupted);
}

TEST_F(Job, TellsTheTrialsThatAreOverWhileItRuns) {
    const auto job = run([this](const fs::path& output, const ExecWatch& watch) {
        const auto after = [](std::size_t done) { return to_json(JobProgress{.done = done, .total = 2}); };
        for (const auto& status : {after(0), after(1), after(1), after(1).substr(0, 8), std::string(R"({"done":2})")}) {
            std::ofstream(output / "status.json") << status;
            EXPECT_TRUE(watch());
        }
        measure(output, 0);
        measure(output, 1);
        return ExecResult{};
    });
    ASSERT_TRUE(job) << to_text(job.error());
    EXPECT_EQ(seen_, (std::vector<std::size_t>{1}));
}

TEST_F(Job, TheProbeIsAskedForAndRead) {
    carrier_ = std::make_unique<ScriptedCarrier>(folder_ / "guest", [](const fs::path& output, const ExecWatch&) {
        Environment environment;
        environment.identity.emplace("cpu.model", std::string("A CPU"));
        std::ofstream(output / "environment.json") << to_json(environment);
        return ExecResult{};
    });
    const auto environment = probe_guest(
        {.carrier = *carrier_, .agent = "/guest/agent", .scratch = folder_ / "scratch", .stop = {}, .seen_done = {}});
    ASSERT_TRUE(environment) << to_text(environment.error());
    EXPECT_EQ(fact_text(environment->identity, "cpu.model"), "A CPU");
    EXPECT_EQ(carrier_->argv()[1], "probe");
}

}  // namespace
}  // namespace passbench
