#include "host/signs/detect.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "harness/report/text.hpp"
#include "host/signs/words.hpp"

namespace passbench {
namespace {

constexpr std::size_t most_said = 64;  // texts of the symptoms that are looked at

/// A rule with its words and code in lower case.
struct Sought {
    const Rule* rule;
    std::vector<std::string> words;
    std::string code;
};

Sought sought(const Rule& rule) {
    Sought result{.rule = &rule, .words = {}, .code = lower_case(rule.code)};
    for (const std::string_view word : rule.words) result.words.push_back(lower_case(word));
    return result;
}

/// Something said, fit to be searched.
struct Heard {
    const Said* said;
    std::string text;
    std::string lower;
    std::string code;
    bool explained = false;
};

Heard heard(const Said& said) {
    std::string text = one_line(std::string_view(said.text).substr(0, most_bytes_said));
    std::string lower = lower_case(text);
    return {.said = &said,
            .text = std::move(text),
            .lower = std::move(lower),
            .code = lower_case(std::string_view(said.code).substr(0, most_columns_kept))};
}

bool hears(Hears hears, Speaker speaker) {
    switch (speaker) {
        case Speaker::cmdlet:
        case Speaker::host_text:
            return hears == Hears::host;
        case Speaker::command:
        case Speaker::guest_text:
            return hears == Hears::guest;
        case Speaker::cuda:
            return hears == Hears::cuda;
    }
    return false;
}

/// Where the first of the words is, if all are there.
std::optional<std::size_t> find_all(std::string_view lower, const std::vector<std::string>& words) {
    std::optional<std::size_t> first;
    for (const std::string& word : words) {
        const std::size_t at = find_word(lower, word);
        if (at == std::string_view::npos) return std::nullopt;
        first = std::min(first.value_or(at), at);
    }
    return first;
}

/// Where the sign is in what was said: 0 where it is not in the words.
std::optional<std::size_t> find_sign(const Sought& rule, const Heard& heard) {
    if (!hears(rule.rule->hears, heard.said->by)) return std::nullopt;
    if (rule.rule->doing != Doing::something && rule.rule->doing != heard.said->doing) return std::nullopt;
    std::optional<std::size_t> at = 0;
    if (!rule.words.empty()) at = find_all(heard.lower, rule.words);
    if (!at || rule.code.empty() || rule.code == heard.code) return at;
    const std::size_t within = rule.code.starts_with("0x") ? find_word(heard.lower, rule.code) : std::string_view::npos;
    return within == std::string_view::npos ? std::nullopt : std::optional(within);
}

/// A line of the kernel that tells of a GPU's trouble, whether or not a rule knows it.
bool is_trouble(std::string_view lower_line) {
    const auto has = [&](std::string_view word) { return lower_line.find(word) != std::string_view::npos; };
    if (has("dxgk")) return has("failed") || has("unable");
    return has("nvrm:") && (has("xid") || has("failed") || has("error"));
}

/// The detections of the symptoms as they are found.
class Search {
public:
    Search(const Symptoms& symptoms, std::span<const Rule> by) : symptoms_(symptoms), state_(symptoms) {
        for (const Rule& rule : by) rules_.push_back(sought(rule));
        const std::size_t count = std::min(most_said, symptoms.said.size());
        for (std::size_t at = 0; at < count; ++at) said_.push_back(heard(symptoms.said[at]));
    }

    std::vector<Detection> all() {
        listen(Worth::sign);
        read_kernel_log();
        look_at_state();
        listen(Worth::fallback);
        give_way();
        keep_unknown();
        return std::move(found_);
    }

private:
    /// The states that the rule asks for, as text; nothing where one does not hold.
    std::optional<std::string> state_of(const Rule& rule) const {
        if (rule.before != Before::nothing_known && rule.before != symptoms_.before) return std::nullopt;
        std::vector<std::string> facts;
        for (const StateCondition& condition : rule.state) {
            auto fact = holds(condition, state_);
            if (!fact) return std::nullopt;
            facts.push_back(std::move(*fact));
        }
        if (rule.comparison.holds != nullptr) {
            auto fact = rule.comparison.holds(state_);
            if (!fact) return std::nullopt;
            facts.push_back(std::move(*fact));
        }
        return joined(facts, ", ");
    }

