// The agent as its callers meet it: a program with a request and a folder. Driven through the stand-in, which can go wrong in
// every way that a trial can.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guest/agent/tests/agent_process.hpp"
#include "guest/agent/tests/job_folder.hpp"
#include "guest/agent/tests/waiting.hpp"
#include "harness/catalogue/workload.hpp"
#include "harness/records/environment.hpp"
#include "harness/records/job_progress.hpp"
#include "harness/records/run_directory.hpp"

namespace passbench {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// A job of two trials that the stand-in does.
class Agent : public testing::Test {
protected:
    [[nodiscard]] std::string out() const { return (folder_.path() / "out").string(); }
    [[nodiscard]] std::string request_path() const { return (folder_.path() / "request.json").string(); }

    AgentEnd run(const std::string& fault) {
        folder_.write("request.json", to_json(job_));
        return run_agent_program(PASSBENCH_FAULTY_AGENT, {"run", request_path(), out()}, fault);
    }
    [[nodiscard]] JobOutput output() const {
        auto read = read_job_output(out(), job_);
        EXPECT_TRUE(read) << to_text(read.error());
        return read.value_or(JobOutput{});
    }
    /// The one event of this kind for a case that holds `text`; an empty event where there is none.
    [[nodiscard]] static Event event_of(const JobOutput& output, std::string_view kind, std::string_view text) {
        for (const Event& event : output.events) {
            if (event.kind == kind && event.case_name.find(text) != std::string::npos) return event;
        }
        return {};
    }
    /// Runs with a fault of the trial of `copy` and gives how that ended; the trial of `stream` must not be touched by it.
    [[nodiscard]] Event fate_of_faulty_trial(const std::string& fault) {
        const AgentEnd end = run(fault + ":copy/");
        EXPECT_EQ(end.code, 0) << end.errors;
        const JobOutput job = output();
        EXPECT_EQ(event_of(job, "trial_ended", "stream/").kind, "trial_ended");
        EXPECT_EQ(std::count_if(job.chunks.begin(), job.chunks.end(),
                                [](const Chunk& chunk) { return chunk.case_name.starts_with("copy/"); }),
                  0);
        EXPECT_EQ(job.telemetry.size(), 2U);
        const Event failed = event_of(job, "trial_failed", "copy/");
        return failed.kind.empty() ? event_of(job, "trial_skipped", "copy/") : failed;
    }
    [[nodiscard]] static std::string reason(const Event& event) {
        return fact_text(event.facts, trial_fact::reason).value_or("");
    }
    [[nodiscard]] static std::string code(const Event& event) {
        return fact_text(event.facts, trial_fact::code).value_or("");
    }

    JobFolder folder_;
    // The faulty one first, so that a trial comes after it.
    JobRequest job_ = small_job({"copy", "stream"});
};

TEST_F(Agent, AnswersAJobWithRecordsThatTheControllerAccepts) {
    const AgentEnd end = run("");
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(end.output, "");
    EXPECT_EQ(end.errors, "");
    const JobOutput job = output();
    ASSERT_EQ(job.events.size(), 4U);
    EXPECT_EQ(job.events[0].kind, "trial_begun");
    EXPECT_EQ(job.events[1].kind, "trial_ended");
    EXPECT_EQ(job.events[2].case_name, job_.trials[1].what.name);
    EXPECT_EQ(job.telemetry.size(), 2U);
    for (const std::string_view fact :
         {trial_fact::threads, trial_fact::isa, trial_fact::verified, trial_fact::warmup_ns, trial_fact::steady,
          trial_fact::stopped_by, trial_fact::timer_ok, trial_fact::timer_resolution_ns, trial_fact::steal_fraction}) {
        EXPECT_TRUE(job.events[1].facts.contains(fact)) << fact;
    }
    for (const char* fact :
         {"load", "steal.fraction", "process.max_rss_bytes", "process.context_switches", "trial.wall_ns"}) {
        EXPECT_TRUE(job.telemetry[0].facts.contains(fact)) << fact;
    }
    EXPECT_EQ(folder_.text("out/status.json"),
              to_json(JobProgress{.done = 2, .total = 2, .state = JobState::complete}));
}

TEST_F(Agent, WritesTheMeasuredIterationsOfEveryTrial) {
    ASSERT_EQ(run("").code, 0);
    const JobOutput job = output();
    int measured = 0;
    for (const Chunk& chunk : job.chunks) {
        EXPECT_EQ(chunk.block, 3);
        EXPECT_EQ(chunk.attempt, 1);
        if (chunk.phase != Phase::measure) continue;
        ++measured;
        EXPECT_EQ(chunk.n, 5);
        EXPECT_TRUE(chunk.columns.contains("wall_ns"));
    }
    EXPECT_EQ(measured, 2);
}

TEST_F(Agent, LeavesNothingInItsFolderButRecords) {
    ASSERT_EQ(run("trial_dies:copy/").code, 0);
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(out())) names.push_back(entry.path().filename());
    EXPECT_THAT(names, testing::UnorderedElementsAre("events.jsonl", "samples.bin", "samples.jsonl", "status.json",
                                                     "telemetry.jsonl"));
}

