// doctor of a Windows host: the table of methods as people read it and as a document, from the fixture hosts.
#include "host/cli/method_text.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/core/tests/temp_folder.hpp"
#include "harness/report/text.hpp"
#include "host/cli/cli.hpp"

namespace passbench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

constexpr std::chrono::year_month_day day = std::chrono::year{2026} / std::chrono::November / 21;

std::string path_of(const std::string& name) { return "host/simulated/hosts/" + name + ".json"; }

std::string doctor(const std::string& file, const char* option) {
    const std::vector<const char*> words = {"passbench", "doctor", "--host", file.c_str(), option};
    std::ostringstream out;
    std::ostringstream err;
    const int exit = cli_main(static_cast<int>(words.size()), words.data(), {.out = out, .err = err});
    EXPECT_EQ(exit, 0) << err.str();
    return out.str();
}

Passthrough passthrough(const std::string& name) {
    const auto facts = host_from_json(read_plainly(path_of(name)));
    EXPECT_TRUE(facts);
    return passthrough_of(*facts, day);
}

TEST(MethodText, IsATableThenReasonsWithWhatToDo) {
    const auto text = text_of(passthrough("windows-11-t4-eflow"));
    EXPECT_THAT(
        text,
        HasSubstr("  GPU                         native_windows dda        gpupv      eflow_dda  eflow_gpupv wsl\n"
                  "  1. Tesla T4                 impossible     impossible impossible warning    impossible  "
                  "impossible\n"));
    EXPECT_THAT(text, AllOf(HasSubstr("not a real host: Constructed from documentation"),
                            HasSubstr("1. NVIDIA Tesla T4 at PCIROOT(0)#PCI(0300)#PCI(0000)\n  what is in the way\n"),
                            HasSubstr("    eflow_dda: Security: no driver that shields the host"),
                            HasSubstr("      -> Install NVIDIA's mitigation driver: pnputil /add-driver"),
                            HasSubstr("Microsoft's support of EFLOW 1.5.7.1 ended on 2026-11-10."),
                            HasSubstr("  auto    NVIDIA Tesla T4 is a card for data centres"),
                            HasSubstr("  native  nothing here - ")));
}

TEST(MethodText, SaysOneReasonOfManyMethodsOnce) {
    const auto text = text_of(passthrough("nested-host"));
    EXPECT_THAT(text, HasSubstr("    dda, gpupv, eflow_dda, eflow_gpupv, wsl: This host is a virtual machine itself"));
    EXPECT_EQ(text.find("(host.nested;"), text.rfind("(host.nested;"));
}

TEST(MethodText, StaysWithinTheColumnsOfAReport) {
    for (const auto& entry : std::filesystem::directory_iterator("host/simulated/hosts")) {
        if (entry.path().extension() != ".json") continue;
        std::istringstream lines(text_of(passthrough(entry.path().stem().string())));
        for (std::string line; std::getline(lines, line);) {
            EXPECT_LE(width(line), report_columns) << line;
            EXPECT_FALSE(line.ends_with(' ')) << line;
        }
    }
}

TEST(MethodText, LetsNothingOfASurveySteerATerminal) {
    auto facts = *host_from_json(read_plainly(path_of("server-2019-t4")));
    const std::string hostile = "a\x1b[2J\n$(reboot) `x` \"q\" \xE2\x80\xAE; b";
    facts["host"]["os.caption"] = hostile;
    facts["host"]["iov.reasons"] = hostile;
    facts["host"]["iov.support"] = false;
    facts["host"]["fixture.origin"] = hostile;
    auto& gpu = facts["gpu/PCIROOT(0)#PCI(0300)#PCI(0000)"];
    gpu["name"] = hostile;
    gpu["state"] = "vm:" + hostile;
    facts["gpu/" + hostile] = gpu;
    const auto text = text_of(passthrough_of(facts, day));
    EXPECT_THAT(text, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\xE2\x80\xAE")), HasSubstr("\\x1b[2J")));
}

TEST(MethodText, OfAHostWithoutAGpuSaysSo) {
    const auto text = text_of(passthrough_of({{"host", {{"os.build", std::int64_t{17763}}}}}, day));
    EXPECT_THAT(text, HasSubstr("no GPU"));
}

TEST(Doctor, ShowsTheTableOfARecordedWindowsHost) {
    const auto text = doctor(path_of("server-2025-rtx-a5000"), "--quiet");
    EXPECT_THAT(text, AllOf(HasSubstr("Microsoft Windows Server 2025 Datacenter, build 26100.1742"),
                            HasSubstr("1. RTX A5000"), HasSubstr("by which it is shared: gpupv."),
                            HasSubstr("Host as recorded in host/simulated/hosts/server-2025-rtx-a5000.json")));
}

TEST(Doctor, HasTheTableInItsDocument) {
    const auto document = Json::parse(doctor(path_of("server-2019-two-t4s"), "--json"));
    const auto& data = document["data"]["passthrough"];
    ASSERT_EQ(data["gpus"].size(), 2U);
    EXPECT_EQ(data["auto"]["method"], "dda");
    EXPECT_EQ(data["auto"]["gpu"], "PCIROOT(0)#PCI(0300)#PCI(0000)");
    EXPECT_EQ(data["native"]["error"]["code"], "precondition");
    EXPECT_EQ(data["gpus"][0]["survey_dda"]["verdict"], "assignable");
    const auto& busy = data["gpus"][1]["methods"]["dda"];
    EXPECT_EQ(busy["word"], "impossible");
    for (const auto& gpu : data["gpus"]) {
        EXPECT_EQ(gpu["methods"].size(), all_methods.size());
        for (const auto& method : gpu["methods"]) {
            ASSERT_FALSE(method["reasons"].empty());
            for (const auto& reason : method["reasons"]) {
                for (const auto* key : {"rule", "source", "facts", "what"}) EXPECT_NE(reason[key], "");
                EXPECT_EQ(reason.contains("fix"), reason["word"] != "possible");
            }
        }
    }
}

TEST(Doctor, OfAHostThatIsNotWindowsHasNoTable) {
    const TempFolder folder;
    write_plainly(folder / "linux.json", to_json(HostFacts{{"cpu", {{"governor", std::string("powersave")}}}}));
    const std::string file = (folder / "linux.json").string();
    EXPECT_THAT(doctor(file, "--quiet"), Not(HasSubstr("What its GPUs")));
    EXPECT_FALSE(Json::parse(doctor(file, "--json"))["data"].contains("passthrough"));
}

}  // namespace
}  // namespace passbench
