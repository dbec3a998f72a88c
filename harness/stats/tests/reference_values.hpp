// Reads the stored reference values of tests/reference (made with scipy by make_reference.py).
#pragma once

#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace passbench {

/// Tests run in the root of the repository.
inline nlohmann::json reference_values(const std::string& name) {
    std::ifstream file("harness/stats/tests/reference/" + name);
    EXPECT_TRUE(file) << "cannot read the reference file " << name << "; run the test from the repository's root";
    return nlohmann::json::parse(file, nullptr, false);
}

}  // namespace passbench
