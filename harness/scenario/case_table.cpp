#include "harness/scenario/case_table.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "harness/catalogue/workload.hpp"

namespace passbench {

namespace {

constexpr std::array<std::string_view, 4> case_keys = {"workload", "forms", "axes", "gate"};
constexpr std::array<std::string_view, 1> power_keys = {"pow2"};
constexpr std::array<std::string_view, 3> gate_keys = {"metric", "budget", "form"};
constexpr std::array<std::string_view, 2> form_names = {"cpu", "cuda"};
constexpr std::int64_t largest_exponent = 62;
constexpr Range<double> budget_range = {.low = 0.0001, .high = 1.0};

template <typename Row>
std::vector<std::string_view> names_of(std::span<const Row> rows) {
    std::vector<std::string_view> names;
    for (const Row& row : rows) names.push_back(row.name);
    return names;
}

template <typename Row>
std::vector<std::string_view> names_of(const std::vector<Row>& rows) {
    return names_of(std::span<const Row>(rows));
}

/// Reads one [[case]] whose workload is known.
class CaseReader {
public:
    CaseReader(const Workload& workload, Mistakes& mistakes) : workload_(workload), mistakes_(mistakes) {}

    [[nodiscard]] std::vector<Form> forms(const Fields& fields) const;
    [[nodiscard]] std::map<std::string, std::vector<Value>> axes(const Fields& fields) const;
    [[nodiscard]] std::vector<ScenarioCase::FormGate> gates(const Fields& fields, const std::vector<Form>& forms) const;

private:
    [[nodiscard]] std::optional<Form> form(const TomlNode& node) const;
    [[nodiscard]] std::vector<Value> axis(const Parameter& parameter, const TomlEntry& entry) const;
    [[nodiscard]] std::vector<Value> powers(const Parameter& parameter, const TomlEntry& entry) const;
    void add_value(const Parameter& parameter, const TomlNode& node, std::vector<Value>& values) const;
    [[nodiscard]] std::optional<Form> gate_form(const Fields& fields, const Place& place,
                                                const std::vector<Form>& forms) const;
    [[nodiscard]] std::optional<ScenarioCase::FormGate> gate(const TomlNode& node,
                                                             const std::vector<Form>& forms) const;

