#include "kernels/cuda/kernel_log.hpp"

#ifndef _WIN32
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>
#endif

namespace passbench {

#ifdef _WIN32

// dxgkrnl is a guest's.
KernelLog::KernelLog(const std::string&) : file_(-1) {}
KernelLog::~KernelLog() = default;
std::optional<std::string> KernelLog::residency_complaint() { return std::nullopt; }

#else

namespace {

/// "misc dxg: dxgk: dxgkio_make_resident: Ioctl failed: -12"; other codes of dxgkrnl's are harmless.
bool is_complaint(std::string_view line) {
    return line.find("make_resident") != std::string_view::npos && line.find("-12") != std::string_view::npos;
}

}  // namespace

KernelLog::KernelLog(const std::string& path) : file_(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {
    if (file_ >= 0) lseek(file_, 0, SEEK_END);
}

KernelLog::~KernelLog() {
    if (file_ >= 0) close(file_);
}

std::optional<std::string> KernelLog::residency_complaint() {
    if (file_ < 0) return std::nullopt;
    std::optional<std::string> found;
    std::array<char, 8192> record{};  // one read is one record, and no record is longer
    for (;;) {
        const ssize_t bytes = read(file_, record.data(), record.size());
        if (bytes < 0 && errno == EPIPE) continue;  // some records were overwritten before they were read
        if (bytes <= 0) return found;
        const std::string_view text(record.data(), static_cast<std::size_t>(bytes));
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            if (const auto line = text.substr(begin, end - begin); is_complaint(line)) found = std::string(line);
            begin = end + 1;
        }
    }
}

#endif

}  // namespace passbench
