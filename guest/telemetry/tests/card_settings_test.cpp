// What is set of a card, on the stand-in NVML with a file for its state.
#include "guest/telemetry/card_settings.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guest/telemetry/gpu_moment.hpp"

namespace passbench {
namespace {

using ::testing::HasSubstr;

constexpr const char* uuid = "GPU-70617373-6265-6e63-682d-73696d2d3030";
const std::string stand_in = std::string(PASSBENCH_STAND_IN_FOLDER) + "/libnvidia-ml.so.1";

class CardSettingsTest : public testing::Test {
protected:
    CardSettingsTest() {
        std::filesystem::create_directories(folder_);
        setenv("PASSBENCH_NVML_STATE", (folder_ / "card.state").c_str(), 1);
    }
    ~CardSettingsTest() override {
        unsetenv("PASSBENCH_NVML_STATE");
        unsetenv("PASSBENCH_FAULT");
        std::filesystem::remove_all(folder_);
    }
    /// As a process of its own has them: nothing is remembered but by files.
    [[nodiscard]] CardSettings settings() const { return {*Nvml::load(stand_in), folder_ / "notes"}; }
    [[nodiscard]] std::string fact(std::string_view key) const {
        return fact_text(settings().survey()->at(std::string("gpu/") + uuid), key).value_or("absent");
    }
    [[nodiscard]] std::string state() const {
        std::ifstream file(folder_ / "card.state");
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void plant(const std::string& fault) const {
        std::ofstream(folder_ / "fault") << fault << "\n";
        setenv("PASSBENCH_FAULT", (folder_ / "fault").c_str(), 1);
    }

    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() /
        ("passbench-card-" + std::to_string(getpid()) + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(CardSettingsTest, AFreshCardIsUnlockedWithItsClocksAndPersistenceOff) {
    EXPECT_EQ(fact("clocks"), "unlocked");
    EXPECT_EQ(fact("available_clocks"), "5 10 15 20");
    EXPECT_EQ(fact("persistence"), "off");
}

TEST_F(CardSettingsTest, WhatIsSetOutlivesWhoSetItAndIsGivenBack) {
    ASSERT_TRUE(settings().set(uuid, "persistence", "on"));
    ASSERT_TRUE(settings().set(uuid, "clocks", "10 MHz"));
    EXPECT_EQ(fact("clocks"), "10 MHz");
    EXPECT_EQ(fact("persistence"), "on");
    EXPECT_EQ(state(), "locked_mhz = 10\npersistence = 1\n");
    const auto nvml = *Nvml::load(stand_in);
    EXPECT_EQ(read_gpu_moment(*nvml, *nvml->find_device(uuid)).value(gpu_field::sm_clock), 10);
    ASSERT_TRUE(settings().set(uuid, "clocks", "unlocked"));
    ASSERT_TRUE(settings().set("", "persistence", "off"));
    EXPECT_EQ(fact("clocks"), "unlocked");
    EXPECT_EQ(state(), "locked_mhz = 0\npersistence = 0\n");
}

TEST_F(CardSettingsTest, AClockThatTheCardDoesNotHaveIsRefusedWithThoseThatItHas) {
    const auto refused = settings().set(uuid, "clocks", "1230 MHz");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
    EXPECT_THAT(refused.error().what, HasSubstr("has no clock of 1230 MHz"));
    EXPECT_THAT(refused.error().fix, HasSubstr("5 10 15 20"));
    EXPECT_EQ(fact("clocks"), "unlocked");
    EXPECT_EQ(state(), "");
}

TEST_F(CardSettingsTest, WithoutRightsNothingIsChangedAndTheNoteSaysSo) {
    plant("nvml_denied = true");
    for (const auto& [property, value] : {std::pair("clocks", "10 MHz"), std::pair("persistence", "on")}) {
        const auto refused = settings().set(uuid, property, value);
        ASSERT_FALSE(refused) << property;
        EXPECT_EQ(refused.error().code, ErrorCode::precondition);
        EXPECT_THAT(refused.error().what, HasSubstr("Insufficient Permissions"));
        EXPECT_THAT(refused.error().fix, HasSubstr("Run as root"));
    }
    EXPECT_EQ(fact("clocks"), "unlocked");
    EXPECT_EQ(state(), "");
}

TEST_F(CardSettingsTest, AClockThatWasNotGivenBackIsNeverToldToBe) {
    ASSERT_TRUE(settings().set(uuid, "clocks", "10 MHz"));
    plant("nvml_denied = true");
    EXPECT_FALSE(settings().set(uuid, "clocks", "unlocked"));
    EXPECT_FALSE(settings().set(uuid, "clocks", "15 MHz"));
    EXPECT_EQ(fact("clocks"), "10 MHz");
}

TEST_F(CardSettingsTest, WhatIsNoPropertyValueOrCardIsRefused) {
    const auto code = [&](const char* card, const char* property, const char* value) {
        const auto set = settings().set(card, property, value);
        return set ? "none" : std::string(to_string(set.error().code));
    };
    EXPECT_EQ(code("GPU-1", "clocks", "10 MHz"), "usage");
    EXPECT_EQ(code(uuid, "fans", "on"), "usage");
    EXPECT_EQ(code(uuid, "clocks", "fast"), "usage");
    EXPECT_EQ(code(uuid, "persistence", "maybe"), "usage");
    EXPECT_EQ(state(), "");
}

TEST_F(CardSettingsTest, WhatNvmlDoesNotTellIsAbsent) {
    plant("nvml_unsupported = nvmlDeviceGetPersistenceMode");
    EXPECT_EQ(fact("persistence"), "absent");
    plant("nvml_unsupported = nvmlDeviceGetSupportedGraphicsClocks");
    EXPECT_EQ(fact("available_clocks"), "absent");
    plant("nvml_unsupported = nvmlDeviceGetUUID");
    EXPECT_THAT(settings().survey().error().what, HasSubstr("NVML does not name card 0: Not Supported"));
}

}  // namespace
}  // namespace passbench
