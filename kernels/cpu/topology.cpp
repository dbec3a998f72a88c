#include "kernels/cpu/topology.hpp"

#include <charconv>
#include <map>
#include <set>
#include <string>

#include "harness/core/durable_files.hpp"

namespace passbench {

namespace {

/// The file's first line; empty where there is no such file.
std::string line_of(const std::filesystem::path& path) {
    constexpr std::int64_t limit_bytes = 4096;
    const auto text = read_file(path, limit_bytes);
    return text ? text->substr(0, text->find('\n')) : std::string();
}

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value < 0) return std::nullopt;
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (unit.empty()) return value;
    if (unit == "K") return value << 10;
    if (unit == "M") return value << 20;
    return std::nullopt;
}

struct Cache {
    std::string shared_by;  // names the one cache among those of its level
    std::int64_t level = 0;
    std::int64_t size_bytes = 0;
};

std::optional<Cache> last_level_cache(const std::filesystem::path& cpu) {
    std::optional<Cache> last;
    for (int index = 0;; ++index) {
        const std::filesystem::path folder = cpu / "cache" / ("index" + std::to_string(index));
        const auto level = number_of(line_of(folder / "level"));
        if (!level) return last;
        const auto size_bytes = number_of(line_of(folder / "size"));
        if (!size_bytes || line_of(folder / "type") == "Instruction") continue;
        if (!last || *level > last->level) {
            last = Cache{.shared_by = line_of(folder / "shared_cpu_list"), .level = *level, .size_bytes = *size_bytes};
        }
    }
}

}  // namespace

Topology read_topology(std::span<const int> cpus, const std::filesystem::path& sysfs) {
    std::map<std::string, std::int64_t> caches;
    std::set<std::string> cores;
    bool caches_known = !cpus.empty();
    bool cores_known = !cpus.empty();
    for (const int cpu : cpus) {
        const std::filesystem::path folder = sysfs / ("cpu" + std::to_string(cpu));
        if (const auto cache = last_level_cache(folder)) {
            caches[cache->shared_by] = cache->size_bytes;
        } else {
            caches_known = false;
        }
        const std::string siblings = line_of(folder / "topology" / "thread_siblings_list");
        cores_known = cores_known && !siblings.empty();
        cores.insert(siblings);
    }
    Topology topology;
    if (cores_known) topology.cores = static_cast<int>(cores.size());
    if (caches_known) {
        topology.llc_bytes = 0;
        for (const auto& [shared_by, size_bytes] : caches) *topology.llc_bytes += size_bytes;
    }
    return topology;
}

}  // namespace passbench
