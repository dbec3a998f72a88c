// A file here that is to be carried into a guest. Internal to this room.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <system_error>

#include "harness/core/checksum.hpp"
#include "harness/core/result.hpp"

namespace passbench {

struct CarriedFile {
    std::string hash;  // SHA-256 of its content
    std::int64_t bytes = 0;
    bool is_program = false;

    /// By which it is kept: a program and a file of the same content are two.
    [[nodiscard]] std::string key() const { return hash + (is_program ? "-program" : ""); }
};

/// Error `io` with its path where it is no ordinary file that can be read.
[[nodiscard]] inline Result<CarriedFile> look_at(const std::filesystem::path& file) {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(file, error);
    if (!error && status.type() != std::filesystem::file_type::regular) {
        error = std::make_error_code(std::errc::invalid_argument);
    }
    if (error) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot bring a file to the job: " + error.message(),
                     .where = file.string(),
                     .fix = "Give the path of an ordinary file that exists."});
    }
    CarriedFile seen;
    seen.is_program = (status.permissions() & std::filesystem::perms::owner_exec) != std::filesystem::perms::none;
    std::ifstream input(file, std::ios::binary);
    Sha256 hash;
    std::array<char, 65536> buffer;
    while (input.read(buffer.data(), buffer.size()) || input.gcount() > 0) {
        hash.update(std::as_bytes(std::span(buffer.data(), static_cast<std::size_t>(input.gcount()))));
        seen.bytes += input.gcount();
    }
    if (!input.eof()) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot read a file that the job needs",
                     .where = file.string(),
                     .fix = "Check the file and its permissions."});
    }
    seen.hash = hash.hex();
    return seen;
}

}  // namespace passbench
