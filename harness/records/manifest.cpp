// MANIFEST.sha256, as sha256sum writes and checks it.
#include <algorithm>
#include <map>
#include <system_error>

#include "harness/core/checksum.hpp"
#include "harness/records/file_names.hpp"
#include "harness/records/file_reader.hpp"
#include "harness/records/lines.hpp"
#include "harness/records/run_directory.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t digest_length = 64;
constexpr std::int64_t max_manifest_bytes = 1 << 20;

Result<std::string> digest_of(const fs::path& path) {
    PASSBENCH_TRY(const FileReader file, FileReader::open(path));
    Sha256 hash;
    PASSBENCH_CHECK(file.read_pieces(0, file.size_bytes(), [&](std::span<const std::byte> piece) -> Result<void> {
        hash.update(piece);
        return {};
    }));
    return hash.hex();
}

/// File name -> digest.
using Manifest = std::map<std::string, std::string, std::less<>>;

Result<void> take_line(std::string_view line, Manifest& manifest) {
    constexpr std::string_view separator = "  ";
    const std::string_view digest = line.substr(0, digest_length);
    const std::string_view rest = line.substr(std::min(line.size(), digest_length));
    const bool is_digest =
        digest.size() == digest_length && digest.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    const std::string_view name = rest.starts_with(separator) ? rest.substr(separator.size()) : std::string_view{};
    const bool is_known =
        std::find(file_name::measured.begin(), file_name::measured.end(), name) != file_name::measured.end();
    if (!is_digest || !is_known) {
        return fail({.code = ErrorCode::bad_record,
                     .what = "this is not a SHA-256, two blanks and the name of a file of a run",
                     .fix = "Restore the manifest from a copy."});
    }
    manifest.emplace(name, digest);
    return {};
}

}  // namespace

Result<void> RunDirectory::write_manifest() {
    std::string lines;
    std::error_code absent;
    for (const std::string_view name : file_name::measured) {
        if (!fs::exists(path_ / name, absent)) continue;
        PASSBENCH_TRY(const std::string digest, digest_of(path_ / name));
        lines += digest + "  " + std::string(name) + "\n";
    }
    return replace_file(path_ / file_name::manifest, lines);
}

bool RunDirectory::has_manifest() const {
    std::error_code absent;
    return fs::exists(path_ / file_name::manifest, absent);
}

Result<std::vector<std::string>> RunDirectory::check_manifest() const {
    const fs::path path = path_ / file_name::manifest;
    std::error_code absent;
    if (!has_manifest()) {
        return fail({.code = ErrorCode::bad_record,
                     .what = "there is no MANIFEST.sha256: the run did not end whole",
                     .where = path_.string(),
                     .fix = "End it with `passbench run --resume` on this folder."});
    }
    Manifest manifest;
    PASSBENCH_CHECK(
        read_lines(path, max_manifest_bytes, [&](std::string_view line) { return take_line(line, manifest); }));
    std::vector<std::string> misfits;
    for (const std::string_view name : file_name::measured) {
        const bool is_there = fs::exists(path_ / name, absent);
        const auto listed = manifest.find(name);
        if (!is_there && listed == manifest.end()) continue;
        if (is_there && listed != manifest.end()) {
            PASSBENCH_TRY(const std::string digest, digest_of(path_ / name));
            if (digest == listed->second) continue;
        }
        misfits.emplace_back(name);
    }
    return misfits;
}

}  // namespace passbench