    void add(const Rule& rule, std::string text) {
        const auto same = [&](const Detection& each) { return each.finding == rule.finding; };
        const auto before = std::find_if(found_.begin(), found_.end(), same);
        if (before == found_.end()) {
            found_.push_back({std::string(rule.finding), sign_text(rule), std::move(text)});
            by_.push_back(&rule);
        }
    }

    void listen(Worth worth) {
        for (Heard& each : said_) {
            const bool was_explained = each.explained;
            for (const Sought& rule : rules_) {
                if (rule.rule->worth != worth || (worth == Worth::fallback && was_explained)) continue;
                const auto at = find_sign(rule, each);
                if (!at || !state_of(*rule.rule)) continue;
                each.explained = true;
                add(*rule.rule, each.text.empty() ? each.said->code : kept_words(each.text, *at));
            }
        }
    }

    void read_kernel_log() {
        std::string_view log = symptoms_.kernel_log;
        if (log.size() > most_bytes_logged) log.remove_prefix(log.size() - most_bytes_logged);
        const std::string lower = lower_case(log);
        for (std::size_t begin = 0; begin < log.size();) {
            const std::size_t end = std::min(log.size(), log.find('\n', begin));
            std::size_t size = end - begin;
            if (size > 0 && log[end - 1] == '\r') --size;
            size = std::min(size, most_bytes_of_line);
            read_line(log.substr(begin, size), std::string_view(lower).substr(begin, size));
            begin = end + 1;
        }
    }

    void read_line(std::string_view line, std::string_view lower) {
        bool explained = false;
        for (const Sought& rule : rules_) {
            if (rule.rule->hears != Hears::kernel) continue;
            const auto at = find_all(lower, rule.words);
            if (!at || !state_of(*rule.rule)) continue;
            explained = true;
            if (rule.rule->worth != Worth::harmless) add(*rule.rule, kept_words(line, *at));
        }
        if (!explained && unknown_lines_.size() < most_unknown && is_trouble(lower)) unknown_lines_.push_back(line);
    }

    void look_at_state() {
        for (const Sought& rule : rules_) {
            if (rule.rule->hears != Hears::nothing) continue;
            if (auto facts = state_of(*rule.rule)) add(*rule.rule, kept_words(*facts, 0));
        }
    }

    /// Takes out what a finding that was detected too explains.
    void give_way() {
        std::vector<std::string> names;
        for (const Detection& each : found_) names.push_back(each.finding);
        std::vector<Detection> left;
        for (std::size_t at = 0; at < found_.size(); ++at) {
            const auto& to = by_[at]->yields_to;
            const bool yields = std::any_of(to.begin(), to.end(), [&](const auto& name) {
                return std::count(names.begin(), names.end(), name) > 0;
            });
            if (!yields) left.push_back(std::move(found_[at]));
        }
        found_ = std::move(left);
    }

    void keep_unknown() {
        if (found_.empty()) {
            for (const std::string_view line : unknown_lines_) add_unknown(kept_words(line, 0));
        }
        std::size_t kept = 0;
        for (const Heard& each : said_) {
            const bool is_error = each.said->by == Speaker::cmdlet || each.said->by == Speaker::command;
            if (!is_error || each.explained || kept++ >= most_unknown) continue;
            const std::string code = kept_words(each.said->code, 0);
            const std::string text = kept_words(each.text, 0);
            add_unknown(code.empty() || text.empty() ? text + code : fmt::format("{} ({})", text, code));
        }
    }

    void add_unknown(std::string text) { found_.push_back({std::string(unknown_finding), {}, std::move(text)}); }

    const Symptoms& symptoms_;
    State state_;
    std::vector<Sought> rules_;
    std::vector<Heard> said_;
    std::vector<std::string_view> unknown_lines_;
    std::vector<Detection> found_;
    std::vector<const Rule*> by_;  // of each found
};

}  // namespace

std::vector<Detection> detect(const Symptoms& symptoms, std::span<const Rule> by) { return Search(symptoms, by).all(); }

std::vector<Detection> detect(const Symptoms& symptoms) { return detect(symptoms, rules()); }

}  // namespace passbench
