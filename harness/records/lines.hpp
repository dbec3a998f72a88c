// Files of lines, one JSON document each: read in pieces with limits, appended whole or not at all, mended after a crash.
// Internal to this room.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "harness/core/result.hpp"

namespace passbench {

struct LinesRead {
    std::int64_t lines = 0;
    bool torn = false;  // the last line has no newline: a crash in mid-line; it was not given to the reader
};

/// Gives each whole line, without its newline, to `take`. Errors: `bad_record` at "file:line" with what `take` said, or for a
/// line longer than 1 MiB or a file longer than `limit_bytes`; `io`. An absent file has no lines.
[[nodiscard]] Result<LinesRead> read_lines(const std::filesystem::path& path, std::int64_t limit_bytes,
                                           const std::function<Result<void>(std::string_view line)>& take);

/// Appends whole lines and syncs. What cannot be written whole is cut off again, as is a torn line that stood at the end.
enum class Durability { synced, unsynced };
[[nodiscard]] Result<void> append_lines(const std::filesystem::path& path, std::string_view lines,
                                        Durability durability);

/// Cuts a torn last line off; whole lines stay. An absent file needs no mending.
[[nodiscard]] Result<void> mend_torn_tail(const std::filesystem::path& path);

}  // namespace passbench
