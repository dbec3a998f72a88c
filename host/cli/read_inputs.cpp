#include "host/cli/read_inputs.hpp"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "harness/catalogue/workload.hpp"
#include "harness/core/durable_files.hpp"
#include "host/cli/verbs.hpp"

namespace passbench {

namespace {

/// The scenarios in a folder, by their names without extension; labs are none.
std::vector<std::string> scenarios_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code absent;
    for (const auto& entry : std::filesystem::directory_iterator(folder, absent)) {
        const auto name = entry.path().stem().string();
        if (entry.path().extension() == ".toml" && !name.ends_with(".lab") && !name.starts_with("lab.")) {
            names.push_back(name);
        }
    }
    return names;
}

/// The scenario that may have been meant by a path where there is none: one of that name, or nearly, beside it or in
/// scenarios/.
std::optional<std::filesystem::path> nearest_scenario(const std::filesystem::path& typed) {
    const auto wanted = typed.extension() == ".toml" ? typed.stem().string() : typed.filename().string();
    const auto beside = typed.has_parent_path() ? typed.parent_path() : std::filesystem::path(".");
    for (const auto& folder : {beside, std::filesystem::path("scenarios")}) {
        const auto names = scenarios_in(folder);
        const std::vector<std::string_view> known(names.begin(), names.end());
        if (const auto nearest = nearest_word(wanted, known)) {
            return (folder / (*nearest + ".toml")).lexically_normal();
        }
    }
    return std::nullopt;
}

/// Error `usage` where there is nothing at the path that was typed.
Result<void> check_is_there(const Arguments& arguments) {
    std::error_code unknown;
    const auto& typed = arguments.scenario;
    if (std::filesystem::status(typed, unknown).type() != std::filesystem::file_type::not_found) {
        return {};
    }
    const auto nearest = nearest_scenario(typed);
    std::string fix = "Check the path; scenarios/ has scenarios to begin with.";
    if (nearest) {
        fix = fmt::format("Did you mean: passbench {} {}", arguments.verb, nearest->string());
    } else if (std::find(verbs().begin(), verbs().end(), typed.string()) != verbs().end()) {
        fix = fmt::format("One verb at a time: passbench {} SCENARIO.toml, or see passbench {} --help.", arguments.verb,
                          typed.string());
    }
    return fail({.code = ErrorCode::usage,
                 .what = "there is no such scenario file",
                 .where = typed.string(),
                 .fix = std::move(fix)});
}

}  // namespace

Checked<PlannedScenario> plan_scenario(const Arguments& arguments) {
    if (auto there = check_is_there(arguments); !there) {
        return fail_with(std::move(there).error());
    }
    auto scenario = read_scenario(arguments.scenario);
    if (!scenario) {
        return tl::unexpected(std::move(scenario).error());
    }
    auto plan = make_plan(*scenario, arguments.scale);
    if (!plan) {
        return fail_with(std::move(plan).error());
    }
    auto notes = plan_notes(*scenario, *plan, arguments.scale);
    return PlannedScenario{*std::move(plan), std::move(scenario->text), std::move(notes)};
}

Result<HostFacts> read_host(const std::filesystem::path& path) {
    constexpr std::int64_t limit_bytes = 16 << 20;  // a host with hundreds of devices stays under 1 MiB
    const auto text = read_file(path, limit_bytes);
    if (!text) {
        return fail_in(text.error(), "reading the host record " + path.string());
    }
    auto host = host_from_json(*text);
    if (!host) {
        auto error = host.error();
        error.where = path.string() + (error.where.empty() ? "" : ": " + error.where);
        return fail_in(std::move(error), "reading the host record " + path.string());
    }
    return host;
}

}  // namespace passbench
