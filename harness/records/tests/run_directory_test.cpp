#include "harness/records/run_directory.hpp"

#include <array>
#include <cerrno>
#include <filesystem>
#include <set>
#include <sys/resource.h>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/checksum.hpp"
#include "harness/core/tests/temp_folder.hpp"
#include "harness/records/tests/example_records.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RunDirectoryTest : public testing::Test {
protected:
    void TearDown() override { set_store_observer(nullptr); }

    RunDirectory create() { return RunDirectory::create(folder_ / "runs", "version = 1\n", plan_).value(); }
    JobOutput job(int block, int arm, int attempt = 0) {
        const JobRequest request = example::request(plan_, block, arm, attempt);
        const fs::path folder =
            folder_ / ("job-" + std::to_string(block) + std::to_string(arm) + std::to_string(attempt));
        fs::remove_all(folder);
        EXPECT_TRUE(example::write_job_output(folder, request).has_value());
        return read_job_output(folder, request).value();
    }
    /// From the operation of this number on (from 0, befores and afters counted), nothing works any more: what a
    /// kill leaves behind.
    static void stop_at(std::size_t number) {
        set_store_observer(
            [number, count = std::size_t{0}](auto, const auto&, bool) mutable { return count++ >= number ? EIO : 0; });
    }

    TempFolder folder_;
    Plan plan_ = example::plan();
};

TEST_F(RunDirectoryTest, IsNamedByTimeScenarioAndPlan) {
    const RunDirectory run = create();
    EXPECT_THAT(run.path().filename().string(), testing::MatchesRegex("[0-9]{8}T[0-9]{6}Z-example-08f510(-[0-9]+)?"));
    EXPECT_EQ(read_plainly(run.path() / "scenario.toml"), "version = 1\n");
    EXPECT_EQ(run.plan().value().sha256, plan_.sha256);
    EXPECT_EQ(run.status().value().state, RunState::running);
    EXPECT_TRUE(run.events().value().empty());
    EXPECT_TRUE(run.samples().value().chunks().empty());
}

TEST_F(RunDirectoryTest, TakesAnotherNameWhereOneOfTheSameSecondIsThere) {
    std::set<fs::path> paths;
    for (int number = 0; number < 4; ++number) paths.insert(create().path());
    EXPECT_EQ(paths.size(), 4U);
    for (const fs::path& path : paths) EXPECT_TRUE(RunDirectory::open(path).has_value()) << path;
}

TEST_F(RunDirectoryTest, HasAPlainNameWhateverTheScenarioIsCalled) {
    plan_.scenario = "../a b/\xc3\xa4";
    const RunDirectory run = create();
    EXPECT_EQ(run.path().parent_path(), folder_ / "runs");
    EXPECT_THAT(run.path().filename().string(), HasSubstr("Z-..-a-b----"));
}

TEST_F(RunDirectoryTest, IsThereWholeOrNotAtAllWhereverCreatingItStops) {
    std::size_t operations = 0;
    set_store_observer([&](auto, const auto&, bool) { return static_cast<int>(operations++ * 0); });
    create();
    ASSERT_GT(operations, 30U);
    for (std::size_t stop = 0; stop < operations; ++stop) {
        const fs::path parent = folder_ / ("runs-" + std::to_string(stop));
        stop_at(stop);
        const auto run = RunDirectory::create(parent, "", plan_);
        set_store_observer(nullptr);
        ASSERT_FALSE(run.has_value()) << stop;
        EXPECT_EQ(run.error().code, ErrorCode::io);
        EXPECT_EQ(run.error().trail.back(), "making a run directory in " + parent.string());
        if (!fs::exists(parent)) continue;
        for (const auto& entry : fs::directory_iterator(parent)) {
            if (entry.path().filename().string().starts_with(".")) continue;  // the unfinished one
            EXPECT_TRUE(RunDirectory::open(entry.path()).has_value()) << stop << ": " << entry.path();
        }
    }
}

