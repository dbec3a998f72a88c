#include "harness/report/memory_text.hpp"

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "harness/report/text.hpp"

namespace passbench {

std::string memory_sentence(const MemoryTest& test) {
    std::string text = fmt::format("{} tested", format_bytes(test.tested_bytes));
    if (test.coverage) text += fmt::format(", {} of the card proved", format_percent(*test.coverage));
    const std::string trials = counted(static_cast<std::size_t>(test.trials), "trial");
    text += test.errors == 0
                ? fmt::format("; no error in {}", trials)
                : fmt::format("; {} wrong in {}, the first: {}", counted(static_cast<std::size_t>(test.errors), "word"),
                              trials, printable(test.first_error));
    return test.why.empty() ? text : fmt::format("{}. Not more: {}", text, printable(test.why));
}

}  // namespace passbench
