#include "harness/catalogue/manual.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

using testing::HasSubstr;

TEST(Manual, FitsInOneHundredColumns) {
    for (const Workload& workload : workloads()) {
        std::istringstream text(manual(workload) + manual_of_workloads());
        for (std::string line; std::getline(text, line);) EXPECT_LE(line.size(), 100U) << line;
    }
}

TEST(Manual, ShowsEveryParameterWithWhatItTakesAndItsDefault) {
    for (const Workload& workload : workloads()) {
        const std::string text = manual(workload);
        for (const Parameter& parameter : workload.parameters)
            EXPECT_THAT(text, HasSubstr("\n  " + std::string(parameter.name)));
    }
    EXPECT_THAT(manual(*find_workload("dispatch")), HasSubstr("Takes spin or block; default block."));
}

TEST(Manual, SaysWhereAParameterHasAMeaning) {
    EXPECT_THAT(manual(*find_workload("stream")), HasSubstr("Has a meaning where op is one of copy, scale, add,"));
}

TEST(Manual, SaysWhatIsAboveThePhysicalLimit) {
    EXPECT_THAT(manual(*find_workload("fma")), HasSubstr("physical (a value more than 2 % above it is invalid): own"));
}

TEST(Manual, NamesThePartsOfTheWallTime) {
    EXPECT_THAT(manual(*find_workload("launch")),
                HasSubstr("Parts of wall, in the order of time: enqueue, submit_to_start, run, finish_to_wake;"));
    EXPECT_THAT(manual(*find_workload("stream")), testing::Not(HasSubstr("Parts of wall")));
}

TEST(ManualOfWorkloads, HasALineForEach) {
    for (const Workload& workload : workloads())
        EXPECT_THAT(manual_of_workloads(), HasSubstr(std::string(workload.title)));
}

}  // namespace
}  // namespace passbench
