#include "harness/stats/memory_tests.hpp"

#include <string>

#include "harness/records/memory_facts.hpp"

namespace passbench {

std::optional<MemoryTest> with_trial(std::optional<MemoryTest> so_far, const Facts& facts) {
    const auto errors = fact_int(facts, memory_fact::errors);
    const auto tested_bytes = fact_int(facts, memory_fact::tested_bytes);
    if (!errors || !tested_bytes) return so_far;
    const bool is_first = !so_far;
    MemoryTest test = std::move(so_far).value_or(MemoryTest{});
    ++test.trials;
    test.errors += *errors;
    if (test.first_error.empty()) {
        test.first_error = fact_text(facts, std::string(memory_fact::error) + ".1").value_or("");
    }
    const auto coverage = fact_double(facts, memory_fact::coverage);
    const bool covers_less = coverage && test.coverage && *coverage < *test.coverage;
    if (!is_first && !covers_less) return test;
    test.tested_bytes = *tested_bytes;
    test.coverage = coverage;
    test.total_bytes = fact_int(facts, memory_fact::total_bytes);
    test.why = fact_text(facts, memory_fact::unproved).value_or("");
    if (test.why.empty()) test.why = fact_text(facts, memory_fact::stopped).value_or("");
    return test;
}

}  // namespace passbench