TEST_F(Agent, RecordsATrialThatDiesWithItsSignalAndLastWordsAndGoesOn) {
    const Event failed = fate_of_faulty_trial("trial_dies");
    EXPECT_EQ(code(failed), "agent_lost");
    EXPECT_THAT(reason(failed), AllOf(HasSubstr("SIGSEGV"), HasSubstr("something is about to go wrong")));
}

TEST_F(Agent, CutsOffWhatADyingTrialHadWrittenByHalf) {
    const Event failed = fate_of_faulty_trial("trial_scribbles");
    EXPECT_THAT(reason(failed), HasSubstr("SIGSEGV"));
}

TEST_F(Agent, EndsATrialThatHangsAndGoesOn) {
    job_.trial_timeout_ns = 4'000'000'000;
    const Event failed = fate_of_faulty_trial("trial_hangs");
    EXPECT_EQ(code(failed), "timeout");
    EXPECT_THAT(reason(failed), HasSubstr("did not end within 4 s"));
}

TEST_F(Agent, RecordsATrialThatExitsWithAnErrorOrInSilence) {
    EXPECT_THAT(reason(fate_of_faulty_trial("trial_exits")), HasSubstr("exit code 3"));
    std::filesystem::remove_all(out());
    EXPECT_THAT(reason(fate_of_faulty_trial("trial_silent")), HasSubstr("without saying how it went"));
}

TEST_F(Agent, RecordsAWrongResultAsSuch) {
    const Event failed = fate_of_faulty_trial("wrong_result");
    EXPECT_EQ(code(failed), "verify_failed");
    EXPECT_THAT(reason(failed), HasSubstr("element 17"));
}

TEST_F(Agent, RecordsWantOfMemoryAndABrokenLimit) {
    EXPECT_EQ(code(fate_of_faulty_trial("no_memory")), "out_of_memory");
    std::filesystem::remove_all(out());
    EXPECT_THAT(reason(fate_of_faulty_trial("broken_limit")), HasSubstr("peak loop"));
}

TEST_F(Agent, SkipsWhatThisMachineCannotDo) {
    const Event skipped = fate_of_faulty_trial("unsupported");
    EXPECT_EQ(skipped.kind, "trial_skipped");
    EXPECT_EQ(reason(skipped), "this CPU has no avx512. Leave isa = \"avx512\" out of the scenario.");
}

TEST_F(Agent, IsNotConfusedByALibraryThatPrints) {
    ASSERT_EQ(run("noisy").code, 0);
    EXPECT_EQ(event_of(output(), "trial_ended", "copy/").kind, "trial_ended");
}

TEST_F(Agent, FlagsATrialThatNeverSettles) {
    job_.warmup_cap_ns = 400'000'000;
    ASSERT_EQ(run("unsteady:copy/").code, 0);
    const Event ended = event_of(output(), "trial_ended", "copy/");
    EXPECT_EQ(fact_bool(ended.facts, trial_fact::steady), false);
}

TEST_F(Agent, RefusesABadRequestWithItsPlaceAndExitCodeTwo) {
    folder_.write("bad.json", "{\"format\":\"passbench.request\",\"version\":1,\"arm\":7}");
    const std::string bad = (folder_.path() / "bad.json").string();
    const AgentEnd end = run_agent_program(PASSBENCH_FAULTY_AGENT, {"run", bad, out()}, "");
    EXPECT_EQ(end.code, 2);
    EXPECT_THAT(end.errors, AllOf(HasSubstr("bad.json"), HasSubstr("arm")));
    EXPECT_FALSE(std::filesystem::exists(out()));
    EXPECT_EQ(run_agent_program(PASSBENCH_FAULTY_AGENT, {"run", "/nonexistent.json", out()}, "").code, 2);
    job_.trial_timeout_ns = 0;
    EXPECT_EQ(run("").code, 2);
}

