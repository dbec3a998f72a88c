#include "kernels/cuda/uuid_text.hpp"

#include <fmt/core.h>

namespace passbench {

std::string uuid_text(const CUuuid& uuid) {
    std::string text = "GPU-";
    for (std::size_t place = 0; place < sizeof uuid.bytes; ++place) {
        if (place == 4 || place == 6 || place == 8 || place == 10) text += '-';
        text += fmt::format("{:02x}", static_cast<unsigned char>(uuid.bytes[place]));
    }
    return text;
}

}  // namespace passbench
