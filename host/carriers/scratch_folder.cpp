#include "host/carriers/scratch_folder.hpp"

#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace passbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view name_begin = "passbench-";
constexpr std::string_view lock_name = "in-use";

void remove_if_abandoned(const fs::path& path) {
    SystemFile lock;
    if (lock.open(path / lock_name, FileUse::lock_existing) != 0 || lock.lock() != 0) return;
    // Windows removes no folder with an open file in it.
    lock.close();
    static_cast<void>(remove_tree(path));
}

void remove_abandoned(const fs::path& parent) {
    std::vector<fs::path> candidates;
    std::error_code error;
    for (fs::directory_iterator entry(parent, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        const fs::path& path = entry->path();
        if (path.filename().string().starts_with(name_begin) && is_own_folder(path)) candidates.push_back(path);
    }
    for (const fs::path& path : candidates) remove_if_abandoned(path);
}

Error cannot_make(const fs::path& path, int error_number) {
    return {.code = ErrorCode::io,
            .what = "cannot make a scratch folder: " + std::generic_category().message(error_number),
            .where = path.string(),
            .fix = "Set TMPDIR to a folder that you may write to and that has room."};
}

}  // namespace

Result<ScratchFolder> ScratchFolder::make(const fs::path& parent) {
    remove_abandoned(parent);
    const MadeFolder made = make_private_folder(parent, std::string(name_begin));
    if (made.error_number != 0) return fail(cannot_make(parent, made.error_number));
    // Locked before it has the name by which others look for it.
    const fs::path fresh = made.path / "fresh";
    SystemFile lock;
    int error_number = lock.open(fresh, FileUse::lock);
    if (error_number == 0) error_number = lock.lock();
    if (error_number == 0) error_number = rename_entry(fresh, made.path / lock_name);
    if (error_number != 0) {
        lock.close();
        static_cast<void>(remove_tree(made.path));
        return fail(cannot_make(made.path, error_number));
    }
    return ScratchFolder(made.path, std::move(lock));
}

ScratchFolder::ScratchFolder(fs::path path, SystemFile lock) : path_(std::move(path)), lock_(std::move(lock)) {}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}

ScratchFolder& ScratchFolder::operator=(ScratchFolder&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(lock_, other.lock_);
    return *this;
}

ScratchFolder::~ScratchFolder() {
    if (!lock_.is_open()) return;
    lock_.close();
    static_cast<void>(remove_tree(path_));
}

}  // namespace passbench