TEST_F(Agent, RefusesACommandLineItDoesNotKnow) {
    for (const std::vector<std::string>& line : {std::vector<std::string>{},
                                                 {"rum"},
                                                 {"run", "x"},
                                                 {"probe"},
                                                 {"probe", "x", "--root"},
                                                 {"probe", "x", "--root", "/nonexistent"},
                                                 {"trial", "a"},
                                                 {"trial", "a", "b", "c"}}) {
        const AgentEnd end = run_agent_program(PASSBENCH_FAULTY_AGENT, line, "");
        EXPECT_EQ(end.code, 2);
        EXPECT_THAT(end.errors, HasSubstr("--help"));
    }
    const AgentEnd help = run_agent_program(PASSBENCH_FAULTY_AGENT, {"--help"}, "");
    EXPECT_EQ(help.code, 0);
    EXPECT_THAT(help.output, HasSubstr("passbench-agent run request.json OUT/"));
    EXPECT_THAT(run_agent_program(PASSBENCH_FAULTY_AGENT, {"--version"}, "").output, HasSubstr("source"));
}

TEST_F(Agent, EndsWithFourWhereItsFolderCannotBeWritten) {
    folder_.write("out", "a file");
    const AgentEnd end = run("");
    EXPECT_EQ(end.code, 4);
    EXPECT_THAT(end.errors, HasSubstr("out"));
}

TEST_F(Agent, EndsWithFourWhenSamplesFindNoRoomAndKeepsNoPartOfThem) {
    // A limit on the size of files stands for the full disk; only samples.bin gets so large.
    job_.warmup_ns = 200'000'000;
    job_.warmup_cap_ns = 200'000'000;
    folder_.write("request.json", to_json(job_));
    const AgentEnd end =
        run_agent_program(PASSBENCH_FAULTY_AGENT, {"run", request_path(), out()}, "", {.max_file_bytes = 16 * 1024});
    EXPECT_EQ(end.code, 4);
    EXPECT_THAT(end.errors, AllOf(HasSubstr("samples.bin"), HasSubstr("too large")));
    EXPECT_EQ(folder_.text("out/samples.bin"), "");
    EXPECT_EQ(folder_.text("out/samples.jsonl"), "");
    EXPECT_THAT(folder_.text("out/status.json"), HasSubstr("failed"));
}

TEST_F(Agent, ATrialCanBeRepeatedByHand) {
    folder_.write("request.json", to_json(job_));
    std::filesystem::create_directory(out());
    const AgentEnd end = run_agent_program(PASSBENCH_FAULTY_AGENT, {"trial", request_path(), "1", out()}, "");
    EXPECT_EQ(end.code, 0) << end.errors;
    const auto event = event_from_json(end.output);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->kind, "trial_ended");
    EXPECT_EQ(event->case_name, job_.trials[1].what.name);
    EXPECT_EQ(run_agent_program(PASSBENCH_FAULTY_AGENT, {"trial", request_path(), "2", out()}, "").code, 2);
}

TEST_F(Agent, StopsWithItsTrialWhenAskedTo) {
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        folder_.write("request.json", to_json(job_));
        std::filesystem::remove_all(out());
        RunningAgent agent(PASSBENCH_FAULTY_AGENT, {"run", request_path(), out()}, "trial_hangs");
        int trial = 0;
        ASSERT_TRUE(eventually([&] { return (trial = agent.child()) > 0; }));
        kill(agent.pid(), signal);
        const AgentEnd end = agent.wait();
        EXPECT_EQ(end.code, 130);
        EXPECT_THAT(end.errors, AllOf(HasSubstr("stopped by SIG"), HasSubstr("0 of 2 trials")));
        EXPECT_FALSE(runs(trial));
        EXPECT_THAT(folder_.text("out/status.json"), HasSubstr("interrupted"));
        EXPECT_EQ(code(event_of(output(), "trial_failed", "copy/")), "interrupted");
    }
}

TEST_F(Agent, LeavesNoTrialBehindWhenItIsKilled) {
    folder_.write("request.json", to_json(job_));
    RunningAgent agent(PASSBENCH_FAULTY_AGENT, {"run", request_path(), out()}, "trial_hangs");
    int trial = 0;
    ASSERT_TRUE(eventually([&] { return (trial = agent.child()) > 0; }));
    kill(agent.pid(), SIGKILL);
    EXPECT_EQ(agent.wait().code, 128 + SIGKILL);
    EXPECT_TRUE(eventually([trial] { return !runs(trial); }));
}

