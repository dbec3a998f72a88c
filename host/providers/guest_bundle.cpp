#include "host/providers/guest_bundle.hpp"

#include <algorithm>
#include <system_error>

#include "harness/core/this_process.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

/// The folder above the running program's: build/PRESET, or where a package was unpacked.
fs::path build_folder() { return running_program().parent_path().parent_path(); }

}  // namespace

Result<std::vector<BundleFile>> guest_bundle(const fs::path& agent) {
    std::error_code error;
    const fs::path bundle = build_folder() / "guest-bundle";
    fs::path program = agent;
    for (const fs::path& candidate : {build_folder() / "bin/passbench-agent", bundle / "passbench-agent"}) {
        if (program.empty() && fs::exists(candidate, error)) program = candidate;
    }
    if (program.empty() || !fs::exists(program, error)) {
        return fail({.code = ErrorCode::agent_lost,
                     .what = "there is no passbench-agent to bring to the guest",
                     .where = (program.empty() ? build_folder() / "bin/passbench-agent" : program).string(),
                     .fix = "Build it (scripts/run.sh does), or say where it is with --agent."});
    }
    std::vector<BundleFile> files = {{"passbench-agent", program}};
    for (fs::directory_iterator entry(bundle / "lib", error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        if (entry->is_regular_file(error)) files.push_back({"lib/" + entry->path().filename().string(), entry->path()});
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return files;
}

Result<std::vector<BundleFile>> stand_in_bundle() {
    const fs::path folder = build_folder() / "emulation";
    std::vector<BundleFile> files;
    for (const char* name : {"libcuda.so.1", "libnvidia-ml.so.1"}) {
        std::error_code error;
        if (!fs::exists(folder / name, error)) {
            return fail({.code = ErrorCode::unsupported,
                         .what = "the stand-in CUDA driver of this build is not there",
                         .where = (folder / name).string(),
                         .fix = "Build it (scripts/run.sh does), or leave out --lab simulated."});
        }
        files.push_back({name, fs::canonical(folder / name, error)});
    }
    return files;
}

}  // namespace passbench
