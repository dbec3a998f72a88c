#include "kernels/cuda/tensor_rate.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace passbench {

namespace {

struct Row {
    int major;
    int minor;
    int f16;  // bf16 is as fast, tf32 half, int8 twice
};

// NVIDIA's architecture papers of Turing, GA100, GA102, Hopper, Ada and Blackwell (RTX and B200): peak rates of dense matrices over
// SMs and boost clock.
constexpr auto rows = std::to_array<Row>({
    {.major = 7, .minor = 5, .f16 = 1024},
    {.major = 8, .minor = 0, .f16 = 2048},
    {.major = 8, .minor = 6, .f16 = 1024},
    {.major = 8, .minor = 9, .f16 = 1024},
    {.major = 9, .minor = 0, .f16 = 4096},
    {.major = 10, .minor = 0, .f16 = 8192},
    {.major = 12, .minor = 0, .f16 = 1024},
});

bool has_arithmetic(int major, int minor, GemmPrecision precision) {
    switch (precision) {
        case GemmPrecision::f32:
            return true;
        case GemmPrecision::tf32:
        case GemmPrecision::bf16:
            return major >= 8;
        case GemmPrecision::f16:
        case GemmPrecision::int8:
            break;
    }
    return major > 7 || (major == 7 && minor >= 5);
}

}  // namespace

std::optional<int> tensor_rate(int major, int minor, std::string_view card, GemmPrecision precision) {
    const auto* const row =
        std::ranges::find_if(rows, [&](const Row& each) { return each.major == major && each.minor == minor; });
    if (row == rows.end() || !has_arithmetic(major, minor, precision)) return std::nullopt;
    const int of_floats = card.find("GeForce") == std::string_view::npos ? row->f16 : row->f16 / 2;
    switch (precision) {
        case GemmPrecision::f32:
            return std::nullopt;
        case GemmPrecision::tf32:
            return of_floats / 2;
        case GemmPrecision::f16:
        case GemmPrecision::bf16:
            return of_floats;
        case GemmPrecision::int8:
            break;
    }
    return 2 * row->f16;
}

Result<void> require_arithmetic(std::string_view card, int major, int minor, GemmPrecision precision) {
    if (has_arithmetic(major, minor, precision)) return {};
    return fail({.code = ErrorCode::unsupported,
                 .what = fmt::format("{} has no tensor cores for {}: its capability is {}.{}", card,
                                     to_string(precision), major, minor),
                 .where = {},
                 .fix = "Take precision f32, f16 or int8; tf32 and bf16 need capability 8.0."});
}

}  // namespace passbench