TEST_F(RunDirectoryTest, CannotBeMadeWhereNothingCanBeWritten) {
    write_plainly(folder_ / "file", "");
    const Error below_file = RunDirectory::create(folder_ / "file/runs", "", plan_).error();
    EXPECT_EQ(below_file.code, ErrorCode::io);
    EXPECT_THAT(below_file.what, HasSubstr("Not a directory"));
    set_store_observer(
        [](StoreOperation operation, const auto&, bool) { return operation == StoreOperation::create ? EROFS : 0; });
    const Error read_only = RunDirectory::create(folder_ / "runs", "", plan_).error();
    EXPECT_THAT(read_only.what, HasSubstr("Read-only file system"));
    EXPECT_EQ(read_only.fix, "Choose a folder that you may write to, or change its permissions.");
}

TEST_F(RunDirectoryTest, IsToldFromWhatIsNone) {
    EXPECT_EQ(RunDirectory::open(folder_ / "absent").error().what, "there is no such folder");
    write_plainly(folder_ / "file", "");
    EXPECT_EQ(RunDirectory::open(folder_ / "file").error().what, "this is a file, not a run directory");
    const Error foreign = RunDirectory::open(folder_.path()).error();
    EXPECT_EQ(foreign.code, ErrorCode::bad_record);
    EXPECT_EQ(foreign.what, "this is not a run directory: there is no plan.json in it");
    EXPECT_THAT(foreign.fix, HasSubstr("results/runs"));
}

TEST_F(RunDirectoryTest, ThatIsDamagedNamesTheFile) {
    const RunDirectory run = create();
    const std::string plan = read_plainly(run.path() / "plan.json");
    write_plainly(run.path() / "plan.json", plan.substr(0, plan.size() / 2));
    const Error cut = RunDirectory::open(run.path()).error();
    EXPECT_EQ(cut.code, ErrorCode::bad_record);
    EXPECT_EQ(cut.where, (run.path() / "plan.json").string());
    write_plainly(run.path() / "plan.json", std::string("\x7f"
                                                        "ELF\0\1",
                                                        6));
    EXPECT_EQ(RunDirectory::open(run.path()).error().code, ErrorCode::bad_record);
    write_plainly(run.path() / "plan.json", plan);
    write_plainly(run.path() / "status.json", "{}");
    EXPECT_EQ(RunDirectory::open(run.path()).error().where, (run.path() / "status.json").string());
}

TEST_F(RunDirectoryTest, OpensWithAnEditedPlanButTellsIt) {
    const RunDirectory run = create();
    std::string plan = read_plainly(run.path() / "plan.json");
    plan.replace(plan.find("0.03"), 4, "0.30");
    write_plainly(run.path() / "plan.json", plan);
    const auto opened = RunDirectory::open(run.path());
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(opened->plan().error().code, ErrorCode::plan_changed);
    EXPECT_EQ(opened->plan().error().where, (run.path() / "plan.json").string());
}

TEST_F(RunDirectoryTest, SaysWhatToDoForWhatWasNotMadeYet) {
    const RunDirectory run = create();
    EXPECT_EQ(run.stats().error().what, "there is no stats.json in this run");
    EXPECT_THAT(run.verdict().error().fix, HasSubstr("passbench report"));
    EXPECT_EQ(run.environments().error().code, ErrorCode::io);
    EXPECT_EQ(run.check_manifest().error().code, ErrorCode::bad_record);
    EXPECT_THAT(run.check_manifest().error().fix, HasSubstr("--resume"));
}

TEST_F(RunDirectoryTest, GivesBackAllThatWasWritten) {
    RunDirectory run = example::write_run(folder_ / "runs", folder_ / "scratch").value();
    const RunDirectory again = RunDirectory::open(run.path()).value();
    EXPECT_EQ(to_json(again.stats().value()), to_json(example::stats()));
    EXPECT_EQ(to_json(again.verdict().value()), to_json(example::verdict()));
    EXPECT_EQ(to_json(again.status().value()), to_json(example::status()));
    EXPECT_EQ(to_json(again.host().value()), to_json(example::host()));
    EXPECT_EQ(again.environments().value().size(), 2U);
    EXPECT_EQ(read_plainly(run.path() / "log.txt"), "the example ended\n");
    EXPECT_EQ(read_plainly(run.report_folder() / "report.md"), "# example\n");
    EXPECT_EQ(counting_attempts(again.events().value()), (CountingAttempts{{0, 0}, {1, 0}}));
    EXPECT_EQ(again.telemetry().value().size(), 4U);
}

