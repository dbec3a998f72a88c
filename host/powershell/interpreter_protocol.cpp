#include "host/powershell/interpreter_protocol.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "harness/core/findings.hpp"
#include "harness/records/json_codec.hpp"

namespace passbench {
namespace {

using codec::Json;
using codec::Place;

constexpr std::string_view sentinel = "##passbench ";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::int64_t protocol_version = 1;

Error garbled(const Error& why) {
    return catalogued_error(ErrorCode::io, "the host's interpreter gave an answer that cannot be read: " + why.what,
                            "host.interpreter_garbled");
}

template <typename Decode>
auto decode(std::string_view document, Decode&& decode_root) {
    auto decoded =
        codec::decode(document, most_interpreter_line_bytes, [&](const Json& root) { return decode_root(root); });
    if (!decoded) decoded = fail(garbled(decoded.error()));
    return decoded;
}

FunctionError decode_error(const Place& error) {
    return {.message = error.text("message"),
            .id = error.text_or_empty("id"),
            .category = error.text_or_empty("category"),
            .hresult = error.text_or_empty("hresult")};
}

struct Escape {
    std::string_view written;
    char character;
};

/// "_x000D_" and "&lt;" at the beginning of a text; others stay as they are written, as do characters outside ASCII.
std::optional<Escape> escape_at(std::string_view text) {
    static constexpr std::array<Escape, 5> entities = {
        {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};
    for (const Escape& entity : entities) {
        if (text.starts_with(entity.written)) return entity;
    }
    constexpr std::size_t length = 7;
    if (text.size() < length || !text.starts_with("_x") || text[length - 1] != '_') return std::nullopt;
    unsigned int character = 0;
    const auto read = std::from_chars(text.data() + 2, text.data() + length - 1, character, 16);
    if (read.ptr != text.data() + length - 1 || character >= 0x80) return std::nullopt;
    return Escape{.written = text.substr(0, length), .character = static_cast<char>(character)};
}

std::string from_xml(std::string_view written) {
    std::string text;
    while (!written.empty()) {
        const auto escape = escape_at(written);
        text += escape ? escape->character : written.front();
        written.remove_prefix(escape ? escape->written.size() : 1);
    }
    return text;
}

/// The words of `<S S="Error">...</S>`, which break one message into many lines.
std::string clixml_errors(std::string_view xml) {
    constexpr std::string_view begin = "<S S=\"Error\">";
    constexpr std::string_view end = "</S>";
    std::string texts;
    for (std::size_t at = 0; (at = xml.find(begin, at)) != std::string_view::npos;) {
        at += begin.size();
        const std::size_t stop = std::min(xml.find(end, at), xml.size());
        texts += from_xml(xml.substr(at, stop - at));
        at = stop;
    }
    return texts;
}

std::string trimmed(std::string text) {
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    text.erase(last == std::string::npos ? 0 : last + 1);
    text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    return text;
}

}  // namespace

Result<std::string> request_line(std::int64_t id, std::string_view function, std::string_view arguments) {
    auto line = codec::decode(arguments, most_interpreter_line_bytes, [&](const Json& root) {
        if (!root.is_object()) Place(root).refuse("expected an object");
        const Json request = {{"id", id}, {"function", function}, {"arguments", root}};
        return request.dump(-1, ' ', true) + "\n";
    });
    if (line) return line;
    return fail({.code = ErrorCode::usage,
                 .what = "the arguments of " + std::string(function) + " cannot be sent: " + line.error().what,
                 .where = std::string(function),
                 .fix = "Write names as UTF-8, in lab.toml too."});
}

std::optional<std::string_view> own_document(std::string_view line) {
    if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
    if (!line.starts_with(sentinel)) return std::nullopt;
    line.remove_prefix(sentinel.size());
    while (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

Result<InterpreterGreeting> greeting_from_json(std::string_view document) {
    struct Said {
        std::int64_t protocol;
        InterpreterGreeting greeting;
    };
    PASSBENCH_TRY(Said said, decode(document, [](const Json& root) {
                      const Place place(root);
                      const std::int64_t protocol = place.integer("passbench");
                      if (protocol != protocol_version) return Said{.protocol = protocol, .greeting = {}};
                      return Said{.protocol = protocol,
                                  .greeting = {.interpreter = place.nonempty_text("interpreter"),
                                               .version = place.text("version"),
                                               .edition = place.text_or_empty("edition"),
                                               .simulated = place.boolean("simulated")}};
                  }));
    if (said.protocol != protocol_version) {
        return fail(catalogued_error(ErrorCode::unsupported,
                                     "the host's interpreter speaks version " + std::to_string(said.protocol) +
                                         " of the protocol, and only version " + std::to_string(protocol_version) +
                                         " is known here",
                                     "host.interpreter_version"));
    }
    return std::move(said.greeting);
}

Result<InterpreterReply> reply_from_json(std::string_view document) {
    return decode(document, [](const Json& root) {
        const Place place(root);
        InterpreterReply reply;
        reply.id = place.integer("id");
        if (place.boolean("ok")) {
            // Asked for first, so that its absence is refused.
            if (!place.has("value")) place.refuse("the key 'value' is missing");
            reply.value = codec::to_compact(root.at("value"));
        } else {
            reply.error = decode_error(place.member("error"));
        }
        return reply;
    });
}

std::string error_texts(std::string_view written) {
    constexpr std::string_view mark = "#< CLIXML";
    std::string texts(written.substr(0, written.find(mark)));
    if (const std::size_t xml = written.find(mark); xml != std::string_view::npos) {
        texts += clixml_errors(written.substr(xml + mark.size()));
    }
    return trimmed(std::move(texts));
}

}  // namespace passbench
