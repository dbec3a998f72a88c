// One machine as the OpenSSH client reaches it: each call is a start of the client, a child process, with the machine's own
// configuration of it. Connections are shared where that is wished. No shell here; in the guest one word, made by shell_words.hpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/scenario/ssh_settings.hpp"
#include "host/carriers/carrier.hpp"
#include "host/carriers/child_process.hpp"
#include "host/carriers/scratch_folder.hpp"

namespace passbench {

/// What is to be run in the guest: a script of guest_scripts.hpp, its arguments, and how the client is watched meanwhile.
struct GuestCall {
    std::string_view script;
    std::vector<std::string> arguments = {};
    std::int64_t deadline_ns = 60'000'000'000;
    ExecWatch watch = {};
    std::string called = {};  // in messages
    ChildInput input = ChildInput::none;
    std::filesystem::path input_file = {};
    std::filesystem::path output_file = {};
    std::int64_t most_output_bytes = 0;
};

/// A folder of the guest in which what is brought once is kept, and what the guest can do.
struct GuestStore {
    std::string folder;  // absolute
    std::string check;   // "sha256sum", or "size" where the guest has no sha256sum: how arrivals are checked
};

class SshConnection {
public:
    /// Nothing is started before the first call.
    explicit SshConnection(SshSettings settings);
    SshConnection(const SshConnection&) = delete;
    SshConnection& operator=(const SshConnection&) = delete;
    /// Ends the shared connection.
    ~SshConnection();

    /// Runs it to its end; its exit code is a result. Errors, with finding ssh.*: `precondition` no client, an unknown or another host
    /// key, a refused key; `agent_lost` the machine cannot be reached, or the connection broke; `timeout`; `interrupted`; `io`.
    /// Exit code 255 is the client's own and becomes one of them, unless `own_255`.
    enum class Code255 { of_client, of_script };
    [[nodiscard]] Result<ExecResult> call(const GuestCall& call, Code255 code = Code255::of_client);

    /// Made on first use. Error `precondition` where the machine lets us in and runs no commands, or lacks what is needed.
    [[nodiscard]] Result<GuestStore> store();

    /// What the client said of its own in the last call, as an error.
    [[nodiscard]] Error client_error(const ExecResult& ended) const;
    /// Whether the last call found the machine out of reach: a farewell would only wait for nothing.
    [[nodiscard]] bool is_lost() const { return is_lost_; }
    /// A file of this connection's own, for what is on its way.
    [[nodiscard]] Result<std::filesystem::path> scratch_file(const std::string& name);
    [[nodiscard]] const SshSettings& settings() const { return settings_; }

private:
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] std::vector<std::string> client_words() const;

    SshSettings settings_;
    std::string client_;  // path of the program
    std::optional<ScratchFolder> scratch_;
    std::optional<GuestStore> store_;
    bool is_lost_ = false;
};

}  // namespace passbench
