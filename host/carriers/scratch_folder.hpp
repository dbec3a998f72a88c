// A folder under TMPDIR that is removed when it is no longer in use: by its owner at the end, by the next user of the same parent
// where the owner was killed. A lock on it says whether it is in use.
#pragma once

#include <filesystem>

#include "harness/core/result.hpp"
#include "harness/core/system_file.hpp"

namespace passbench {

class ScratchFolder {
public:
    /// Makes passbench-XXXXXX in `parent`, after removing what killed owners left there. Error `io`.
    [[nodiscard]] static Result<ScratchFolder> make(const std::filesystem::path& parent);
    ScratchFolder(ScratchFolder&& other) noexcept;
    ScratchFolder& operator=(ScratchFolder&& other) noexcept;
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    ScratchFolder(std::filesystem::path path, SystemFile lock);

    std::filesystem::path path_;
    SystemFile lock_;
};

}  // namespace passbench
