// Reads the small files by which a kernel describes its machine (/proc, /sys, /etc, /dev), below a root that tests replace by a
// tree of their own. Everything read is bounded and made printable, because it ends up in records and on terminals.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace passbench {

/// `text` with every byte outside printable ASCII as '?', white space at the ends gone, cut to `limit` bytes.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit);

class MachineFiles {
public:
    /// Files by their path and text: what a machine without such a tree says of itself in their form.
    using Given = std::map<std::string, std::string, std::less<>>;

    explicit MachineFiles(std::filesystem::path root = "/") : root_(std::move(root)) {}
    explicit MachineFiles(Given given) : root_("no files here"), given_(std::move(given)) {}

    /// The first line, printable, at most 512 bytes; nothing where the file is absent, unreadable or empty. `path` has no
    /// leading slash: "proc/meminfo".
    [[nodiscard]] std::optional<std::string> line(std::string_view path) const;
    /// The number that the first line begins with.
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view path) const;
    /// At most the first 256 KiB, as they are; empty where the file cannot be read.
    [[nodiscard]] std::string text(std::string_view path) const;
    /// The names in a folder, sorted, at most 4096; empty where there is no such folder.
    [[nodiscard]] std::vector<std::string> names(std::string_view folder) const;
    [[nodiscard]] bool exists(std::string_view path) const;
    /// For reading and writing, by this user.
    [[nodiscard]] bool may_open(std::string_view path) const;
    /// The last part of what a symbolic link points at; nothing where `path` is not a link.
    [[nodiscard]] std::optional<std::string> link_name(std::string_view path) const;

private:
    std::filesystem::path root_;  // a folder that is not there, where all is given
    Given given_;
};

/// The value of the first line "key<separator>value" in `text`, printable, at most 512 bytes.
[[nodiscard]] std::optional<std::string> value_of(std::string_view text, std::string_view key, char separator);
/// The integer that `text` begins with.
[[nodiscard]] std::optional<std::int64_t> leading_number(std::string_view text);

}  // namespace passbench
