#include "harness/records/file_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace passbench {
namespace {

constexpr std::int64_t checksum_piece_bytes = std::int64_t{1} << 20;

Error cannot_read(const std::filesystem::path& path, int error_number) {
    return {.code = ErrorCode::io,
            .what = "cannot read " + path.filename().string() + ": " + std::generic_category().message(error_number),
            .where = path.string(),
            .fix = "Check that it is a file, that you may read it, and the disk's health."};
}

}  // namespace

FileReader::FileReader(std::filesystem::path path, int descriptor, std::int64_t size_bytes)
    : path_(std::move(path)), descriptor_(descriptor), size_bytes_(size_bytes) {}

FileReader::FileReader(FileReader&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_bytes_(std::exchange(other.size_bytes_, 0)) {}

FileReader& FileReader::operator=(FileReader&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    std::swap(size_bytes_, other.size_bytes_);
    return *this;
}

FileReader::~FileReader() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<FileReader> FileReader::open(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return fail(cannot_read(path, errno));
    FileReader reader(path, descriptor, 0);
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return fail(cannot_read(path, errno));
    if (!S_ISREG(status.st_mode)) return fail(cannot_read(path, S_ISDIR(status.st_mode) ? EISDIR : EINVAL));
    reader.size_bytes_ = status.st_size;
    return reader;
}

Result<void> FileReader::read_at(std::int64_t offset, std::span<std::byte> into) const {
    while (!into.empty()) {
        const ssize_t count = ::pread(descriptor_, into.data(), into.size(), offset);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(cannot_read(path_, errno));
        if (count == 0) {
            return fail({.code = ErrorCode::bad_record,
                         .what = path_.filename().string() + " ends at byte " + std::to_string(offset) +
                                 ", before what its index says it holds",
                         .where = path_.string(),
                         .fix = "Restore the file from a copy, or measure again; it was cut short."});
        }
        offset += count;
        into = into.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> FileReader::read_pieces(std::int64_t offset, std::int64_t size,
                                     const std::function<Result<void>(std::span<const std::byte>)>& take) const {
    std::vector<std::byte> piece(static_cast<std::size_t>(std::min(size, checksum_piece_bytes)));
    for (std::int64_t done = 0; done < size;) {
        const std::span<std::byte> part =
            std::span(piece).first(static_cast<std::size_t>(std::min(size - done, checksum_piece_bytes)));
        PASSBENCH_CHECK(read_at(offset + done, part));
        PASSBENCH_CHECK(take(part));
        done += static_cast<std::int64_t>(part.size());
    }
    return {};
}

}  // namespace passbench
