// Short ways to read scenarios in tests.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/scenario/scenario.hpp"

namespace passbench {

/// What is on the terminal for these mistakes, a line for each error and one for its fix.
inline std::string text_of(const std::vector<Error>& errors) {
    std::string text;
    for (const Error& error : errors) text += error.where + ": error: " + error.what + "\n    " + error.fix + "\n";
    return text;
}

template <typename T>
std::string text_of(const Checked<T>& checked) {
    return checked ? "no mistake" : text_of(checked.error());
}

/// A scenario that is right, with `lines` at its end.
inline std::string with_case(std::string_view lines) {
    return "version = 1\narms = [\"a\", \"b\"]\n[[case]]\nworkload = \"stream\"\n" + std::string(lines);
}

/// A folder of its own for files, removed at the end.
class TemporaryFolder {
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    /// Writes a file and returns its path.
    [[nodiscard]] std::filesystem::path write(const std::string& name, std::string_view text) const;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace passbench
