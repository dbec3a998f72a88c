// Cutting a product into parts, for no kernel may run longer than a second under GPU-PV (the host's watchdog). It is cut everywhere
// alike, so that arms do the same.
#pragma once

#include <algorithm>
#include <cstddef>

namespace passbench {

/// Rows of C that one kernel makes. All parts have as many, so the last one may repeat some of the one before.
struct RowParts {
    std::size_t count;
    std::size_t rows;

    /// Of part 0 to count - 1, where `all` rows were cut.
    [[nodiscard]] std::size_t first_row(std::size_t part, std::size_t all) const {
        return std::min(part * rows, all - rows);
    }
};

/// As few parts of whole tiles as keep each below `longest_s`, where all rows together take `needed_s`.
[[nodiscard]] inline RowParts cut_rows(std::size_t all, std::size_t tile, double needed_s, double longest_s) {
    if (needed_s <= longest_s) return {.count = 1, .rows = all};
    const double most_rows = static_cast<double>(all) * longest_s / needed_s;
    const std::size_t most_tiles = std::max<std::size_t>(1, static_cast<std::size_t>(most_rows) / tile);
    const std::size_t tiles = (all + tile - 1) / tile;
    const std::size_t count = (tiles + most_tiles - 1) / most_tiles;
    const std::size_t rows = std::min(all, (tiles + count - 1) / count * tile);  // all as long, not the last one short
    return {.count = (all + rows - 1) / rows, .rows = rows};
}

}  // namespace passbench
