#include "host/providers/simulated_guest.hpp"

#include <array>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/core/durable_files.hpp"
#include "harness/records/environment.hpp"
#include "harness/records/file_names.hpp"
#include "harness/records/json_codec.hpp"
#include "host/providers/eflow_machine.hpp"
#include "host/survey/host_keys.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_view_bytes = std::size_t{1} << 20;
constexpr std::int64_t max_environment_bytes = std::int64_t{1} << 20;
constexpr std::string_view link_mark = "-> ";

/// What of a probe depends on the card and the way it came: taken from the guest's files. All else is this machine's.
constexpr std::array<std::string_view, 6> of_the_guest = {"gpu.passthrough",     "gpu.pci_id",    "kernel.release",
                                                          "wsl.drivers_mounted", "wsl.lib_files", "wsl.lib_mounted"};

struct View {
    std::map<std::string, std::string> files;
    std::vector<std::string> kernel_log;
};

Result<View> view_from_json(const std::string& text) {
    return codec::decode(text, max_view_bytes, [](const codec::Json& root) {
        View view;
        const codec::Place document(root);
        document.each_member("files", [&](const std::string& path, const codec::Place& content) {
            view.files.emplace(path, content.as_text());
        });
        constexpr std::size_t most_lines = 1000;
        document.each("kernel_log", most_lines,
                      [&](const codec::Place& line) { view.kernel_log.push_back(line.as_text()); });
        return view;
    });
}

Result<void> write_file(const fs::path& path, const std::string& content) {
    PASSBENCH_CHECK(make_folder(path.parent_path()));
    if (!content.starts_with(link_mark)) return replace_file(path, content);
    std::error_code error;
    fs::create_symlink(content.substr(link_mark.size()), path, error);
    if (!error) return {};
    return fail({.code = ErrorCode::io, .what = "cannot make the link: " + error.message(), .where = path.string()});
}

Result<Environment> read_environment(const fs::path& folder) {
    PASSBENCH_TRY(const std::string text, read_file(folder / file_name::environment, max_environment_bytes));
    return environment_from_json(text);
}

}  // namespace

SimulatedGuest::SimulatedGuest(std::shared_ptr<HostFunctions> host, std::string guest)
    : host_(std::move(host)), guest_(std::move(guest)) {}

Result<std::string> SimulatedGuest::make_job_folder(const std::string& name) { return machine_.make_job_folder(name); }

Result<void> SimulatedGuest::put(const fs::path& file, const std::string& guest_path) {
    if (guest_ == eflow_resource) PASSBENCH_CHECK(copy_to_eflow(*host_, file, guest_path));
    return machine_.put(file, guest_path);
}

Result<void> SimulatedGuest::get(const std::string& guest_folder, const fs::path& folder) {
    return machine_.get(guest_folder, folder);
}

Result<ExecResult> SimulatedGuest::exec(const std::vector<std::string>& argv, std::int64_t deadline_ns,
                                        const ExecWatch& watch) {
    PASSBENCH_TRY(const ExecResult done, machine_.exec(argv, deadline_ns, watch));
    const bool is_probe = argv.size() == 3 && argv[1] == "probe";
    if (is_probe && done.exit_code == 0) PASSBENCH_CHECK(overlay_probe(argv, deadline_ns, watch));
    return done;
}

Result<void> SimulatedGuest::make_tree(const fs::path& root) {
    PASSBENCH_TRY(const std::string answer,
                  host_->call("Get-PassBenchSimulatedGuest", codec::to_compact({{"guest", guest_}})));
    PASSBENCH_TRY(const View view, view_from_json(answer));
    PASSBENCH_CHECK(make_folder(root));
    for (const auto& [path, content] : view.files) PASSBENCH_CHECK(write_file(root / path, content));
    std::string log;
    for (const std::string& line : view.kernel_log) log += line + "\n";
    return write_file(root / "kernel_log", log);
}

/// The same classifier as in a real guest, over the files that this one shows.
Result<void> SimulatedGuest::overlay_probe(const std::vector<std::string>& argv, std::int64_t deadline_ns,
                                           const ExecWatch& watch) {
    PASSBENCH_TRY(const std::string scratch, machine_.make_job_folder("guest"));
    const fs::path root = fs::path(scratch) / "root";
    const std::string out = scratch + "/probe";
    PASSBENCH_CHECK(make_tree(root));
    PASSBENCH_TRY(const ExecResult done,
                  machine_.exec({argv[0], "probe", out, "--root", root.string()}, deadline_ns, watch));
    if (done.exit_code != 0) {
        return fail({.code = ErrorCode::agent_lost,
                     .what = "the probe of the simulated guest failed: " + done.output,
                     .where = guest_});
    }
    PASSBENCH_TRY(Environment seen, read_environment(argv[2]));
    PASSBENCH_TRY(const Environment guest, read_environment(out));
    for (const std::string_view key : of_the_guest) {
        for (const Facts* facts : {&guest.context, &guest.identity}) {
            if (const auto found = facts->find(key); found != facts->end()) seen.context[found->first] = found->second;
        }
    }
    PASSBENCH_TRY(const std::string log, read_file(root / "kernel_log", max_environment_bytes));
    if (!log.empty()) seen.context["kernel.log"] = log;
    seen.context["guest.simulated"] = guest_;
    return replace_file(fs::path(argv[2]) / file_name::environment, to_json(seen));
}

}  // namespace passbench
