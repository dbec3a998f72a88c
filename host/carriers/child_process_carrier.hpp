// The carrier into this very machine: a job is a child process, its folder lies in a scratch folder under TMPDIR.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "host/carriers/carrier.hpp"
#include "host/carriers/scratch_folder.hpp"

namespace passbench {

class ChildProcessCarrier final : public Carrier {
public:
    /// `scratch_parent` empty: TMPDIR, else /tmp. Nothing is made before it is needed.
    explicit ChildProcessCarrier(std::filesystem::path scratch_parent = {});

    [[nodiscard]] Result<std::string> make_job_folder(const std::string& name) override;
    /// The first put of a content copies it; later ones are links to that copy, which is read-only for that reason.
    [[nodiscard]] Result<void> put(const std::filesystem::path& file, const std::string& guest_path) override;
    [[nodiscard]] Result<ExecResult> exec(const std::vector<std::string>& argv, std::int64_t deadline_ns,
                                          const ExecWatch& watch) override;
    /// Regular files, in sub-folders too, as links where the file system allows it, else as copies.
    [[nodiscard]] Result<void> get(const std::string& guest_folder, const std::filesystem::path& folder) override;
    [[nodiscard]] bool shares_files() const override { return true; }

private:
    [[nodiscard]] Result<std::filesystem::path> scratch();
    [[nodiscard]] Result<std::filesystem::path> carried(const std::filesystem::path& file);

    std::filesystem::path parent_;
    std::optional<ScratchFolder> scratch_;
    std::set<std::string> carried_;  // contents that are in the scratch folder, by hash
};

}  // namespace passbench
