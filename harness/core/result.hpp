// Result<T>: a value or an Error. The only place that knows which library it comes from.
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

#include "harness/core/error.hpp"

namespace passbench {

template <typename T>
using Result = tl::expected<T, Error>;

/// The failure half of a Result: `return fail({.code = ErrorCode::io, .what = "...", .where = path, .fix = "..."});`
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

/// The same failure with one more step of the path there: `return fail_in(std::move(result).error(), "reading " + path);`
[[nodiscard]] inline tl::unexpected<Error> fail_in(Error error, std::string step) {
    error.trail.push_back(std::move(step));
    return tl::unexpected<Error>(std::move(error));
}

}  // namespace passbench

#define PASSBENCH_CONCAT_(a, b) a##b
#define PASSBENCH_CONCAT(a, b) PASSBENCH_CONCAT_(a, b)
/// `PASSBENCH_TRY(const Plan plan, read_plan(path));` declares the value, or returns the error from the calling function.
#define PASSBENCH_TRY(declaration, expression) \
    PASSBENCH_TRY_(declaration, expression, PASSBENCH_CONCAT(passbench_result_, __LINE__))
#define PASSBENCH_TRY_(declaration, expression, result)               \
    auto result = (expression);                                       \
    if (!result) return ::passbench::fail(std::move(result).error()); \
    declaration = *std::move(result)
/// `PASSBENCH_CHECK(store.sync());` for a Result<void>.
#define PASSBENCH_CHECK(expression)                                        \
    do {                                                                   \
        if (auto passbench_check_ = (expression); !passbench_check_)       \
            return ::passbench::fail(std::move(passbench_check_).error()); \
    } while (false)
