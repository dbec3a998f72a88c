#include "host/carriers/tests/carrier_contract.hpp"

#include <sys/stat.h>

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;

TEST_P(CarrierContract, ArgumentsArriveByteForByte) {
    const std::vector<std::string> arguments = {"",           " ",
                                                "two words",  "'single'",
                                                "\"double\"", "line\nbreak\n",
                                                "$HOME",      "`id`",
                                                "$(id)",      "\\",
                                                "a\\ b",      "*",
                                                "?",          "-n",
                                                "--",         "~",
                                                "!",          "#",
                                                ";",          "&&",
                                                "|",          ">file",
                                                "tab\there",  "Gr\303\274\303\237e",
                                                "%s",         std::string(10'000, 'x')};
    const auto result = shell(R"(out="$1"; shift; printf '%s\0' "$@" >"$out")", [&] {
        std::vector<std::string> all = {job + "/arguments"};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return all;
    }());
    ASSERT_TRUE(result) << to_text(result.error());
    ASSERT_EQ(result->exit_code, 0) << result->output;
    ASSERT_TRUE(carrier->get(job, here));
    std::string expected;
    for (const std::string& argument : arguments) expected += argument + '\0';
    EXPECT_EQ(read_text(here / "arguments"), expected);
}

TEST_P(CarrierContract, ExitCodesAreResults) {
    for (const int code : {0, 1, 2, 42, 126, 255}) {
        const auto result = shell("exit " + std::to_string(code));
        ASSERT_TRUE(result);
        EXPECT_EQ(result->exit_code, code);
    }
}

TEST_P(CarrierContract, ASignalIsTheExitCode128AndItsNumber) {
    EXPECT_EQ(shell("kill -KILL $$")->exit_code, 137);
    EXPECT_EQ(shell("kill -SEGV $$")->exit_code, 139);
}

TEST_P(CarrierContract, OutputIsBothStreamsTogether) {
    const auto result = shell("echo out; echo err >&2");
    EXPECT_THAT(result->output, HasSubstr("out\n"));
    EXPECT_THAT(result->output, HasSubstr("err\n"));
}

TEST_P(CarrierContract, OfTenMebibytesOfOutputTheLast64KibibytesAreKept) {
    const auto result = shell("head -c 10485760 /dev/zero | tr '\\0' x; echo; echo the end");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->exit_code, 0);
    EXPECT_THAT(result->output, SizeIs(65536));
    EXPECT_THAT(result->output, EndsWith("xxx\nthe end\n"));
}

TEST_P(CarrierContract, InputIsEmpty) { EXPECT_EQ(shell("cat")->exit_code, 0); }

TEST_P(CarrierContract, PastItsDeadlineACommandIsEndedAndItsLastWordsAreTold) {
    const auto began = std::chrono::steady_clock::now();
    const auto result = shell("echo loading the model; exec sleep 300", {}, second_ns / 5);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::timeout);
    EXPECT_THAT(result.error().what, HasSubstr("200 ms"));
    EXPECT_THAT(result.error().what, HasSubstr("loading the model"));
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(60));
}

TEST_P(CarrierContract, OutputWithoutEndDoesNotPutTheDeadlineOff) {
    const auto result = shell("exec yes", {}, second_ns / 5);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::timeout);
}

TEST_P(CarrierContract, TheWatchCancels) {
    int calls = 0;
    const auto result = shell("exec sleep 300", {}, 60 * second_ns, [&] { return ++calls < 2; });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::interrupted);
    EXPECT_EQ(calls, 2);
}

