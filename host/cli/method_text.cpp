#include "host/cli/method_text.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "harness/report/text.hpp"
#include "host/survey/host_keys.hpp"

namespace passbench {

namespace {

constexpr std::size_t name_columns = 27;  // what the words of six methods leave of a line

std::string padded(std::string_view text, std::size_t columns) {
    std::string cell = shortened(printable(text), columns);
    cell.append(columns - std::min(columns, width(cell)), ' ');
    return cell;
}

/// A column is as wide as its title and the longest word.
std::size_t columns_of(Method method) {
    return std::max(to_string(method).size(), to_string(Possibility::impossible).size());
}

/// Numbered, for two cards may have one name; without the maker, who is the same in most rows.
std::string short_name(const MethodTable& table, std::size_t index) {
    constexpr std::string_view maker = "NVIDIA ";
    std::string_view name = table[index].name;
    if (name.starts_with(maker)) name.remove_prefix(maker.size());
    return fmt::format("{}. {}", index + 1, name);
}

std::string table_line(const std::string& first, const std::vector<std::string_view>& words) {
    std::string line = "  " + padded(first, name_columns);
    for (std::size_t index = 0; index < words.size(); ++index) {
        line += ' ';
        line += index + 1 == words.size() ? std::string(words[index])
                                          : padded(words[index], columns_of(all_methods[index]));
    }
    return line + "\n";
}

std::string table_lines(const MethodTable& table) {
    std::vector<std::string_view> titles;
    titles.reserve(all_methods.size());
    for (const Method method : all_methods) titles.push_back(to_string(method));
    std::string text = table_line("GPU", titles);
    for (std::size_t index = 0; index < table.size(); ++index) {
        std::vector<std::string_view> words;
        words.reserve(all_methods.size());
        for (const auto& cell : table[index].cells) words.push_back(to_string(cell.word));
        text += table_line(short_name(table, index), words);
    }
    return text;
}

/// A reason, and the methods of one GPU that it is said for.
struct SharedReason {
    const MethodReason* reason;
    std::string methods;
};

std::vector<SharedReason> shared_reasons(const GpuRow& row) {
    std::vector<SharedReason> shared;
    for (const auto& cell : row.cells) {
        for (const auto& reason : cell.reasons) {
            const auto is_same = [&](const SharedReason& each) {
                return each.reason->rule == reason.rule && each.reason->word == reason.word &&
                       each.reason->what == reason.what && each.reason->fix == reason.fix;
            };
            const auto found = std::ranges::find_if(shared, is_same);
            if (found == shared.end()) {
                shared.push_back({.reason = &reason, .methods = std::string(to_string(cell.method))});
            } else {
                found->methods += ", " + std::string(to_string(cell.method));
            }
        }
    }
    return shared;
}

std::string reason_lines(const GpuRow& row, Possibility word) {
    std::string text;
    for (const auto& each : shared_reasons(row)) {
        if (each.reason->word != word) continue;
        text += indented(fmt::format("    {}: ", each.methods), printable(each.reason->what), report_columns);
        if (!each.reason->fix.empty()) text += indented("      -> ", printable(each.reason->fix), report_columns);
        text += indented("      ", fmt::format("({}; {})", each.reason->rule, each.reason->source), report_columns);
    }
    return text;
}

std::string row_lines(const Passthrough& passthrough, std::size_t index) {
    const auto& row = passthrough.table[index];
    const auto& dda = passthrough.dda[index];
    std::string text = fmt::format("\n{}. {} at {}\n", index + 1, printable(row.name), printable(row.location));
    for (const auto& [word, title] : {std::pair(Possibility::impossible, "  what is in the way"),
                                      std::pair(Possibility::warning, "  what to know before"),
                                      std::pair(Possibility::possible, "  what it rests on")}) {
        const auto lines = reason_lines(row, word);
        if (!lines.empty()) text += fmt::format("{}\n{}", title, lines);
    }
    text += fmt::format("  SurveyDDA: {}\n", to_string(dda.verdict));
    for (const auto& line : dda.lines) text += indented("    ", printable(line), report_columns);
    return text;
}

std::string choice_line(std::string_view arm, const Result<Choice>& choice) {
    const auto first = fmt::format("  {:<7} ", arm);
    if (choice) return indented(first, printable(choice->why), report_columns);
    return indented(first, printable("nothing here - " + choice.error().what), report_columns) +
           indented("          -> ", printable(choice.error().fix), report_columns);
}

}  // namespace

Passthrough passthrough_of(const HostFacts& facts, std::chrono::year_month_day today) {
    const auto found = facts.find(std::string(host_resource));
    const Facts host = found == facts.end() ? Facts() : found->second;
    const auto ubr = fact_int(host, host_key::ubr);
    auto table = method_table(facts, today);
    Passthrough passthrough = {
        .windows = fmt::format("{}, build {}{}", fact_text(host, host_key::caption).value_or("Windows"),
                               fact_int(host, host_key::build).value_or(0), ubr ? fmt::format(".{}", *ubr) : ""),
        .origin = fact_text(host, host_key::fixture_origin).value_or(""),
        .table = {},
        .auto_becomes = choose_auto(table),
        .native_becomes = choose_native(table),
        .dda = {},
        .dda_of_host = survey_host(host)};
    for (const auto& row : table) {
        passthrough.dda.push_back(survey_dda(facts.at(std::string(gpu_prefix) + row.location), row.location));
    }
    passthrough.table = std::move(table);
    return passthrough;
}

std::string text_of(const Passthrough& passthrough) {
    std::string text = "What its GPUs can be used by: " + printable(passthrough.windows) + "\n";
    if (!passthrough.origin.empty())
        text += indented("  not a real host: ", printable(passthrough.origin), report_columns);
    if (passthrough.table.empty()) return text + "  no GPU\n";
    text += table_lines(passthrough.table);
    text += "\nWhat arms become\n";
    text += choice_line("auto", passthrough.auto_becomes) + choice_line("native", passthrough.native_becomes);
    for (std::size_t index = 0; index < passthrough.table.size(); ++index) {
        text += row_lines(passthrough, index);
    }
    if (!passthrough.dda_of_host.empty()) text += "\nSurveyDDA of the host\n";
    for (const auto& line : passthrough.dda_of_host) text += indented("    ", printable(line), report_columns);
    return text;
}

}  // namespace passbench