    const Workload& workload_;
    Mistakes& mistakes_;
};

std::optional<Form> CaseReader::form(const TomlNode& node) const {
    const auto* name = std::get_if<std::string>(&node.value);
    const auto parsed = name != nullptr ? parse_form(*name) : Result<Form>(fail({}));
    if (!parsed) {
        const std::string given = name != nullptr ? in_quotes(*name) : std::string(kind_of(node));
        mistakes_.add(node.place,
                      fmt::format("unknown form {}{}", given, name != nullptr ? did_you_mean(*name, form_names) : ""),
                      "The forms are cpu and cuda.");
        return std::nullopt;
    }
    if (!has_form(workload_, *parsed)) {
        std::vector<std::string_view> offered;
        for (const Form known : workload_.forms) offered.push_back(to_string(known));
        mistakes_.add(node.place, fmt::format("{} has no form {}", workload_.name, *name),
                      fmt::format("{} can be done as {} only; leave `forms` out to take all that there are.",
                                  workload_.name, listed(offered)));
        return std::nullopt;
    }
    return *parsed;
}

std::vector<Form> CaseReader::forms(const Fields& fields) const {
    if (fields.find("forms") == nullptr) return workload_.forms;
    const TomlList* list = fields.list("forms");
    if (list == nullptr) return {};
    if (list->empty()) {
        mistakes_.add(fields.find("forms")->node.place, "forms is empty",
                      "Name at least one, or leave `forms` out to take all that the workload has.");
    }
    std::vector<Form> forms;
    for (const TomlNode& node : *list) {
        const auto known = form(node);
        if (!known) continue;
        if (std::ranges::find(forms, *known) != forms.end()) {
            mistakes_.add(node.place, fmt::format("form {} stands twice", to_string(*known)), "Name each form once.");
        } else {
            forms.push_back(*known);
        }
    }
    return forms;
}

void CaseReader::add_value(const Parameter& parameter, const TomlNode& node, std::vector<Value>& values) const {
    Value given;
    if (const auto* text = std::get_if<std::string>(&node.value)) {
        given = *text;
    } else if (const auto* integer = std::get_if<std::int64_t>(&node.value)) {
        given = *integer;
    } else {
        mistakes_.add(node.place, fmt::format("a value of axis {} is {}", parameter.name, kind_of(node)),
                      fmt::format("{} takes {}.", parameter.name, allowed_values(parameter)));
        return;
    }
    const auto checked = check_value(parameter, given);
    if (!checked) {
        mistakes_.add(node.place, checked.error().what, checked.error().fix);
    } else if (std::ranges::find(values, *checked) != values.end()) {
        mistakes_.add(node.place, fmt::format("{} = {} stands twice in this axis", parameter.name, to_string(*checked)),
                      "Name each value once.");
    } else {
        values.push_back(*checked);
    }
}

/// { pow2 = [first, last, step] }: 2^first, 2^(first + step) ... up to 2^last.
std::vector<Value> CaseReader::powers(const Parameter& parameter, const TomlEntry& entry) const {
    const Fields fields(std::get<TomlTable>(entry.node.value), fmt::format("A table as axis {}", parameter.name),
                        power_keys, mistakes_);
    const TomlEntry* pow2 = fields.find("pow2");
    std::vector<std::int64_t> numbers;
    if (pow2 != nullptr) {
        if (const auto* list = std::get_if<TomlList>(&pow2->node.value)) {
            for (const TomlNode& node : *list) {
                if (const auto* number = std::get_if<std::int64_t>(&node.value)) numbers.push_back(*number);
            }
            if (numbers.size() != list->size()) numbers.clear();
        }
    }
    if (numbers.size() == 2) numbers.push_back(1);
    const bool right = numbers.size() == 3 && numbers[0] >= 0 && numbers[0] <= numbers[1] &&
                       numbers[1] <= largest_exponent && numbers[2] >= 1;
    if (!right) {
        mistakes_.add(pow2 != nullptr ? pow2->node.place : entry.node.place,
                      fmt::format("axis {} has no powers of two that could be counted", parameter.name),
                      "Write { pow2 = [first, last, step] } with exponents from 0 to 62, the first not above the last: "
                      "{ pow2 = [12, 30, 6] } is 2^12, 2^18, 2^24, 2^30.");
        return {};
    }
    std::vector<Value> values;
    for (std::int64_t exponent = numbers[0]; exponent <= numbers[1];
         exponent += std::min(numbers[2], largest_exponent)) {
        const auto checked = check_value(parameter, std::int64_t{1} << exponent);
        if (!checked) {
            mistakes_.add(pow2->node.place, checked.error().what, checked.error().fix);
            return {};
        }
        values.push_back(*checked);
    }
    return values;
}

std::vector<Value> CaseReader::axis(const Parameter& parameter, const TomlEntry& entry) const {
    if (std::holds_alternative<TomlTable>(entry.node.value)) return powers(parameter, entry);
    std::vector<Value> values;
    const auto* list = std::get_if<TomlList>(&entry.node.value);
    if (list == nullptr) {
        add_value(parameter, entry.node, values);
        return values;
    }
    if (list->empty()) {
        mistakes_.add(entry.node.place, fmt::format("axis {} is empty, so this case has nothing to measure", entry.key),
                      fmt::format("Give it a value ({}), or leave it out to take the default, {}.",
                                  allowed_values(parameter), to_string(parameter.fallback)));
    }
    for (const TomlNode& node : *list) add_value(parameter, node, values);
    return values;
}

std::map<std::string, std::vector<Value>> CaseReader::axes(const Fields& fields) const {
    const TomlTable* table = fields.table("axes");
    if (table == nullptr) return {};
    const auto known = names_of(workload_.parameters);
    std::map<std::string, std::vector<Value>> axes;
    for (const TomlEntry& entry : *table) {
        const Parameter* parameter = find_parameter(workload_, entry.key);
        if (parameter == nullptr) {
            mistakes_.add(entry.place,
                          fmt::format("{} has no parameter {}{}", workload_.name, in_quotes(entry.key),
                                      did_you_mean(entry.key, known)),
                          fmt::format("Its parameters are {}; `passbench help {}` explains them.", listed(known),
                                      workload_.name));
            continue;
        }
        axes.emplace(entry.key, axis(*parameter, entry));
    }
    return axes;
}

std::optional<Form> CaseReader::gate_form(const Fields& fields, const Place& place,
                                          const std::vector<Form>& forms) const {
    if (const TomlEntry* entry = fields.find("form")) {
        const auto named = form(entry->node);
        if (named && std::ranges::find(forms, *named) == forms.end()) {
            mistakes_.add(entry->node.place,
                          fmt::format("this gate is on form {}, which the case does not have", to_string(*named)),
                          "Add the form to `forms`, or set the gate on one that is there.");
            return std::nullopt;
        }
        return named;
    }
    if (std::ranges::find(forms, Form::cuda) != forms.end()) return Form::cuda;
    mistakes_.add(place, "a gate is on form cuda where it names none, and this case has no form cuda",
                  "Add form = \"cpu\" to the gate.");
    return std::nullopt;
}

std::optional<ScenarioCase::FormGate> CaseReader::gate(const TomlNode& node, const std::vector<Form>& forms) const {
    const auto* table = std::get_if<TomlTable>(&node.value);
    if (table == nullptr) {
        mistakes_.add(node.place, fmt::format("a gate is {}, not a table", kind_of(node)),
                      "Write it like { metric = \"wall\", budget = \"3 %\" }.");
        return std::nullopt;
    }
    const Fields fields(*table, "A gate", gate_keys, mistakes_);
    const auto metric = fields.word("metric", names_of(workload_.metrics));
    const auto budget = fields.percent("budget", budget_range);
    for (const std::string_view needed : {"metric", "budget"}) {
        if (fields.find(needed) != nullptr) continue;
        mistakes_.add(node.place, fmt::format("this gate has no {}", needed),
                      "Write it like { metric = \"wall\", budget = \"3 %\" }.");
    }
    if (forms.empty()) return std::nullopt;  // a mistake of its own
    const auto form = gate_form(fields, node.place, forms);
    if (!metric || !budget || !form) return std::nullopt;
    const auto& having = find_metric(workload_, *metric)->forms;
    if (std::ranges::find(having, *form) == having.end()) {
        mistakes_.add(fields.find("metric")->node.place,
                      fmt::format("form {} has no metric {}", to_string(*form), *metric),
                      fmt::format("`passbench help {}` shows which form has which.", workload_.name));
        return std::nullopt;
    }
    return ScenarioCase::FormGate{.form = *form, .gate = {.metric = *metric, .budget = *budget}};
}

std::vector<ScenarioCase::FormGate> CaseReader::gates(const Fields& fields, const std::vector<Form>& forms) const {
    const TomlList* list = fields.list("gate");
    if (list == nullptr) return {};
    std::vector<ScenarioCase::FormGate> gates;
    for (const TomlNode& node : *list) {
        const auto read = gate(node, forms);
        if (!read) continue;
        const bool twice = std::ranges::any_of(gates, [&](const ScenarioCase::FormGate& other) {
            return other.form == read->form && other.gate.metric == read->gate.metric;
        });
        if (twice) {
            mistakes_.add(node.place, fmt::format("{} has two gates here", read->gate.metric), "Keep one of them.");
        } else {
            gates.push_back(*read);
        }
    }
    return gates;
}

}  // namespace

std::optional<ScenarioCase> read_case(const TomlNode& node, std::size_t arms, Mistakes& mistakes) {
    const auto* table = std::get_if<TomlTable>(&node.value);
    if (table == nullptr) {
        mistakes.add(node.place, fmt::format("a case is {}, not a table", kind_of(node)),
                     "Begin each case with a line [[case]].");
        return std::nullopt;
    }
    const Fields fields(*table, "[[case]]", case_keys, mistakes);
    if (fields.find("workload") == nullptr) {
        mistakes.add(node.place, "this case has no workload",
                     "Add workload = \"...\"; `passbench help workloads` lists them.");
    }
    const auto name = fields.word("workload", names_of(workloads()));
    if (!name) return std::nullopt;

    const CaseReader reader(*find_workload(*name), mistakes);
    ScenarioCase result;
    result.workload = *name;
    result.forms = reader.forms(fields);
    result.axes = reader.axes(fields);
    result.gates = reader.gates(fields, result.forms);
    result.where = to_string(node.place);
    if (arms < 2 && !result.gates.empty()) {
        mistakes.add(fields.find("gate")->place, "a gate compares arms, and this scenario has one",
                     "Name two arms, or take the gate out.");
    }
    return result;
}

}  // namespace passbench
