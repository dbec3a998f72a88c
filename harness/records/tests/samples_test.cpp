#include "harness/records/samples.hpp"

#include <array>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/checksum.hpp"
#include "harness/core/tests/temp_folder.hpp"
#include "harness/records/tests/example_records.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Chunk chunk_of(int trial) {
    Chunk chunk;
    chunk.case_name = "copy/cpu?bytes=4096";
    chunk.arm = "native";
    chunk.trial = trial;
    return chunk;
}

class Samples : public testing::Test {
protected:
    /// Two chunks: {1, 2, 3} with a second column, and {-4}.
    void write_two_chunks() {
        SampleWriter writer = SampleWriter::open(folder_.path()).value();
        const std::vector<std::int64_t> wall = {1, 2, 3};
        const std::vector<std::int64_t> device = {10, 20, 30};
        const std::vector<std::int64_t> lone = {-4};
        const std::array both = {ColumnValues{"wall_ns", wall}, ColumnValues{"device_ns", device}};
        const std::array one = {ColumnValues{"wall_ns", lone}};
        ASSERT_TRUE(writer.append(chunk_of(0), both).has_value());
        ASSERT_TRUE(writer.append(chunk_of(1), one).has_value());
    }
    [[nodiscard]] fs::path index() const { return folder_ / "samples.jsonl"; }
    [[nodiscard]] fs::path bin() const { return folder_ / "samples.bin"; }

    TempFolder folder_;
};

