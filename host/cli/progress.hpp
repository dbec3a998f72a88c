// How a run's progress is shown on standard error: a bar that is drawn over on a terminal, plain lines elsewhere, one JSON
// line an event for programs.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>

#include "host/session/session.hpp"

namespace passbench {

/// A bar of at most 79 columns: "[#####...............]  25 %  local, block 2 of 6, about 1 min 20 s left".
[[nodiscard]] std::unique_ptr<Progress> make_progress_bar(std::ostream& stream);

/// A line at every tenth of the run, and otherwise one in 10 s; `now_ns` is the clock that says when those are over.
[[nodiscard]] std::unique_ptr<Progress> make_progress_lines(std::ostream& stream, std::function<std::int64_t()> now_ns);

/// {"format":"passbench.progress","version":1,"event":"begin|trial|message|end",...} on a line each.
[[nodiscard]] std::unique_ptr<Progress> make_progress_json(std::ostream& stream);

/// Seconds as people say them: "under 1 s", "about 45 s", "about 3 min 20 s", "about 2 h 5 min".
[[nodiscard]] std::string time_left(double seconds);

}  // namespace passbench
