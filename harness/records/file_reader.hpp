// Reading pieces of a large file without mapping or holding it. Internal to this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "harness/core/result.hpp"
#include "harness/core/system_file.hpp"

namespace passbench {

class FileReader {
public:
    /// Error `io` with the system's words.
    [[nodiscard]] static Result<FileReader> open(const std::filesystem::path& path);
    [[nodiscard]] std::int64_t size_bytes() const { return size_bytes_; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// Fills `into` from `offset`. Error `bad_record` where the file ends before, `io`.
    [[nodiscard]] Result<void> read_at(std::int64_t offset, std::span<std::byte> into) const;
    /// Gives `size` bytes from `offset` to `take` in pieces of at most 1 MiB.
    [[nodiscard]] Result<void> read_pieces(std::int64_t offset, std::int64_t size,
                                           const std::function<Result<void>(std::span<const std::byte>)>& take) const;

private:
    FileReader(std::filesystem::path path, SystemFile file, std::int64_t size_bytes);

    std::filesystem::path path_;
    SystemFile file_;
    std::int64_t size_bytes_ = 0;
};

}  // namespace passbench
