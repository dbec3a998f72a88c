// write_example_run FOLDER: the example run in FOLDER/runs, and request.json, probe.json and progress.json (an agent's
// status.json) beside it, for schema_test.py.
#include <cstdio>
#include <filesystem>

#include "harness/records/job_progress.hpp"
#include "harness/records/tests/example_records.hpp"

namespace passbench {
namespace {

Result<void> write_all(const std::filesystem::path& folder) {
    PASSBENCH_CHECK(make_folder(folder));
    PASSBENCH_CHECK(replace_file(folder / "request.json", to_json(example::request(example::plan(), 0, 1))));
    PASSBENCH_CHECK(replace_file(folder / "probe.json", to_json(example::environment())));
    PASSBENCH_CHECK(replace_file(folder / "progress.json",
                                 to_json(JobProgress{.done = 1, .total = 4, .case_name = "copy/cpu?bytes=4096"})));
    PASSBENCH_CHECK(example::write_run(folder / "runs", folder / "scratch"));
    return {};
}

}  // namespace
}  // namespace passbench

int main(int argument_count, char** arguments) {
    if (argument_count != 2) {
        std::fputs("usage: write_example_run FOLDER\n", stderr);
        return 2;
    }
    const auto written = passbench::write_all(arguments[1]);
    if (!written) std::fprintf(stderr, "%s\n", passbench::to_text(written.error()).c_str());
    return written ? 0 : 1;
}
