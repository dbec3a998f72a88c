// A machine made of files, for tests: unpacks tests/machines/NAME.txt into a folder of its own and describes what lies there. Each
// file in it begins with a line ">>> path"; ">>> path -> target" is a symbolic link.
#pragma once

#include <filesystem>
#include <string>

#include "guest/probe/probe.hpp"

namespace passbench {

class MachineTree {
public:
    explicit MachineTree(const std::string& name);
    MachineTree(const MachineTree&) = delete;
    MachineTree& operator=(const MachineTree&) = delete;
    ~MachineTree();

    /// Adds a file or replaces it.
    void write(const std::string& path, const std::string& content) const;
    void remove(const std::string& path) const;
    [[nodiscard]] MachineFiles files() const { return MachineFiles(root_); }
    /// A machine of these files without a CUDA library, a hypervisor and other processes.
    [[nodiscard]] Machine machine() const;

private:
    std::filesystem::path root_;
};

}  // namespace passbench