TEST_F(Agent, MeasuresBesideALoadAndTellsHowMuchItTook) {
    job_.trials[0].what.load = Load{};
    ASSERT_EQ(run("").code, 0);
    const JobOutput job = output();
    EXPECT_EQ(event_of(job, "trial_ended", "copy/").kind, "trial_ended");
    ASSERT_EQ(job.telemetry.size(), 2U);
    EXPECT_TRUE(job.telemetry[0].facts.contains("load.cpu_ns"));
    EXPECT_FALSE(job.telemetry[1].facts.contains("load.cpu_ns"));
}

TEST_F(Agent, SkipsATrialWhoseLoadNeedsMoreCpusAndGoesOn) {
    job_.trials[0].what.load = Load{.kind = LoadKind::memory, .level = 64};
    job_.cpus = 1;
    ASSERT_EQ(run("").code, 0);
    const JobOutput job = output();
    EXPECT_THAT(reason(event_of(job, "trial_skipped", "copy/")),
                HasSubstr("64 processes of load memory need a CPU each, this machine lets us use 1"));
    EXPECT_EQ(event_of(job, "trial_ended", "stream/").kind, "trial_ended");
}

/// The processes of the load among the agent's children.
std::vector<pid_t> loads_of(const RunningAgent& agent) {
    std::vector<pid_t> loads;
    for (const pid_t child : agent.children()) {
        std::ifstream file("/proc/" + std::to_string(child) + "/cmdline");
        std::string program;
        std::string verb;
        std::getline(file, program, '\0');
        std::getline(file, verb, '\0');
        if (verb == "load") loads.push_back(child);
    }
    return loads;
}

TEST_F(Agent, LeavesNoLoadBehindWhenItIsKilledOrAskedToStop) {
    job_.trials[0].what.load = Load{};
    for (const int signal : {SIGKILL, SIGTERM}) {
        folder_.write("request.json", to_json(job_));
        std::filesystem::remove_all(out());
        RunningAgent agent(PASSBENCH_FAULTY_AGENT, {"run", request_path(), out()}, "trial_hangs:copy/");
        ASSERT_TRUE(eventually([&] { return agent.children().size() == 2; }));  // the trial beside its load
        const std::vector<pid_t> loads = loads_of(agent);
        ASSERT_EQ(loads.size(), 1U);
        kill(agent.pid(), signal);
        static_cast<void>(agent.wait());
        EXPECT_TRUE(eventually([&] { return !runs(loads.front()); })) << signal;
    }
}

TEST_F(Agent, ALoadByHandEndsWhenItsInputCloses) {
    job_.trials[0].what.load = Load{};
    folder_.write("request.json", to_json(job_));
    const AgentEnd end = run_agent_program(
        "/bin/sh", {"-c", "\"$0\" load \"$1\" 0 0 </dev/null", PASSBENCH_FAULTY_AGENT, request_path()}, "");
    EXPECT_EQ(end.code, 0) << end.errors;
    const AgentEnd none = run_agent_program(PASSBENCH_FAULTY_AGENT, {"load", request_path(), "1", "0"}, "");
    EXPECT_EQ(none.code, 2);
    EXPECT_THAT(none.errors, HasSubstr("no trial of this number with a load"));
}

TEST_F(Agent, ProbesThisMachine) {
    const AgentEnd end = run_agent_program(PASSBENCH_FAULTY_AGENT, {"probe", out()}, "");
    EXPECT_EQ(end.code, 0) << end.errors;
    const auto environment = environment_from_json(folder_.text("out/environment.json"));
    ASSERT_TRUE(environment) << to_text(environment.error());
    EXPECT_TRUE(environment->identity.contains("agent.source"));
    EXPECT_TRUE(environment->capabilities.contains("gpu.present"));
    folder_.write("file", "");
    EXPECT_EQ(run_agent_program(PASSBENCH_FAULTY_AGENT, {"probe", (folder_.path() / "file").string()}, "").code, 4);
}

