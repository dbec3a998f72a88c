#include "host/engine/journal.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>
#include <utility>

#include "harness/core/clock.hpp"
#include "harness/core/this_process.hpp"
#include "host/engine/step_codec.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;
using codec::Json;
using codec::Place;

constexpr codec::Format journal_format{"passbench.journal", 1};
constexpr std::size_t max_line_bytes = std::size_t{16} << 20;      // a survey of a large host is one line
constexpr std::int64_t max_journal_bytes = std::int64_t{1} << 30;  // thousands of leases of such a host

bool is_file_name(const std::string& name) {
    return !name.empty() && !name.starts_with('.') && name.find('/') == std::string::npos &&
           name.find('\0') == std::string::npos;
}

fs::path journal_file(const fs::path& state_folder, const std::string& run) {
    return journal_folder(state_folder) / (run + ".jsonl");
}

JournalLease& lease_of(const Place& line, JournalContent& content) {
    const auto number = static_cast<std::size_t>(line.integer("lease"));
    const auto found = std::find_if(content.leases.begin(), content.leases.end(),
                                    [&](const JournalLease& lease) { return lease.number == number; });
    if (found == content.leases.end()) line.refuse("lease " + std::to_string(number) + " was never begun");
    return *found;
}

void take_begin(const Place& line, JournalContent& content) {
    JournalLease lease;
    lease.number = static_cast<std::size_t>(line.integer("lease"));
    if (!content.leases.empty() && lease.number <= content.leases.back().number) line.refuse("leases count upwards");
    lease.provider = line.text("provider");
    lease.begun = line.text("at");
    const Place snapshot = line.member("snapshot");
    line.each_member("snapshot", [&](const std::string& resource, const Place&) {
        lease.snapshot.emplace(resource, snapshot.facts(resource));
    });
    content.leases.push_back(std::move(lease));
}

void take_intent(const Place& line, JournalContent& content) {
    JournalLease& lease = lease_of(line, content);
    if (static_cast<std::size_t>(line.integer("step")) != lease.steps.size())
        line.refuse("a step is missing before this one");
    lease.steps.push_back({.step = decode_step(line)});
}

void take_note(const Place& line, JournalContent& content) {
    JournalLease& lease = lease_of(line, content);
    const auto index = static_cast<std::size_t>(line.integer("step"));
    if (index >= lease.steps.size()) line.refuse("step " + std::to_string(index) + " was never intended");
    JournalStep& step = lease.steps[index];
    step.phase = line.word("phase", {StepPhase::done, StepPhase::restoring, StepPhase::restored, StepPhase::left,
                                     StepPhase::quarantined, StepPhase::kept});
    step.was_done = step.was_done || step.phase == StepPhase::done;
}

void take_end(const Place& line, JournalContent& content) {
    lease_of(line, content).ended = true;
    // An end says that the whole host was surveyed against the snapshot: what was unreadable before it no longer matters.
    content.damage.clear();
}

/// Error for a whole file of a version that is not known; a damaged line throws.
Result<void> take_line(const Json& root, JournalContent& content) {
    const Place line(root);
    const std::string kind = line.text("kind");
    if (kind == "begin") {
        try {
            codec::check_format(line, journal_format);
        } catch (const codec::BadDocument& unknown) {
            return fail(unknown.error());
        }
        take_begin(line, content);
    } else if (kind == "intent") {
        take_intent(line, content);
    } else if (kind == "note") {
        take_note(line, content);
    } else if (kind == "end") {
        take_end(line, content);
    } else {
        line.member("kind").refuse("this is no line of a journal");
    }
    return {};
}

Error damaged_line(Error error, const std::string& name, std::size_t number) {
    error.where = name + ":" + std::to_string(number);
    error.fix = "Compare this host with the snapshot in the journal's last `begin` line, then move the journal away.";
    return error;
}

Json begin_line(std::size_t lease, const std::string& provider, const HostFacts& snapshot) {
    Json line = codec::begin(journal_format);
    line["kind"] = "begin";
    line["lease"] = lease;
    line["at"] = utc_now();
    line["process"] = process_number();
    line["provider"] = provider;
    Json& resources = line["snapshot"] = Json::object();
    for (const auto& [resource, facts] : snapshot) resources[resource] = codec::encode(facts);
    return line;
}

}  // namespace

std::string_view to_string(StepPhase phase) {
    switch (phase) {
        case StepPhase::intended:
            return "intended";
        case StepPhase::done:
            return "done";
        case StepPhase::restoring:
            return "restoring";
        case StepPhase::restored:
            return "restored";
        case StepPhase::left:
            return "left";
        case StepPhase::quarantined:
            return "quarantined";
        case StepPhase::kept:
            return "kept";
    }
    return "";
}

Result<JournalContent> parse_journal(std::string_view text, const std::string& name) {
    JournalContent content;
    std::size_t number = 0;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        ++number;
        content.whole_bytes += static_cast<std::int64_t>(end) + 1;
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (line.empty()) continue;
        auto taken = codec::decode(line, max_line_bytes, [&](const Json& root) { return take_line(root, content); });
        if (!taken) {
            content.damage.push_back(damaged_line(std::move(taken).error(), name, number));
        } else if (!*taken) {
            Error error = std::move(*taken).error();
            error.where = name + ":" + std::to_string(number);
            return fail(std::move(error));
        }
    }
    return content;
}

Result<JournalContent> read_journal(const fs::path& path) {
    PASSBENCH_TRY(const std::string text, read_file(path, max_journal_bytes));
    return parse_journal(text, path.string());
}

