#include "kernels/cuda/fma_lanes.hpp"

#include <algorithm>
#include <array>

namespace passbench {

namespace {

struct Row {
    int major;
    int minor;
    int f32;
    int f64;
};

constexpr auto rows = std::to_array<Row>({
    {.major = 7, .minor = 5, .f32 = 64, .f64 = 2},
    {.major = 8, .minor = 0, .f32 = 64, .f64 = 32},
    {.major = 8, .minor = 6, .f32 = 128, .f64 = 2},
    {.major = 8, .minor = 9, .f32 = 128, .f64 = 2},
    {.major = 9, .minor = 0, .f32 = 128, .f64 = 64},
    {.major = 10, .minor = 0, .f32 = 128, .f64 = 64},
    {.major = 12, .minor = 0, .f32 = 128, .f64 = 2},
});

}  // namespace

std::optional<int> fma_lanes(int major, int minor, Precision precision) {
    const auto* const row =
        std::ranges::find_if(rows, [&](const Row& each) { return each.major == major && each.minor == minor; });
    if (row == rows.end()) return std::nullopt;
    return precision == Precision::f32 ? row->f32 : row->f64;
}

}  // namespace passbench
