#include "kernels/emulation/source_place.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(PASSBENCH_TSAN)

#include <array>
#include <string_view>

#include <sanitizer/common_interface_defs.h>

namespace passbench::emulation {

std::string source_place(std::uintptr_t instruction) {
    std::array<char, 4096> frames = {};
    // It looks up the instruction before, taking what it is given for a place to return to.
    __sanitizer_symbolize_pc(reinterpret_cast<void*>(instruction + 1), "%s:%l", frames.data(), frames.size() - 1);
    std::string_view place;
    // What was inlined comes first; each is ended by a zero, the last by two.
    for (std::string_view rest(frames.data(), frames.size()); !rest.empty() && rest.front() != '\0';) {
        place = rest.substr(0, rest.find('\0'));
        if (place.find("/emulation/shim/") == std::string_view::npos) break;
        rest.remove_prefix(place.size() + 1);
    }
    const std::size_t slash = place.rfind('/');
    return slash == std::string_view::npos ? "" : std::string(place.substr(slash + 1));
}

}  // namespace passbench::emulation

#else

namespace passbench::emulation {

std::string source_place(std::uintptr_t /*instruction*/) { return {}; }

}  // namespace passbench::emulation

#endif
