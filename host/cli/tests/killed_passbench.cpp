// passbench that kills itself (SIGKILL) at one operation on durable files, for the kill tests: the command line is the ordinary one.
//   PASSBENCH_KILL_AT=N      right before operation N, counted from 0 in this process
//   PASSBENCH_KILL_AT=N+     right after it; a write is first cut back to the half of what it wrote, as a crash can leave it
//   PASSBENCH_KILL_COUNT=F   writes the number of operations to the file F at the end
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <unistd.h>

#include "harness/core/durable_files.hpp"
#include "host/cli/cli.hpp"

namespace {

namespace fs = std::filesystem;
using passbench::StoreOperation;

class Killer {
public:
    Killer() {
        const char* at = std::getenv("PASSBENCH_KILL_AT");
        const std::string text = at == nullptr ? "" : at;
        at_ = text.empty() ? -1 : std::stol(text);
        after_ = !text.empty() && text.back() == '+';
    }

    int observe(StoreOperation operation, const fs::path& path, bool after) {
        if (!after) {
            if (count_ == at_ && !after_) {
                kill(getpid(), SIGKILL);
            }
            size_before_ = size_of(path);
            return 0;
        }
        if (count_++ == at_ && after_) {
            if (operation == StoreOperation::write) {
                fs::resize_file(path, size_before_ + (size_of(path) - size_before_) / 2);
            }
            kill(getpid(), SIGKILL);
        }
        return 0;
    }
    [[nodiscard]] long count() const { return count_; }

private:
    static std::uintmax_t size_of(const fs::path& path) {
        std::error_code none;
        const auto size = fs::is_regular_file(path, none) ? fs::file_size(path, none) : 0;
        return none ? 0 : size;
    }

    long at_ = -1;
    bool after_ = false;
    long count_ = 0;
    std::uintmax_t size_before_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    Killer killer;
    passbench::set_store_observer([&](StoreOperation operation, const fs::path& path, bool after) {
        return killer.observe(operation, path, after);
    });
    const int exit = passbench::cli_main(argc, argv, {.out = std::cout, .err = std::cerr});
    if (const char* file = std::getenv("PASSBENCH_KILL_COUNT")) {
        std::ofstream(file) << killer.count();
    }
    return exit;
}
