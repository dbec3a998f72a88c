// Findings about the Windows Subsystem for Linux.
#include "harness/core/findings/rooms.hpp"

namespace passbench {

std::vector<Finding> wsl_findings() {
    constexpr bool no_device = true;
    return {
        {"wsl.libraries_missing",
         "The folder that Windows shares its driver's libraries by is empty (/usr/lib/wsl/lib), as is seen after "
         "updates "
         "of Windows or WSL.",
         "Run `wsl --update`, then `wsl --shutdown`, and start it again.", no_device},
        {"wsl.no_wddm",
         "The card's driver does not work as a display driver (WDDM), and only such a one is shared with guests.",
         "Use DDA with this card: Tesla and data-centre cards, and cards in TCC mode, cannot be shared.", no_device},
    };
}

}  // namespace passbench
