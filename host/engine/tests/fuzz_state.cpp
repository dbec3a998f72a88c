// Any bytes as what the state folder holds: a journal, the quarantine, steps. Nothing may crash; what is refused says why, and a
// quarantine that is accepted is the same after it was written again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "host/engine/journal.hpp"
#include "host/engine/quarantine.hpp"

namespace passbench {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void check_journal(std::string_view text) {
    const auto content = parse_journal(text, "fuzz.jsonl");
    if (!content) {
        require(!content.error().what.empty() && content.error().where.starts_with("fuzz.jsonl:"));
        return;
    }
    require(content->whole_bytes <= static_cast<std::int64_t>(text.size()));
    for (const Error& damage : content->damage) require(!damage.what.empty() && !damage.fix.empty());
}

void check_quarantine(std::string_view text) {
    const auto entries = quarantine_from_json(text);
    if (!entries) {
        require(!entries.error().what.empty());
        return;
    }
    const std::string written = to_json(*entries);
    const auto again = quarantine_from_json(written);
    require(again && to_json(*again) == written);
}

}  // namespace
}  // namespace passbench

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    passbench::check_journal(text);
    passbench::check_quarantine(text);
    return 0;
}
