// The program as it is shipped, on every workload that it has a CPU form of, at the smallest size.
#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guest/agent/tests/agent_process.hpp"
#include "guest/agent/tests/job_folder.hpp"
#include "harness/catalogue/workload.hpp"
#include "harness/records/run_directory.hpp"

namespace passbench {
namespace {

std::vector<std::string> names_of_cpu_workloads() {
    std::vector<std::string> names;
    for (const Workload& workload : workloads()) {
        if (std::find(workload.forms.begin(), workload.forms.end(), Form::cpu) != workload.forms.end()) {
            names.emplace_back(workload.name);
        }
    }
    return names;
}

TEST(RealWork, EveryCpuWorkloadIsVerifiedMeasuredAndRecorded) {
    const JobFolder folder;
    JobRequest job =
        small_job(names_of_cpu_workloads(), {{"bytes", std::int64_t{16} << 10}, {"seconds", std::int64_t{0}}});
    folder.write("request.json", to_json(job));
    const std::string out = (folder.path() / "out").string();
    const AgentEnd end =
        run_agent_program(PASSBENCH_AGENT, {"run", (folder.path() / "request.json").string(), out}, "");
    ASSERT_EQ(end.code, 0) << end.errors;
    const auto output = read_job_output(out, job);
    ASSERT_TRUE(output) << to_text(output.error());

    std::map<std::string, std::set<Phase>> phases;
    for (const Chunk& chunk : output->chunks) phases[chunk.case_name].insert(chunk.phase);
    std::size_t ended = 0;
    for (const Event& event : output->events) {
        if (event.kind == "trial_begun") continue;
        ASSERT_EQ(event.kind, "trial_ended") << to_json_line(event);
        ++ended;
        EXPECT_EQ(fact_bool(event.facts, trial_fact::verified), true) << event.case_name;
        EXPECT_GE(fact_int(event.facts, trial_fact::threads).value_or(0), 1) << event.case_name;
        EXPECT_EQ(phases[event.case_name], (std::set<Phase>{Phase::cold, Phase::warmup, Phase::measure}))
            << event.case_name;
    }
    EXPECT_EQ(ended, job.trials.size());
}

}  // namespace
}  // namespace passbench
