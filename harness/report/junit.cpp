// junit.xml for CI systems (method.md section 17): a suite is a scenario, a testcase a gate; the case in an arm where nothing
// is gated. `failure` regressed, `error` what infrastructure or validity broke, `skipped` what gave no answer. Numbers are
// properties; times are plain decimals, for the XSD allows no exponent.
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "harness/judge/evidence.hpp"
#include "harness/report/report.hpp"
#include "harness/report/text.hpp"

namespace passbench {
namespace {

std::string escaped(std::string_view text) {
    std::string xml;
    for (const char letter : printable(text)) {
        switch (letter) {
            case '&':
                xml += "&amp;";
                break;
            case '<':
                xml += "&lt;";
                break;
            case '>':
                xml += "&gt;";
                break;
            case '"':
                xml += "&quot;";
                break;
            case '\'':
                xml += "&apos;";
                break;
            default:
                xml += letter;
        }
    }
    return xml;
}

std::string attribute(std::string_view name, std::string_view value) {
    return fmt::format(" {}=\"{}\"", name, escaped(value));
}

struct Property {
    std::string name;
    std::string value;
};

std::string properties(const std::vector<Property>& list, std::string_view indent) {
    if (list.empty()) return "";
    std::string xml = fmt::format("{}<properties>\n", indent);
    for (const Property& one : list) {
        xml += fmt::format("{}  <property{}{}/>\n", indent, attribute("name", one.name), attribute("value", one.value));
    }
    return xml + fmt::format("{}</properties>\n", indent);
}

enum class Outcome { passed, failure, error, skipped };

Outcome outcome_of(GateWord word) {
    switch (word) {
        case GateWord::ok:
        case GateWord::improved:
            return Outcome::passed;
        case GateWord::regressed:
            return Outcome::failure;
        case GateWord::invalid:
        case GateWord::error:
            return Outcome::error;
        default:
            return Outcome::skipped;
    }
}

struct TestCase {
    std::string name;
    std::string arm;
    std::optional<double> seconds;
    std::vector<Property> numbers;
    Outcome outcome = Outcome::passed;
    std::string word;
    std::string text;
};

struct Number {
    std::string name;
    std::optional<double> value;
};

/// Those that have a value.
std::vector<Property> properties_of(const std::vector<Number>& numbers) {
    std::vector<Property> properties;
    for (const Number& number : numbers) {
        if (number.value) properties.push_back({number.name, plain_decimal(*number.value)});
    }
    return properties;
}

/// Seconds of one operation of the case in the arm, where it has a time.
std::optional<double> seconds_of(const Evidence& evidence, const std::string& case_name, const std::string& arm) {
    const Estimate* wall = evidence.estimate(case_name, "wall", arm, "");
    if (wall == nullptr || !wall->value) return std::nullopt;
    return *wall->value * 1e-9;
}

TestCase case_of_gate(const GateVerdict& gate, const Evidence& evidence) {
    TestCase one{.name = gate.case_name + " " + gate.metric,
                 .arm = gate.arm,
                 .seconds = seconds_of(evidence, gate.case_name, gate.arm),
                 .numbers = properties_of({{"estimate", gate.estimate},
                                           {"lo", gate.lo},
                                           {"hi", gate.hi},
                                           {"budget", gate.budget},
                                           {"mde", gate.mde}}),
                 .outcome = outcome_of(gate.word),
                 .word = std::string(to_string(gate.word)),
                 .text = gate.text};
    one.numbers.push_back({"blocks", std::to_string(gate.blocks)});
    one.numbers.push_back({"reference", gate.reference});
    one.numbers.push_back({"word", one.word});
    return one;
}

/// A case in an arm, with the numbers of all its metrics.
TestCase case_of_values(const PlannedCase& planned, const std::string& arm, const Stats& stats,
                        const Evidence& evidence) {
    TestCase one{.name = planned.name,
                 .arm = arm,
                 .seconds = seconds_of(evidence, planned.name, arm),
                 .numbers = {},
                 .outcome = Outcome::passed,
                 .word = "measured",
                 .text = {}};
    for (const Estimate& estimate : stats.estimates) {
        if (estimate.case_name != planned.name || estimate.arm != arm || estimate.reference) continue;
        const std::string unit = estimate.unit.empty() ? "" : fmt::format(" {}", estimate.unit);
        const auto numbers = properties_of({{estimate.metric + unit, estimate.value},
                                            {estimate.metric + ".lo" + unit, estimate.lo},
                                            {estimate.metric + ".hi" + unit, estimate.hi},
                                            {estimate.metric + ".of_limit", estimate.of_limit}});
        one.numbers.insert(one.numbers.end(), numbers.begin(), numbers.end());
    }
    if (const auto state = validity_state(evidence, planned.name, arm)) {
        one.outcome = outcome_of(state->word);
        one.word = to_string(state->word);
        one.text = state->text;
    }
    return one;
}

std::vector<TestCase> test_cases(const Reported& reported) {
    const Evidence evidence(reported.stats);
    std::vector<TestCase> cases;
    for (const GateVerdict& gate : reported.verdict.gates) cases.push_back(case_of_gate(gate, evidence));
    if (!cases.empty()) return cases;
    for (const PlannedCase& planned : reported.plan.cases) {
        for (const std::string& arm : reported.plan.arms) {
            cases.push_back(case_of_values(planned, arm, reported.stats, evidence));
        }
    }
    return cases;
}

std::string xml_of(const TestCase& one, const std::string& scenario) {
    std::string xml = "    <testcase" + attribute("classname", scenario + "." + one.arm) + attribute("name", one.name);
    if (one.seconds) xml += attribute("time", plain_decimal(*one.seconds));
    xml += ">\n" + properties(one.numbers, "      ");
    const std::string message = attribute("message", one.text);
    const std::string typed = attribute("type", one.word) + message;
    if (one.outcome == Outcome::failure)
        xml += fmt::format("      <failure{}>{}</failure>\n", typed, escaped(one.text));
    if (one.outcome == Outcome::error) xml += fmt::format("      <error{}>{}</error>\n", typed, escaped(one.text));
    if (one.outcome == Outcome::skipped) xml += fmt::format("      <skipped{}/>\n", message);
    return xml + "    </testcase>\n";
}

std::vector<Property> properties_of_run(const Reported& reported) {
    const bool simulated = reported.verdict.simulated || reported.stats.simulated;
    std::vector<Property> list = {{"word", std::string(to_string(reported.verdict.word))},
                                  {"card", reported.verdict.card},
                                  {"simulated", simulated ? "true" : "false"},
                                  {"plan.sha256", reported.plan.sha256},
                                  {"run", reported.run_path}};
    for (const Reason& reason : reported.verdict.reasons) list.push_back({"reason." + reason.code, reason.text});
    return list;
}

}  // namespace

std::string junit_report(const Reported& reported) {
    const std::vector<TestCase> cases = test_cases(reported);
    const auto count = [&](Outcome outcome) {
        std::size_t found = 0;
        for (const TestCase& one : cases) found += one.outcome == outcome ? 1U : 0U;
        return std::to_string(found);
    };
    const std::string counts = attribute("tests", std::to_string(cases.size())) +
                               attribute("failures", count(Outcome::failure)) +
                               attribute("errors", count(Outcome::error));
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"passbench\"" + counts + ">\n" +
                      "  <testsuite" + attribute("name", reported.plan.scenario) + counts +
                      attribute("skipped", count(Outcome::skipped));
    // The XSD takes a time without a zone; it is UTC.
    const std::string& started = reported.status.started;
    if (started.size() >= 19) xml += attribute("timestamp", started.substr(0, 19));
    xml += ">\n" + properties(properties_of_run(reported), "    ");
    for (const TestCase& one : cases) xml += xml_of(one, reported.plan.scenario);
    return xml + "  </testsuite>\n</testsuites>\n";
}

}  // namespace passbench
