// A real sshd for tests: OpenSSH's own, unprivileged, with keys and a home of its own in a scratch folder. It is reached without a port
// (ProxyCommand, `sshd -i`) or by a port of the loopback. Run by root it changes to the account `nobody` first (setpriv), so that
// nothing is tested with root's rights; test_account.cpp gives it an account with a shell.
#pragma once

#include <filesystem>
#include <string>

#include "harness/scenario/ssh_settings.hpp"

namespace passbench::tests {

struct SshdOptions {
    std::string shell = "/bin/sh";  // of the account
    std::string more = {};          // lines for sshd_config
    bool keeps_card = false;        // the stand-in NVML finds its card's state in a file of the home
    std::string before = {};        // words of sh before sshd is started: "ulimit -f 100;"
};

class RealSshd {
public:
    explicit RealSshd(SshdOptions options = {});
    RealSshd(const RealSshd&) = delete;
    RealSshd& operator=(const RealSshd&) = delete;
    /// Ends what listens, and all that was started through it.
    ~RealSshd();

    /// How it is reached without a port.
    [[nodiscard]] SshSettings settings() const;
    /// Listens on a port of 127.0.0.1 from now on; how it is reached there.
    [[nodiscard]] SshSettings listen();
    /// Ends, as by a power cut, what listens and every connection with all that runs there.
    void kill_all();
    /// Processes of the guest whose command line has `text`, this process's own ones apart.
    [[nodiscard]] int running(const std::string& text) const;

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] std::filesystem::path home() const { return folder_ / "home"; }
    /// Gives a file to the account, as what is in its home belongs to it.
    void hand_over(const std::filesystem::path& file) const;
    /// Whether OpenSSH's server is installed here; the tests need it.
    [[nodiscard]] static bool is_here();

private:
    [[nodiscard]] std::string command_line(const std::string& words) const;

    SshdOptions options_;
    std::filesystem::path folder_;
    int listening_ = -1;  // process
};

}  // namespace passbench::tests
