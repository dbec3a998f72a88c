#include "guest/agent/agent_main.hpp"

int main(int argc, char** argv) { return passbench::agent_main(argc, argv, passbench::workload_forms()); }