TEST_F(RunDirectoryTest, HasEachPlannedTrialOnceWithTheValuesOfItsJob) {
    const RunDirectory run = example::write_run(folder_ / "runs", folder_ / "scratch").value();
    const SampleReader samples = run.samples().value();
    std::set<std::tuple<std::string, std::string, int, int>> measured;
    for (const Chunk& chunk : samples.chunks()) {
        const std::vector<std::int64_t> values = samples.column(chunk, "wall_ns").value();
        EXPECT_EQ(values, samples.column(chunk, "device_ns").value());
        EXPECT_EQ(values.front() / 1000, chunk.phase == Phase::cold ? (chunk.block * 1000 + 900) / 1000 : chunk.block);
        if (chunk.phase != Phase::measure) continue;
        EXPECT_TRUE(measured.emplace(chunk.case_name, chunk.arm, chunk.block, chunk.trial).second);
    }
    EXPECT_EQ(measured.size(), 2U * 2U * 2U * 2U);
}

TEST_F(RunDirectoryTest, RefusesReportNamesThatLeaveTheFolder) {
    RunDirectory run = create();
    for (const auto* name : {"../plan.json", "a/b", "", ".", "..", "/tmp/x"}) {
        EXPECT_EQ(run.write_report(name, "x").error().code, ErrorCode::usage) << name;
    }
}

TEST_F(RunDirectoryTest, StopsAtEachOperationOfAJobWithoutLosingOrCountingAnythingTwice) {
    bool stopped = true;
    for (std::size_t stop = 0; stopped; ++stop) {
        RunDirectory run = create();
        ASSERT_TRUE(run.append_job(job(1, 0)).has_value());
        ASSERT_TRUE(run.append_event(example::event("block_ended", 1, 0)).has_value());
        const std::string bin = read_plainly(run.path() / "samples.bin");
        const std::string index = read_plainly(run.path() / "samples.jsonl");
        const std::string events = read_plainly(run.path() / "events.jsonl");
        const JobOutput first = job(0, 1);
        stop_at(stop);
        auto done = run.append_job(first);
        if (done) done = run.append_event(example::event("block_ended", 0, 0));
        set_store_observer(nullptr);
        stopped = !done.has_value();
        ASSERT_TRUE(stopped || stop > 20) << "the test stops at nothing";

        RunDirectory resumed = RunDirectory::open(run.path()).value();
        ASSERT_TRUE(resumed.mend_torn_tails().has_value());
        EXPECT_TRUE(read_plainly(run.path() / "samples.bin").starts_with(bin)) << stop;
        EXPECT_TRUE(read_plainly(run.path() / "samples.jsonl").starts_with(index)) << stop;
        EXPECT_TRUE(read_plainly(run.path() / "events.jsonl").starts_with(events)) << stop;
        const bool counts = counting_attempts(resumed.events().value()).contains(0);
        const int attempt = counts ? 0 : 1;
        if (!counts) {
            ASSERT_TRUE(resumed.append_job(job(0, 1, 1)).has_value());
            ASSERT_TRUE(resumed.append_event(example::event("block_ended", 0, 1)).has_value());
        }
        EXPECT_EQ(counting_attempts(resumed.events().value()), (CountingAttempts{{0, attempt}, {1, 0}})) << stop;
        const SampleReader samples = resumed.samples().value();
        int measured = 0;
        for (const Chunk& chunk : samples.chunks()) {
            ASSERT_TRUE(samples.bytes(chunk).has_value()) << stop;
            const bool is_counted = chunk.block == 1 || chunk.attempt == attempt;
            if (is_counted && chunk.phase == Phase::measure) ++measured;
        }
        EXPECT_EQ(measured, 8) << stop;
    }
}

