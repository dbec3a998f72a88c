// An agent's folder of any content: the text up to "\n=\n" is samples.jsonl, up to the next is events.jsonl, the rest is
// samples.bin. Nothing may crash; what is accepted as a job's output can be appended to a run and read from there.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "harness/core/tests/temp_folder.hpp"
#include "harness/records/tests/example_records.hpp"

namespace passbench {
namespace {

/// The text up to the separator, which is taken off `rest` with it.
std::string_view take_part(std::string_view& rest) {
    constexpr std::string_view separator = "\n=\n";
    const std::size_t end = rest.find(separator);
    const std::string_view part = rest.substr(0, end == std::string_view::npos ? end : end + 1);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + separator.size());
    return part;
}

void check_all_readable(const std::filesystem::path& folder, bool must_be_sound) {
    const auto samples = SampleReader::open(folder);
    if (!samples) {
        if (must_be_sound) std::abort();
        return;
    }
    for (const Chunk& chunk : samples->chunks()) {
        if (!samples->bytes(chunk) && must_be_sound) std::abort();
        for (const auto& [name, place] : chunk.columns) {
            const bool is_read = place.type != ColumnType::i64 || samples->column(chunk, name);
            if (!is_read && must_be_sound) std::abort();
        }
    }
}

void check_folder(std::string_view input) {
    static const TempFolder folder;
    static const JobRequest request = example::request(example::plan(), 1, 0);
    static const std::filesystem::path job = folder / "job";
    static RunDirectory run = RunDirectory::create(folder.path(), "", example::plan()).value();
    std::filesystem::create_directories(job);
    write_plainly(job / "samples.jsonl", take_part(input));
    write_plainly(job / "events.jsonl", take_part(input));
    write_plainly(job / "samples.bin", input);
    check_all_readable(job, false);
    const auto output = read_job_output(job, request);
    if (!output) return;
    for (const char* file : {"samples.jsonl", "samples.bin", "events.jsonl"})
        std::filesystem::remove(run.path() / file);
    if (!run.append_job(*output)) std::abort();
    check_all_readable(run.path(), true);
    const auto events = run.events();
    if (!events || events->size() != output->events.size()) std::abort();
}

}  // namespace
}  // namespace passbench

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    passbench::check_folder({reinterpret_cast<const char*>(data), size});
    return 0;
}