TEST_F(Samples, ComeBackAsTheyWereWritten) {
    write_two_chunks();
    const SampleReader reader = SampleReader::open(folder_.path()).value();
    ASSERT_EQ(reader.chunks().size(), 2U);
    EXPECT_FALSE(reader.torn());
    EXPECT_EQ(reader.column(reader.chunks()[0], "wall_ns").value(), (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(reader.column(reader.chunks()[0], "device_ns").value(), (std::vector<std::int64_t>{10, 20, 30}));
    EXPECT_EQ(reader.column(reader.chunks()[1], "wall_ns").value(), (std::vector<std::int64_t>{-4}));
    EXPECT_EQ(reader.chunks()[1].at, 48);
    EXPECT_EQ(size_bytes(reader.chunks()[0]), 48);
}

TEST_F(Samples, AreLittleEndianEightByteColumnsAtTheirOffsets) {
    write_two_chunks();
    const std::string bytes = read_plainly(bin());
    ASSERT_EQ(bytes.size(), 56U);
    EXPECT_EQ(bytes.substr(8, 8), std::string("\x02\0\0\0\0\0\0\0", 8));
    EXPECT_EQ(bytes.substr(24, 8), std::string("\x0a\0\0\0\0\0\0\0", 8));
    EXPECT_EQ(bytes.substr(48, 8), std::string("\xfc\xff\xff\xff\xff\xff\xff\xff", 8));
}

TEST_F(Samples, OfNothingAreAnEmptySet) {
    const SampleReader reader = SampleReader::open(folder_.path()).value();
    EXPECT_TRUE(reader.chunks().empty());
    EXPECT_FALSE(reader.torn());
}

TEST_F(Samples, WithATornLastLineAreReadUpToItAndSayso) {
    write_two_chunks();
    const std::string whole = read_plainly(index());
    const std::size_t first = whole.find('\n') + 1;
    for (std::size_t length = first; length < whole.size(); ++length) {
        write_plainly(index(), whole.substr(0, length));
        const SampleReader reader = SampleReader::open(folder_.path()).value();
        ASSERT_EQ(reader.chunks().size(), 1U) << length;
        ASSERT_EQ(reader.torn(), length > first) << length;
    }
}

TEST_F(Samples, WithADamagedLineAreABadRecordWithFileAndLine) {
    write_two_chunks();
    const std::string whole = read_plainly(index());
    write_plainly(index(), whole + "garbage\n" + whole);
    const Error error = SampleReader::open(folder_.path()).error();
    EXPECT_EQ(error.code, ErrorCode::bad_record);
    EXPECT_EQ(error.where, index().string() + ":3");
    EXPECT_THAT(error.what, HasSubstr("it is not JSON"));
    write_plainly(index(), "\n" + whole);
    EXPECT_EQ(SampleReader::open(folder_.path()).error().where, index().string() + ":1");
}

TEST_F(Samples, BeyondTheEndOfTheFileAreABadRecord) {
    write_two_chunks();
    fs::resize_file(bin(), 55);
    const Error error = SampleReader::open(folder_.path()).error();
    EXPECT_EQ(error.code, ErrorCode::bad_record);
    EXPECT_EQ(error.where, index().string() + ":2");
    EXPECT_THAT(error.what, HasSubstr("lies beyond the end of samples.bin, which has 55 bytes"));
    fs::remove(bin());
    EXPECT_EQ(SampleReader::open(folder_.path()).error().where, index().string() + ":1");
}

TEST_F(Samples, ThatChangedByOneBitDoNotFitTheirChecksum) {
    write_two_chunks();
    std::string bytes = read_plainly(bin());
    bytes[30] = static_cast<char>(bytes[30] ^ 1);
    write_plainly(bin(), bytes);
    const SampleReader reader = SampleReader::open(folder_.path()).value();
    const Error error = reader.column(reader.chunks()[0], "wall_ns").error();
    EXPECT_EQ(error.code, ErrorCode::bad_record);
    EXPECT_THAT(error.what, HasSubstr("do not fit their checksum (copy/cpu?bytes=4096, arm native, block 0, trial 0"));
    EXPECT_TRUE(reader.column(reader.chunks()[1], "wall_ns").has_value()) << "the other chunk is sound";
}

TEST_F(Samples, ThatShrankSinceTheyWereOpenedAreABadRecord) {
    write_two_chunks();
    const SampleReader reader = SampleReader::open(folder_.path()).value();
    fs::resize_file(bin(), 50);
    EXPECT_EQ(reader.bytes(reader.chunks()[1]).error().code, ErrorCode::bad_record);
}

TEST_F(Samples, HaveNoColumnOfAnotherNameOrType) {
    write_two_chunks();
    const SampleReader reader = SampleReader::open(folder_.path()).value();
    EXPECT_THAT(reader.column(reader.chunks()[1], "device_ns").error().what, HasSubstr("no i64 column 'device_ns'"));
    Chunk floating = reader.chunks()[1];
    floating.columns.at("wall_ns").type = ColumnType::f64;
    EXPECT_FALSE(reader.column(floating, "wall_ns").has_value());
}

TEST_F(Samples, GoOnBehindWhatWasWrittenBefore) {
    write_two_chunks();
    write_two_chunks();
    const SampleReader reader = SampleReader::open(folder_.path()).value();
    ASSERT_EQ(reader.chunks().size(), 4U);
    EXPECT_EQ(reader.column(reader.chunks()[2], "device_ns").value(), (std::vector<std::int64_t>{10, 20, 30}));
}

TEST_F(Samples, NeedColumnsOfOneLengthThatAreNotEmpty) {
    SampleWriter writer = SampleWriter::open(folder_.path()).value();
    const std::vector<std::int64_t> two = {1, 2};
    const std::vector<std::int64_t> one = {1};
    const std::array uneven = {ColumnValues{"wall_ns", two}, ColumnValues{"device_ns", one}};
    const std::array empty = {ColumnValues{"wall_ns", {}}};
    EXPECT_EQ(writer.append(chunk_of(0), uneven).error().code, ErrorCode::usage);
    EXPECT_EQ(writer.append(chunk_of(0), empty).error().code, ErrorCode::usage);
    EXPECT_EQ(writer.append(chunk_of(0), {}).error().code, ErrorCode::usage);
    EXPECT_EQ(read_plainly(bin()), "");
}

TEST_F(Samples, OnAFullDiskLeaveNoLineForWhatIsNotThere) {
    SampleWriter writer = SampleWriter::open(folder_.path()).value();
    set_store_observer([](StoreOperation operation, const fs::path&, bool) {
        return operation == StoreOperation::write ? ENOSPC : 0;
    });
    const std::vector<std::int64_t> values = {1};
    const std::array columns = {ColumnValues{"wall_ns", values}};
    const auto written = writer.append(chunk_of(0), columns);
    set_store_observer(nullptr);
    ASSERT_FALSE(written.has_value());
    EXPECT_EQ(written.error().code, ErrorCode::io);
    EXPECT_EQ(read_plainly(index()), "");
}

TEST(ChunkLine, IsRefusedWhereItsNumbersAreImpossible) {
    Chunk chunk = chunk_of(0);
    chunk.n = 30;
    chunk.at = 64;
    chunk.columns = {{"wall_ns", {.offset_bytes = 0}}, {"device_ns", {.type = ColumnType::f64, .offset_bytes = 240}}};
    const std::string line = to_json_line(chunk);
    ASSERT_TRUE(chunk_from_json(line).has_value());
    EXPECT_EQ(to_json_line(chunk_from_json(line).value()), line);
    struct Impossible {
        std::string_view from;
        std::string_view to;
        std::string_view what;
    };
    for (const Impossible& mistake : std::initializer_list<Impossible>{
             {"\"n\":30", "\"n\":0", "n: expected an integer from 1"},
             {"\"n\":30", "\"n\":-30", "n: expected an integer from 1"},
             {"\"n\":30", "\"n\":9223372036854775807", "n: expected an integer from 1"},
             {"\"n\":30", "\"n\":29", "columns: the columns overlap or leave a gap"},
             {"\"n\":30", "\"n\":31", "columns: the columns overlap or leave a gap"},
             {"\"at\":64", "\"at\":-8", "at: expected an integer from 0"},
             {"\"at\":64", "\"at\":63", "at: expected a multiple of 8"},
             {"\"at\":64", "\"at\":9223372036854775800", "at: expected an integer from 0"},
             {"\"ops\":1", "\"ops\":0", "ops: expected an integer from 1"},
             {"\"phase\":\"measure\"", "\"phase\":\"hot\"", "phase: expected one of cold, warmup, measure"},
             {"[\"i64\",0]", "[\"i64\",240]", "columns: the columns overlap or leave a gap"},
             {"[\"i64\",0]", "[\"i64\",-8]", "columns.wall_ns[1]: expected an integer from 0"},
             {"[\"i64\",0]", "[\"i32\",0]", "columns.wall_ns: expected the type i64 or f64"},
             {"[\"i64\",0]", "[\"i64\"]", "columns.wall_ns: expected [type, offset]"},
             {"[\"i64\",0]", "7", "columns.wall_ns: expected an array"},
             {"\"wall_ns\"", "\"Wall ns\"", "columns.Wall ns: a column's name has lower-case letters"},
             {"{\"device_ns\":[\"f64\",240],\"wall_ns\":[\"i64\",0]}", "{}",
              "columns: a chunk has at least one column"},
             {"\"crc32c\":0", "\"crc32c\":4294967296", "crc32c: expected an integer from 0 to 4294967295"},
             {"\"block\":0", "\"block\":4294967296", "block: expected an integer from 0 to 2147483647"},
             {"\"arm\":\"native\"", "\"arm\":\"\"", "arm: expected a text that is not empty"},
             {"\"version\":1", "\"version\":3", "this is version 3 of passbench.samples"}}) {
        const auto decoded = chunk_from_json(example::replaced(line, mistake.from, mistake.to));
        ASSERT_FALSE(decoded.has_value()) << mistake.to;
        EXPECT_THAT(decoded.error().what, HasSubstr(std::string(mistake.what))) << mistake.to;
    }
}

}  // namespace
}  // namespace passbench
