// The card's PCI Express link as the kernel shows it, for the limit of copies.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace passbench {

struct PcieLink {
    double gigatransfers;  // a second and lane: 8 (Gen3), 16, 32
    int lanes;
};

/// Up to 5 GT/s the link carries 8 bits in 10, from Gen3 on 128 in 130.
inline constexpr double first_128b130b_gigatransfers = 8;

/// The rate that the card and the port above it can do (what is in use drops while the card idles; under DDA no port is shown) and the
/// width that is in use, from sysfs. Nothing where they are not shown: under GPU-PV, in containers without sysfs. `bus_id` is such as
/// 0000:65:00.0.
[[nodiscard]] std::optional<PcieLink> read_pcie_link(std::string_view bus_id,
                                                     const std::string& devices = "/sys/bus/pci/devices");

/// Bytes a second before packet headers, one direction.
[[nodiscard]] double raw_bytes_a_second(const PcieLink& link);

}  // namespace passbench
