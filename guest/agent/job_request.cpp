#include "guest/agent/job_request.hpp"

#include "harness/core/durable_files.hpp"

namespace passbench {

Result<JobRequest> read_job_request(const std::filesystem::path& path) {
    constexpr std::int64_t limit_bytes = std::int64_t{256} << 20;
    PASSBENCH_TRY(const std::string text, read_file(path, limit_bytes));
    auto request = request_from_json(text);
    if (request) return request;
    Error error = std::move(request).error();
    error.where = error.where.empty() ? path.string() : path.string() + ": " + error.where;
    if (error.fix.empty()) error.fix = "Let the controller write the request: passbench run.";
    return fail(std::move(error));
}

}  // namespace passbench
