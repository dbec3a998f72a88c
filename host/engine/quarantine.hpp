// quarantine.json: what could not be put back, by name, until it is back or a person clears it. A quarantined resource is not
// touched by a new lease.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"

namespace passbench {

struct QuarantineEntry {
    std::string resource;
    std::string property;
    std::string before;    // what it should be
    std::string wanted;    // what the run had set
    std::string observed;  // what it was when it was given up
    std::string provider;
    std::string run;
    std::string since;  // UTC
    std::string why;
};

/// Where a state folder keeps it.
[[nodiscard]] std::filesystem::path quarantine_file(const std::filesystem::path& state_folder);

[[nodiscard]] std::string to_json(const std::vector<QuarantineEntry>& entries);
/// Error `bad_record` with the place inside the document.
[[nodiscard]] Result<std::vector<QuarantineEntry>> quarantine_from_json(std::string_view text);

/// What is quarantined; empty where nothing ever was.
[[nodiscard]] Result<std::vector<QuarantineEntry>> read_quarantine(const std::filesystem::path& state_folder);
/// Adds an entry, or replaces the one of the same resource and property.
[[nodiscard]] Result<void> put_in_quarantine(const std::filesystem::path& state_folder, const QuarantineEntry& entry);
/// Takes an entry out; does nothing where there is none.
[[nodiscard]] Result<void> clear_quarantine(const std::filesystem::path& state_folder, const std::string& resource,
                                            const std::string& property);

}  // namespace passbench
