// Disks that are full or read-only while a run is written, and run directories that are damaged, cut short or no run at all.
#include <cerrno>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/core/durable_files.hpp"
#include "host/cli/tests/cli_fixture.hpp"
#include "host/cli/tests/run_checks.hpp"

namespace passbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

class BadFolder : public CliTest {
protected:
    /// From the operation `number` (from 0) below results() on, the disk is full; counts the operations.
    void fill_disk_at(int number) {
        operations_ = 0;
        set_store_observer([this, number](StoreOperation operation, const std::filesystem::path& path, bool after) {
            const bool takes_space = operation == StoreOperation::create || operation == StoreOperation::write;
            if (after || !takes_space || path.string().find(results().string()) != 0) {
                return 0;
            }
            return operations_++ >= number ? ENOSPC : 0;
        });
    }
    [[nodiscard]] int operations() const { return operations_; }

private:
    int operations_ = 0;
};

TEST_F(BadFolder, AFullDiskStopsTheRunWithAMessageAndAResumeMeasuresTheRest) {
    constexpr int step = 7;  // the kill tests take every one
    int number = 0;
    for (;; number += step) {
        std::filesystem::remove_all(results());
        fill_disk_at(number);
        const auto called = run_tiny({"--json"});
        set_store_observer({});
        if (operations() <=
            number) {  // it had ended before; runs differ a little in how many batches of warm-up they need
            EXPECT_THAT(called.exit, is_measured());
            break;
        }
        ASSERT_EQ(called.exit, 4) << "full at operation " << number << ": " << called.out;
        const auto error = Json::parse(called.out)["error"];
        EXPECT_EQ(error["code"], "io") << called.out;
        EXPECT_THAT(std::string(error["what"]), HasSubstr("No space left"));
        if (runs().empty()) {
            continue;  // the disk was full before there was a run
        }
        EXPECT_THAT(std::string(error["fix"]), HasSubstr("passbench run --resume"));
        const auto before = snapshot_of(only_run());
        const auto resumed = resume(only_run());
        EXPECT_THAT(resumed.exit, is_measured()) << "full at operation " << number << ": " << resumed.err;
        EXPECT_THAT(faults_of(only_run()), IsEmpty()) << "full at operation " << number;
        EXPECT_THAT(changed_since(before, snapshot_of(only_run())), IsEmpty()) << "full at operation " << number;
    }
    EXPECT_GT(number, 20);
}

TEST_F(BadFolder, ThatIsReadOnlyIsToldBeforeAnythingIsMeasured) {
    set_store_observer([](StoreOperation operation, const std::filesystem::path&, bool after) {
        return !after && operation == StoreOperation::create ? EROFS : 0;
    });
    const auto called = run_tiny({"--json"});
    EXPECT_EQ(called.exit, 4);
    const auto error = Json::parse(called.out)["error"];
    EXPECT_EQ(error["code"], "io");
    EXPECT_THAT(called.out, AllOf(HasSubstr("Read-only file system"), HasSubstr(results().string())));
    EXPECT_THAT(runs(), IsEmpty());
}

TEST_F(BadFolder, ThatIsAFileIsTold) {
    const auto file = write("file", "text");
    const auto called =
        call({"run", tiny_scenario().string(), "--agent", stand_in_agent, "--out", file.string(), "--json"});
    EXPECT_EQ(called.exit, 4);
    EXPECT_EQ(Json::parse(called.out)["error"]["code"], "io");
    EXPECT_THAT(called.out, HasSubstr(file.string()));
}

