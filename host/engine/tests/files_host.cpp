#include "host/engine/tests/files_host.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t second_ns = 1'000'000'000;

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, const std::string& content) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
}

std::vector<fs::path> files_below(const fs::path& folder) {
    std::vector<fs::path> found;
    if (!fs::exists(folder)) return found;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// A set that takes effect later.
struct Pending {
    std::int64_t due_ns = 0;
    std::string visibility;
    fs::path property;
    std::string value;
};

Pending read_pending(const fs::path& path) {
    Pending pending;
    std::ifstream file(path, std::ios::binary);
    std::string property;
    file >> pending.due_ns >> pending.visibility;
    file.ignore();
    std::getline(file, property);
    pending.property = property;
    pending.value.assign(std::istreambuf_iterator<char>(file), {});
    return pending;
}

Error refusal(const std::string& resource, const std::string& property, const std::string& value) {
    return {.code = ErrorCode::io,
            .what = "the host refuses '" + value + "'",
            .where = resource + " " + property,
            .fix = "Ask the host."};
}

}  // namespace

FilesHost::FilesHost(fs::path folder) : folder_(std::move(folder)) {
    fs::create_directories(folder_);
    if (!fs::exists(folder_ / "now")) write(folder_ / "now", "0");
}

fs::path FilesHost::file_of(const std::string& resource, const std::string& property) const {
    return folder_ / "properties" / resource / property;
}

void FilesHost::put(const std::string& resource, const std::string& property, const std::string& value) const {
    write(file_of(resource, property), value);
}

void FilesHost::remove(const std::string& resource, const std::string& property) const {
    fs::remove(file_of(resource, property));
}

std::string FilesHost::get(const std::string& resource, const std::string& property) const {
    return read(file_of(resource, property));
}

void FilesHost::behave(const std::string& resource, const std::string& property, const std::string& value,
                       Behaviour behaviour) {
    behaviours_[{resource, property, value}] = behaviour;
}

std::int64_t FilesHost::now_ns() const { return std::stoll(read(folder_ / "now")); }

EngineClock FilesHost::clock() const {
    return {
        .now_ns = [this] { return now_ns(); },
        .sleep = [this](std::int64_t duration_ns) { write(folder_ / "now", std::to_string(now_ns() + duration_ns)); }};
}

void FilesHost::finish_late() const {
    for (const fs::path& path : files_below(folder_ / "pending")) {
        const Pending pending = read_pending(path);
        if (pending.due_ns > now_ns()) continue;
        write(pending.property, pending.value);
        fs::remove(path);
    }
}

Result<HostFacts> FilesHost::survey() {
    ++surveys;
    finish_late();
    HostFacts facts;
    const fs::path root = folder_ / "properties";
    for (const fs::path& path : files_below(root)) {
        facts[path.parent_path().lexically_relative(root).generic_string()][path.filename().string()] = read(path);
    }
    return facts;
}

Result<std::vector<std::string>> FilesHost::jobs() {
    finish_late();
    std::vector<std::string> names;
    for (const fs::path& path : files_below(folder_ / "pending")) {
        const Pending pending = read_pending(path);
        if (pending.visibility == "listed") names.push_back("setting " + pending.property.filename().string());
    }
    return names;
}

/// By the names that a survey shows, so that "../x" is none.
bool FilesHost::has(const std::string& resource, const std::string& property) const {
    const fs::path root = folder_ / "properties";
    const std::vector<fs::path> files = files_below(root);
    return std::any_of(files.begin(), files.end(), [&](const fs::path& path) {
        return path.lexically_relative(root).generic_string() == resource + "/" + property;
    });
}

void FilesHost::begin_late(const std::string& resource, const std::string& property, const std::string& value,
                           std::int64_t delay_ns, const std::string& visibility) const {
    const std::string number = std::to_string(files_below(folder_ / "pending").size());
    write(folder_ / "pending" / (std::to_string(now_ns()) + "-" + number),
          std::to_string(now_ns() + delay_ns) + " " + visibility + "\n" + file_of(resource, property).string() + "\n" +
              value);
}

void FilesHost::moment() const {
    if (at_moment) at_moment();
}

Result<void> FilesHost::set(const std::string& resource, const std::string& property, const std::string& value) {
    ++sets;
    moment();
    if (guard) PASSBENCH_CHECK(guard(*this, resource, value));
    if (!has(resource, property)) return fail(refusal(resource, property, value));
    const auto chosen = behaviours_.find({resource, property, value});
    const Behaviour behaviour = chosen == behaviours_.end() ? Behaviour::honest : chosen->second;
    switch (behaviour) {
        case Behaviour::honest:
            put(resource, property, "half-way to " + value);
            moment();
            put(resource, property, value);
            break;
        case Behaviour::late:
            begin_late(resource, property, value, 30 * second_ns, "listed");
            break;
        case Behaviour::late_unseen:
            begin_late(resource, property, value, 5 * second_ns, "unseen");
            break;
        case Behaviour::failing:
            return fail(refusal(resource, property, value));
        case Behaviour::half_failing:
            put(resource, property, "half-way to " + value);
            return fail(refusal(resource, property, value));
        case Behaviour::lying:
            break;
        case Behaviour::lying_half:
            put(resource, property, "half-way to " + value);
            break;
    }
    moment();
    return {};
}

void put_lab_machine(FilesHost& host) {
    host.put("vm/lab", "power", "running");
    host.put("vm/lab", "memory", "dynamic");
    host.put("gpu/0", "owner", "host");
    host.put("host", "name",
             "lab 1, Gr\xc3\xbc"
             "n");
    host.guard = [](const FilesHost& self, const std::string& resource, const std::string& value) -> Result<void> {
        if (resource != "gpu/0" || self.get("vm/lab", "power") == "off") return {};
        return fail(
            {.code = ErrorCode::precondition,
             .what = "the GPU cannot become '" + value + "' while the VM is '" + self.get("vm/lab", "power") + "'",
             .where = "gpu/0 owner",
             .fix = "Stop the VM first."});
    };
}

std::vector<Step> lab_steps() {
    return {
        {.resource = "vm/lab", .property = "power", .before = "running", .wanted = "off", .why = "DDA needs it off."},
        {.resource = "vm/lab", .property = "memory", .before = "dynamic", .wanted = "static"},
        {.resource = "gpu/0", .property = "owner", .before = "host", .wanted = "dismounted"},
        {.resource = "gpu/0", .property = "owner", .before = "dismounted", .wanted = "vm/lab"},
        {.resource = "vm/lab", .property = "power", .before = "off", .wanted = "running"}};
}

}  // namespace passbench::tests
