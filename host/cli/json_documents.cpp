#include "host/cli/json_documents.hpp"

#include <nlohmann/json.hpp>

#include "harness/catalogue/manual.hpp"
#include "harness/catalogue/workload.hpp"
#include "harness/core/findings.hpp"
#include "host/signs/catalogue.hpp"

namespace passbench {

namespace {

// Keys keep the order in which they are written, so that a document reads from its head.
using Json = nlohmann::ordered_json;

std::string text_of(const Json& document) {
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Documents of the library itself are well-formed; anything else would be a broken invariant.
Json parsed(std::string_view json) { return Json::parse(json); }

Json head(std::string_view verb, int exit) {
    return {{"format", "passbench.cli"}, {"version", 1}, {"verb", verb}, {"exit", exit}};
}

Json json_of(const Error& error) {
    return {{"code", to_string(error.code)}, {"what", error.what},      {"where", error.where}, {"fix", error.fix},
            {"trail", error.trail},          {"finding", error.finding}};
}

/// With its row of the failure catalogue, where it has one, and the signs by which it is recognised.
Json json_of(const Finding& finding) {
    Json json = {{"name", finding.name}, {"cause", finding.cause}, {"cure", finding.cure}};
    const CatalogueRow* row = find_catalogue_row(finding.name);
    if (row == nullptr) return json;
    json["number"] = row->number;
    json["source"] = row->source;
    json["signs"] = signs_of(*row);
    json["is_harmless"] = is_harmless(*row);
    if (!row->not_plantable.empty()) json["not_plantable"] = row->not_plantable;
    return json;
}

void append(Json& list, const Json& entries) {
    for (const auto& entry : entries) {
        list.push_back(entry);
    }
}

Json json_of(const LeftBehind& left) {
    Json unfinished = Json::array();
    for (const auto& journal : left.unfinished) {
        unfinished.push_back({{"run", journal.run},
                              {"provider", journal.provider},
                              {"begun", journal.begun},
                              {"path", journal.path.string()},
                              {"steps", journal.steps.size()}});
    }
    Json unreadable = Json::array();
    for (const auto& error : left.unreadable) {
        unreadable.push_back(json_of(error));
    }
    return {{"unfinished", unfinished},
            {"unreadable", unreadable},
            {"quarantined", parsed(to_json(left.quarantined))["entries"]},
            {"in_use_by", left.in_use_by}};
}

Json json_of(const Result<Choice>& choice) {
    if (!choice) {
        return {{"error", json_of(choice.error())}};
    }
    return {{"method", to_string(choice->method)}, {"gpu", choice->location}, {"why", choice->why}};
}

Json json_of(const MethodCell& cell) {
    Json json = {{"word", to_string(cell.word)}, {"reasons", Json::array()}};
    for (const auto& reason : cell.reasons) {
        Json entry = {{"word", to_string(reason.word)},
                      {"rule", reason.rule},
                      {"source", reason.source},
                      {"facts", reason.facts},
                      {"what", reason.what}};
        if (!reason.fix.empty()) {
            entry["fix"] = reason.fix;
        }
        json["reasons"].push_back(std::move(entry));
    }
    return json;
}

Json json_of(const Passthrough& passthrough) {
    Json json = {{"windows", passthrough.windows},
                 {"auto", json_of(passthrough.auto_becomes)},
                 {"native", json_of(passthrough.native_becomes)},
                 {"gpus", Json::array()},
                 {"survey_dda", passthrough.dda_of_host}};
    if (!passthrough.origin.empty()) {
        json["origin"] = passthrough.origin;
    }
    for (std::size_t index = 0; index < passthrough.table.size(); ++index) {
        const auto& row = passthrough.table[index];
        const auto& dda = passthrough.dda[index];
        Json gpu = {{"location", row.location},
                    {"name", row.name},
                    {"methods", Json::object()},
                    {"survey_dda", {{"verdict", to_string(dda.verdict)}, {"lines", dda.lines}}}};
        for (const auto& cell : row.cells) {
            gpu["methods"][std::string(to_string(cell.method))] = json_of(cell);
        }
        json["gpus"].push_back(std::move(gpu));
    }
    return json;
}

Json json_of(const std::vector<Form>& forms) {
    Json names = Json::array();
    for (const Form form : forms) {
        names.push_back(to_string(form));
    }
    return names;
}

Json json_of(const Parameter& parameter) {
    Json json = {{"name", parameter.name},
                 {"meaning", parameter.meaning},
                 {"takes", allowed_values(parameter)},
                 {"unit", parameter.unit},
                 {"forms", json_of(parameter.forms)}};
    std::visit([&json](const auto& value) { json["default"] = value; }, parameter.fallback);
    if (parameter.only_where) {
        json["only_where"] = {{"parameter", parameter.only_where->parameter}, {"words", parameter.only_where->words}};
    }
    return json;
}

Json json_of(const Workload& workload) {
    Json json = {{"name", workload.name},         {"version", workload.version},
                 {"title", workload.title},       {"forms", json_of(workload.forms)},
                 {"measures", workload.measures}, {"check", workload.check},
                 {"cpu_form", workload.cpu_form}, {"sensitivity", workload.sensitivity},
                 {"sources", workload.sources}};
    if (workload.line) {
        json["line"] = line_of(workload);
    }
    for (const auto& parameter : workload.parameters) {
        json["parameters"].push_back(json_of(parameter));
    }
    for (const auto& metric : workload.metrics) {
        json["metrics"].push_back({{"name", metric.name},
                                   {"unit", metric.unit},
                                   {"kind", to_string(metric.kind)},
                                   {"better", to_string(metric.direction)},
                                   {"forms", json_of(metric.forms)}});
    }
    for (const auto& limit : workload.limits) {
        json["limits"].push_back(
            {{"form", to_string(limit.form)}, {"kind", to_string(limit.kind)}, {"formula", limit.formula}});
    }
    return json;
}

}  // namespace

std::string document(std::string_view verb, int exit, std::string_view data) {
    Json json = head(verb, exit);
    json["data"] = parsed(data);
    return text_of(json);
}

std::string error_document(std::string_view verb, int exit, const std::vector<Error>& errors) {
    Json json = head(verb, exit);
    json["error"] = errors.empty() ? Json::object() : json_of(errors.front());
    if (errors.size() > 1) {
        for (const auto& error : errors) {
            json["error"]["all"].push_back(json_of(error));
        }
    }
    return text_of(json);
}

std::string plan_data(const PlannedScenario& planned, double pair_sd,
                      const std::optional<std::vector<ArmSteps>>& steps) {
    const auto cost = estimate_cost(planned.plan);
    Json data = {{"plan", parsed(to_json(planned.plan))},
                 {"notes", planned.notes},
                 {"cost",
                  {{"minutes_first_look", cost.minutes_first_look},
                   {"minutes_all_looks", cost.minutes_all_looks},
                   {"trials_first_look", cost.trials_first_look},
                   {"trials_all_looks", cost.trials_all_looks},
                   {"assumption", cost.assumption}}},
                 {"assumed_pair_sd", pair_sd}};
    if (const auto effect = minimal_detectable_effect(planned.plan, pair_sd)) {
        data["minimal_detectable_effect"] = *effect;
    }
    if (steps) {
        data["steps"] = Json::object();
        for (const auto& arm : *steps) data["steps"][arm.arm] = parsed(to_json(arm.steps))["steps"];
    }
    return data.dump();
}

std::string run_data(const RunOutcome& outcome) {
    return Json{{"run", outcome.path.string()},
                {"status", parsed(to_json(outcome.status))},
                {"verdict", parsed(to_json(outcome.verdict))},
                {"stats", parsed(to_json(outcome.stats))}}
        .dump();
}

std::string doctor_data(const Diagnosis& diagnosis) {
    Json data = {{"host", parsed(to_json(diagnosis.host))}};
    if (diagnosis.passthrough) {
        data["passthrough"] = json_of(*diagnosis.passthrough);
    }
    if (diagnosis.guest) {
        data["guest"] = parsed(to_json(*diagnosis.guest));
    }
    if (diagnosis.trouble) {
        data["trouble"] = json_of(*diagnosis.trouble);
    }
    data.update(json_of(diagnosis.left));
    return data.dump();
}

std::string boot_task_data(const std::string& done, const std::string& what) {
    return Json{{"boot_task", {{done, what}}}}.dump();
}

std::string release_data(const std::vector<ReleaseReport>& reports) {
    Json data = {
        {"leases", Json::array()}, {"back", Json::array()}, {"quarantined", Json::array()}, {"errors", Json::array()}};
    for (const auto& report : reports) {
        for (const auto& lease : report.leases) {
            data["leases"].push_back({{"run", lease.run},
                                      {"provider", lease.provider},
                                      {"restored", lease.restoration.host_equals_snapshot()}});
        }
        append(data["back"], parsed(to_json(report.back))["entries"]);
        append(data["quarantined"], parsed(to_json(report.quarantined))["entries"]);
        for (const auto& error : report.errors) {
            data["errors"].push_back(json_of(error));
        }
    }
    return data.dump();
}

std::string left_data(const LeftBehind& left) { return json_of(left).dump(); }

std::string help_data(std::string_view topic, std::string_view text) {
    Json data = {{"topic", topic}, {"text", text}};
    if (topic == "workloads") {
        for (const auto& workload : workloads()) {
            data["workloads"].push_back(json_of(workload));
        }
    } else if (topic == "codes") {
        for (const auto& code : error_codes()) {
            data["codes"].push_back(
                {{"name", code.name}, {"exit", code.exit_code}, {"cause", code.cause}, {"cure", code.cure}});
        }
    } else if (topic == "findings") {
        for (const auto& finding : findings()) {
            data["findings"].push_back(json_of(finding));
        }
    }
    return data.dump();
}

std::string progress_line(std::string_view event, const RunProgress* progress, std::string_view run,
                          std::string_view text) {
    Json line = {{"format", "passbench.progress"}, {"version", 1}, {"event", event}};
    if (!run.empty()) {
        line["run"] = run;
    }
    if (!text.empty()) {
        line["text"] = text;
    }
    if (progress != nullptr) {
        line.update(Json{{"done", progress->done},
                         {"planned", progress->planned},
                         {"elapsed_s", progress->elapsed_s},
                         {"left_s", progress->left_s},
                         {"look", progress->look},
                         {"looks", progress->looks},
                         {"block", progress->block},
                         {"blocks", progress->blocks},
                         {"arm", progress->arm}});
    }
    return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace passbench
