#include "harness/records/lines.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "harness/core/durable_files.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t max_line_bytes = std::int64_t{1} << 20;
constexpr std::int64_t tail_piece_bytes = std::int64_t{1} << 16;

Error cannot_read(const fs::path& path) {
    return {.code = ErrorCode::io,
            .what = "cannot read " + path.filename().string(),
            .where = path.string(),
            .fix = "Check that it is a file, that you may read it, and the disk's health."};
}

Error at_line(Error error, const fs::path& path, std::int64_t line) {
    error.where = path.string() + ":" + std::to_string(line);
    return error;
}

Error bad_line(std::string what) {
    return {.code = ErrorCode::bad_record,
            .what = std::move(what),
            .fix = "Restore the file from a copy, or measure again; it was changed or damaged after it was written."};
}

/// Where the last whole line ends: just behind the last newline.
Result<std::int64_t> end_of_whole_lines(const fs::path& path, std::int64_t size) {
    std::ifstream file(path, std::ios::binary);
    std::string piece;
    for (std::int64_t end = size; end > 0;) {
        const std::int64_t begin = std::max<std::int64_t>(end - tail_piece_bytes, 0);
        piece.resize(static_cast<std::size_t>(end - begin));
        file.seekg(begin);
        if (!file.read(piece.data(), end - begin)) return fail(cannot_read(path));
        const std::size_t newline = piece.rfind('\n');
        if (newline != std::string::npos) return begin + static_cast<std::int64_t>(newline) + 1;
        end = begin;
    }
    return 0;
}

Result<void> mend(const fs::path& path, AppendFile& file) {
    PASSBENCH_TRY(const std::int64_t end, end_of_whole_lines(path, file.size_bytes()));
    if (end == file.size_bytes()) return {};
    PASSBENCH_CHECK(file.truncate(end));
    return file.sync();
}

}  // namespace

Result<LinesRead> read_lines(const fs::path& path, std::int64_t limit_bytes,
                             const std::function<Result<void>(std::string_view line)>& take) {
    LinesRead read;
    std::error_code problem;
    if (!fs::exists(path, problem)) return read;
    if (!fs::is_regular_file(path, problem)) return fail(cannot_read(path));
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(cannot_read(path));

    std::string held;  // the begin of a line whose end is not read yet
    std::vector<char> piece(tail_piece_bytes);
    std::int64_t total = 0;
    while (file) {
        file.read(piece.data(), tail_piece_bytes);
        std::string_view rest(piece.data(), static_cast<std::size_t>(file.gcount()));
        total += file.gcount();
        if (total > limit_bytes) {
            return fail(
                at_line(bad_line("the file is longer than the " + std::to_string(limit_bytes) + " bytes that are read"),
                        path, read.lines + 1));
        }
        for (std::size_t newline = rest.find('\n'); newline != std::string_view::npos; newline = rest.find('\n')) {
            held.append(rest.substr(0, newline));
            rest.remove_prefix(newline + 1);
            ++read.lines;
            if (auto taken = take(held); !taken) return fail(at_line(std::move(taken).error(), path, read.lines));
            held.clear();
        }
        held.append(rest);
        if (std::cmp_greater(held.size(), max_line_bytes)) {
            return fail(at_line(bad_line("the line is longer than 1 MiB"), path, read.lines + 1));
        }
    }
    if (file.bad()) return fail(cannot_read(path));
    read.torn = !held.empty();
    return read;
}

Result<void> append_lines(const fs::path& path, std::string_view lines, Durability durability) {
    PASSBENCH_TRY(AppendFile file, AppendFile::open(path));
    PASSBENCH_CHECK(mend(path, file));
    const std::int64_t before = file.size_bytes();
    auto appended = file.append(lines);
    if (!appended) {
        // Half a line must not stay for the next one to be glued to; if even this fails, the next append mends it.
        (void)file.truncate(before);
        return appended;
    }
    return durability == Durability::synced ? file.sync() : Result<void>{};
}

Result<void> mend_torn_tail(const fs::path& path) {
    std::error_code problem;
    if (!fs::exists(path, problem)) return {};
    PASSBENCH_TRY(AppendFile file, AppendFile::open(path));
    return mend(path, file);
}

}  // namespace passbench
