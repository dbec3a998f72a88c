#include "guest/probe/tests/machine_tree.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace passbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view marker = ">>> ";
constexpr std::string_view arrow = " -> ";

}  // namespace

MachineTree::MachineTree(const std::string& name) {
    std::string folder = (fs::temp_directory_path() / "passbench-machine-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder for a machine");
    root_ = folder;
    if (name.empty()) return;
    std::ifstream pack("guest/probe/tests/machines/" + name + ".txt");
    if (!pack) throw std::runtime_error("no machine " + name + "; tests run in the root of the sources");
    std::string path;
    std::string content;
    for (std::string line; std::getline(pack, line);) {
        if (!line.starts_with(marker)) {
            content += line + "\n";
            continue;
        }
        if (!path.empty()) write(path, content);
        path = line.substr(marker.size());
        content.clear();
        const std::size_t place = path.find(arrow);
        if (place == std::string::npos) continue;
        const fs::path link = root_ / path.substr(0, place);
        fs::create_directories(link.parent_path());
        fs::create_symlink(path.substr(place + arrow.size()), link);
        path.clear();
    }
    if (!path.empty()) write(path, content);
}

MachineTree::~MachineTree() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
}

void MachineTree::write(const std::string& path, const std::string& content) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << content;
}

void MachineTree::remove(const std::string& path) const { fs::remove_all(root_ / path); }

Machine MachineTree::machine() const {
    Machine machine;
    machine.files = files();
    machine.cuda.why = "libcuda.so.1: cannot open shared object file";
    machine.timer = {.resolution_ns = 20, .cost_ns = 24.5};
    machine.cpus = {0, 1, 2, 3};
    return machine;
}

}  // namespace passbench
