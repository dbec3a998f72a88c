// What was typed, as data. The library that parses it and the manual of every verb are in arguments.cpp alone.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/plan/make_plan.hpp"

namespace passbench {

enum class ProgressStyle { automatic, json, none };

/// The options and operands of all verbs; a verb reads those of its own.
struct Arguments {
    std::string verb;
    bool json = false;
    bool quiet = false;
    bool dry_run = false;
    Scale scale = Scale::full;
    ProgressStyle progress = ProgressStyle::automatic;
    std::filesystem::path out;       // --out: "" where it was not given; likewise below
    std::string lab;                 // a file, or "simulated"
    std::filesystem::path scenario;  // plan, run
    std::filesystem::path resume;    // run
    std::string agent;               // run, doctor
    std::filesystem::path host;      // doctor, plan
    std::filesystem::path save;      // doctor
    std::filesystem::path left;      // report, compare
    std::filesystem::path right;     // compare
    std::string markdown;            // report: a file or "-"; likewise below
    std::string junit;
    std::string csv;
    bool accept_eula = false;  // run
    bool write = false;        // report
    bool install = false;      // release; likewise below
    bool uninstall = false;
    std::string topic;      // help
    double pair_sd = 0.01;  // plan: the noise that is assumed
};

/// What came of parsing: a verb to carry out, or a text that was asked for (a manual, the version).
struct Parsed {
    std::optional<Arguments> arguments;
    std::string text;
};

/// Error `usage` with the nearest known verb or option.
[[nodiscard]] Result<Parsed> parse_arguments(int argc, const char* const* argv);

/// The verbs in the order of the overview.
[[nodiscard]] const std::vector<std::string_view>& verbs();
/// The overview of all verbs, as `passbench --help` shows it.
[[nodiscard]] std::string overview();
/// The manual of one of verbs().
[[nodiscard]] std::string manual_of(std::string_view verb);

}  // namespace passbench