TEST_P(CarrierContract, AProgramThatIsNotThereCannotBeStarted) {
    const auto result = carrier->exec({job + "/passbench-agent", "probe"}, second_ns, {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::agent_lost);
    EXPECT_THAT(result.error().what, HasSubstr("passbench-agent"));
    EXPECT_FALSE(result.error().fix.empty());
}

TEST_P(CarrierContract, FilesComeBackAsTheyWent) {
    std::string large;
    for (std::size_t number = 0; large.size() < (50U << 20U); ++number)
        large += std::to_string(number * 2654435761U) + '\n';
    const std::vector<std::pair<std::string, std::string>> files = {
        {"empty", ""}, {"zero", std::string(1, '\0')}, {"text with spaces", "a\r\nb"}, {"50 MiB", std::move(large)}};
    for (const auto& [name, content] : files) {
        write_text(here / name, content);
        const auto put = carrier->put(here / name, job + "/" + name);
        ASSERT_TRUE(put) << to_text(put.error());
    }
    const fs::path back = here / "new folder/back";
    ASSERT_TRUE(carrier->get(job, back));
    for (const auto& [name, content] : files) {
        EXPECT_TRUE(read_text(back / name) == content) << name << " differs";
    }
    ASSERT_TRUE(carrier->get(job, back)) << "a second time";
    EXPECT_EQ(read_text(back / "text with spaces"), "a\r\nb");
}

TEST_P(CarrierContract, AProgramThatWasPutCanBeRun) {
    write_text(here / "program", "#!/bin/sh\nexit 7\n");
    fs::permissions(here / "program", fs::perms::owner_all);
    ASSERT_TRUE(carrier->put(here / "program", job + "/program"));
    const auto result = carrier->exec({job + "/program"}, 60 * second_ns, {});
    ASSERT_TRUE(result) << to_text(result.error());
    EXPECT_EQ(result->exit_code, 7);
}

TEST_P(CarrierContract, WhatIsPutLaterReplacesWhatWasThere) {
    for (const char* content : {"first", "second", "first"}) {
        write_text(here / "request.json", content);
        ASSERT_TRUE(carrier->put(here / "request.json", job + "/request.json"));
        ASSERT_TRUE(carrier->get(job, here / "back"));
        EXPECT_EQ(read_text(here / "back/request.json"), content);
    }
}

TEST_P(CarrierContract, AJobThatChangesItsFileDoesNotChangeTheNextJobs) {
    write_text(here / "model", "weights");
    ASSERT_TRUE(carrier->put(here / "model", job + "/model"));
    ASSERT_TRUE(shell(R"(chmod u+w "$1/model"; echo spoilt >"$1/model")", {job}));
    const std::string next = *carrier->make_job_folder("next");
    ASSERT_TRUE(carrier->put(here / "model", next + "/model"));
    ASSERT_TRUE(carrier->get(next, here / "back"));
    EXPECT_EQ(read_text(here / "back/model"), "weights");
}

TEST_P(CarrierContract, SubFoldersAreFetchedToo) {
    ASSERT_TRUE(shell(R"(mkdir -p "$1/a/b" && echo deep >"$1/a/b/file")", {job}));
    ASSERT_TRUE(carrier->get(job, here / "back"));
    EXPECT_EQ(read_text(here / "back/a/b/file"), "deep\n");
}

TEST_P(CarrierContract, OnlyFilesAreFetched) {
    // A link could lead anywhere, and a pipe would block whoever reads it.
    ASSERT_TRUE(shell(R"(ln -s /etc/hostname "$1/link"; mkfifo "$1/pipe"; echo x >"$1/file")", {job}));
    ASSERT_TRUE(carrier->get(job, here / "back"));
    EXPECT_TRUE(fs::exists(here / "back/file"));
    EXPECT_FALSE(fs::exists(fs::symlink_status(here / "back/link")));
    EXPECT_FALSE(fs::exists(here / "back/pipe"));
}

TEST_P(CarrierContract, AJobFolderIsEmptyEachTimeItIsMade) {
    ASSERT_TRUE(shell(R"(echo x >"$1/left")", {job}));
    EXPECT_EQ(*carrier->make_job_folder("job"), job);
    EXPECT_EQ(shell(R"sh(test -z "$(ls -A "$1")")sh", {job})->exit_code, 0);
}

TEST_P(CarrierContract, AJobNameThatIsAPathIsRefused) {
    for (const char* name : {"", "..", "a/b", "/tmp"}) EXPECT_FALSE(carrier->make_job_folder(name)) << name;
}

TEST_P(CarrierContract, AFileThatIsNotThereIsAnErrorWithItsPath) {
    for (const fs::path& file : {here / "absent", here}) {
        const auto put = carrier->put(file, job + "/absent");
        ASSERT_FALSE(put);
        EXPECT_EQ(put.error().code, ErrorCode::io);
        EXPECT_THAT(put.error().where, HasSubstr(file.string()));
    }
}

TEST_P(CarrierContract, AFolderThatIsNotThereCannotBeFetched) {
    const auto get = carrier->get(job + "/out", here / "back");
    ASSERT_FALSE(get);
    EXPECT_EQ(get.error().code, ErrorCode::io);
    EXPECT_THAT(get.error().where, HasSubstr("/out"));
}

}  // namespace
}  // namespace passbench::tests
