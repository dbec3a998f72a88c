#include "host/engine/release.hpp"

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/core/this_process.hpp"
#include "host/cli/boot_task.hpp"
#include "host/cli/diagnosis.hpp"
#include "host/cli/json_documents.hpp"
#include "host/cli/verbs.hpp"
#include "host/engine/state_folder.hpp"
#include "host/providers/provider.hpp"

namespace passbench::verb {

namespace {

Result<std::unique_ptr<Resources>> resources_of(const std::string& provider) {
    PASSBENCH_TRY(auto made, make_provider(provider));
    return std::unique_ptr<Resources>(std::move(made));
}

std::string text_of(const ReleaseReport& report) {
    std::string text;
    for (const auto& lease : report.leases) {
        text += fmt::format("run {} ({})\n", lease.run, lease.provider);
        for (const auto& restored : lease.restoration.steps) {
            text += fmt::format("  {} {}: {}, now {}\n", restored.step.resource, restored.step.property,
                                to_string(restored.end), restored.observed);
        }
        for (const auto& error : lease.restoration.errors) {
            text += fmt::format("  {}\n", to_text(error));
        }
    }
    for (const auto& entry : report.back) {
        text += fmt::format("{} {}: back to {}, no longer quarantined\n", entry.resource, entry.property, entry.before);
    }
    for (const auto& entry : report.quarantined) {
        text += fmt::format("{} {}: still quarantined, should be {}: {}\n", entry.resource, entry.property,
                            entry.before, entry.why);
    }
    for (const auto& error : report.errors) {
        text += to_text(error) + "\n";
    }
    return text;
}

Result<std::vector<ReleaseReport>> release_all() {
    std::vector<ReleaseReport> reports;
    for (const auto& folder : existing_state_folders()) {
        PASSBENCH_TRY(auto report, passbench::release(folder, resources_of));
        reports.push_back(std::move(report));
    }
    return reports;
}

Result<Answer> released(const Arguments& arguments, const Terminal& terminal) {
    PASSBENCH_TRY(const auto left, find_left_behind());
    if (arguments.dry_run) {
        return Answer{.exit = 0, .text = "Left by earlier runs\n" + passbench::text_of(left), .data = left_data(left)};
    }
    if (!left.unfinished.empty() && !arguments.quiet) {
        terminal.err << fmt::format("giving back what {} run(s) left; waiting until the host is at rest\n",
                                    left.unfinished.size())
                     << std::flush;
    }
    PASSBENCH_TRY(const auto reports, release_all());
    Answer result{.exit = 0, .data = release_data(reports)};
    for (const auto& report : reports) {
        result.text += text_of(report);
        result.exit = report.is_clean() ? result.exit : exit_code(ErrorCode::quarantined);
    }
    if (result.text.empty()) {
        result.text = "nothing is left to give back\n";
    }
    return result;
}

/// What was done about the task that releases at boot.
Answer about_boot_task(const std::string& done, const std::string& what) {
    return {.exit = 0, .text = fmt::format("{} {}\n", done, what), .data = boot_task_data(done, what)};
}

Result<Answer> installed() {
    PASSBENCH_TRY(const std::string what, install_boot_task({.program = running_program(),
                                                             .state_folder = environment_variable("PASSBENCH_STATE")}));
    return about_boot_task("installed", what);
}

Result<Answer> uninstalled() {
    PASSBENCH_TRY(const std::string what, remove_boot_task());
    return about_boot_task("removed", what);
}

}  // namespace

Checked<Answer> release(const Arguments& arguments, const Terminal& terminal) {
    if (int{arguments.dry_run} + int{arguments.install} + int{arguments.uninstall} > 1) {
        return as_checked(Result<Answer>(fail({.code = ErrorCode::usage,
                                               .what = "--dry-run, --install and --uninstall are three things to do",
                                               .where = "passbench release",
                                               .fix = "Choose one of them."})));
    }
    if (arguments.install) return as_checked(installed());
    if (arguments.uninstall) return as_checked(uninstalled());
    return as_checked(released(arguments, terminal));
}

}  // namespace passbench::verb
