#include "harness/stats/tests/reference_values.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace passbench {

std::vector<ReferenceCase> reference_cases(const std::string& file_name, const std::string& key) {
    std::ifstream file("harness/stats/tests/reference/" + file_name);
    EXPECT_TRUE(file) << "cannot read the reference file " << file_name << "; run the test in the repository's root";
    std::vector<ReferenceCase> cases;
    const nlohmann::json document = nlohmann::json::parse(file);
    for (const auto& one : document.at(key)) {
        ReferenceCase reference;
        reference.text = one.dump();
        for (const auto& [name, value] : one.items()) {
            if (value.is_number()) reference.numbers[name] = value.get<double>();
            if (value.is_array()) reference.lists[name] = value.get<std::vector<double>>();
        }
        cases.push_back(std::move(reference));
    }
    EXPECT_FALSE(cases.empty()) << file_name;
    return cases;
}

}  // namespace passbench
