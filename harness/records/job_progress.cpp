#include "harness/records/job_progress.hpp"

#include "harness/records/json_codec.hpp"

namespace passbench {
namespace {

constexpr codec::Format progress_format{"passbench.progress", 1};

}  // namespace

std::string_view to_string(JobState state) {
    switch (state) {
        case JobState::running:
            return "running";
        case JobState::complete:
            return "complete";
        case JobState::interrupted:
            return "interrupted";
        case JobState::failed:
            return "failed";
    }
    return "";
}

std::string to_json(const JobProgress& progress) {
    codec::Json document = codec::begin(progress_format);
    document["done"] = progress.done;
    document["total"] = progress.total;
    document["case"] = progress.case_name;
    document["state"] = to_string(progress.state);
    return codec::to_document(document);
}

Result<JobProgress> job_progress_from_json(std::string_view text) {
    return codec::decode(text, progress_format, codec::max_document_bytes, [](const codec::Place& document) {
        return JobProgress{.done = static_cast<std::size_t>(document.integer("done")),
                           .total = static_cast<std::size_t>(document.integer("total")),
                           .case_name = document.text("case"),
                           .state = document.word("state", {JobState::running, JobState::complete,
                                                            JobState::interrupted, JobState::failed})};
    });
}

}  // namespace passbench
