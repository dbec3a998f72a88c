#include "harness/core/durable_files.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/tests/temp_folder.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct Seen {
    StoreOperation operation;
    std::string file;
    bool after;
    bool operator==(const Seen&) const = default;
};

void PrintTo(const Seen& seen, std::ostream* out) {
    *out << static_cast<int>(seen.operation) << " " << seen.file << (seen.after ? " after" : " before");
}

class Store : public testing::Test {
protected:
    void TearDown() override { set_store_observer(nullptr); }

    void watch() {
        set_store_observer([this](StoreOperation operation, const fs::path& path, bool after) {
            seen_.push_back({operation, path.filename().string(), after});
            return 0;
        });
    }
    /// Makes the operation of this number (from 0, befores and afters counted) fail.
    static void fail_at(std::size_t number, int error_number) {
        set_store_observer([number, error_number, count = std::size_t{0}](auto, const auto&, bool) mutable {
            return count++ == number ? error_number : 0;
        });
    }
    static void fail_operation(StoreOperation failing, int error_number) {
        set_store_observer([failing, error_number](StoreOperation operation, const auto&, bool) {
            return operation == failing ? error_number : 0;
        });
    }

    TempFolder folder_;
    std::vector<Seen> seen_;
};

/// Each operation once before and once after.
std::vector<Seen> pairs(const std::vector<std::pair<StoreOperation, std::string>>& operations) {
    std::vector<Seen> all;
    for (const auto& [operation, file] : operations) {
        all.push_back({operation, file, false});
        all.push_back({operation, file, true});
    }
    return all;
}

TEST_F(Store, AppendsAndKeepsWhatWasThere) {
    write_plainly(folder_ / "lines", "one\n");
    AppendFile file = AppendFile::open(folder_ / "lines").value();
    EXPECT_EQ(file.size_bytes(), 4);
    ASSERT_TRUE(file.append("two\n").has_value());
    ASSERT_TRUE(file.sync().has_value());
    EXPECT_EQ(file.size_bytes(), 8);
    EXPECT_EQ(read_plainly(folder_ / "lines"), "one\ntwo\n");
}

TEST_F(Store, CutsATornTailAndGoesOnBehindIt) {
    write_plainly(folder_ / "lines", "one\ntw");
    AppendFile file = AppendFile::open(folder_ / "lines").value();
    ASSERT_TRUE(file.truncate(4).has_value());
    ASSERT_TRUE(file.append("two\n").has_value());
    EXPECT_EQ(read_plainly(folder_ / "lines"), "one\ntwo\n");
    EXPECT_EQ(file.size_bytes(), 8);
}

TEST_F(Store, MovedFilesGoOnAndTheOldOneIsEmpty) {
    AppendFile first = AppendFile::open(folder_ / "a").value();
    AppendFile second = std::move(first);
    ASSERT_TRUE(second.append("x").has_value());
    second = AppendFile::open(folder_ / "b").value();
    ASSERT_TRUE(second.append("y").has_value());
    EXPECT_EQ(read_plainly(folder_ / "a") + read_plainly(folder_ / "b"), "xy");
}

TEST_F(Store, ShowsTheObserverEveryChangeBeforeAndAfter) {
    watch();
    {
        AppendFile file = AppendFile::open(folder_ / "lines").value();
        ASSERT_TRUE(file.append("one\n").has_value());
        ASSERT_TRUE(file.sync().has_value());
        ASSERT_TRUE(file.truncate(0).has_value());
    }
    const std::string parent = folder_.path().filename().string();
    EXPECT_EQ(seen_, pairs({{StoreOperation::create, "lines"},
                            {StoreOperation::sync, parent},
                            {StoreOperation::write, "lines"},
                            {StoreOperation::sync, "lines"},
                            {StoreOperation::truncate, "lines"}}));
    seen_.clear();
    ASSERT_TRUE(replace_file(folder_ / "lines", "new").has_value());
    EXPECT_EQ(seen_, pairs({{StoreOperation::create, "lines.new"},
                            {StoreOperation::write, "lines.new"},
                            {StoreOperation::sync, "lines.new"},
                            {StoreOperation::rename, "lines"},
                            {StoreOperation::sync, parent}}));
    seen_.clear();
    ASSERT_TRUE(remove_file(folder_ / "lines").has_value());
    EXPECT_EQ(seen_, pairs({{StoreOperation::remove, "lines"}, {StoreOperation::sync, parent}}));
    seen_.clear();
    ASSERT_TRUE(make_folder(folder_ / "x/y").has_value());
    EXPECT_EQ(seen_, pairs({{StoreOperation::create, "x"},
                            {StoreOperation::sync, parent},
                            {StoreOperation::create, "y"},
                            {StoreOperation::sync, "x"}}));
    seen_.clear();
    ASSERT_TRUE(rename_path(folder_ / "x", folder_ / "z").has_value());
    EXPECT_EQ(seen_, pairs({{StoreOperation::rename, "z"}, {StoreOperation::sync, parent}}));
}

