#include "harness/records/samples.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <system_error>
#include <utility>

#include "harness/core/checksum.hpp"
#include "harness/records/file_reader.hpp"
#include "harness/records/lines.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

// Columns are written as they lie in memory; a big-endian machine would have to swap them.
static_assert(std::endian::native == std::endian::little);

constexpr const char* bin_name = "samples.bin";
constexpr const char* index_name = "samples.jsonl";
constexpr std::int64_t max_index_bytes = std::int64_t{1} << 32;

Error bad_chunk(const Chunk& chunk, const fs::path& where, std::string what) {
    return {
        .code = ErrorCode::bad_record,
        .what = std::move(what) + " (" + chunk.case_name + ", arm " + chunk.arm + ", block " +
                std::to_string(chunk.block) + ", trial " + std::to_string(chunk.trial) + ", byte " +
                std::to_string(chunk.at) + ")",
        .where = where.string(),
        .fix = "Restore samples.bin from a copy, or measure again; it was changed or damaged after it was written."};
}

}  // namespace

SampleWriter::SampleWriter(AppendFile bin, AppendFile index) : bin_(std::move(bin)), index_(std::move(index)) {}

Result<SampleWriter> SampleWriter::open(const fs::path& folder) {
    PASSBENCH_TRY(AppendFile bin, AppendFile::open(folder / bin_name));
    PASSBENCH_TRY(AppendFile index, AppendFile::open(folder / index_name));
    if (const std::int64_t over = bin.size_bytes() % value_bytes; over != 0) {
        const std::string padding(static_cast<std::size_t>(value_bytes - over), '\0');
        PASSBENCH_CHECK(bin.append(padding));
    }
    return SampleWriter(std::move(bin), std::move(index));
}

Result<void> SampleWriter::append(Chunk chunk, std::span<const ColumnValues> columns) {
    const bool is_sound =
        !columns.empty() && std::all_of(columns.begin(), columns.end(), [&](const ColumnValues& column) {
            return !column.values.empty() && column.values.size() == columns.front().values.size();
        });
    if (!is_sound) {
        return fail({.code = ErrorCode::usage,
                     .what = "a chunk of samples needs columns of one length that are not empty",
                     .where = chunk.case_name,
                     .fix = "Give every column a value for each iteration."});
    }
    chunk.at = bin_.size_bytes();
    chunk.n = static_cast<std::int64_t>(columns.front().values.size());
    chunk.columns.clear();
    chunk.crc32c = 0;
    for (const ColumnValues& column : columns) {
        const auto bytes = std::as_bytes(column.values);
        chunk.columns.emplace(column.name, ColumnPlace{.offset_bytes = bin_.size_bytes() - chunk.at});
        chunk.crc32c = crc32c(bytes, chunk.crc32c);
        PASSBENCH_CHECK(bin_.append(bytes));
    }
    return index_.append(to_json_line(chunk));
}

Result<SampleReader> SampleReader::open(const fs::path& folder) {
    SampleReader reader;
    reader.folder_ = folder;
    std::error_code absent;
    const fs::path bin = folder / bin_name;
    const std::uintmax_t size = fs::file_size(bin, absent);
    const std::int64_t bin_bytes = absent ? 0 : static_cast<std::int64_t>(size);
    PASSBENCH_TRY(const LinesRead read,
                  read_lines(folder / index_name, max_index_bytes, [&](std::string_view line) -> Result<void> {
                      PASSBENCH_TRY(Chunk chunk, chunk_from_json(line));
                      if (chunk.at > bin_bytes - size_bytes(chunk)) {
                          return fail(bad_chunk(chunk, bin,
                                                "the chunk lies beyond the end of samples.bin, which has " +
                                                    std::to_string(bin_bytes) + " bytes"));
                      }
                      reader.chunks_.push_back(std::move(chunk));
                      return {};
                  }));
    reader.torn_ = read.torn;
    return reader;
}

Result<std::vector<std::byte>> SampleReader::bytes(const Chunk& chunk) const {
    const fs::path path = folder_ / bin_name;
    PASSBENCH_TRY(const FileReader file, FileReader::open(path));
    if (chunk.at > file.size_bytes() - size_bytes(chunk)) {
        return fail(bad_chunk(chunk, path, "the chunk lies beyond the end of samples.bin"));
    }
    std::vector<std::byte> content(static_cast<std::size_t>(size_bytes(chunk)));
    PASSBENCH_CHECK(file.read_at(chunk.at, content));
    if (crc32c(content) != chunk.crc32c) {
        return fail(bad_chunk(chunk, path, "the samples do not fit their checksum"));
    }
    return content;
}

Result<std::vector<std::int64_t>> SampleReader::column(const Chunk& chunk, std::string_view name) const {
    const auto column = chunk.columns.find(std::string(name));
    if (column == chunk.columns.end() || column->second.type != ColumnType::i64) {
        return fail(bad_chunk(chunk, folder_ / index_name, "there is no i64 column '" + std::string(name) + "'"));
    }
    PASSBENCH_TRY(const std::vector<std::byte> content, bytes(chunk));
    std::vector<std::int64_t> values(static_cast<std::size_t>(chunk.n));
    std::memcpy(values.data(), content.data() + column->second.offset_bytes, values.size() * sizeof values[0]);
    return values;
}

}  // namespace passbench
