#include "harness/records/file_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
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

FileReader::FileReader(std::filesystem::path path, SystemFile file, std::int64_t size_bytes)
    : path_(std::move(path)), file_(std::move(file)), size_bytes_(size_bytes) {}

Result<FileReader> FileReader::open(const std::filesystem::path& path) {
    SystemFile file;
    if (const int error_number = file.open(path, FileUse::read); error_number != 0) {
        return fail(cannot_read(path, error_number));
    }
    const FileStatus status = file.status();
    if (status.error_number != 0) return fail(cannot_read(path, status.error_number));
    if (status.kind != FileKind::regular) {
        return fail(cannot_read(path, status.kind == FileKind::folder ? EISDIR : EINVAL));
    }
    return FileReader(path, std::move(file), status.size_bytes);
}

Result<void> FileReader::read_at(std::int64_t offset, std::span<std::byte> into) const {
    while (!into.empty()) {
        const FileTransfer read = file_.read_at(offset, into);
        if (read.error_number != 0) return fail(cannot_read(path_, read.error_number));
        if (read.bytes == 0) {
            return fail({.code = ErrorCode::bad_record,
                         .what = path_.filename().string() + " ends at byte " + std::to_string(offset) +
                                 ", before what its index says it holds",
                         .where = path_.string(),
                         .fix = "Restore the file from a copy, or measure again; it was cut short."});
        }
        offset += read.bytes;
        into = into.subspan(static_cast<std::size_t>(read.bytes));
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
