// The carrier into any Linux machine that OpenSSH reaches. What the guest needs of its own: a login shell that takes POSIX quoting,
// sh, coreutils or busybox, find and setsid; no tar, no scp, no sftp. Files are sent and fetched whole or not at all.
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "host/carriers/carrier.hpp"
#include "host/carriers/ssh_connection.hpp"

namespace passbench {

/// A file of a bundle: its name there, with slashes, and where it is here.
struct BundleFile {
    std::string name;
    std::filesystem::path file;
};

class SshCarrier final : public Carrier {
public:
    explicit SshCarrier(std::shared_ptr<SshConnection> connection);
    SshCarrier(const SshCarrier&) = delete;
    SshCarrier& operator=(const SshCarrier&) = delete;
    /// Removes what it made in the guest, but for what is kept by content.
    ~SshCarrier() override;

    [[nodiscard]] Result<std::string> make_job_folder(const std::string& name) override;
    /// Large files and programs are kept in the guest by content and copied from there; small ones are sent each time.
    [[nodiscard]] Result<void> put(const std::filesystem::path& file, const std::string& guest_path) override;
    /// The command runs in a session of its own, which ends with it, at the deadline, and when this side is gone, whatever ended it.
    [[nodiscard]] Result<ExecResult> exec(const std::vector<std::string>& argv, std::int64_t deadline_ns,
                                          const ExecWatch& watch) override;
    [[nodiscard]] Result<void> get(const std::string& guest_folder, const std::filesystem::path& folder) override;
    [[nodiscard]] bool shares_files() const override { return false; }

    /// Brings a folder once, by content, and returns its path there; it stays when the carrier goes.
    [[nodiscard]] Result<std::string> put_bundle(const std::vector<BundleFile>& files);

private:
    [[nodiscard]] Result<std::string> own_folder();
    [[nodiscard]] Result<void> send(const std::filesystem::path& file, const std::string& guest_path,
                                    const std::string& mode, const std::string& hash);
    [[nodiscard]] Result<std::string> stored(const std::filesystem::path& file);
    [[nodiscard]] Result<ExecResult> explain(const ExecResult& ended, const std::string& status,
                                             const std::vector<std::string>& argv, std::int64_t deadline_ns);
    [[nodiscard]] int ask(const std::string& status);

    std::shared_ptr<SshConnection> connection_;
    std::string folder_;            // in the guest, of this carrier; "" until it is made
    std::set<std::string> stored_;  // contents that are known to be there
    int commands_ = 0;
};

}  // namespace passbench
