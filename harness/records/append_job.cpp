// How what a job measured enters a run: columns first and synced, then the lines that make them exist.
#include <string>

#include "harness/core/checksum.hpp"
#include "harness/records/file_names.hpp"
#include "harness/records/file_reader.hpp"
#include "harness/records/lines.hpp"
#include "harness/records/run_directory.hpp"
#include "harness/records/samples.hpp"

namespace passbench {
namespace {

/// Copies a chunk to the end of `bin`; memory does not grow with its size.
Result<Chunk> copy_chunk(const FileReader& source, const Chunk& chunk, AppendFile& bin) {
    Chunk placed = chunk;
    placed.at = bin.size_bytes();
    std::uint32_t crc = 0;
    PASSBENCH_CHECK(source.read_pieces(chunk.at, size_bytes(chunk), [&](std::span<const std::byte> piece) {
        crc = crc32c(piece, crc);
        return bin.append(piece);
    }));
    if (crc != chunk.crc32c) {
        return fail({.code = ErrorCode::bad_record,
                     .what = "the samples do not fit their checksum (" + chunk.case_name + ")",
                     .where = source.path().string(),
                     .fix = "They changed after they were checked. Nothing of this job is counted; resume the run."});
    }
    return placed;
}

/// Appends all chunks and syncs; returns their index lines.
Result<std::string> copy_columns(const FileReader& source, const std::vector<Chunk>& chunks, AppendFile& bin) {
    // What a crash left behind the last chunk stays; the next chunk begins at a whole value.
    if (const std::int64_t over = bin.size_bytes() % value_bytes; over != 0) {
        PASSBENCH_CHECK(bin.append(std::string(static_cast<std::size_t>(value_bytes - over), '\0')));
    }
    std::string lines;
    for (const Chunk& chunk : chunks) {
        PASSBENCH_TRY(const Chunk placed, copy_chunk(source, chunk, bin));
        lines += to_json_line(placed);
    }
    PASSBENCH_CHECK(bin.sync());
    return lines;
}

Result<void> append_samples(const std::filesystem::path& run, const JobOutput& output) {
    if (output.chunks.empty()) return {};
    PASSBENCH_TRY(const FileReader source, FileReader::open(output.folder / file_name::samples));
    PASSBENCH_TRY(AppendFile bin, AppendFile::open(run / file_name::samples));
    const std::int64_t before = bin.size_bytes();
    auto lines = copy_columns(source, output.chunks, bin);
    if (!lines) {
        // On a full disk this gives the space back that is needed to say so; no line points at these bytes.
        (void)bin.truncate(before);
        return fail(std::move(lines).error());
    }
    return append_lines(run / file_name::samples_index, *lines, Durability::synced);
}

Result<void> append_events(const std::filesystem::path& path, const std::vector<Event>& events) {
    if (events.empty()) return {};
    std::string lines;
    for (const Event& event : events) lines += to_json_line(event);
    return append_lines(path, lines, Durability::synced);
}

}  // namespace

Result<void> RunDirectory::append_job(const JobOutput& output) {
    PASSBENCH_CHECK(append_samples(path_, output));
    PASSBENCH_CHECK(append_events(path_ / file_name::telemetry, output.telemetry));
    return append_events(path_ / file_name::events, output.events);
}

Result<void> RunDirectory::mend_torn_tails() {
    for (const std::string_view name :
         {file_name::samples_index, file_name::events, file_name::telemetry, file_name::log}) {
        PASSBENCH_CHECK(mend_torn_tail(path_ / name));
    }
    return {};
}

}  // namespace passbench
