// The first byte picks a decoder, the rest is its text. Nothing may crash, and what decodes must come back the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "harness/core/checksum.hpp"
#include "harness/records/job_progress.hpp"
#include "harness/records/json_codec.hpp"
#include "harness/records/run_directory.hpp"

namespace passbench {
namespace {

std::string encode(const Chunk& chunk) { return to_json_line(chunk); }
std::string encode(const Event& event) { return to_json_line(event); }
template <typename Value>
std::string encode(const Value& value) {
    return to_json(value);
}

/// What those who use the value rely on.
bool is_sound(const JobRequest& request) {
    return request.block >= 0 && request.attempt >= 0 && request.iterations >= 1 && request.cpus >= 0 &&
           request.warmup_ns >= 0 && request.trial_timeout_ns >= 0;
}
template <typename Value>
bool is_sound(const Value& /*value*/) {
    return true;
}

template <typename Decode>
void check(std::string_view text, Decode decode) {
    const auto value = decode(text);
    if (!value) {
        if (value.error().what.empty() || value.error().fix.empty()) std::abort();
        return;
    }
    if (!is_sound(*value)) std::abort();
    const std::string encoded = encode(*value);
    const auto again = decode(std::string_view(encoded));
    if (!again || encode(*again) != encoded) std::abort();
}

/// A plan that was not edited, whatever it says: else the digest would keep the fuzzer out.
void check_plan(std::string_view text) {
    check(text, plan_from_json);
    auto sealed = codec::decode(text, codec::max_plan_bytes, [](const codec::Json& root) {
        codec::Json document = root;
        document.erase("sha256");
        document["sha256"] = sha256_hex(codec::to_compact(document));
        return codec::to_compact(document);
    });
    if (sealed) check(*sealed, plan_from_json);
}

void check_one(std::uint8_t decoder, std::string_view text) {
    // The seeds begin with the digit of their decoder.
    switch (static_cast<std::uint8_t>(decoder - '0') % 10) {
        case 0:
            return check_plan(text);
        case 1:
            return check(text, request_from_json);
        case 2:
            return check(text, chunk_from_json);
        case 3:
            return check(text, event_from_json);
        case 4:
            return check(text, stats_from_json);
        case 5:
            return check(text, verdict_from_json);
        case 6:
            return check(text, environment_from_json);
        case 7:
            return check(text, environments_from_json);
        case 8:
            return check(text, host_from_json);
        default:  // the two that are called status.json
            check(text, status_from_json);
            return check(text, job_progress_from_json);
    }
}

}  // namespace
}  // namespace passbench

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 0) passbench::check_one(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
    return 0;
}
