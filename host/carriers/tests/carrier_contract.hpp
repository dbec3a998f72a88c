// What every carrier promises, as tests that run over each of them. A new carrier adds itself with one line:
//   INSTANTIATE_TEST_SUITE_P(Ssh, CarrierContract, testing::Values(CarrierUnderTest{"ssh", make_ssh_carrier}));
// The guest needs a POSIX shell for these tests; results are written to files and fetched, never read from the output.
#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "host/carriers/carrier.hpp"

namespace passbench::tests {

struct CarrierUnderTest {
    std::string name;
    std::function<std::unique_ptr<Carrier>()> make;
};
inline void PrintTo(const CarrierUnderTest& carrier, std::ostream* out) { *out << carrier.name; }

inline constexpr std::int64_t second_ns = 1'000'000'000;

inline std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_text(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

class CarrierContract : public testing::TestWithParam<CarrierUnderTest> {
public:
    void SetUp() override {
        std::string name = testing::TempDir() + "carrier-contract-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        here = name;
        carrier = GetParam().make();
        job = *carrier->make_job_folder("job");
    }
    void TearDown() override {
        carrier.reset();
        std::filesystem::remove_all(here);
    }

    Result<ExecResult> shell(const std::string& script, const std::vector<std::string>& arguments = {},
                             std::int64_t deadline_ns = 60 * second_ns, const ExecWatch& watch = {}) const {
        std::vector<std::string> argv = {"/bin/sh", "-c", script, "sh"};
        argv.insert(argv.end(), arguments.begin(), arguments.end());
        return carrier->exec(argv, deadline_ns, watch);
    }

    std::filesystem::path here;  // on this side
    std::unique_ptr<Carrier> carrier;
    std::string job;  // in the guest
};

}  // namespace passbench::tests
