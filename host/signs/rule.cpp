#include "host/signs/rule.hpp"

#include <fmt/core.h>

#include "harness/report/text.hpp"

namespace passbench {
namespace {

std::string_view name_of(Hears hears) {
    switch (hears) {
        case Hears::nothing:
            return "";
        case Hears::host:
            return "the host says";
        case Hears::guest:
            return "a command of the guest says";
        case Hears::cuda:
            return "the CUDA driver says";
        case Hears::kernel:
            return "the guest's kernel notes";
    }
    return "";
}

std::string_view name_of(Doing doing) {
    switch (doing) {
        case Doing::something:
            return "";
        case Doing::dismounting:
            return "while the card is dismounted";
        case Doing::mounting:
            return "while the card is mounted";
        case Doing::starting:
            return "while the VM starts";
        case Doing::saving:
            return "while the VM is saved";
        case Doing::copying:
            return "while a file is copied into EFLOW's VM";
        case Doing::provisioning:
            return "while EFLOW's VM is provisioned";
        case Doing::reading_utilization:
            return "of the card's utilization";
        case Doing::sharing_memory:
            return "of shared memory";
    }
    return "";
}

std::string_view name_of(Before before) {
    switch (before) {
        case Before::nothing_known:
            return "";
        case Before::installed_anew:
            return "after it was installed anew";
        case Before::host_restarted:
            return "after the host was restarted";
        case Before::guest_restarted:
            return "after the guest restarted itself";
    }
    return "";
}

/// `words` where it says anything, after a blank where something is before it.
void append(std::string& text, std::string_view words) {
    if (!text.empty() && !words.empty()) text += ' ';
    text += words;
}

}  // namespace

const std::vector<Rule>& rules() {
    static const std::vector<Rule> table = [] {
        std::vector<Rule> all;
        for (const auto room : {eflow_rules, dda_rules, gpupv_rules}) {
            const std::vector<Rule> rows = room();
            all.insert(all.end(), rows.begin(), rows.end());
        }
        return all;
    }();
    return table;
}

std::string sign_text(const Rule& rule) {
    std::string text(name_of(rule.hears));
    std::vector<std::string> words;
    for (const std::string_view word : rule.words) words.push_back(fmt::format("\"{}\"", word));
    append(text, joined(words, " and "));
    if (!rule.code.empty()) append(text, fmt::format("code {}", rule.code));
    if (rule.hears != Hears::nothing && rule.words.empty() && rule.code.empty())
        append(text, "what no other sign explains");
    append(text, name_of(rule.doing));
    append(text, name_of(rule.before));
    std::vector<std::string> state;
    for (const StateCondition& condition : rule.state) state.push_back(to_text(condition));
    if (rule.comparison.holds != nullptr) state.emplace_back(rule.comparison.meaning);
    if (!state.empty()) append(text, (text.empty() ? "" : "where ") + joined(state, " and "));
    return text;
}

}  // namespace passbench
