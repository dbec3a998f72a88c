#include "host/carriers/file_stream.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <random>
#include <system_error>

#include "host/carriers/output_file.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_noise_bytes = 1 << 20;  // before the beginning
constexpr std::size_t longest_name = 4096;

std::string random_mark() {
    std::random_device random;
    std::string mark = "#";
    constexpr std::string_view digits = "0123456789abcdef";
    for (int word = 0; word < 4; ++word) {
        for (auto bits = random(); bits != 0; bits >>= 4U) mark += digits[bits & 0xFU];
    }
    return mark;
}

Error bad_stream(const fs::path& stream, std::string what) {
    return {.code = ErrorCode::bad_record,
            .what = "what the guest sends is no stream of files: " + std::move(what),
            .where = stream.filename().string(),
            .fix = "See what the login of this user prints or starts in the guest, then try again."};
}

/// A path below the folder: no "..", no root, nothing that is empty.
bool is_below(const std::string& name) {
    if (name.empty() || name.front() == '/' || name.find('\\') != std::string::npos) return false;
    if (name.find("//") != std::string::npos) return false;
    const fs::path path(name);
    const auto leads_away = [](const fs::path& part) { return part == ".." || part == "." || part.empty(); };
    return std::none_of(path.begin(), path.end(), leads_away);
}

class StreamReader {
public:
    StreamReader(const fs::path& stream, const StreamMarks& marks, const fs::path& folder, const StreamLimits& limits)
        : stream_(stream), marks_(marks), folder_(folder), limits_(limits), input_(stream, std::ios::binary) {}

    Result<std::size_t> read() {
        PASSBENCH_CHECK(find_beginning());
        std::size_t files = 0;
        std::int64_t bytes = 0;
        while (input_.peek() >= '0' && input_.peek() <= '9') {
            PASSBENCH_TRY(const Entry entry, read_entry());
            bytes += entry.bytes;
            if (++files > static_cast<std::size_t>(limits_.most_files) || bytes > limits_.most_bytes) {
                return fail(bad_stream(stream_, "it holds more than " + std::to_string(limits_.most_files) +
                                                    " files or " + std::to_string(limits_.most_bytes) + " bytes"));
            }
            PASSBENCH_CHECK(write(entry));
        }
        std::string end(marks_.end.size(), '\0');
        input_.read(end.data(), static_cast<std::streamsize>(end.size()));
        if (!input_ || end != marks_.end) return fail(bad_stream(stream_, "it was cut short"));
        return files;
    }

private:
    struct Entry {
        std::int64_t bytes = 0;
        std::string name;
    };

    Result<void> find_beginning() {
        std::string head(most_noise_bytes, '\0');
        input_.read(head.data(), static_cast<std::streamsize>(head.size()));
        head.resize(static_cast<std::size_t>(input_.gcount()));
        const std::size_t found = head.find(marks_.begin + "\n");
        if (found == std::string::npos) return fail(bad_stream(stream_, "its beginning is not there"));
        input_.clear();
        input_.seekg(static_cast<std::streamoff>(found + marks_.begin.size() + 1));
        return {};
    }

    /// "SIZE NAME" up to the zero byte.
    Result<Entry> read_entry() {
        std::string line;
        while (line.size() < longest_name && input_.peek() > 0) line += static_cast<char>(input_.get());
        if (input_.get() != 0) return fail(bad_stream(stream_, "a name has no end"));
        Entry entry;
        const char* const end = line.data() + line.size();
        const auto [rest, error] = std::from_chars(line.data(), end, entry.bytes);
        if (error != std::errc() || rest == end || *rest != ' ') return fail(bad_stream(stream_, "a file has no size"));
        entry.name.assign(rest + 1, end);
        if (entry.name.starts_with("./")) entry.name.erase(0, 2);
        if (!is_below(entry.name)) {
            return fail(bad_stream(stream_, "the name '" + entry.name.substr(0, 200) + "' leads out of its folder"));
        }
        return entry;
    }

    Result<void> write(const Entry& entry) {
        const fs::path path = folder_ / entry.name;
        std::error_code error;
        fs::create_directories(path.parent_path(), error);
        // Never through a name that is there: it may be a link, and it may be a second name of another job's file.
        if (!error) fs::remove(path, error);
        if (error) return fail(not_written(path, error.message()));
        OutputFile file(path, entry.bytes);
        std::array<char, 65536> buffer;
        for (std::int64_t left = entry.bytes; left > 0 && file.trouble().empty();) {
            const auto piece = std::min(left, static_cast<std::int64_t>(buffer.size()));
            input_.read(buffer.data(), piece);
            if (!input_) return fail(bad_stream(stream_, entry.name + " was cut short"));
            file.append({buffer.data(), static_cast<std::size_t>(piece)});
            left -= piece;
        }
        if (!file.trouble().empty()) return fail(not_written(path, file.trouble()));
        return {};
    }

    static Error not_written(const fs::path& path, const std::string& why) {
        return {.code = ErrorCode::io,
                .what = "cannot write a file that came from the guest: " + why,
                .where = path.string(),
                .fix = "Check that the folder may be written to and that its disk has room."};
    }

    const fs::path& stream_;
    const StreamMarks& marks_;
    const fs::path& folder_;
    const StreamLimits& limits_;
    std::ifstream input_;
};

}  // namespace

StreamMarks StreamMarks::make() { return {.begin = random_mark(), .end = random_mark()}; }

std::vector<std::string> StreamMarks::halves() const {
    const std::size_t first = begin.size() / 2;
    const std::size_t second = end.size() / 2;
    return {begin.substr(0, first), begin.substr(first), end.substr(0, second), end.substr(second)};
}

Result<std::size_t> unpack_stream(const fs::path& stream, const StreamMarks& marks, const fs::path& folder,
                                  const StreamLimits& limits) {
    return StreamReader(stream, marks, folder, limits).read();
}

}  // namespace passbench
