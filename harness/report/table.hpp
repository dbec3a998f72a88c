// A table in plain text that never exceeds its width: the first column gives way and wraps, the others are cut at their
// largest width. Internal to this room.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/report/report.hpp"

namespace passbench {

enum class Align { left, right };
enum class Tone { plain, good, bad, doubtful, strong, faint };

/// The text in its colour; unchanged where colours are off.
[[nodiscard]] std::string toned(const std::string& text, Tone tone, Colour colour);

/// A heading, wrapped to the report's width; ends in a newline.
[[nodiscard]] std::string heading(const std::string& text, Colour colour);

struct TableColumn {
    std::string title;
    Align align = Align::left;
    std::size_t max_width = 16;  // the first column has none
};

struct TableCell {
    std::string text;  // printable
    Tone tone = Tone::plain;
};

class Table {
public:
    explicit Table(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

    /// One cell a column.
    void add(std::vector<TableCell> cells) { rows_.push_back(std::move(cells)); }
    /// Lines below the row that was added last.
    void add_note(const std::string& text) { rows_.push_back({{text}}); }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    /// With its title line; columns that are empty in every row are left out.
    [[nodiscard]] std::string text(Colour colour) const;

private:
    [[nodiscard]] std::vector<std::size_t> widths() const;

    std::vector<TableColumn> columns_;
    std::vector<std::vector<TableCell>> rows_;  // a row of one cell is a note
};

}  // namespace passbench
