// Which kind of card a PCI device is, as far as the methods of passthrough ask: EFLOW passes T4 and A2 through whole and shares
// GeForce, Quadro and RTX; CUDA on WSL knows no Tesla. By device id, by name where the id is of none of the cards known here.
#pragma once

#include <string_view>

#include "harness/records/facts.hpp"

namespace passbench {

enum class CardFamily {
    t4,
    a2,
    tesla,  // other cards for data centres: Tesla, A10, A30, L4, H200
    geforce,
    quadro,
    rtx,  // the professional cards since Turing: T400, RTX A2000, RTX 6000 Ada
    other_nvidia,
    other,  // not NVIDIA's
};

/// "T4", "GeForce", "data-centre card".
[[nodiscard]] std::string_view to_string(CardFamily family);

/// Of a resource gpu/LOCATION.
[[nodiscard]] CardFamily card_family(const Facts& gpu);

/// T4, A2 and the others that are made for data centres: Windows has no display driver (WDDM) for them.
[[nodiscard]] bool is_tesla(CardFamily family);

}  // namespace passbench
