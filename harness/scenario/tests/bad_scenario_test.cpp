// What each mistake in a scenario gets: the whole message, with its place. Lines are counted in the text of each example.
#include <gtest/gtest.h>

#include "harness/catalogue/workload.hpp"
#include "harness/scenario/tests/support.hpp"

namespace passbench {
namespace {

struct Example {
    std::string name;
    std::string text;
    std::string message;
};

void PrintTo(const Example& example, std::ostream* stream) { *stream << example.name; }

class BadScenario : public testing::TestWithParam<Example> {};

TEST_P(BadScenario, GetsOneClearMessage) {
    const auto scenario = parse_scenario(GetParam().text, "s.toml");
    ASSERT_FALSE(scenario);
    EXPECT_EQ(text_of(scenario), GetParam().message);
    for (const Error& error : scenario.error()) EXPECT_EQ(exit_code(error.code), 2);
}

Example in_case(std::string name, std::string_view lines, std::string message) {
    return {.name = std::move(name), .text = with_case(lines), .message = std::move(message)};
}

Example in_design(std::string name, std::string_view lines, std::string message) {
    return in_case(std::move(name), "[design]\n" + std::string(lines), std::move(message));
}

/// "stream, copy, ... and burn"
std::string every_workload() {
    std::string text;
    for (std::size_t i = 0; i < workloads().size(); ++i) {
        if (i > 0) text += i + 1 < workloads().size() ? ", " : " and ";
        text += workloads()[i].name;
    }
    return text;
}

std::string name_of(const testing::TestParamInfo<Example>& example) { return example.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Top, BadScenario,
    testing::Values(
        Example{"MisspeltKey", "version = 1\n[[case]]\n  worklaod = \"stream\"\n",
                "s.toml:2:1: error: this case has no workload\n"
                "    Add workload = \"...\"; `passbench help workloads` lists them.\n"
                "s.toml:3:3: error: unknown key 'worklaod'; did you mean 'workload'?\n"
                "    [[case]] knows workload, forms, axes and gate.\n"},
        Example{"TableHeaderThatBeginsWithNoKey", "version = 1\n[=]\n",
                "s.toml:2:2: error: not TOML: Error while parsing key: expected bare key starting character or string "
                "delimiter, saw '='\n"
                "    scenarios/README.md describes the format.\n"},
        Example{"UnknownKey", "version = 1\nbanana = 3\n[[case]]\nworkload = \"fma\"\n",
                "s.toml:2:1: error: unknown key 'banana'\n"
                "    A scenario knows version, title, factor, arms, machine, case, design and base.\n"},
        Example{"NoVersion", "[[case]]\nworkload = \"fma\"\n",
                "s.toml:1:1: error: the key 'version' is missing\n"
                "    Put version = 1 at the top: this passbench reads no other.\n"},
        Example{"UnknownVersion", "version = 2\n[[case]]\nworkload = \"fma\"\n",
                "s.toml:1:11: error: version 2 of the format is not known\n"
                "    Put version = 1 at the top: this passbench reads no other.\n"},
        Example{"VersionAsText", "version = \"1\"\n[[case]]\nworkload = \"fma\"\n",
                "s.toml:1:11: error: version is a text, not a whole number\n"
                "    Put version = 1 at the top: this passbench reads no other.\n"},
        Example{"Empty", "",
                "s.toml:1:1: error: the key 'version' is missing\n"
                "    Put version = 1 at the top: this passbench reads no other.\n"
                "s.toml:1:1: error: there is no case, so nothing to measure\n"
                "    Add a [[case]] table with a workload.\n"},
        Example{"OneBracket", "version = 1\n[case]\nworkload = \"fma\"\n",
                "s.toml:2:1: error: [case] is one table where a list of cases is needed\n"
                "    Write [[case]], with two brackets on each side.\n"},
        Example{"ArmTwice", "version = 1\narms = [\"dda\", \"dda\"]\n[[case]]\nworkload = \"fma\"\n",
                "s.toml:2:16: error: arm 'dda' stands twice\n"
                "    Give each arm a name of its own; lab.toml may bind two names to one provider.\n"},
        Example{"ArmThatIsNoName", "version = 1\narms = [\"../x\", 3]\n[[case]]\nworkload = \"fma\"\n",
                "s.toml:2:9: error: '../x' cannot name an arm\n"
                "    Begin with a letter; use a-z, 0-9, - and _, at most 32.\n"
                "s.toml:2:17: error: a whole number cannot name an arm\n"
                "    Begin with a letter; use a-z, 0-9, - and _, at most 32.\n"},
        Example{"NoArms", "version = 1\narms = []\n[[case]]\nworkload = \"fma\"\n",
                "s.toml:2:8: error: arms is empty\n    Name 1 to 8 arms, the reference first.\n"},
        Example{
            "MachineInOtherUnits",
            "version = 1\nmachine = { vcpus = \"8\", memory = \"16 Gigs\" }\n[[case]]\nworkload = \"fma\"\n",
            "s.toml:2:21: error: vcpus is a text, not a whole number\n"
            "    Write it like vcpus = 1.\n"
            "s.toml:2:35: error: memory: '16 Gigs' has an unknown unit 'Gigs'\n"
            "    Write a number and a unit, for instance \"16 GiB\"; units are B, KiB, MiB, GiB, TiB (powers of 1024) "
            "and kB, MB, GB, TB (powers of 1000).\n"},
        Example{"BaseWithoutAFile", "version = 1\nbase = \"x.toml\"\n",
                "s.toml:2:1: error: base needs a file to be looked for beside\n"
                "    Read the scenario from a file.\n"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Case, BadScenario,
    testing::Values(
        Example{"UnknownWorkload", "version = 1\n[[case]]\nworkload = \"straem\"\n",
                "s.toml:3:12: error: unknown workload 'straem'; did you mean 'stream'?\n"
                "    Known here: " +
                    every_workload() + ".\n"},
        in_case("UnknownParameter", "axes = { stroes = [\"plain\"] }",
                "s.toml:5:10: error: stream has no parameter 'stroes'; did you mean 'stores'?\n"
                "    Its parameters are op, stores, bytes, cache, threads and isa; `passbench help stream` explains "
                "them.\n"),
        in_case("UnknownWordOfAnAxis", "axes = { op = [\"copy\", \"traid\"] }",
                "s.toml:5:24: error: op = 'traid' is not known; did you mean 'triad'?\n"
                "    op takes copy, scale, add, triad or dot.\n"),
        in_case(
            "WrongUnitOfAnAxis", "axes = { bytes = [\"64 ms\"] }",
            "s.toml:5:19: error: bytes: '64 ms' has an unknown unit 'ms'\n"
            "    Write a number and a unit, for instance \"16 GiB\"; units are B, KiB, MiB, GiB, TiB (powers of 1024) "
            "and kB, MB, GB, TB (powers of 1000).\n"),
        in_case("WrongTypeInAnAxis", "axes = { threads = [true] }",
                "s.toml:5:21: error: a value of axis threads is true or false\n"
                "    threads takes 1 to 1024 or all.\n"),
        in_case("OutOfRange", "axes = { bytes = 16 }",
                "s.toml:5:18: error: bytes = 16 is out of range\n"
                "    bytes takes 4 KiB to 4 GiB in multiples of 8.\n"),
        in_case("EmptyAxis", "axes = { bytes = [] }",
                "s.toml:5:18: error: axis bytes is empty, so this case has nothing to measure\n"
                "    Give it a value (4 KiB to 4 GiB in multiples of 8), or leave it out to take the default, "
                "268435456.\n"),
        in_case("ValueTwice", "axes = { bytes = [4096, \"4 KiB\"] }",
                "s.toml:5:25: error: bytes = 4096 stands twice in this axis\n"
                "    Name each value once.\n"),
        in_case("PowersThatCannotBeCounted", "axes = { bytes = { pow2 = [30, 12] } }",
                "s.toml:5:27: error: axis bytes has no powers of two that could be counted\n"
                "    Write { pow2 = [first, last, step] } with exponents from 0 to 62, the first not above the last: "
                "{ pow2 = [12, 30, 6] } is 2^12, 2^18, 2^24, 2^30.\n"),
        in_case("PowersBeyondTheRange", "axes = { bytes = { pow2 = [30, 40] } }",
                "s.toml:5:27: error: bytes = 8589934592 is out of range\n"
                "    bytes takes 4 KiB to 4 GiB in multiples of 8.\n"),
        in_case("PowersOfAWord", "axes = { op = { pow2 = [1, 2] } }",
                "s.toml:5:24: error: op = 2 is a number where a word is needed\n"
                "    op takes copy, scale, add, triad or dot.\n"),
        Example{.name = "FormThatTheWorkloadDoesNotHave",
                .text = "version = 1\n[[case]]\nworkload = \"dispatch\"\nforms = [\"cuda\"]\n",
                .message = "s.toml:4:10: error: dispatch has no form cuda\n"
                           "    dispatch can be done as cpu only; leave `forms` out to take all that there are.\n"},
        in_case("UnknownForm", "forms = [\"cpuu\", 3]",
                "s.toml:5:10: error: unknown form 'cpuu'; did you mean 'cpu'?\n"
                "    The forms are cpu and cuda.\n"
                "s.toml:5:18: error: unknown form a whole number\n"
                "    The forms are cpu and cuda.\n"),
        in_case("NoForms", "forms = []",
                "s.toml:5:9: error: forms is empty\n"
                "    Name at least one, or leave `forms` out to take all that the workload has.\n"),
        in_case("FormTwice", "forms = [\"cpu\", \"cpu\"]",
                "s.toml:5:17: error: form cpu stands twice\n    Name each form once.\n")),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Gate, BadScenario,
    testing::Values(
        in_case("WithoutForm", "forms = [\"cpu\"]\ngate = [{ metric = \"wall\", budget = \"3 %\" }]",
                "s.toml:6:9: error: a gate is on form cuda where it names none, and this case has no form cuda\n"
                "    Add form = \"cpu\" to the gate.\n"),
        in_case("OnAFormThatIsNotThere",
                "forms = [\"cpu\"]\ngate = [{ metric = \"wall\", budget = \"3 %\", form = \"cuda\" }]",
                "s.toml:6:51: error: this gate is on form cuda, which the case does not have\n"
                "    Add the form to `forms`, or set the gate on one that is there.\n"),
        in_case("OnAMetricThatTheFormDoesNotHave", "gate = [{ metric = \"device\", budget = \"3 %\", form = \"cpu\" }]",
                "s.toml:5:20: error: form cpu has no metric device\n"
                "    `passbench help stream` shows which form has which.\n"),
        in_case("UnknownMetric", "gate = [{ metric = \"bandwith\", budget = \"3 %\", form = \"cpu\" }]",
                "s.toml:5:20: error: unknown metric 'bandwith'; did you mean 'bandwidth'?\n"
                "    Known here: bandwidth, wall and device.\n"),
        in_case("BudgetWithoutPercent", "gate = [{ metric = \"wall\", budget = 0.03, form = \"cpu\" }]",
                "s.toml:5:37: error: budget is a number with a point, not a percentage\n"
                "    Write it like budget = \"3 %\".\n"),
        in_case("BudgetInAnotherUnit", "gate = [{ metric = \"wall\", budget = \"3 ms\", form = \"cpu\" }]",
                "s.toml:5:37: error: budget: '3 ms' is not a percentage\n"
                "    Write a number and the sign %, for instance \"3 %\".\n"),
        in_case("BudgetOfZero", "gate = [{ metric = \"wall\", budget = \"0 %\", form = \"cpu\" }]",
                "s.toml:5:37: error: budget is out of range\n"
                "    budget may be 0.01 % to 100 %.\n"),
        in_case("WithoutBudget", "gate = [{ metric = \"wall\", form = \"cpu\" }]",
                "s.toml:5:9: error: this gate has no budget\n"
                "    Write it like { metric = \"wall\", budget = \"3 %\" }.\n"),
        in_case("Twice",
                "gate = [{ metric = \"wall\", budget = \"3 %\", form = \"cpu\" },\n"
                "        { metric = \"wall\", budget = \"4 %\", form = \"cpu\" }]",
                "s.toml:6:9: error: wall has two gates here\n    Keep one of them.\n"),
        in_case("ThatIsNoTable", "gate = [\"wall\"]",
                "s.toml:5:9: error: a gate is a text, not a table\n"
                "    Write it like { metric = \"wall\", budget = \"3 %\" }.\n"),
        Example{"WithOneArm",
                "version = 1\n[[case]]\nworkload = \"fma\"\n"
                "gate = [{ metric = \"wall\", budget = \"3 %\", form = \"cpu\" }]\n",
                "s.toml:4:1: error: a gate compares arms, and this scenario has one\n"
                "    Name two arms, or take the gate out.\n"}),
    name_of);

const std::string blocks_message =
    "s.toml:6:10: error: blocks does not say how many blocks there are at each look\n"
    "    Write 1 to 3 whole numbers from 1 to 1000, each larger than the one before, such as blocks = [8, 16, 24].\n";

INSTANTIATE_TEST_SUITE_P(
    Design, BadScenario,
    testing::Values(
        in_design("BlocksThatDoNotAscend", "blocks = [16, 8]", blocks_message),
        in_design("BlocksBelowOne", "blocks = [0, 8]", blocks_message),
        in_design("MoreThanThreeLooks", "blocks = [8, 9, 10, 11]", blocks_message),
        in_design("BlocksAsText", "blocks = \"8\"", blocks_message),
        in_design("NoBlocks", "blocks = []", blocks_message),
        in_design("NoTrials", "trials = 0",
                  "s.toml:6:10: error: trials is out of range\n    trials may be 1 to 100.\n"),
        in_design("TooManyIterations", "iterations = 1000001",
                  "s.toml:6:14: error: iterations is out of range\n    iterations may be 1 to 1000000.\n"),
        in_design("WarmupWithoutUnit", "warmup = 0.5",
                  "s.toml:6:10: error: warmup is a number with a point, not a duration with its unit\n"
                  "    Write it like warmup = \"0.5 s\".\n"),
        in_design("WarmupInAnotherUnit", "warmup = \"5 MiB\"",
                  "s.toml:6:10: error: warmup: '5 MiB' has an unknown unit 'MiB'\n"
                  "    Write a number and a unit, for instance \"0.5 s\"; units are ns, us, ms, s, min and h.\n"),
        in_design("WarmupLongerThanItsCap", "warmup = \"11 s\"",
                  "s.toml:6:10: error: the warm-up ends at warmup_cap, which is shorter than warmup\n"
                  "    Set warmup_cap to at least warmup.\n"),
        in_design("TimeoutTooShort", "trial_timeout = \"1 ms\"",
                  "s.toml:6:17: error: trial_timeout is out of range\n    trial_timeout may be 1.00 s to 1.00 h.\n"),
        in_design(
            "UnknownStop", "stop = \"fixd\"",
            "s.toml:6:8: error: unknown stop 'fixd'; did you mean 'fixed'?\n    Known here: fixed and precision.\n"),
        in_design("AlphaThatIsNoNumber", "alpha = nan",
                  "s.toml:6:9: error: alpha is out of range\n    alpha may be 0.0001 to 0.2.\n"),
        in_design("NegativeSeed", "seed = -1",
                  "s.toml:6:8: error: seed is out of range\n    seed may be 0 to 9007199254740991.\n")),
    name_of);

}  // namespace
}  // namespace passbench
