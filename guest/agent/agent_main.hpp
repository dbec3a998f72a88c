// main() of every program that is an agent: runs it, prints what it has to say, ends with its code.
#pragma once

#include <span>

#include "kernels/workload_instance.hpp"

namespace passbench {

[[nodiscard]] int agent_main(int argc, char** argv, std::span<const WorkloadForm> forms);

}  // namespace passbench
