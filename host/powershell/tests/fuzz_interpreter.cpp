// Any bytes as what an interpreter says: on its output, line by line, as the value of a survey, and on stderr. Nothing may crash;
// what is refused says why, and facts that are accepted can be recorded and read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "host/powershell/host_value.hpp"
#include "host/powershell/interpreter_protocol.hpp"

namespace passbench {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

template <typename T>
void check_refusal(const Result<T>& result) {
    if (!result) require(!result.error().what.empty() && !result.error().fix.empty());
}

void check_value(std::string_view value) {
    const auto host = host_facts_from_value(value);
    check_refusal(host);
    if (host) {
        const auto again = host_from_json(to_json(*host));
        require(again && to_json(*again) == to_json(*host));
    }
    check_refusal(jobs_from_value(value));
}

void check_line(std::string_view line) {
    const auto document = own_document(line);
    if (!document) return;
    check_refusal(greeting_from_json(*document));
    const auto reply = reply_from_json(*document);
    check_refusal(reply);
    if (!reply) return;
    require(reply->id >= 0);
    if (reply->error) {
        require(!to_error("Fuzz", *reply->error).fix.empty());
    } else {
        check_value(reply->value);
    }
}

}  // namespace
}  // namespace passbench

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    passbench::require(passbench::error_texts(text).size() <= size);
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        passbench::check_line(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return 0;
}