TEST_F(Agent, ProbesAGuestOfWhichOnlyFilesWereBroughtHere) {
    const std::string card = "guest/sys/bus/pci/devices/0001:00:00.0/";
    folder_.write("guest/proc/cpuinfo", "processor\t: 0\nmodel name\t: A CPU\n\nprocessor\t: 1\n");
    folder_.write("guest/proc/sys/kernel/osrelease", "5.15.0-91-generic\n");
    folder_.write("guest/cpuid/0x40000000", "Microsoft Hv\n");
    folder_.write(card + "vendor", "0x10de\n");
    folder_.write(card + "device", "0x1eb8\n");
    folder_.write(card + "class", "0x030200\n");
    const std::string root = (folder_.path() / "guest").string();
    const AgentEnd end = run_agent_program(PASSBENCH_AGENT, {"probe", out(), "--root", root}, "");
    EXPECT_EQ(end.code, 0) << end.errors;
    const auto environment = environment_from_json(folder_.text("out/environment.json"));
    ASSERT_TRUE(environment) << to_text(environment.error());
    EXPECT_EQ(fact_text(environment->context, "gpu.passthrough"), "dda");
    EXPECT_EQ(fact_text(environment->identity, "cpu.model"), "A CPU");
    EXPECT_EQ(environment->identity.at("cpus"), Fact(std::int64_t{2}));
    EXPECT_EQ(fact_bool(environment->context, "probe.recorded"), true);
    // Nothing says that the card does not work, and nothing that it does.
    folder_.write("guest/proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06\n");
    folder_.write("guest/dev/nvidiactl", "");
    ASSERT_EQ(run_agent_program(PASSBENCH_AGENT, {"probe", out(), "--root", root}, "").code, 0);
    const auto healthy = environment_from_json(folder_.text("out/environment.json"));
    ASSERT_TRUE(healthy);
    EXPECT_FALSE(healthy->capabilities.contains("gpu.present"));
    EXPECT_FALSE(healthy->capabilities.contains("gpu.finding"));
    EXPECT_EQ(fact_text(environment->capabilities, "gpu.finding"), "gpu.no_kernel_driver");
    // What only a running machine has is absent, not zero.
    EXPECT_FALSE(environment->capabilities.contains("timer.cost_ns"));
    EXPECT_FALSE(environment->capabilities.contains("library.onednn"));
}

// The faults of the agent itself, which the tests of the controller rely on.
TEST_F(Agent, GetAndSetRefuseWhatTheyDoNotKnow) {
    const auto code = [](const std::vector<std::string>& words) {
        return run_agent_program(PASSBENCH_AGENT, words, "").code;
    };
    EXPECT_EQ(code({"get"}), 2);
    EXPECT_EQ(code({"get", "fans"}), 2);
    EXPECT_EQ(code({"get", "all", "--out"}), 2);
    EXPECT_EQ(code({"set", "gpu_clocks"}), 2);
    EXPECT_EQ(code({"set", "all", "on"}), 2);
    EXPECT_EQ(code({"set", "gpu_clocks", "10 MHz", "--cards", "GPU-1"}), 2);
}

TEST_F(Agent, WhatCannotBeSetIsSaidInWordsAndInTheDocument) {
    setenv("PASSBENCH_NVML_STATE", (folder_.path() / "card.state").c_str(), 1);
    std::filesystem::create_directories(folder_.path());
    const std::filesystem::path answer = folder_.path() / "host.json";
    const AgentEnd end = run_agent_program(
        PASSBENCH_AGENT, {"set", "gpu_persistence", "on", "--simulated", "/no/such/nvml", "--out", answer.string()},
        "");
    unsetenv("PASSBENCH_NVML_STATE");
    EXPECT_EQ(end.code, 4);
    EXPECT_THAT(end.errors, AllOf(HasSubstr("NVML does not load: /no/such/nvml"), HasSubstr("libnvidia-ml.so.1")));
    std::ifstream file(answer);
    const auto facts = host_from_json(std::string(std::istreambuf_iterator<char>(file), {}));
    ASSERT_TRUE(facts) << to_text(facts.error());
    EXPECT_EQ(fact_text(facts->at("gpu"), "code"), "unsupported");
    EXPECT_THAT(fact_text(facts->at("gpu"), "why").value_or(""), HasSubstr("/no/such/nvml"));
}

TEST_F(Agent, StandInHandsBackWhatNoControllerMayAccept) {
    for (const char* fault : {"writes_garbage", "half_record", "half_line"}) {
        std::filesystem::remove_all(out());
        EXPECT_EQ(run(fault).code, 0);
        const auto read = read_job_output(out(), job_);
        ASSERT_FALSE(read) << fault;
        EXPECT_EQ(read.error().code, ErrorCode::bad_record) << fault;
    }
}

TEST_F(Agent, StandInDiesOrForgetsAfterAPartOfTheTrials) {
    EXPECT_EQ(run("dies").code, 128 + SIGKILL);
    EXPECT_EQ(output().events.size(), 2U);
    std::filesystem::remove_all(out());
    EXPECT_EQ(run("forgets_trial").code, 0);
    EXPECT_EQ(output().events.size(), 2U);
}

}  // namespace
}  // namespace passbench
