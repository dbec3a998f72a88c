// Words as a POSIX shell takes them: what a command line is made of where the other side leaves no choice but a shell, as OpenSSH
// does, and what messages show to be typed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace passbench {

/// One word that stands for exactly these bytes, whatever they are (but a zero byte): quoted where it has to be.
[[nodiscard]] std::string shell_word(std::string_view text);

/// The words one after the other: the only way in which a command line is made here.
[[nodiscard]] std::string shell_command(const std::vector<std::string>& words);

}  // namespace passbench
