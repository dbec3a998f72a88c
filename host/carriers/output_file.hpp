// A file that takes what a child writes, up to a size: who writes may be hostile, and the disk may be small. Internal to this room.
#pragma once

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "host/carriers/child_start.hpp"

namespace passbench {

class OutputFile {
public:
    /// Makes `path` anew; at most `most_bytes` come to lie in it.
    OutputFile(std::filesystem::path path, std::int64_t most_bytes)
        : path_(std::move(path)),
          most_bytes_(most_bytes),
          file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
        if (file_.get() < 0) trouble_ = std::generic_category().message(errno);
    }

    void append(std::string_view text) {
        bytes_ += static_cast<std::int64_t>(text.size());
        if (bytes_ > most_bytes_) trouble_ = "there is more of it than " + std::to_string(most_bytes_) + " bytes";
        while (trouble_.empty() && !text.empty()) {
            const ssize_t written = ::write(file_.get(), text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) trouble_ = std::generic_category().message(errno);
            text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
        }
    }

    /// Why no more is taken; "" while all is well.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
    std::int64_t most_bytes_;
    std::int64_t bytes_ = 0;
    Descriptor file_;
    std::string trouble_;
};

}  // namespace passbench
