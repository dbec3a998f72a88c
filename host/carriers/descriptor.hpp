// An open file of this process, closed with its owner; and a pipe of two. Internal to this room.
#pragma once

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "harness/core/result.hpp"

namespace passbench {

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }
    void close() {
        if (number_ >= 0) ::close(std::exchange(number_, -1));
    }
    [[nodiscard]] int get() const { return number_; }

private:
    int number_ = -1;
};

struct Pipe {
    Descriptor out;  // to read from
    Descriptor in;
};

[[nodiscard]] inline Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot make a pipe: " + std::generic_category().message(errno),
                     .where = "child process",
                     .fix = "Raise the number of open files (ulimit -n), or end other programs."});
    }
    return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

}  // namespace passbench
