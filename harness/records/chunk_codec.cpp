// Chunk as a line of samples.jsonl; the files themselves are samples.cpp.
#include <algorithm>
#include <vector>

#include "harness/records/json_codec.hpp"
#include "harness/records/samples.hpp"

namespace passbench {
namespace {

using codec::Json;
using codec::Place;

constexpr codec::Format samples_format = {.name = "passbench.samples", .version = 1};
constexpr std::size_t max_columns = 64;
constexpr std::int64_t max_values = std::int64_t{1} << 40;  // with max_columns still far from overflow
constexpr std::int64_t max_offset = std::int64_t{1} << 60;

std::string_view name_of(ColumnType type) { return type == ColumnType::i64 ? "i64" : "f64"; }

/// `wall_ns`: a letter, then letters, digits and underscores; it becomes a name in tables.
bool is_column_name(std::string_view name) {
    const auto is_lower = [](char character) { return character >= 'a' && character <= 'z'; };
    const auto fits = [&](char character) {
        return is_lower(character) || (character >= '0' && character <= '9') || character == '_';
    };
    return !name.empty() && name.size() <= 64 && is_lower(name.front()) && std::all_of(name.begin(), name.end(), fits);
}

ColumnPlace decode_column(const std::string& name, const Place& place) {
    if (!is_column_name(name)) place.refuse("a column's name has lower-case letters, digits and underscores");
    place.check_array(2);
    if (place.size() != 2) place.refuse("expected [type, offset]");
    const std::string type = place.text_at(0);
    if (type != "i64" && type != "f64") place.refuse("expected the type i64 or f64");
    return {.type = type == "i64" ? ColumnType::i64 : ColumnType::f64,
            .offset_bytes = place.integer_at(1, 0, max_offset)};
}

/// The columns fill the chunk without a gap and without sharing a byte.
void check_columns(const Chunk& chunk, const Place& columns) {
    if (chunk.columns.empty()) columns.refuse("a chunk has at least one column");
    if (chunk.columns.size() > max_columns) columns.refuse("there are more than " + std::to_string(max_columns));
    std::vector<std::int64_t> offsets;
    for (const auto& [name, column] : chunk.columns) offsets.push_back(column.offset_bytes);
    std::sort(offsets.begin(), offsets.end());
    for (std::size_t index = 0; index < offsets.size(); ++index) {
        const std::int64_t expected = static_cast<std::int64_t>(index) * chunk.n * value_bytes;
        if (offsets[index] == expected) continue;
        columns.refuse("the columns overlap or leave a gap: one begins at " + std::to_string(offsets[index]) +
                       " where " + std::to_string(expected) + " is the place of the next");
    }
}

Chunk decode_chunk(const Place& line) {
    Chunk chunk;
    chunk.case_name = line.nonempty_text("case");
    chunk.arm = line.nonempty_text("arm");
    chunk.block = line.small("block");
    chunk.trial = line.small("trial");
    chunk.attempt = line.small("attempt");
    chunk.phase = line.word("phase", {Phase::cold, Phase::warmup, Phase::measure});
    chunk.first = line.integer("first", 0, max_values);
    chunk.n = line.integer("n", 1, max_values);
    chunk.ops = line.integer("ops", 1);
    const Place at = line.member("at");
    chunk.at = at.as_integer(0, max_offset);
    if (chunk.at % value_bytes != 0) at.refuse("expected a multiple of 8");
    line.each_member("columns", [&](const std::string& name, const Place& place) {
        chunk.columns.emplace(name, decode_column(name, place));
    });
    const Place columns = line.member("columns");
    check_columns(chunk, columns);
    chunk.crc32c = static_cast<std::uint32_t>(line.integer("crc32c", 0, std::numeric_limits<std::uint32_t>::max()));
    chunk.simulated = line.boolean("simulated");
    return chunk;
}

}  // namespace

std::string_view to_string(Phase phase) {
    switch (phase) {
        case Phase::cold:
            return "cold";
        case Phase::warmup:
            return "warmup";
        case Phase::measure:
            return "measure";
    }
    return "";
}

std::string to_json_line(const Chunk& chunk) {
    Json json = codec::begin(samples_format);
    json["case"] = chunk.case_name;
    json["arm"] = chunk.arm;
    json["block"] = chunk.block;
    json["trial"] = chunk.trial;
    json["attempt"] = chunk.attempt;
    json["phase"] = to_string(chunk.phase);
    json["first"] = chunk.first;
    json["n"] = chunk.n;
    json["ops"] = chunk.ops;
    json["at"] = chunk.at;
    json["columns"] = Json::object();
    for (const auto& [name, place] : chunk.columns) {
        json["columns"][name] = {name_of(place.type), place.offset_bytes};
    }
    json["crc32c"] = chunk.crc32c;
    json["simulated"] = chunk.simulated;
    return codec::to_compact(json) + "\n";
}

Result<Chunk> chunk_from_json(std::string_view line) {
    return codec::decode(line, samples_format, codec::max_line_bytes, decode_chunk);
}

std::int64_t size_bytes(const Chunk& chunk) {
    return static_cast<std::int64_t>(chunk.columns.size()) * chunk.n * value_bytes;
}

}  // namespace passbench
