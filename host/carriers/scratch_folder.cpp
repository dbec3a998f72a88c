#include "host/carriers/scratch_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace passbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view name_begin = "passbench-";
constexpr std::string_view lock_name = "in-use";

/// Locks the open file; it ends with the descriptor, and so with the process. False where somebody else holds it.
bool lock_file(int descriptor) {
    struct flock range {};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    return ::fcntl(descriptor, F_OFD_SETLK, &range) == 0;
}

bool is_own_folder(const fs::path& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
}

void remove_if_abandoned(const fs::path& path) {
    const int lock = ::open((path / lock_name).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (lock < 0) return;
    if (std::error_code ignored; lock_file(lock)) fs::remove_all(path, ignored);
    ::close(lock);
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
    std::string name = (parent / (std::string(name_begin) + "XXXXXX")).string();
    if (::mkdtemp(name.data()) == nullptr) return fail(cannot_make(parent, errno));
    const fs::path path = name;
    // Locked before it has the name by which others look for it.
    const fs::path fresh = path / "fresh";
    const int lock = ::open(fresh.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (lock < 0 || !lock_file(lock) || ::rename(fresh.c_str(), (path / lock_name).c_str()) != 0) {
        const int error_number = errno;
        if (lock >= 0) ::close(lock);
        std::error_code ignored;
        fs::remove_all(path, ignored);
        return fail(cannot_make(path, error_number));
    }
    return ScratchFolder(path, lock);
}

ScratchFolder::ScratchFolder(fs::path path, int lock) : path_(std::move(path)), lock_(lock) {}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::exchange(other.lock_, -1)) {}

ScratchFolder& ScratchFolder::operator=(ScratchFolder&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(lock_, other.lock_);
    return *this;
}

ScratchFolder::~ScratchFolder() {
    if (lock_ < 0) return;
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    ::close(lock_);
}

}  // namespace passbench
