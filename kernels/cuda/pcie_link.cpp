#include "kernels/cuda/pcie_link.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace passbench {

namespace {

/// The number at the beginning of a file: "16.0 GT/s PCIe" has 16. Nothing for "Unknown".
std::optional<double> number_in(const std::filesystem::path& path) {
    std::ifstream file(path);
    double number = 0;
    return file >> number && number > 0 ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<PcieLink> read_pcie_link(std::string_view bus_id, const std::string& devices) {
    std::string folder = devices + "/";
    for (const char character : bus_id)
        folder += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
    const auto card_speed = number_in(folder + "/max_link_speed");
    const auto width = number_in(folder + "/current_link_width");
    if (!card_speed || !width) return std::nullopt;
    // In the tree behind the symbolic link the card's folder lies in that of the port it is plugged into.
    std::error_code unknown;
    const auto place = std::filesystem::canonical(folder, unknown);
    const double port_speed = number_in(place.parent_path() / "max_link_speed").value_or(*card_speed);
    return PcieLink{.gigatransfers = std::min(*card_speed, port_speed), .lanes = static_cast<int>(*width)};
}

double raw_bytes_a_second(const PcieLink& link) {
    constexpr double transfers = 1e9;
    constexpr double bits_a_byte = 8;
    const double coded = link.gigatransfers < first_128b130b_gigatransfers ? 8.0 / 10.0 : 128.0 / 130.0;
    return link.gigatransfers * transfers * link.lanes * coded / bits_a_byte;
}

}  // namespace passbench
