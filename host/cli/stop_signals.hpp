// How the operating system asks this program to stop, and whether a person looks at its output.
#pragma once

namespace passbench {

/// From now on what asks it to stop (Ctrl-C, a signal, a console or session that is closed) is noted, however often, and acted on in the
/// ordinary way: what was changed on the host is always given back. A reader that goes away (`passbench run | head`) ends nothing.
void catch_stop_signals();
[[nodiscard]] bool stop_was_asked();

enum class StandardStream { output, error };
[[nodiscard]] bool is_terminal(StandardStream stream);

}  // namespace passbench
