// How files come back over a connection whose output may carry other things too: greetings of login shells before, farewells after.
// Between a beginning and an end that nobody can know before, each file is "SIZE NAME" and a zero byte, then its content. Who sends
// may be hostile: nothing is written outside of the folder, no link is followed or made, and there is a limit to everything.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/result.hpp"

namespace passbench {

/// The two marks of one stream, random. The sender gets each in two halves, so that a command line that is echoed is no mark.
struct StreamMarks {
    std::string begin;
    std::string end;

    [[nodiscard]] static StreamMarks make();
    /// BEGIN1 BEGIN2 END1 END2, the arguments of guest_script's senders.
    [[nodiscard]] std::vector<std::string> halves() const;
};

struct StreamLimits {
    std::int64_t most_files = 10'000;
    std::int64_t most_bytes = std::int64_t{4} << 30;  // of all contents together
};

/// Writes the files of the stream that was kept in `stream` below `folder`, replacing those of the same names; returns how many.
/// Error `bad_record` for a stream without its marks, cut short, over a limit, or with a name that leads out of the folder; `io`.
[[nodiscard]] Result<std::size_t> unpack_stream(const std::filesystem::path& stream, const StreamMarks& marks,
                                                const std::filesystem::path& folder, const StreamLimits& limits = {});

}  // namespace passbench
