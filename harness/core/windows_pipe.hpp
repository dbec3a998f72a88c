// A pipe of which one end is ours and never blocks, and the other a child's. Anonymous pipes of Windows cannot be waited for, so it has
// a name, which nobody else may open.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "harness/core/result.hpp"
#include "harness/core/windows_handle.hpp"

namespace passbench {

enum class PipeUse { we_read, we_write };

class WindowsPipe {
public:
    /// Error `io`.
    [[nodiscard]] static Result<WindowsPipe> make(PipeUse use);
    WindowsPipe(WindowsPipe&& other) noexcept = default;
    WindowsPipe& operator=(WindowsPipe&& other) noexcept = default;
    WindowsPipe(const WindowsPipe&) = delete;
    WindowsPipe& operator=(const WindowsPipe&) = delete;
    /// Takes back what is on its way.
    ~WindowsPipe();

    /// What the child is to have; inherited by who is started with it.
    [[nodiscard]] HANDLE childs_end() const { return childs_.get(); }
    void close_childs_end() { childs_.close(); }

    /// Set when what was begun is over; nothing where nothing is on its way.
    [[nodiscard]] HANDLE event() const;
    [[nodiscard]] bool has_ended() const { return !ours_.is_open(); }

    /// Takes in what has arrived, and begins to read more.
    void read();
    [[nodiscard]] std::string take() { return std::exchange(text_, {}); }
    /// Nothing is on its way.
    [[nodiscard]] bool is_idle();
    /// As WindowsChild::give.
    [[nodiscard]] std::int64_t write(std::string_view text);
    void close();

private:
    struct Transfer {
        OVERLAPPED place{};
        std::array<char, 65536> bytes{};
    };
    WindowsPipe(WindowsHandle ours, WindowsHandle childs, WindowsHandle done);
    /// How many bytes what is on its way has moved; -1: it is not over. Closes the pipe where nobody is at its other end.
    [[nodiscard]] std::int64_t finished();

    WindowsHandle ours_;
    WindowsHandle childs_;
    WindowsHandle done_;
    std::unique_ptr<Transfer> transfer_;  // where the system writes, so it stays in its place
    bool is_under_way_ = false;
    std::string text_;
};

}  // namespace passbench
