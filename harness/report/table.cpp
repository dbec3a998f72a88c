#include "harness/report/table.hpp"

#include <algorithm>

#include "harness/report/text.hpp"

namespace passbench {
namespace {

constexpr std::size_t row_indent = 2;
constexpr std::size_t column_gap = 2;
constexpr std::size_t note_indent = 4;
constexpr std::size_t smallest_first_column = 8;

std::string padded(const std::string& text, std::size_t columns, Align align) {
    const std::string blanks(columns - std::min(columns, width(text)), ' ');
    return align == Align::left ? text + blanks : blanks + text;
}

}  // namespace

std::string toned(const std::string& text, Tone tone, Colour colour) {
    if (colour == Colour::off || tone == Tone::plain || text.empty()) return text;
    const char* code = tone == Tone::good       ? "32"
                       : tone == Tone::bad      ? "31;1"
                       : tone == Tone::doubtful ? "33"
                       : tone == Tone::strong   ? "1"
                                                : "2";
    return "\x1b[" + std::string(code) + "m" + text + "\x1b[0m";
}

std::string heading(const std::string& text, Colour colour) {
    std::string lines;
    for (const std::string& line : wrapped(text, report_columns)) lines += toned(line, Tone::strong, colour) + "\n";
    return lines;
}

std::vector<std::size_t> Table::widths() const {
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (const auto& row : rows_) {
        if (row.size() != columns_.size()) continue;
        for (std::size_t column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], width(row[column].text));
        }
    }
    std::size_t others = 0;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
        if (widths[column] > 0) widths[column] = std::max(widths[column], width(printable(columns_[column].title)));
        if (column == 0 || widths[column] == 0) continue;
        widths[column] = std::min(widths[column], columns_[column].max_width);
        others += column_gap + widths[column];
    }
    const std::size_t room =
        report_columns - row_indent - std::min(others, report_columns - row_indent - smallest_first_column);
    widths[0] = std::min(widths[0], room);
    return widths;
}

std::string Table::text(Colour colour) const {
    const std::vector<std::size_t> widths = this->widths();
    const auto line_of = [&](const std::vector<TableCell>& cells, const std::string& first) {
        std::size_t last = cells.size();  // the last cell with text: it needs no blanks behind it
        while (last > 1 && (cells[last - 1].text.empty() || widths[last - 1] == 0)) --last;
        std::string line(row_indent, ' ');
        for (std::size_t column = 0; column < last; ++column) {
            if (widths[column] == 0) continue;
            if (column > 0) line.append(column_gap, ' ');
            std::string text = shortened(column == 0 ? first : cells[column].text, widths[column]);
            const bool ends_line = column + 1 == last && columns_[column].align == Align::left;
            if (!ends_line) text = padded(text, widths[column], columns_[column].align);
            line += toned(text, cells[column].tone, colour);
        }
        return line + "\n";
    };
    std::vector<TableCell> titles;
    for (const TableColumn& column : columns_) titles.push_back({printable(column.title), Tone::faint});
    std::string text = line_of(titles, columns_[0].title);
    for (const auto& row : rows_) {
        if (row.size() != columns_.size()) {
            text += indented(std::string(note_indent, ' '), row[0].text, report_columns);
            continue;
        }
        const bool fits = width(row[0].text) <= widths[0];
        const std::vector<std::string> label = wrapped(row[0].text, fits ? widths[0] : widths[0] - column_gap);
        text += line_of(row, label.front());
        for (std::size_t line = 1; line < label.size(); ++line) {
            text += std::string(row_indent + column_gap, ' ') + label[line] + "\n";
        }
    }
    return text;
}

}  // namespace passbench
