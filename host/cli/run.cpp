#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "harness/core/clock.hpp"
#include "harness/report/report.hpp"
#include "host/cli/json_documents.hpp"
#include "host/cli/plan_answer.hpp"
#include "host/cli/progress.hpp"
#include "host/cli/read_inputs.hpp"
#include "host/cli/verbs.hpp"
#include "host/session/session.hpp"

namespace passbench::verb {

namespace {

/// Nothing is shown where nobody looks: --quiet, --progress none; nullptr then.
std::unique_ptr<Progress> progress_for(const Arguments& arguments, const Terminal& terminal) {
    if (arguments.progress == ProgressStyle::json) {
        return make_progress_json(terminal.err);
    }
    if (arguments.quiet || arguments.progress == ProgressStyle::none) {
        return nullptr;
    }
    return terminal.err_is_terminal ? make_progress_bar(terminal.err) : make_progress_lines(terminal.err, steady_ns);
}

Checked<Answer> dry_run(const Arguments& arguments, const PlannedScenario& planned, const Lab& lab) {
    return as_checked(host_steps(planned.plan, lab, {})).map([&](const std::vector<ArmSteps>& steps) {
        return plan_answer(planned, arguments.pair_sd, steps);
    });
}

Answer answer_of(const RunOutcome& outcome, const Arguments& arguments, const Terminal& terminal) {
    Answer answer{.exit = exit_code(outcome.verdict.word), .data = run_data(outcome)};
    if (arguments.quiet) {
        answer.text = fmt::format("{} {}\n", to_string(outcome.verdict.word), outcome.path.string());
        return answer;
    }
    answer.text = terminal_report(outcome.reported(), terminal.colour());
    answer.text += fmt::format("report: {}\n", report_file(outcome).string());
    return answer;
}

}  // namespace

Checked<Answer> run(const Arguments& arguments, const Terminal& terminal) {
    auto lab = choose_lab(arguments.lab, arguments.scenario);
    if (!lab) {
        return tl::unexpected(std::move(lab).error());
    }
    if (arguments.accept_eula) lab->consent.nvidia_eula = true;
    const auto progress = progress_for(arguments, terminal);
    const Measuring measuring{
        .lab = *std::move(lab), .agent = arguments.agent, .progress = progress.get(), .stop = terminal.stop};
    const auto answer = [&](const RunOutcome& outcome) { return answer_of(outcome, arguments, terminal); };
    if (!arguments.resume.empty()) {
        return as_checked(resume(arguments.resume, measuring)).map(answer);
    }
    auto planned = plan_scenario(arguments);
    if (!planned) {
        return tl::unexpected(std::move(planned).error());
    }
    if (arguments.dry_run) {
        return dry_run(arguments, *planned, measuring.lab);
    }
    const auto results = arguments.out.empty() ? measuring.lab.results : arguments.out;
    return as_checked(passbench::run({.plan = std::move(planned->plan),
                                      .scenario_text = std::move(planned->text),
                                      .results = results,
                                      .measuring = measuring}))
        .map(answer);
}

}  // namespace passbench::verb