TEST_F(RunDirectoryTest, OnAFullDiskCountsNothingOfTheJobAndGoesOnWhenThereIsSpace) {
    RunDirectory run = create();
    const JobOutput output = job(0, 0);
    set_store_observer([](StoreOperation operation, const fs::path& path, bool after) {
        return operation == StoreOperation::write && path.filename() == "samples.jsonl" && !after ? ENOSPC : 0;
    });
    const Error error = run.append_job(output).error();
    set_store_observer(nullptr);
    EXPECT_EQ(error.code, ErrorCode::io);
    EXPECT_EQ(error.what, "cannot write to samples.jsonl: No space left on device");
    EXPECT_TRUE(run.samples().value().chunks().empty());
    EXPECT_TRUE(run.events().value().empty());
    ASSERT_TRUE(run.append_job(output).has_value());
    EXPECT_EQ(run.samples().value().chunks().size(), output.chunks.size());
}

TEST_F(RunDirectoryTest, GivesTheSpaceBackWhereTheColumnsDoNotFit) {
    RunDirectory run = create();
    const JobOutput output = job(0, 0);
    set_store_observer([count = 0](StoreOperation operation, const fs::path& path, bool after) mutable {
        return operation == StoreOperation::write && path.filename() == "samples.bin" && !after && ++count == 3 ? ENOSPC
                                                                                                                : 0;
    });
    EXPECT_FALSE(run.append_job(output).has_value());
    EXPECT_EQ(fs::file_size(run.path() / "samples.bin"), 0U);
}

TEST_F(RunDirectoryTest, KeepsWhatACrashLeftBehindTheLastChunkAndBeginsAtAWholeValue) {
    RunDirectory run = create();
    write_plainly(run.path() / "samples.bin", "orphan bytes!");
    ASSERT_TRUE(run.append_job(job(0, 0)).has_value());
    EXPECT_TRUE(read_plainly(run.path() / "samples.bin").starts_with("orphan bytes!"));
    const SampleReader samples = run.samples().value();
    EXPECT_EQ(samples.chunks().front().at, 16);
    for (const Chunk& chunk : samples.chunks()) EXPECT_TRUE(samples.bytes(chunk).has_value());
}

