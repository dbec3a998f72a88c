// What files promise on every system: names of any letters and any length, and locks that end with their holder.
#include "harness/core/system_file.hpp"

#include <cerrno>

#include <gtest/gtest.h>

#include "harness/core/durable_files.hpp"
#include "harness/core/tests/temp_folder.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

/// Two, three and four bytes in UTF-8.
constexpr const char* foreign_name = "Gr\u00FC\u00DFe \u65E5\u672C \U0001F600";

TEST(SystemFile, NamesAreUtf8OnEverySystem) {
    const TempFolder folder;
    const fs::path path = folder.path() / foreign_name;
    ASSERT_TRUE(replace_file(path, "x").has_value());
    // Not what we make of the name, but what the system keeps.
    ASSERT_TRUE(fs::directory_iterator(folder.path()) != fs::directory_iterator());
    EXPECT_EQ(fs::directory_iterator(folder.path())->path().filename().u16string(),
              u"Gr\u00FC\u00DFe \u65E5\u672C \U0001F600");
    EXPECT_EQ(path.filename().string(), foreign_name);
    EXPECT_EQ(read_file(fs::path(path.string()), 10).value(), "x");
    EXPECT_EQ(read_plainly(path), "x");
    ASSERT_TRUE(remove_file(path).has_value());
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(SystemFile, PathsOfFourHundredLettersAreWrittenAndRead) {
    const TempFolder folder;
    fs::path deep = folder.path();
    for (int level = 0; level < 8; ++level) deep /= std::string(50, static_cast<char>('a' + level));
    ASSERT_TRUE(make_folder(deep).has_value());
    ASSERT_TRUE(replace_file(deep / "status.json", "whole").has_value());
    AppendFile file = AppendFile::open(deep / "journal.jsonl").value();
    ASSERT_TRUE(file.append("line\nto").has_value());
    ASSERT_TRUE(file.truncate(5).has_value());
    ASSERT_TRUE(file.sync().has_value());
    EXPECT_EQ(read_file(deep / "status.json", 10).value(), "whole");
    EXPECT_EQ(read_file(deep / "journal.jsonl", 10).value(), "line\n");
    ASSERT_TRUE(rename_path(deep / "status.json", deep / "old.json").has_value());
    ASSERT_TRUE(remove_file(deep / "old.json").has_value());
}

TEST(SystemFile, AReaderOfTheOldContentDoesNotKeepItFromBeingReplaced) {
    const TempFolder folder;
    const fs::path path = folder / "status.json";
    ASSERT_TRUE(replace_file(path, "old").has_value());
    SystemFile reader;
    ASSERT_EQ(reader.open(path, FileUse::read), 0);
    reader.close();
    ASSERT_TRUE(replace_file(path, "new").has_value());
    EXPECT_EQ(read_file(path, 10).value(), "new");
}

TEST(SystemFile, ALockExcludesUntilItsFileIsClosed) {
    const TempFolder folder;
    const fs::path path = folder / "lock";
    SystemFile holder;
    ASSERT_EQ(holder.open(path, FileUse::lock), 0);
    ASSERT_EQ(holder.lock(), 0);
    SystemFile other;
    ASSERT_EQ(other.open(path, FileUse::lock), 0);
    EXPECT_EQ(other.lock(), EAGAIN);
    SystemFile asking;
    ASSERT_EQ(asking.open(path, FileUse::read), 0);
    EXPECT_TRUE(asking.is_locked());
    holder.close();
    EXPECT_FALSE(asking.is_locked());
    EXPECT_EQ(other.lock(), 0);
}

TEST(SystemFile, WhatIsLockedCanBeReadByOthers) {
    const TempFolder folder;
    SystemFile holder;
    ASSERT_EQ(holder.open(folder / "lock", FileUse::lock), 0);
    ASSERT_EQ(holder.lock(), 0);
    const std::string_view words = "process 4711";
    ASSERT_EQ(holder.write(std::as_bytes(std::span(words.data(), words.size()))).error_number, 0);
    EXPECT_EQ(read_file(folder / "lock", 100).value(), words);
}

TEST(SystemFile, ALockOfAFileThatIsNotThereIsNotMadeWhereOnlyAnExistingOneIsMeant) {
    const TempFolder folder;
    SystemFile lock;
    EXPECT_EQ(lock.open(folder / "lock", FileUse::lock_existing), ENOENT);
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(SystemFile, PrivateFoldersHaveNamesOfTheirOwn) {
    const TempFolder folder;
    const MadeFolder first = make_private_folder(folder.path(), "passbench-");
    const MadeFolder second = make_private_folder(folder.path(), "passbench-");
    ASSERT_EQ(first.error_number + second.error_number, 0);
    EXPECT_NE(first.path, second.path);
    EXPECT_TRUE(first.path.filename().string().starts_with("passbench-"));
    EXPECT_TRUE(is_own_folder(first.path));
    EXPECT_TRUE(is_writable_folder(first.path));
    EXPECT_TRUE(fs::is_empty(first.path)) << "the question left something";
    EXPECT_FALSE(is_own_folder(folder / "absent"));
    EXPECT_NE(make_private_folder(folder / "absent", "passbench-").error_number, 0);
}

}  // namespace
}  // namespace passbench
