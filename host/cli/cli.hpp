// The command line as a function: arguments and streams in, exit code out. Prints to the streams it is given alone and never
// exits, so that tests call it in their own process. What a verb does is in the file of its name.
#pragma once

#include <iosfwd>

#include "host/session/session.hpp"

namespace passbench {

enum class Colour;  // harness/report/report.hpp

/// Where a verb prints and who may stop it.
struct Terminal {
    std::ostream& out;
    std::ostream& err;
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    bool colour_wanted = true;  // false where NO_COLOR is set
    StopAsked stop = {};        // of verbs that take long

    /// Of what is printed to `out`.
    [[nodiscard]] Colour colour() const;
};

/// Runs one verb; the exit codes are those of design.md section 9 (`passbench help exit`).
[[nodiscard]] int cli_main(int argc, const char* const* argv, const Terminal& terminal);

}  // namespace passbench
