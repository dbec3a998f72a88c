// The one function of fmt's library that the agent calls, compiled into it: distributions have that library only shared, and a
// guest does not have it at all.
#define FMT_HEADER_ONLY
#include <fmt/format.h>

namespace passbench {

using Vformat = std::string (*)(fmt::string_view, fmt::format_args);
// Its address is taken, so that the compiler emits it for all other files.
[[gnu::used]] constinit const Vformat agent_vformat = &fmt::vformat;

}  // namespace passbench
