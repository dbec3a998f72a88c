#include <fstream>
#include <iterator>

#include "guest/probe/probe.hpp"

namespace passbench {

MachineFiles files_of_this_machine() { return MachineFiles(); }

// Since it was started this process may have set variables for libraries itself.
std::string own_environment() {
    std::ifstream file("/proc/self/environ", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace passbench
