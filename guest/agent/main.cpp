#include "guest/agent/agent_main.hpp"
#include "kernels/cpu/library_environment.hpp"

int main(int argc, char** argv) {
    passbench::set_library_environment();  // before any of them is loaded, in this process and in those of the trials
    return passbench::agent_main(argc, argv, passbench::workload_forms());
}