TEST_F(Store, ReplacingShowsTheOldOrTheNewContentAtEveryMomentAndAfterEveryFailure) {
    const fs::path path = folder_ / "plan.json";
    std::size_t moments = 0;
    set_store_observer([&](auto, const auto&, bool) {
        ++moments;
        const std::string content = read_plainly(path);
        EXPECT_TRUE(content == "old" || content == "new" || !fs::exists(path)) << content;
        return 0;
    });
    ASSERT_TRUE(replace_file(path, "old").has_value());
    ASSERT_TRUE(replace_file(path, "new").has_value());
    ASSERT_EQ(moments, 20U);  // create, write, sync, rename, sync: before and after, twice

    for (std::size_t moment = 0; moment < moments / 2; ++moment) {
        set_store_observer(nullptr);
        ASSERT_TRUE(replace_file(path, "old").has_value());
        fail_at(moment, EIO);
        EXPECT_FALSE(replace_file(path, "new").has_value()) << moment;
        const std::string content = read_plainly(path);
        EXPECT_TRUE(content == "old" || content == "new") << moment << ": " << content;
        EXPECT_FALSE(fs::exists(folder_ / "plan.json.new")) << moment;
    }
}

TEST_F(Store, ReplacesOverWhatACrashLeftBeside) {
    write_plainly(folder_ / "status.json.new", "half of an older, much longer status");
    ASSERT_TRUE(replace_file(folder_ / "status.json", "whole").has_value());
    EXPECT_EQ(read_plainly(folder_ / "status.json"), "whole");
}

TEST_F(Store, AFullDiskIsToldWithWhatToDo) {
    fail_operation(StoreOperation::write, ENOSPC);
    AppendFile file = AppendFile::open(folder_ / "samples.bin").value();
    const Error error = file.append("x").error();
    EXPECT_EQ(error.code, ErrorCode::io);
    EXPECT_EQ(error.what, "cannot write to samples.bin: No space left on device");
    EXPECT_EQ(error.where, (folder_ / "samples.bin").string());
    EXPECT_EQ(error.fix, "Free space on that disk, or choose a folder on another one.");
}

TEST_F(Store, AReadOnlyFolderIsToldWithWhatToDo) {
    fail_operation(StoreOperation::create, EROFS);
    for (const Error& error : {replace_file(folder_ / "plan.json", "x").error(), make_folder(folder_ / "runs").error(),
                               AppendFile::open(folder_ / "log").error()}) {
        EXPECT_EQ(error.code, ErrorCode::io);
        EXPECT_THAT(error.what, HasSubstr("Read-only file system"));
        EXPECT_EQ(error.fix, "Choose a folder that you may write to, or change its permissions.");
    }
    EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(Store, AFolderThatCannotBeMadeIsTold) {
    write_plainly(folder_ / "file", "");
    const Error error = make_folder(folder_ / "file/below").error();
    EXPECT_THAT(error.what, HasSubstr("Not a directory"));
    EXPECT_THAT(make_folder(folder_ / "file").error().what, HasSubstr("Not a directory"));
}

TEST_F(Store, MakesAllFoldersOnTheWayAndIsContentWithThoseThatAreThere) {
    ASSERT_TRUE(make_folder(folder_ / "a/b/c/").has_value());
    ASSERT_TRUE(make_folder(folder_ / "a/b/c").has_value());
    EXPECT_TRUE(fs::is_directory(folder_ / "a/b/c"));
}

TEST_F(Store, RemovingWhatIsAbsentIsNoError) {
    EXPECT_TRUE(remove_file(folder_ / "nothing").has_value());
    EXPECT_TRUE(remove_folder(folder_ / "nothing").has_value());
}

TEST_F(Store, RemovesAFolderWithAllThatIsInIt) {
    ASSERT_TRUE(make_folder(folder_ / "a/b").has_value());
    write_plainly(folder_ / "a/b/file", "x");
    watch();
    ASSERT_TRUE(remove_folder(folder_ / "a").has_value());
    EXPECT_TRUE(fs::is_empty(folder_.path()));
    EXPECT_EQ(seen_,
              pairs({{StoreOperation::remove, "a"}, {StoreOperation::sync, folder_.path().filename().string()}}));
}

TEST_F(Store, ReadsAFileWholeUpToTheLimit) {
    const std::string content(100'000, 'x');
    write_plainly(folder_ / "big", content);
    EXPECT_EQ(read_file(folder_ / "big", 100'000).value(), content);
    const Error error = read_file(folder_ / "big", 99'999).error();
    EXPECT_EQ(error.code, ErrorCode::usage);
    EXPECT_EQ(error.what, "big is larger than 99999 bytes");
    write_plainly(folder_ / "empty", "");
    EXPECT_EQ(read_file(folder_ / "empty", 0).value(), "");
}

TEST_F(Store, TellsWhatCannotBeRead) {
    EXPECT_EQ(read_file(folder_ / "absent", 10).error().what, "cannot read absent: No such file or directory");
    EXPECT_THAT(read_file(folder_.path(), 10).error().what, HasSubstr("Is a directory"));
}

}  // namespace
}  // namespace passbench
