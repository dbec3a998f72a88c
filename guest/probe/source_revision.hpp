// The revision of the sources, in a file of its own so that a commit rebuilds one small file and nothing else.
#pragma once

#include <string_view>

namespace passbench {

[[nodiscard]] std::string_view source_revision();

}  // namespace passbench
