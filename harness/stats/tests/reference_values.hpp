// Reads the stored reference values of tests/reference (made with scipy by make_reference.py).
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace passbench {

/// One case of a reference file: its numbers and its lists of numbers by name.
struct ReferenceCase {
    std::map<std::string, double> numbers;
    std::map<std::string, std::vector<double>> lists;
    std::string text;  // as it stands in the file, for messages

    /// Throws where the case has no such number.
    [[nodiscard]] double number(const std::string& name) const { return numbers.at(name); }
    [[nodiscard]] std::size_t count(const std::string& name) const {
        return static_cast<std::size_t>(numbers.at(name));
    }
    [[nodiscard]] const std::vector<double>& list(const std::string& name) const { return lists.at(name); }
};

/// The cases under `key` of a file. Tests run in the repository's root; a file that cannot be read fails the test.
[[nodiscard]] std::vector<ReferenceCase> reference_cases(const std::string& file_name, const std::string& key);

}  // namespace passbench
