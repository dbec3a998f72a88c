#include "harness/scenario/scenario.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "harness/scenario/case_table.hpp"
#include "harness/scenario/fields.hpp"
#include "harness/scenario/load_table.hpp"

namespace passbench {

namespace {

constexpr std::array<std::string_view, 9> scenario_keys = {"version", "title", "factor", "arms", "machine",
                                                           "case",    "load",  "design", "base"};
constexpr std::array<std::string_view, 4> machine_keys = {"gpu", "vcpus", "memory", "fixture"};
constexpr std::array<std::string_view, 9> design_keys = {
    "blocks", "trials", "iterations", "warmup", "warmup_cap", "trial_timeout", "stop", "alpha", "seed"};
constexpr std::int64_t scenario_version = 1;

constexpr std::size_t longest_title = 200;
constexpr std::size_t longest_name = 32;
constexpr std::size_t most_arms = 8;
constexpr std::size_t most_looks = 3;  // R9.6
constexpr std::int64_t most_blocks = 1000;
constexpr Range<std::int64_t> trials_range = {.low = 1, .high = 100};
constexpr Range<std::int64_t> iterations_range = {.low = 1, .high = 1'000'000};
constexpr std::int64_t second = 1'000'000'000;
constexpr Range<std::int64_t> warmup_range = {.low = 0, .high = 600 * second};
constexpr Range<std::int64_t> timeout_range = {.low = second, .high = 3600 * second};
constexpr Range<double> alpha_range = {.low = 0.0001, .high = 0.2};

/// A name that may stand in file names, journals and tables.
bool is_plain_name(std::string_view name) {
    constexpr std::string_view first = "abcdefghijklmnopqrstuvwxyz";
    constexpr std::string_view others = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    return !name.empty() && name.size() <= longest_name && first.find(name.front()) != std::string_view::npos &&
           name.find_first_not_of(others) == std::string_view::npos;
}

/// It names the run directory, so it keeps to characters that are safe there.
std::string stem_of(const std::filesystem::path& path) {
    constexpr std::size_t longest = 64;
    constexpr std::string_view safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    std::string stem = path.stem().string().substr(0, longest);
    for (char& character : stem) {
        if (safe.find(character) == std::string_view::npos) character = '_';
    }
    return stem.empty() ? "scenario" : stem;
}

void check_version(const Fields& fields, const std::string& name, Mistakes& mistakes) {
    const TomlEntry* entry = fields.find("version");
    const std::string fix =
        fmt::format("Put version = {} at the top: this passbench reads no other.", scenario_version);
    if (entry == nullptr) {
        mistakes.add({.file = std::make_shared<const std::string>(name)}, "the key 'version' is missing", fix);
        return;
    }
    const auto* version = std::get_if<std::int64_t>(&entry->node.value);
    if (version == nullptr || *version != scenario_version) {
        mistakes.add(entry->node.place,
                     version == nullptr ? fmt::format("version is {}, not a whole number", kind_of(entry->node))
                                        : fmt::format("version {} of the format is not known", *version),
                     fix);
    }
}

std::vector<std::string> read_arms(const Fields& fields, Mistakes& mistakes) {
    if (fields.find("arms") == nullptr) return {"local"};
    const TomlList* list = fields.list("arms");
    if (list == nullptr) return {};
    const Place& place = fields.find("arms")->node.place;
    if (list->empty() || list->size() > most_arms) {
        mistakes.add(place, list->empty() ? "arms is empty" : fmt::format("{} arms are too many", list->size()),
                     fmt::format("Name 1 to {} arms, the reference first.", most_arms));
    }
    std::vector<std::string> arms;
    for (const TomlNode& node : *list) {
        const auto* name = std::get_if<std::string>(&node.value);
        if (name == nullptr || !is_plain_name(*name)) {
            mistakes.add(node.place,
                         fmt::format("{} cannot name an arm", name != nullptr ? in_quotes(*name) : kind_of(node)),
                         fmt::format("Begin with a letter; use a-z, 0-9, - and _, at most {}.", longest_name));
        } else if (std::ranges::find(arms, *name) != arms.end()) {
            mistakes.add(node.place, fmt::format("arm '{}' stands twice", *name),
                         "Give each arm a name of its own; lab.toml may bind two names to one provider.");
        } else {
            arms.push_back(*name);
        }
    }
    return arms;
}

MachineDemand read_machine(const Fields& top, Mistakes& mistakes) {
    const TomlTable* table = top.table("machine");
    if (table == nullptr) return {};
    const Fields fields(*table, "machine", machine_keys, mistakes);
    MachineDemand machine;
    machine.gpu = fields.text("gpu", longest_title);
    constexpr std::string_view of_words = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    if (machine.gpu && machine.gpu->find_first_of(of_words) == std::string::npos) {
        mistakes.add(fields.find("gpu")->node.place, fmt::format("{} names no card", in_quotes(*machine.gpu)),
                     "Write words of its name, such as \"T4\" or \"RTX A2000\".");
    }
    if (const auto vcpus = fields.integer("vcpus", {.low = 1, .high = 1024})) machine.vcpus = static_cast<int>(*vcpus);
    machine.memory_bytes = fields.size_bytes("memory", {.low = std::int64_t{1} << 20, .high = std::int64_t{1} << 44});
    machine.fixture = fields.text("fixture", longest_title);
    return machine;
}

/// blocks = 6, or [8, 16, 24]: the number of blocks at each look.
std::optional<std::vector<int>> read_looks(const Fields& fields, Mistakes& mistakes) {
    const TomlEntry* entry = fields.find("blocks");
    if (entry == nullptr) return std::nullopt;
    const TomlList single = {entry->node};
    const auto* list = std::get_if<TomlList>(&entry->node.value);
    std::vector<int> looks;
    bool right = true;
    for (const TomlNode& node : list != nullptr ? *list : single) {
        const auto* blocks = std::get_if<std::int64_t>(&node.value);
        right = right && blocks != nullptr && *blocks >= 1 && *blocks <= most_blocks &&
                (looks.empty() || *blocks > looks.back());
        if (!right) break;
        looks.push_back(static_cast<int>(*blocks));
    }
    if (right && !looks.empty() && looks.size() <= most_looks) return looks;
    mistakes.add(entry->node.place, "blocks does not say how many blocks there are at each look",
                 fmt::format("Write 1 to {} whole numbers from 1 to {}, each larger than the one before, such as "
                             "blocks = [8, 16, 24].",
                             most_looks, most_blocks));
    return std::nullopt;
}

Design read_design(const Fields& top, Mistakes& mistakes) {
    Design design;
    const TomlTable* table = top.table("design");
    if (table == nullptr) return design;
    constexpr std::array<std::string_view, 2> stops = {"fixed", "precision"};
    const Fields fields(*table, "[design]", design_keys, mistakes);
    if (auto looks = read_looks(fields, mistakes)) design.looks = *std::move(looks);
    if (const auto trials = fields.integer("trials", trials_range)) design.trials = static_cast<int>(*trials);
    if (const auto count = fields.integer("iterations", iterations_range)) design.iterations = static_cast<int>(*count);
    if (const auto warmup = fields.duration_ns("warmup", warmup_range)) design.warmup_ns = *warmup;
    if (const auto cap = fields.duration_ns("warmup_cap", warmup_range)) design.warmup_cap_ns = *cap;
    if (const auto timeout = fields.duration_ns("trial_timeout", timeout_range)) design.trial_timeout_ns = *timeout;
    if (const auto stop = fields.word("stop", stops)) {
        design.stop = *stop == "precision" ? StopRule::precision : StopRule::fixed;
    }
    if (const auto alpha = fields.number("alpha", alpha_range)) design.alpha = *alpha;
    constexpr std::int64_t largest_seed = (std::int64_t{1} << 53) - 1;  // what every reader of JSON keeps exactly
    if (const auto seed = fields.integer("seed", {.low = 0, .high = largest_seed})) {
        design.seed = static_cast<std::uint64_t>(*seed);
    }
    if (design.warmup_cap_ns < design.warmup_ns) {
        const TomlEntry* entry = fields.find(fields.find("warmup_cap") != nullptr ? "warmup_cap" : "warmup");
        mistakes.add(entry->node.place, "the warm-up ends at warmup_cap, which is shorter than warmup",
                     "Set warmup_cap to at least warmup.");
    }
    return design;
}

std::vector<ScenarioCase> read_cases(const Fields& top, std::size_t arms, const std::string& name, Mistakes& mistakes) {
    const TomlEntry* entry = top.find("case");
    if (entry != nullptr && std::holds_alternative<TomlTable>(entry->node.value)) {
        mistakes.add(entry->node.place, "[case] is one table where a list of cases is needed",
                     "Write [[case]], with two brackets on each side.");
        return {};
    }
    const TomlList* list = top.list("case");
    if (entry == nullptr || (list != nullptr && list->empty())) {
        mistakes.add({.file = std::make_shared<const std::string>(name)}, "there is no case, so nothing to measure",
                     "Add a [[case]] table with a workload.");
    }
    std::vector<ScenarioCase> cases;
    if (list == nullptr) return cases;
    for (const TomlNode& node : *list) {
        if (auto read = read_case(node, arms, mistakes)) cases.push_back(*std::move(read));
    }
    return cases;
}

Checked<Scenario> scenario_from(const TomlTable& table, std::string_view text, const std::string& name) {
    Mistakes mistakes;
    const Fields fields(table, "A scenario", scenario_keys, mistakes);
    check_version(fields, name, mistakes);

    Scenario scenario;
    scenario.stem = stem_of(name);
    scenario.text = std::string(text);
    scenario.title = fields.text("title", longest_title).value_or(scenario.stem);
    scenario.factor = fields.text("factor", longest_name).value_or("none");
    scenario.arms = read_arms(fields, mistakes);
    scenario.machine = read_machine(fields, mistakes);
    const std::size_t arms = fields.find("arms") != nullptr && scenario.arms.empty() ? most_arms : scenario.arms.size();
    scenario.cases = read_cases(fields, arms, name, mistakes);
    scenario.loads = read_loads(fields, scenario, mistakes);
    scenario.design = read_design(fields, mistakes);
    if (!mistakes.empty()) return tl::unexpected(mistakes.in_order());
    return scenario;
}

/// The keys of `table`, and those of `base` that it does not have: a key replaces the base's of its name whole.
TomlTable on_top_of(TomlTable table, TomlTable base) {
    for (TomlEntry& entry : base) {
        if (find_entry(table, entry.key) == nullptr) table.push_back(std::move(entry));
    }
    return table;
}

std::vector<Error> single(Error error) { return {std::move(error)}; }

/// The table with its base underneath, if it names one.
Checked<TomlTable> with_base(TomlTable table, const std::filesystem::path& path) {
    const TomlEntry* entry = find_entry(table, "base");
    if (entry == nullptr) return table;
    Mistakes mistakes;
    const auto* file = std::get_if<std::string>(&entry->node.value);
    if (file == nullptr || file->empty()) {
        mistakes.add(entry->node.place, "base does not name a file", "Write it like base = \"common.toml\".");
        return tl::unexpected(mistakes.in_order());
    }
    const std::filesystem::path base_path = path.parent_path() / *file;
    const std::string step = fmt::format("reading the base of {}", path.string());
    auto text = read_document(base_path, max_scenario_bytes);
    if (!text) return tl::unexpected(single(fail_in(std::move(text).error(), step).value()));
    auto base = parse_document(*text, base_path.string());
    if (!base) return tl::unexpected(single(fail_in(std::move(base).error(), step).value()));

    const Fields fields(*base, "A base", scenario_keys, mistakes);
    check_version(fields, base_path.string(), mistakes);
    if (const TomlEntry* nested = find_entry(*base, "base")) {
        mistakes.add(nested->place, "a base has a base itself", "Put what it needs into one file: there is one level.");
    }
    if (!mistakes.empty()) return tl::unexpected(mistakes.in_order());
    return on_top_of(std::move(table), *std::move(base));
}

}  // namespace

Checked<Scenario> read_scenario(const std::filesystem::path& path) {
    auto text = read_document(path, max_scenario_bytes);
    if (!text) return tl::unexpected(single(std::move(text).error()));
    auto table = parse_document(*text, path.string());
    if (!table) return tl::unexpected(single(std::move(table).error()));
    auto whole = with_base(*std::move(table), path);
    if (!whole) return tl::unexpected(std::move(whole).error());
    return scenario_from(*whole, *text, path.string());
}

Checked<Scenario> parse_scenario(std::string_view text, const std::string& name) {
    auto table = parse_document(text, name);
    if (!table) return tl::unexpected(single(std::move(table).error()));
    if (const TomlEntry* base = find_entry(*table, "base")) {
        Mistakes mistakes;
        mistakes.add(base->place, "base needs a file to be looked for beside", "Read the scenario from a file.");
        return tl::unexpected(mistakes.in_order());
    }
    return scenario_from(*table, text, name);
}

}  // namespace passbench