std::vector<std::string> kept_changes(const JournalContent& journal) {
    std::map<std::string, std::string> values;
    for (const JournalLease& lease : journal.leases) {
        for (const JournalStep& each : lease.steps) {
            if (each.phase != StepPhase::kept) continue;
            std::string name = each.step.resource;
            values[std::move(name.append(" ").append(each.step.property))] = each.step.wanted;
        }
    }
    std::vector<std::string> changes;
    changes.reserve(values.size());
    for (const auto& [name, value] : values) changes.emplace_back(name).append(" = ").append(value);
    return changes;
}

bool is_finished(const fs::path& path) {
    constexpr std::streamoff tail_bytes = 1024;  // an `end` line has about 80
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const std::streamoff size = file.tellg();
    if (!file || size <= 0) return false;
    file.seekg(std::max<std::streamoff>(size - tail_bytes, 0));
    std::string tail{std::istreambuf_iterator<char>(file), {}};
    if (!tail.ends_with('\n')) return false;
    tail.pop_back();
    const std::string last = tail.substr(tail.rfind('\n') + 1);
    const auto kind = codec::decode(last, max_line_bytes, [](const Json& root) { return Place(root).text("kind"); });
    return kind && *kind == "end";
}

fs::path journal_folder(const fs::path& state_folder) { return state_folder / "journals"; }

Result<std::string> journal_text(const fs::path& state_folder, const std::string& run) {
    const fs::path path = journal_file(state_folder, run);
    std::error_code ignored;  // what cannot be looked at cannot be read either, and that says why
    if (fs::status(path, ignored).type() == fs::file_type::not_found) return std::string();
    return read_file(path, max_journal_bytes);
}

Result<std::vector<fs::path>> journals(const fs::path& state_folder) {
    std::vector<fs::path> found;
    std::error_code error;
    const fs::path folder = journal_folder(state_folder);
    if (!fs::exists(folder, error)) return found;
    for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        if (entry->path().extension() == ".jsonl") found.push_back(entry->path());
    }
    if (error) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot list the journals: " + error.message(),
                     .where = folder.string(),
                     .fix = "Run as the user who measured, or as root."});
    }
    std::sort(found.begin(), found.end());
    return found;
}

Journal::Journal(fs::path path, AppendFile file, std::size_t lease_count)
    : path_(std::move(path)), file_(std::move(file)), lease_count_(lease_count) {}

Result<Journal> Journal::open(const fs::path& state_folder, const std::string& run) {
    if (!is_file_name(run)) {
        return fail({.code = ErrorCode::usage,
                     .what = "a run cannot be named '" + run + "'",
                     .where = state_folder.string(),
                     .fix = "Use a name without slashes that does not begin with a dot."});
    }
    const fs::path path = journal_file(state_folder, run);
    PASSBENCH_CHECK(make_folder(journal_folder(state_folder)));
    PASSBENCH_TRY(AppendFile file, AppendFile::open(path));
    PASSBENCH_TRY(const JournalContent content, read_journal(path));
    if (file.size_bytes() > content.whole_bytes) PASSBENCH_CHECK(file.truncate(content.whole_bytes));
    const std::size_t count = content.leases.empty() ? 0 : content.leases.back().number + 1;
    return Journal(path, std::move(file), count);
}

Result<void> Journal::append_line(const std::string& line) {
    const std::int64_t whole_bytes = file_.size_bytes();
    auto appended = file_.append((ends_torn_ ? "\n" : "") + line + "\n");
    if (appended) {
        ends_torn_ = false;
        return {};
    }
    // What was written of the line must not run into the next one.
    if (file_.size_bytes() > whole_bytes && !file_.truncate(whole_bytes)) ends_torn_ = true;
    return fail_in(std::move(appended).error(), "writing the journal " + path_.string());
}

Result<std::size_t> Journal::begin(const std::string& provider, const HostFacts& snapshot) {
    const std::size_t lease = lease_count_;
    PASSBENCH_CHECK(append_line(codec::to_compact(begin_line(lease, provider, snapshot))));
    PASSBENCH_CHECK(file_.sync());
    ++lease_count_;
    return lease;
}

Result<void> Journal::intent(std::size_t lease, std::size_t index, const Step& step) {
    Json line = encode(step);
    line["kind"] = "intent";
    line["lease"] = lease;
    line["step"] = index;
    line["at"] = utc_now();
    const std::string text = codec::to_compact(line);
    const auto read_back =
        codec::decode(text, max_line_bytes, [](const Json& root) { return decode_step(Place(root)); });
    if (!read_back || *read_back != step) {
        return fail(
            {.code = ErrorCode::unsupported,
             .what = "this step cannot be written down so that it reads back the same (its values must be UTF-8)",
             .where = step.resource + " " + step.property,
             .fix = "Nothing was changed; set this property by hand and leave it out of lab.toml."});
    }
    PASSBENCH_CHECK(append_line(text));
    return file_.sync();
}

Result<void> Journal::note(std::size_t lease, std::size_t index, StepPhase phase, const std::string& observed) {
    const Json line = {{"kind", "note"},       {"lease", lease}, {"step", index}, {"phase", to_string(phase)},
                       {"observed", observed}, {"at", utc_now()}};
    PASSBENCH_CHECK(append_line(codec::to_compact(line)));
    if (phase == StepPhase::restoring) return file_.sync();
    return {};
}

Result<void> Journal::end(std::size_t lease) {
    PASSBENCH_CHECK(append_line(codec::to_compact(Json{{"kind", "end"}, {"lease", lease}, {"at", utc_now()}})));
    return file_.sync();
}

}  // namespace passbench
