#include "host/engine/quarantine.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "harness/core/durable_files.hpp"
#include "harness/records/json_codec.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;
using codec::Json;
using codec::Place;

constexpr codec::Format quarantine_format{"passbench.quarantine", 1};
constexpr std::size_t max_entries = 100'000;

Json encode(const QuarantineEntry& entry) {
    return {{"resource", entry.resource}, {"property", entry.property}, {"before", entry.before},
            {"wanted", entry.wanted},     {"observed", entry.observed}, {"provider", entry.provider},
            {"run", entry.run},           {"since", entry.since},       {"why", entry.why}};
}

QuarantineEntry decode_entry(const Place& place) {
    return {.resource = place.nonempty_text("resource"),
            .property = place.nonempty_text("property"),
            .before = place.text("before"),
            .wanted = place.text("wanted"),
            .observed = place.text("observed"),
            .provider = place.text("provider"),
            .run = place.text("run"),
            .since = place.text("since"),
            .why = place.text("why")};
}

Result<void> write(const fs::path& state_folder, const std::vector<QuarantineEntry>& entries) {
    return replace_file(quarantine_file(state_folder), to_json(entries));
}

auto is_about(const std::string& resource, const std::string& property) {
    return [&resource, &property](const QuarantineEntry& entry) {
        return entry.resource == resource && entry.property == property;
    };
}

}  // namespace

fs::path quarantine_file(const fs::path& state_folder) { return state_folder / "quarantine.json"; }

std::string to_json(const std::vector<QuarantineEntry>& entries) {
    Json document = codec::begin(quarantine_format);
    Json& list = document["entries"] = Json::array();
    for (const QuarantineEntry& entry : entries) list.push_back(encode(entry));
    return codec::to_document(document);
}

Result<std::vector<QuarantineEntry>> quarantine_from_json(std::string_view text) {
    return codec::decode(text, quarantine_format, codec::max_document_bytes, [](const Place& document) {
        std::vector<QuarantineEntry> entries;
        document.each("entries", max_entries, [&](const Place& place) { entries.push_back(decode_entry(place)); });
        return entries;
    });
}

Result<std::vector<QuarantineEntry>> read_quarantine(const fs::path& state_folder) {
    const fs::path path = quarantine_file(state_folder);
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return std::vector<QuarantineEntry>();
    PASSBENCH_TRY(const std::string text, read_file(path, codec::max_document_bytes));
    auto entries = quarantine_from_json(text);
    if (entries) return entries;
    Error error = std::move(entries).error();
    error.where = path.string();
    error.fix = "Repair the file, or move it away once you have made sure that the host is as it should be.";
    return fail(std::move(error));
}

Result<void> put_in_quarantine(const fs::path& state_folder, const QuarantineEntry& entry) {
    PASSBENCH_TRY(std::vector<QuarantineEntry> entries, read_quarantine(state_folder));
    std::erase_if(entries, is_about(entry.resource, entry.property));
    entries.push_back(entry);
    PASSBENCH_CHECK(make_folder(state_folder));
    return write(state_folder, entries);
}

Result<void> clear_quarantine(const fs::path& state_folder, const std::string& resource, const std::string& property) {
    PASSBENCH_TRY(std::vector<QuarantineEntry> entries, read_quarantine(state_folder));
    if (std::erase_if(entries, is_about(resource, property)) == 0) return {};
    return write(state_folder, entries);
}

}  // namespace passbench
