// What Azure IoT Edge for Linux on Windows (EFLOW) supports, as Microsoft's pages say: which cards it passes through how on which
// Windows, in both generations of that table, and until when a release is supported. Data, and how to look it up.
#pragma once

#include <chrono>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "host/survey/cards.hpp"
#include "host/survey/methods.hpp"

namespace passbench {

/// "1.5.21.8081": its numbers, compared one by one; what is no number counts as 0.
class EflowVersion {
public:
    explicit EflowVersion(std::string_view text);
    EflowVersion(std::initializer_list<int> numbers) : numbers_(numbers) {}
    bool operator==(const EflowVersion&) const = default;
    bool operator<(const EflowVersion& other) const { return numbers_ < other.numbers_; }

private:
    std::vector<int> numbers_;
};

/// One line of a table: these cards by this method on this Windows.
struct EflowRow {
    std::span<const CardFamily> cards;
    Method method;
    bool on_server;
    std::int64_t first_build;
    std::int64_t first_ubr;  // of first_build alone
    std::int64_t last_build;
    std::span<const std::string_view> editions;  // EditionID begins with one of these; empty: every one
    std::string_view windows;                    // as Microsoft names it
};

struct EflowTable {
    std::string_view name;  // "June 2021"
    std::span<const EflowRow> rows;
};

/// The table that goes with a version of EFLOW; the newest where none is installed.
[[nodiscard]] const EflowTable& eflow_table_of(const std::optional<EflowVersion>& version);

/// The last day on which this release is supported; nothing where no end is known.
[[nodiscard]] std::optional<std::chrono::year_month_day> eflow_supported_until(const EflowVersion& version);

}  // namespace passbench
