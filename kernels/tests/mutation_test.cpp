// The checks find what they are there for: with one line of a kernel changed (CMakeLists.txt has the list) the workload's check
// must fail. It also shows that the stand-in has no results of its own. Run it by ctest, a process for each: one process has not
// enough static thread-local storage for all the drivers at once.
#include <charconv>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/workload_instance.hpp"

namespace passbench {
namespace {

constexpr std::uint64_t seeds = 100;

struct Mutant {
    std::string name;
    std::string library;
    std::string workload;
    Parameters parameters;
};

void PrintTo(const Mutant& mutant, std::ostream* out) { *out << mutant.name; }

/// "op=copy,bytes=8192"
Parameters parameters_from(const std::string& text) {
    Parameters parameters;
    std::istringstream pairs(text);
    for (std::string pair; std::getline(pairs, pair, ',');) {
        const std::string value = pair.substr(pair.find('=') + 1);
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        const bool is_number = error == std::errc() && end == value.data() + value.size();
        parameters[pair.substr(0, pair.find('='))] = is_number ? Value(number) : Value(value);
    }
    return parameters;
}

std::vector<Mutant> all_mutants() {
    std::vector<Mutant> mutants;
    std::ifstream file(PASSBENCH_MUTANTS);
    for (std::string line; std::getline(file, line);) {
        std::istringstream fields(line);
        Mutant mutant;
        std::string parameters;
        std::getline(fields, mutant.name, '|');
        std::getline(fields, mutant.library, '|');
        std::getline(fields, mutant.workload, '|');
        std::getline(fields, parameters);
        mutant.parameters = parameters_from(parameters);
        mutants.push_back(std::move(mutant));
    }
    return mutants;
}

class Mutation : public testing::TestWithParam<Mutant> {};

TEST_P(Mutation, IsFoundByTheCheckOfTheWorkload) {
    const Mutant& mutant = GetParam();
    ThreadPool pool(usable_cpus());
    const auto complete = complete_parameters(*find_workload(mutant.workload), Form::cuda, mutant.parameters);
    ASSERT_TRUE(complete) << complete.error().what;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const auto instance =
            find_workload_form(mutant.workload, Form::cuda)
                ->prepare(*complete, {.pool = pool, .seed = seed, .driver = {.library = mutant.library, .seed = seed}});
        ASSERT_TRUE(instance) << to_text(instance.error());
        const auto verified = (*instance)->verify();
        ASSERT_FALSE(verified) << "seed " << seed;
        EXPECT_EQ(verified.error().code, ErrorCode::verify_failed);
        EXPECT_EQ(verified.error().finding, "gpu.wrong_results");
    }
}

INSTANTIATE_TEST_SUITE_P(Each, Mutation, testing::ValuesIn(all_mutants()),
                         [](const auto& mutant) { return mutant.param.name; });

}  // namespace
}  // namespace passbench
