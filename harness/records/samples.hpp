// samples.bin and samples.jsonl: every timed iteration as little-endian 8-byte columns, and one index line for each chunk
// of them. Append only; a chunk exists when its line is whole, so a torn write is never seen.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/durable_files.hpp"
#include "harness/core/result.hpp"

namespace passbench {

enum class Phase { cold, warmup, measure };
[[nodiscard]] std::string_view to_string(Phase phase);

enum class ColumnType { i64, f64 };
inline constexpr std::int64_t value_bytes = 8;  // of either

struct ColumnPlace {
    ColumnType type = ColumnType::i64;
    std::int64_t offset_bytes = 0;  // from the chunk's `at`
};

/// One index line of samples.jsonl.
struct Chunk {
    std::string case_name;
    std::string arm;
    int block = 0;
    int trial = 0;
    int attempt = 0;
    Phase phase = Phase::measure;
    std::int64_t first = 0;  // number of the first iteration within trial and phase
    std::int64_t n = 0;      // iterations
    std::int64_t ops = 1;    // operations an iteration
    std::int64_t at = 0;     // offset in samples.bin
    std::map<std::string, ColumnPlace> columns;
    std::uint32_t crc32c = 0;  // of the chunk's bytes: all columns, n x 8 bytes each
    bool simulated = false;
};

[[nodiscard]] std::string to_json_line(const Chunk& chunk);
/// Error `bad_record` (impossible counts, overlapping or negative places); `where` is left to the caller.
[[nodiscard]] Result<Chunk> chunk_from_json(std::string_view line);

/// Bytes of the chunk in samples.bin.
[[nodiscard]] std::int64_t size_bytes(const Chunk& chunk);

/// A column to be written: name with its unit as suffix, n values.
struct ColumnValues {
    std::string name;
    std::span<const std::int64_t> values;
};

/// Appends chunks to a folder's samples.bin and samples.jsonl; used by the agent for its output folder. No syncs.
class SampleWriter {
public:
    [[nodiscard]] static Result<SampleWriter> open(const std::filesystem::path& folder);
    /// Writes the columns, then the line. `chunk` gives everything but at, columns, n and crc32c. All columns of one length.
    [[nodiscard]] Result<void> append(Chunk chunk, std::span<const ColumnValues> columns);

private:
    SampleWriter(AppendFile bin, AppendFile index);
    AppendFile bin_;
    AppendFile index_;
};

/// Reads the samples of a run or of an agent's output folder. Holds the index alone; values are read when asked for, so
/// memory grows with the number of chunks, not of samples.
class SampleReader {
public:
    /// Reads and checks the index: every whole line must be valid and lie within samples.bin; a torn last line is ignored and
    /// told by torn(). Error `bad_record` with file:line; absent files are an empty set.
    [[nodiscard]] static Result<SampleReader> open(const std::filesystem::path& folder);

    [[nodiscard]] const std::vector<Chunk>& chunks() const { return chunks_; }
    [[nodiscard]] bool torn() const { return torn_; }
    /// The values of an i64 column. Error `bad_record` where the checksum of the chunk does not fit, or there is no such column.
    [[nodiscard]] Result<std::vector<std::int64_t>> column(const Chunk& chunk, std::string_view name) const;
    /// All bytes of a chunk, checksum verified.
    [[nodiscard]] Result<std::vector<std::byte>> bytes(const Chunk& chunk) const;

private:
    std::filesystem::path folder_;
    std::vector<Chunk> chunks_;
    bool torn_ = false;
};

}  // namespace passbench
