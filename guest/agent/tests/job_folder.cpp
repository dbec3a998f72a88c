#include "guest/agent/tests/job_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "harness/catalogue/workload.hpp"

namespace passbench {

namespace fs = std::filesystem;

JobFolder::JobFolder() {
    std::string folder = (fs::temp_directory_path() / "passbench-job-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder for a job");
    path_ = folder;
}

JobFolder::~JobFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string JobFolder::text(const std::string& name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void JobFolder::write(const std::string& name, std::string_view content) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << content;
}

JobRequest small_job(const std::vector<std::string>& workloads, const Parameters& parameters) {
    JobRequest job;
    job.arm = "local";
    job.block = 3;
    job.attempt = 1;
    job.iterations = 5;
    job.trial_timeout_ns = 60'000'000'000;
    for (const std::string& name : workloads) {
        const Workload* workload = find_workload(name);
        if (workload == nullptr) throw std::runtime_error("no workload " + name);
        Parameters given;
        for (const Parameter& parameter : workload->parameters) {
            const auto found = parameters.find(parameter.name);
            if (found != parameters.end()) given.insert(*found);
        }
        const auto complete = complete_parameters(*workload, Form::cpu, given);
        if (!complete) throw std::runtime_error(to_text(complete.error()));
        TrialRequest trial;
        trial.what.workload = name;
        trial.what.workload_version = workload->version;
        trial.what.parameters = *complete;
        trial.what.name = case_name(name, Form::cpu, *complete);
        trial.what.work = workload->work(*complete);
        trial.seed = 11;
        job.trials.push_back(trial);
    }
    return job;
}

}  // namespace passbench
