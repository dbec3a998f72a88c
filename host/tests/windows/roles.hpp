// The test program started again by a test, as a process that does one thing: what Windows has in place of fork(2).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace passbench::tests {

/// Plays the role that the words name; the exit code.
[[nodiscard]] int play(const std::vector<std::string>& words);

/// The command line of that process.
[[nodiscard]] std::vector<std::string> as(const std::string& role, const std::vector<std::string>& words = {});

/// A process in no job of ours, so that only it is killed, and at any moment.
class Stranger {
public:
    explicit Stranger(const std::vector<std::string>& argv);
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;
    ~Stranger();
    void kill() const;
    /// Waits for its end; its exit code.
    [[nodiscard]] int wait() const;

private:
    void* process_ = nullptr;
};

/// Whether somebody comes to hold, or to leave, the lock of that file within 30 s.
[[nodiscard]] bool becomes_locked(const std::filesystem::path& file);
[[nodiscard]] bool becomes_free(const std::filesystem::path& file);

}  // namespace passbench::tests
