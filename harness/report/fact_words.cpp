#include "harness/report/fact_words.hpp"

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "harness/report/text.hpp"

namespace passbench {

std::string shown(std::string_view key, const Fact& fact) {
    if (const auto* number = std::get_if<std::int64_t>(&fact); number != nullptr && key.ends_with("_bytes")) {
        return format_bytes(*number);
    }
    if (const auto* fraction = std::get_if<double>(&fact)) {
        return key.find("fraction") != std::string_view::npos ? format_percent(*fraction)
                                                              : fmt::format("{:.3g}", *fraction);
    }
    return printable(to_string(fact));
}

std::string shown_or(const Facts& facts, std::string_view key, std::string_view otherwise) {
    const auto found = facts.find(key);
    return found == facts.end() ? std::string(otherwise) : shown(key, found->second);
}

}  // namespace passbench
