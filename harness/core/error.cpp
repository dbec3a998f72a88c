#include "harness/core/error.hpp"

#include <cstddef>

namespace passbench {

const std::vector<ErrorCodeInfo>& error_codes() {
    // The exit codes are those of design.md section 9. The order is that of the enum: to_string and exit_code index by it.
    static const std::vector<ErrorCodeInfo> table = {
        {ErrorCode::usage, "usage", 2, "The command line or a value given to a function is not one that is understood.",
         "Read the message for what is allowed, or run `passbench help VERB`."},
        {ErrorCode::scenario, "scenario", 2, "A scenario or lab file says something that cannot be planned.",
         "Correct the file at the line and column of the message; scenarios/README.md explains every key."},
        {ErrorCode::plan_changed, "plan_changed", 2,
         "The plan in the run directory is not the one that the run was begun with.",
         "Restore plan.json, or begin a new run; the results so far stay readable."},
        {ErrorCode::precondition, "precondition", 4,
         "The machine or the records are not in the state that this action needs; nothing was changed.",
         "Bring about the state that the message names, then try again."},
        {ErrorCode::consent, "consent", 2,
         "A step would leave something behind on the host, and lab.toml does not allow it.",
         "Give the consent that the message names in lab.toml, or leave out the arm that needs it."},
        {ErrorCode::busy, "busy", 4, "Somebody else holds what is needed, for instance another run on this host.",
         "Wait until it has ended and try again; nothing was changed."},
        {ErrorCode::unsupported, "unsupported", 4, "This machine, build or workload cannot do what was asked.",
         "Use one of the ways that the message names; `passbench doctor` shows what is possible here."},
        {ErrorCode::timeout, "timeout", 4, "Something took longer than its deadline and was ended.",
         "Look into log.txt for the last thing it did; raise the deadline where the work is that long."},
        {ErrorCode::agent_lost, "agent_lost", 4, "The agent could not be started, or ended without its records.",
         "Check that the agent is there, executable and built for this machine, then resume the run."},
        {ErrorCode::bad_record, "bad_record", 4,
         "A record is damaged, cut short, foreign or of a version not known here.",
         "Restore the file that the message names from a copy, or measure again; other files are not affected."},
        {ErrorCode::verify_failed, "verify_failed", 5,
         "The results of a workload are wrong: the values of this trial mean nothing.",
         "Suspect the memory, the driver or an overclocked card; run the case again alone."},
        {ErrorCode::device_lost, "device_lost", 4, "The device vanished or stopped answering during the work.",
         "Look into the kernel log of the guest, restore the host with `passbench release`, then resume the run."},
        {ErrorCode::out_of_memory, "out_of_memory", 4, "There is not enough memory for this case.",
         "Choose smaller sizes or a guest with more memory; the message says how much was needed."},
        {ErrorCode::io, "io", 4, "A file could not be read or written.",
         "Check space, permissions and the path that the message names; what was written before is kept."},
        {ErrorCode::quarantined, "quarantined", 4,
         "Something could not be restored earlier and is kept out of use until cleared.",
         "Restore it by hand as the message says, then run `passbench release`."},
        {ErrorCode::interrupted, "interrupted", 130, "The run was interrupted; everything measured so far is kept.",
         "Go on with `passbench run --resume DIR`."},
    };
    return table;
}

namespace {

const ErrorCodeInfo& info_of(ErrorCode code) { return error_codes()[static_cast<std::size_t>(code)]; }

}  // namespace

std::string_view to_string(ErrorCode code) { return info_of(code).name; }

int exit_code(ErrorCode code) { return info_of(code).exit_code; }

std::string to_text(const Error& error) {
    std::string text = error.where.empty() ? "" : error.where + ": ";
    text += "error: " + error.what;
    for (const std::string& step : error.trail) text += "\n  while " + step;
    if (!error.fix.empty()) text += "\n  " + error.fix;
    if (!error.finding.empty()) text += "\n  (passbench help " + error.finding + ")";
    return text;
}

}  // namespace passbench
