// The verbs, one function and one file each. A verb returns what it has to say; cli.cpp alone prints it, as text or as one
// document.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/scenario/scenario.hpp"
#include "host/cli/arguments.hpp"
#include "host/cli/cli.hpp"

namespace passbench {

struct Answer {
    int exit = 0;
    std::string text = {};    // for a person
    std::string data = "{}";  // for --json: the document's `data`
};

namespace verb {

[[nodiscard]] Checked<Answer> doctor(const Arguments& arguments, const Terminal& terminal);
[[nodiscard]] Checked<Answer> plan(const Arguments& arguments, const Terminal& terminal);
[[nodiscard]] Checked<Answer> run(const Arguments& arguments, const Terminal& terminal);
[[nodiscard]] Checked<Answer> report(const Arguments& arguments, const Terminal& terminal);
[[nodiscard]] Checked<Answer> compare(const Arguments& arguments, const Terminal& terminal);
[[nodiscard]] Checked<Answer> release(const Arguments& arguments, const Terminal& terminal);
[[nodiscard]] Checked<Answer> help(const Arguments& arguments, const Terminal& terminal);

}  // namespace verb

/// One error as the list that verbs fail with.
[[nodiscard]] inline tl::unexpected<std::vector<Error>> fail_with(Error error) {
    return tl::unexpected<std::vector<Error>>(std::vector<Error>{std::move(error)});
}

/// A result as verbs return it.
template <typename T>
[[nodiscard]] Checked<T> as_checked(Result<T> result) {
    return std::move(result).map_error([](Error error) { return std::vector<Error>{std::move(error)}; });
}

}  // namespace passbench
