#include "host/carriers/file_stream.hpp"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

#include "host/carriers/scratch_folder.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class FileStream : public testing::Test {
public:
    [[nodiscard]] Result<std::size_t> unpack(const std::string& bytes, const StreamLimits& limits = {}) const {
        std::ofstream(scratch.path() / "stream", std::ios::binary) << bytes;
        return unpack_stream(scratch.path() / "stream", marks, folder, limits);
    }
    [[nodiscard]] static std::string file(const std::string& name, const std::string& content) {
        return std::to_string(content.size()) + " " + name + '\0' + content;
    }
    [[nodiscard]] std::string whole(const std::string& files) const { return marks.begin + "\n" + files + marks.end; }
    /// Everything below the scratch folder but the stream itself.
    [[nodiscard]] std::vector<std::string> all_names() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::recursive_directory_iterator(scratch.path())) {
            if (entry.is_regular_file() && entry.path().filename() != "in-use" && entry.path().filename() != "stream") {
                names.push_back(entry.path().lexically_relative(scratch.path()).string());
            }
        }
        return names;
    }

    ScratchFolder scratch = *ScratchFolder::make(testing::TempDir());
    fs::path folder = scratch.path() / "in/folder";
    StreamMarks marks = StreamMarks::make();
};

TEST_F(FileStream, FilesAreFoundBetweenGreetingsAndFarewells) {
    const std::string content("a\0b#\n12 x", 9);
    const auto files =
        unpack("Welcome!\nLast login: today\n" + whole(file("./a/b", content) + file("empty", "")) + "bye\n");
    ASSERT_TRUE(files) << to_text(files.error());
    EXPECT_EQ(*files, 2U);
    EXPECT_EQ(read(folder / "a/b"), content);
    EXPECT_TRUE(fs::exists(folder / "empty"));
}

TEST_F(FileStream, TheMarksOfOneStreamAreNotThoseOfAnother) {
    EXPECT_FALSE(unpack(StreamMarks::make().begin + "\n" + marks.end));
    EXPECT_NE(marks.begin, marks.end);
    EXPECT_GT(marks.begin.size(), 20U);
    std::string joined;
    for (const std::string& half : marks.halves()) {
        EXPECT_EQ(half.find(marks.begin), std::string::npos);
        joined += half;
    }
    EXPECT_EQ(joined, marks.begin + marks.end);
}

TEST_F(FileStream, NothingIsWrittenOutsideOfTheFolder) {
    for (const char* name : {"../out", "/tmp/passbench-hostile", "a/../../out", "..", ".", "", "./../out", "a//b",
                             "a/./b", "a/", "..\\out", "C:\\out"}) {
        const auto files = unpack(whole(file(name, "hostile")));
        ASSERT_FALSE(files) << name;
        EXPECT_EQ(files.error().code, ErrorCode::bad_record);
    }
    EXPECT_THAT(all_names(), testing::IsEmpty());
    EXPECT_FALSE(fs::exists("/tmp/passbench-hostile"));
}

TEST_F(FileStream, AFileThatIsThereIsReplacedNotWrittenThrough) {
    fs::create_directories(folder);
    std::ofstream(scratch.path() / "precious") << "precious";
    fs::create_symlink(scratch.path() / "precious", folder / "a");
    fs::create_hard_link(scratch.path() / "precious", folder / "b");
    ASSERT_TRUE(unpack(whole(file("a", "new") + file("b", "new"))));
    EXPECT_EQ(read(scratch.path() / "precious"), "precious");
    EXPECT_FALSE(fs::is_symlink(folder / "a"));
}

TEST_F(FileStream, WhatIsCutShortIsAnErrorAtEveryByte) {
    const std::string stream = whole(file("a", "content") + file("b/c", "x"));
    for (std::size_t length = 0; length < stream.size(); ++length) {
        EXPECT_FALSE(unpack(stream.substr(0, length))) << length;
    }
    EXPECT_TRUE(unpack(stream));
}

TEST_F(FileStream, WhatIsNoStreamIsAnError) {
    for (const std::string& inside :
         {std::string("x"), std::string("5"), std::string("5 a"), std::string("5a\0hello", 8), std::string(" a\0", 3),
          std::string("99999999999999999999 a\0", 23), "7 " + std::string(5000, 'n') + std::string("\0content", 8)}) {
        const auto files = unpack(whole(inside));
        ASSERT_FALSE(files) << inside;
        EXPECT_EQ(files.error().code, ErrorCode::bad_record);
        EXPECT_FALSE(files.error().fix.empty());
    }
}

TEST_F(FileStream, HasLimits) {
    const std::string three = file("a", "1") + file("b", "22") + file("c", "333");
    EXPECT_TRUE(unpack(whole(three), {.most_files = 3, .most_bytes = 6}));
    EXPECT_THAT(to_text(unpack(whole(three), {.most_files = 2, .most_bytes = 6}).error()),
                HasSubstr("more than 2 files"));
    EXPECT_THAT(to_text(unpack(whole(three), {.most_files = 3, .most_bytes = 5}).error()), HasSubstr("or 5 bytes"));
}

}  // namespace
}  // namespace passbench
