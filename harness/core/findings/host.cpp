// Findings about a host, whatever it passes through.
#include "harness/core/findings/rooms.hpp"

namespace passbench {

std::vector<Finding> host_findings() {
    return {
        {"host.unknown", "Host or guest said something that is not in the catalogue of failures; its words are kept.",
         "Read them; the run's log and the host's event logs (Hyper-V-Worker-Admin, Hyper-V-VMMS-Admin) may say more."},
    };
}

}  // namespace passbench
