// The documents that --json prints, one function for the `data` of each verb; the JSON library is in json_documents.cpp alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/make_plan.hpp"
#include "harness/records/environment.hpp"
#include "harness/records/plan.hpp"
#include "host/cli/diagnosis.hpp"
#include "host/cli/read_inputs.hpp"
#include "host/engine/release.hpp"
#include "host/session/session.hpp"

namespace passbench {

/// {"format":"passbench.cli","version":1,"verb":...,"exit":...,"data":...}; `data` is a JSON text.
[[nodiscard]] std::string document(std::string_view verb, int exit, std::string_view data);
/// The same with "error": the first error, with all of them in its "all" where there are more.
[[nodiscard]] std::string error_document(std::string_view verb, int exit, const std::vector<Error>& errors);

/// {"plan":...,"notes":[...],"cost":...,"assumed_pair_sd":...,"minimal_detectable_effect":...,"steps":{ARM:[...]}}; what is absent has no key.
[[nodiscard]] std::string plan_data(const PlannedScenario& planned, double pair_sd,
                                    const std::optional<std::vector<ArmSteps>>& steps);
/// {"run":path,"state":...,"status":...,"verdict":...,"stats":...}
[[nodiscard]] std::string run_data(const RunOutcome& outcome);
/// {"host":...,"passthrough":...,"guest":...,"unfinished":[...],"quarantined":[...],"trouble":...}; "passthrough", of Windows hosts alone:
/// {"windows":...,"auto":...,"native":...,"gpus":[{"location":...,"name":...,"methods":{NAME:{"word":...,"reasons":[...]}},...}],...}
[[nodiscard]] std::string doctor_data(const Diagnosis& diagnosis);
/// {"leases":[...],"back":[...],"quarantined":[...],"errors":[...]} of each state folder.
[[nodiscard]] std::string release_data(const std::vector<ReleaseReport>& reports);
/// {"boot_task": {"installed": "the unit ..."}}, or "removed".
[[nodiscard]] std::string boot_task_data(const std::string& done, const std::string& what);
/// {"unfinished":[...],"quarantined":[...]}
[[nodiscard]] std::string left_data(const LeftBehind& left);
/// {"topic":...,"text":...}; the lists also as data: "workloads", "codes" or "findings" of the topic of that name.
[[nodiscard]] std::string help_data(std::string_view topic, std::string_view text);

/// One line of `--progress json`; `progress` may be null, empty texts are left out.
[[nodiscard]] std::string progress_line(std::string_view event, const RunProgress* progress, std::string_view run,
                                        std::string_view text);

}  // namespace passbench