TEST_F(RunDirectoryTest, MendsTornLastLinesAndLeavesWholeOnesAlone) {
    RunDirectory run = create();
    ASSERT_TRUE(run.append_job(job(0, 0)).has_value());
    ASSERT_TRUE(run.append_log("one").has_value());
    for (const auto* name : {"events.jsonl", "samples.jsonl", "telemetry.jsonl", "log.txt"}) {
        const std::string whole = read_plainly(run.path() / name);
        for (const std::string& torn : {std::string("{"), std::string(200'000, 'x'), std::string("\0\0\0", 3)}) {
            write_plainly(run.path() / name, whole + torn);
            ASSERT_TRUE(run.mend_torn_tails().has_value());
            EXPECT_EQ(read_plainly(run.path() / name), whole) << name;
        }
        write_plainly(run.path() / name, "no newline at all");
        ASSERT_TRUE(run.mend_torn_tails().has_value());
        EXPECT_EQ(read_plainly(run.path() / name), "") << name;
        write_plainly(run.path() / name, whole);
    }
}

TEST_F(RunDirectoryTest, NeverGluesALineToATornOne) {
    RunDirectory run = create();
    ASSERT_TRUE(run.append_event(example::event("run_begun")).has_value());
    write_plainly(run.path() / "events.jsonl", read_plainly(run.path() / "events.jsonl") + "{\"kind\":");
    ASSERT_TRUE(run.append_event(example::event("run_ended")).has_value());
    const std::vector<Event> events = run.events().value();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[1].kind, "run_ended");
}

TEST_F(RunDirectoryTest, NoticesSamplesThatChangedAfterTheyWereChecked) {
    RunDirectory run = create();
    const JobOutput output = job(0, 0);
    std::string bytes = read_plainly(output.folder / "samples.bin");
    bytes[5] = static_cast<char>(bytes[5] ^ 4);
    write_plainly(output.folder / "samples.bin", bytes);
    EXPECT_EQ(run.append_job(output).error().code, ErrorCode::bad_record);
    EXPECT_TRUE(run.samples().value().chunks().empty());
}

TEST_F(RunDirectoryTest, HasAManifestThatFitsAndNamesWhatNoLongerDoes) {
    RunDirectory run = example::write_run(folder_ / "runs", folder_ / "scratch").value();
    EXPECT_EQ(run.check_manifest().value(), std::vector<std::string>{});
    const std::string manifest = read_plainly(run.path() / "MANIFEST.sha256");
    EXPECT_TRUE(manifest.starts_with(sha256_hex("version = 1\ntitle = \"example\"\n") + "  scenario.toml\n"))
        << manifest;
    EXPECT_EQ(std::count(manifest.begin(), manifest.end(), '\n'), 11);
    ASSERT_TRUE(run.write(example::verdict()).has_value());
    EXPECT_TRUE(run.check_manifest().value().empty()) << "a verdict may be made again";

    write_plainly(run.path() / "host.json", "{}");
    fs::remove(run.path() / "telemetry.jsonl");
    EXPECT_EQ(run.check_manifest().value(), (std::vector<std::string>{"host.json", "telemetry.jsonl"}));
    write_plainly(run.path() / "MANIFEST.sha256", manifest + std::string(64, 'a') + "  ../../etc/passwd\n");
    const Error error = run.check_manifest().error();
    EXPECT_EQ(error.code, ErrorCode::bad_record);
    EXPECT_EQ(error.where, (run.path() / "MANIFEST.sha256").string() + ":12");
}

TEST_F(RunDirectoryTest, HasAManifestThatSha256sumChecks) {
    if (std::system("command -v sha256sum >/dev/null 2>&1") != 0) GTEST_SKIP() << "there is no sha256sum here";
    const RunDirectory run = example::write_run(folder_ / "runs", folder_ / "scratch").value();
    const std::string check = "cd '" + run.path().string() + "' && sha256sum --strict --quiet -c MANIFEST.sha256";
    EXPECT_EQ(std::system(check.c_str()), 0);
}

/// The most memory that this process has held, in bytes.
std::int64_t peak_memory() {
    struct rusage usage {};
    ::getrusage(RUSAGE_SELF, &usage);
    return std::int64_t{usage.ru_maxrss} * 1024;
}

TEST_F(RunDirectoryTest, TakesAJobOfSixtyFourMebibytesInAFewOfThem) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer needs memory of its own";
#endif
    constexpr std::int64_t values = std::int64_t{8} << 20;
    const JobRequest request = example::request(plan_, 0, 0);
    const fs::path job_folder = folder_ / "job";
    ASSERT_TRUE(example::write_job_output(job_folder, request).has_value());
    // One chunk of zeros behind the others, without holding it here: a warm-up, of which there may be any number.
    const auto begin = static_cast<std::int64_t>(fs::file_size(job_folder / "samples.bin"));
    fs::resize_file(job_folder / "samples.bin", static_cast<std::uintmax_t>(begin + values * 8));
    Chunk chunk;
    chunk.case_name = request.trials[0].what.name;
    chunk.arm = request.arm;
    chunk.trial = request.trials[0].trial;
    chunk.phase = Phase::warmup;
    chunk.n = values;
    chunk.at = begin;
    chunk.columns = {{"wall_ns", {}}};
    const std::vector<std::byte> zeros(1 << 20);
    for (int piece = 0; piece < 64; ++piece) chunk.crc32c = crc32c(zeros, chunk.crc32c);
    write_plainly(job_folder / "samples.jsonl", read_plainly(job_folder / "samples.jsonl") + to_json_line(chunk));

    RunDirectory run = create();
    const std::int64_t before = peak_memory();
    ASSERT_TRUE(run.append_job(read_job_output(job_folder, request).value()).has_value());
    ASSERT_TRUE(run.write_manifest().has_value());
    EXPECT_LT(peak_memory() - before, 8 << 20);
    EXPECT_GE(fs::file_size(run.path() / "samples.bin"), 64U << 20);
}

}  // namespace
}  // namespace passbench
