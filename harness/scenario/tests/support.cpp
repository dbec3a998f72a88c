#include "harness/scenario/tests/support.hpp"

#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

namespace passbench {

TemporaryFolder::TemporaryFolder() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string("passbench-") + test->name() + "-" + std::to_string(getpid());
    for (char& character : name) {
        if (character == '/') character = '_';
    }
    path_ = std::filesystem::path(testing::TempDir()) / name;
    std::filesystem::create_directories(path_);
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path TemporaryFolder::write(const std::string& name, std::string_view text) const {
    std::filesystem::path file = path_ / name;
    std::ofstream(file, std::ios::binary) << text;
    return file;
}

}  // namespace passbench