class BadRun : public CliTest {
protected:
    void expect_refused(const std::filesystem::path& run, const std::string& code, const std::string& says) {
        for (const auto& words : {std::vector<std::string>{"report", run.string(), "--json"},
                                  {"run", "--resume", run.string(), "--agent", stand_in_agent, "--json"},
                                  {"compare", run.string(), run.string(), "--json"}}) {
            const auto called = call(words);
            EXPECT_EQ(called.exit, code == "usage" ? 2 : 4) << words.front() << ": " << called.out;
            const auto error = Json::parse(called.out)["error"];
            EXPECT_EQ(error["code"], code) << words.front();
            EXPECT_THAT(called.out, HasSubstr(says)) << words.front();
            EXPECT_FALSE(std::string(error["fix"]).empty()) << words.front();
        }
    }
    [[nodiscard]] std::filesystem::path interrupted_run() const {
        EXPECT_EQ(run_tiny({}, once_there_is("block_ended")).exit, 130);
        return only_run();
    }
    static void overwrite(const std::filesystem::path& file, const std::string& text) {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
    }
};

TEST_F(BadRun, ThatIsNotThere) { expect_refused(folder() / "nowhere", "usage", "nowhere"); }

TEST_F(BadRun, ThatIsAFile) { expect_refused(write("file", "text"), "io", "file"); }

TEST_F(BadRun, ThatIsAForeignFolder) {
    std::filesystem::create_directory(folder() / "photos");
    expect_refused(folder() / "photos", "bad_record", "not a run directory");
}

TEST_F(BadRun, WhosePlanIsCutShort) {
    const auto run = interrupted_run();
    overwrite(run / "plan.json", content(run / "plan.json").substr(0, 200));
    expect_refused(run, "bad_record", "plan.json");
}

TEST_F(BadRun, WhoseEventsAreDamagedInTheMiddle) {
    const auto run = interrupted_run();
    auto text = content(run / "events.jsonl");
    overwrite(run / "events.jsonl", text.replace(0, 5, "#####"));
    expect_refused(run, "bad_record", "events.jsonl:1");
}

TEST_F(BadRun, OfAnUnknownVersion) {
    const auto run = interrupted_run();
    auto text = content(run / "status.json");
    overwrite(run / "status.json", text.replace(text.find("\"version\": 1"), 12, "\"version\": 9"));
    expect_refused(run, "bad_record", "status.json");
}

TEST_F(BadRun, WhoseSamplesAreDamagedIsNotReported) {
    ASSERT_THAT(run_tiny().exit, is_measured());
    const auto samples = only_run() / "samples.bin";
    auto bytes = content(samples);
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    overwrite(samples, bytes);
    expect_refused(only_run(), "bad_record", "samples");
}

TEST_F(BadRun, WhoseSamplesAreCutShortIsNotReported) {
    ASSERT_THAT(run_tiny().exit, is_measured());
    std::filesystem::resize_file(only_run() / "samples.bin", 16);
    expect_refused(only_run(), "bad_record", "samples");
}

TEST_F(BadRun, ThatWasCompleteAndIsChangedSinceIsNotResumed) {
    ASSERT_THAT(run_tiny().exit, is_measured());
    std::ofstream(only_run() / "telemetry.jsonl", std::ios::app) << "\n";
    const auto called = call({"run", "--resume", only_run().string(), "--json"});
    EXPECT_EQ(called.exit, 4);
    EXPECT_EQ(Json::parse(called.out)["error"]["code"], "bad_record");
    EXPECT_THAT(called.out, HasSubstr("telemetry.jsonl"));
}

TEST_F(BadRun, WhoseManifestIsDamagedDoesNotGetANewOne) {
    ASSERT_THAT(run_tiny().exit, is_measured());
    overwrite(only_run() / "MANIFEST.sha256", "nothing of the kind\n");
    const auto called = call({"run", "--resume", only_run().string(), "--json"});
    EXPECT_EQ(called.exit, 4);
    EXPECT_THAT(called.out, AllOf(HasSubstr("bad_record"), HasSubstr("MANIFEST.sha256:1")));
    EXPECT_EQ(content(only_run() / "MANIFEST.sha256"), "nothing of the kind\n");
}

}  // namespace
}  // namespace passbench
