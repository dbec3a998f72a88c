#include "harness/scenario/lab.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/tests/temp_folder.hpp"
#include "harness/scenario/tests/support.hpp"

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

/// What needs no table.
const std::vector<std::string> named_by_themselves = {"auto",  "dda",    "eflow_dda",      "eflow_gpupv", "gpupv",
                                                      "local", "native", "native_windows", "wsl"};

std::vector<std::string> names_of(const std::map<std::string, ArmBinding>& arms) {
    std::vector<std::string> names;
    for (const auto& [name, unused] : arms) names.push_back(name);
    return names;
}

TEST(DefaultLab, BindsThisMachineAndTheMethodsOfItsHost) {
    const Lab lab = default_lab();
    EXPECT_EQ(names_of(lab.arms), named_by_themselves);
    EXPECT_EQ(lab.arms.at("native").provider, "native");
    EXPECT_EQ(lab.arms.at("auto").provider, "auto");
    EXPECT_EQ(lab.arms.at("dda").provider, "hyperv_dda");
    EXPECT_EQ(lab.arms.at("gpupv").provider, "hyperv_gpupv");
    EXPECT_TRUE(lab.prepare.empty());
}

TEST(Lab, AddsToTheDefaults) {
    const auto lab = parse_lab(
        "results = \"/data/runs\"\n[arm.again]\nprovider = \"local\"\n[arm.slow]\nprovider = \"local\"\n"
        "inject = { host = \"4 %\" }\n[prepare]\ncpu_governor = \"performance\"\ncpu_turbo = \"off\"\n"
        "gpu_clocks = \"1.23 GHz\"\ngpu_persistence = \"on\"\n",
        "lab.toml");
    ASSERT_TRUE(lab) << text_of(lab);
    EXPECT_THAT(names_of(lab->arms), IsSupersetOf({"local", "native", "again", "slow"}));
    EXPECT_EQ(lab->arms.size(), named_by_themselves.size() + 2);
    EXPECT_EQ(lab->arms.at("again").inject_host, 0);
    EXPECT_DOUBLE_EQ(lab->arms.at("slow").inject_host, 0.04);
    EXPECT_EQ(lab->results, "/data/runs");
    EXPECT_THAT(lab->prepare, ElementsAre(std::pair("cpu_governor", "performance"), std::pair("cpu_turbo", "off"),
                                          std::pair("gpu_clocks", "1230 MHz"), std::pair("gpu_persistence", "on")));
    EXPECT_EQ(lab->asked_at.at("gpu_clocks"), "lab.toml:10:14");
}

TEST(Lab, AgreesToNothingOfItself) {
    const Lab lab = default_lab();
    EXPECT_FALSE(lab.consent.nvidia_eula);
    EXPECT_FALSE(lab.consent.force_dismount);
    EXPECT_TRUE(lab.consent.keep.empty());
}

TEST(Lab, SaysWhatIsAgreedTo) {
    const auto lab =
        parse_lab("[consent]\nnvidia_eula = true\nforce_dismount = true\nkeep = [\"guest_drivers\"]\n", "lab.toml");
    ASSERT_TRUE(lab) << text_of(lab);
    EXPECT_TRUE(lab->consent.nvidia_eula);
    EXPECT_TRUE(lab->consent.force_dismount);
    EXPECT_THAT(lab->consent.keep, ElementsAre("guest_drivers"));
}

TEST(Lab, ReadsHowAMachineIsReachedBySsh) {
    const auto lab = parse_lab(
        "[arm.t4]\nprovider = \"ssh\"\naddress = \"t4-box\"\nuser = \"LAB\\\\me\"\nport = 2222\nidentity = \"~/a key's "
        "$(x).pem\"\n"
        "known_hosts = \"hosts\"\nconnection_sharing = false\nproxy_command = [\"/usr/bin/nc\", \"it's; $(x)\", "
        "\"\"]\nstore = \"/var/tmp/p\"\n"
        "[arm.plain]\nprovider = \"ssh\"\naddress = \"fe80::1%eth0\"\n",
        "lab.toml");
    ASSERT_TRUE(lab) << text_of(lab);
    EXPECT_EQ(lab->arms.at("t4").ssh, (SshSettings{.address = "t4-box",
                                                   .user = "LAB\\me",
                                                   .port = 2222,
                                                   .identity = "~/a key's $(x).pem",
                                                   .known_hosts = "hosts",
                                                   .connection_sharing = false,
                                                   .proxy_command = {"/usr/bin/nc", "it's; $(x)", ""},
                                                   .store = "/var/tmp/p"}));
    EXPECT_EQ(lab->arms.at("plain").ssh, SshSettings{.address = "fe80::1%eth0"});
    EXPECT_FALSE(lab->arms.at("local").ssh);
}

TEST(Lab, ReadsWhichVmGetsWhichCard) {
    const auto lab = parse_lab(
        "[arm.whole]\nprovider = \"hyperv_dda\"\nvm = \"it's a guest\"\nmay_stop = true\n"
        "gpu = \"PCIROOT(0)#PCI(0300)#PCI(0000)\"\n[arm.shared]\nprovider = \"hyperv_gpupv\"\n",
        "lab.toml");
    ASSERT_TRUE(lab) << text_of(lab);
    EXPECT_EQ(lab->arms.at("whole").vm, "it's a guest");
    EXPECT_EQ(lab->arms.at("whole").gpu, "PCIROOT(0)#PCI(0300)#PCI(0000)");
    EXPECT_TRUE(lab->arms.at("whole").may_stop_vm);
    EXPECT_FALSE(lab->arms.at("shared").may_stop_vm);
}

TEST(LabBeside, IsFoundByItsName) {
    const TemporaryFolder folder;
    static_cast<void>(folder.write("mine.lab.toml", "[arm.again]\nprovider = \"local\"\n"));
    const auto lab = lab_beside(folder.path() / "mine.toml");
    ASSERT_TRUE(lab) << text_of(lab);
    EXPECT_TRUE(lab->arms.contains("again"));
}

TEST(LabBeside, IsTheDefaultWhereThereIsNone) {
    const auto lab = lab_beside("scenarios/first-look.toml");
    ASSERT_TRUE(lab);
    EXPECT_EQ(names_of(lab->arms), named_by_themselves);
}

struct LabExample {
    std::string name;
    std::string text;
    std::string message;
};

void PrintTo(const LabExample& example, std::ostream* stream) { *stream << example.name; }

class BadLab : public testing::TestWithParam<LabExample> {};

TEST_P(BadLab, GetsOneClearMessage) {
    const auto lab = parse_lab(GetParam().text, "lab.toml");
    ASSERT_FALSE(lab);
    EXPECT_EQ(text_of(lab), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, BadLab,
    testing::Values(
        LabExample{"MisspeltKey", "[preapre]\ncpu_governor = \"performance\"\n",
                   "lab.toml:1:2: error: unknown key 'preapre'; did you mean 'prepare'?\n"
                   "    A lab knows version, arm, consent, eflow, host, prepare and results.\n"},
        LabExample{"MisspeltProperty", "[prepare]\ncpu_govenor = \"performance\"\n",
                   "lab.toml:2:1: error: unknown key 'cpu_govenor'; did you mean 'cpu_governor'?\n"
                   "    [prepare] knows cpu_governor, cpu_turbo, gpu_clocks and gpu_persistence.\n"},
        LabExample{"UnknownGovernor", "[prepare]\ncpu_governor = \"fast\"\n",
                   "lab.toml:2:16: error: unknown cpu_governor 'fast'\n"
                   "    Known here: performance, powersave, schedutil, ondemand and conservative.\n"},
        LabExample{"ClockWithoutUnit", "[prepare]\ngpu_clocks = \"1230\"\n",
                   "lab.toml:2:14: error: gpu_clocks: '1230' has no unit\n"
                   "    Write a number and a unit, for instance \"1230 MHz\"; units are MHz and GHz.\n"},
        LabExample{"ClockThatIsANumber", "[prepare]\ngpu_clocks = 1230\n",
                   "lab.toml:2:14: error: gpu_clocks is a whole number, not a clock with its unit\n"
                   "    Write it like gpu_clocks = \"1230 MHz\".\n"},
        LabExample{"ClockOutOfRange", "[prepare]\ngpu_clocks = \"0 MHz\"\n",
                   "lab.toml:2:14: error: gpu_clocks is out of range\n"
                   "    gpu_clocks may be 1 MHz to 10000 MHz.\n"},
        LabExample{"UnknownPersistence", "[prepare]\ngpu_persistence = true\n",
                   "lab.toml:2:19: error: gpu_persistence is true or false, not a word\n"
                   "    Write it like gpu_persistence = \"on\".\n"},
        LabExample{
            "UnknownProvider", "[arm.vm]\nprovider = \"lcoal\"\n",
            "lab.toml:2:12: error: unknown provider 'lcoal'; did you mean 'local'?\n"
            "    Known here: local, ssh, hyperv_dda, hyperv_gpupv, native_windows, eflow_dda, eflow_gpupv, wsl, native "
            "and auto.\n"},
        LabExample{"NoProvider", "[arm.vm]\ninject = { host = \"4 %\" }\n",
                   "lab.toml:1:6: error: arm vm has no provider\n"
                   "    Add provider = \"...\" with one of: local, ssh, hyperv_dda, hyperv_gpupv, native_windows, "
                   "eflow_dda, eflow_gpupv, wsl, native and auto.\n"},
        LabExample{"ArmThatIsNoTable", "arm.vm = \"local\"\n",
                   "lab.toml:1:10: error: arm vm is a text, not a table\n"
                   "    Write [arm.vm] and below it provider = \"local\".\n"},
        LabExample{"InjectWithoutPercent", "[arm.vm]\nprovider = \"local\"\ninject = { host = 4 }\n",
                   "lab.toml:3:19: error: host is a whole number, not a percentage\n"
                   "    Write it like host = \"3 %\".\n"},
        LabExample{"SshWithoutAddress", "[arm.t4]\nprovider = \"ssh\"\n",
                   "lab.toml:1:6: error: arm t4 has no address\n"
                   "    Add address = \"...\" with the name or the address of its machine.\n"},
        LabExample{"SshAddressThatIsAnOption", "[arm.t4]\nprovider = \"ssh\"\naddress = \"-oProxyCommand=id\"\n",
                   "lab.toml:3:11: error: address begins with '-', as an option does\n"
                   "    See scenarios/lab.example.toml for what may stand there.\n"},
        LabExample{"SshAddressWithAUser", "[arm.t4]\nprovider = \"ssh\"\naddress = \"lab@t4\"\n",
                   "lab.toml:3:11: error: address has a character other than letters, digits and .-_:%\n"
                   "    See scenarios/lab.example.toml for what may stand there.\n"},
        LabExample{"SshUserWithACommand", "[arm.t4]\nprovider = \"ssh\"\naddress = \"t4\"\nuser = \"$(id)\"\n",
                   "lab.toml:4:8: error: user has a character other than letters, digits and .-_@+\\\n"
                   "    See scenarios/lab.example.toml for what may stand there.\n"},
        LabExample{"SshPortOutOfRange", "[arm.t4]\nprovider = \"ssh\"\naddress = \"t4\"\nport = 0\n",
                   "lab.toml:4:8: error: port is out of range\n    port may be 1 to 65535.\n"},
        LabExample{"SshKeyInPlaceOfItsPath",
                   "[arm.t4]\nprovider = \"ssh\"\naddress = \"t4\"\nidentity = \"-----BEGIN\\nabc\"\n",
                   "lab.toml:4:12: error: identity has a line break or another control character\n"
                   "    See scenarios/lab.example.toml for what may stand there.\n"},
        LabExample{"SshProxyThatIsAText",
                   "[arm.t4]\nprovider = \"ssh\"\naddress = \"t4\"\nproxy_command = \"nc t4 22\"\n",
                   "lab.toml:4:17: error: proxy_command is a text, not a list\n"
                   "    Write it like proxy_command = [ ... ].\n"},
        LabExample{"SshProxyWithoutAProgram", "[arm.t4]\nprovider = \"ssh\"\naddress = \"t4\"\nproxy_command = []\n",
                   "lab.toml:4:17: error: proxy_command names no program\n"
                   "    Write the program's path and its arguments, 1 to 64 texts.\n"},
        LabExample{"SshProxyWithANumber",
                   "[arm.t4]\nprovider = \"ssh\"\naddress = \"t4\"\nproxy_command = [\"nc\", 22]\n",
                   "lab.toml:4:24: error: proxy_command holds a whole number, not a text\n"
                   "    Write it like proxy_command = [\"/usr/bin/nc\", \"gateway\", \"22\"].\n"},
        LabExample{"AddressOfAnotherProvider", "[arm.t4]\nprovider = \"local\"\naddress = \"t4\"\n",
                   "lab.toml:3:1: error: unknown key 'address'\n    [arm.t4] knows provider and inject.\n"},
        LabExample{"VmWithALineBreak", "[arm.dda]\nprovider = \"hyperv_dda\"\nvm = \"a\\nb\"\n",
                   "lab.toml:3:6: error: vm has a line break or another control character\n"
                   "    See scenarios/lab.example.toml for what may stand there.\n"},
        LabExample{"ContainerWithoutAnImage", "[arm.edge]\nprovider = \"eflow_dda\"\ncontainer = true\n",
                   "lab.toml:3:1: error: a container needs an image\n"
                   "    Add image = \"...\", one with glibc 2.25 or later that the machine has or can fetch.\n"},
        LabExample{"ImageWithACommand", "[arm.edge]\nprovider = \"eflow_dda\"\ncontainer = true\nimage = \"a;id\"\n",
                   "lab.toml:4:9: error: image is no name of a container image\n"
                   "    See scenarios/lab.example.toml for what may stand there.\n"},
        LabExample{"EflowWithAnOddSize", "[eflow]\nmemory = \"4097 MiB\"\n",
                   "lab.toml:2:10: error: memory is no even number of MiB\n    Write it like \"8 GiB\".\n"},
        LabExample{
            "EflowKeyInPlainText",
            "[eflow.provisioning]\ntype = \"ManualConnectionString\"\nconnection_string = \"SharedAccessKey=1\"\n",
            "lab.toml:3:21: error: 'connection_string' holds a secret in plain text\n"
            "    Put it into the environment and write connection_string = { env = \"NAME\" }; change the secret if "
            "this file was ever shared.\n"},
        LabExample{"EflowProvisioningThatLacksAKey", "[eflow.provisioning]\ntype = \"DpsTPM\"\n",
                   "lab.toml:1:8: error: provisioning by DpsTPM needs scope_id\n    DpsTPM takes scope_id.\n"},
        LabExample{"EflowProvisioningWithAKeyTooMany",
                   "[eflow.provisioning]\ntype = \"DpsTPM\"\nscope_id = \"0ne0\"\ndevice_id = \"lab\"\n",
                   "lab.toml:4:1: error: provisioning by DpsTPM has no device_id\n    DpsTPM takes scope_id.\n"},
        LabExample{"VmOfWsl", "[arm.wsl]\nprovider = \"wsl\"\nvm = \"a\"\n",
                   "lab.toml:3:1: error: unknown key 'vm'\n"
                   "    [arm.wsl] knows provider, inject, distribution, gpu and may_stop.\n"},
        LabExample{"VmOfTheHostItself", "[arm.native_windows]\nprovider = \"native_windows\"\nvm = \"a\"\n",
                   "lab.toml:3:1: error: unknown key 'vm'\n"
                   "    [arm.native_windows] knows provider, inject and gpu.\n"},
        LabExample{"UnknownVersion", "version = 2\n",
                   "lab.toml:1:11: error: version is out of range\n    version may be 1.\n"},
        LabExample{"ConsentThatIsAWord", "[consent]\nnvidia_eula = \"yes\"\n",
                   "lab.toml:2:15: error: nvidia_eula is a text, not true or false\n"
                   "    Write it like nvidia_eula = true.\n"},
        LabExample{"MisspeltConsent", "[consent]\nnvidia_eual = true\n",
                   "lab.toml:2:1: error: unknown key 'nvidia_eual'; did you mean 'nvidia_eula'?\n"
                   "    [consent] knows nvidia_eula, force_dismount and keep.\n"},
        LabExample{"UnknownWordToKeep", "[consent]\nkeep = [\"guest_drivers\", \"guest_driver\"]\n",
                   "lab.toml:2:26: error: unknown keep 'guest_driver'; did you mean 'guest_drivers'?\n"
                   "    Known here: eflow_deployment, eflow_provisioning and guest_drivers.\n"},
        LabExample{"KeptTwice", "[consent]\nkeep = [\"guest_drivers\", \"guest_drivers\"]\n",
                   "lab.toml:2:26: error: keep names 'guest_drivers' twice\n    Name each word once.\n"},
        LabExample{"KeepThatIsNoList", "[consent]\nkeep = true\n",
                   "lab.toml:2:8: error: keep is true or false, not a list\n"
                   "    Write it like keep = [\"eflow_deployment\"].\n"},
        LabExample{"KeepOfNumbers", "[consent]\nkeep = [1]\n",
                   "lab.toml:2:9: error: keep holds a whole number, not only words\n"
                   "    Write it like keep = [\"eflow_deployment\"].\n"},
        LabExample{"EmptyResults", "results = \"\"\n",
                   "lab.toml:1:11: error: results is empty\n    Write 1 to 1000 characters.\n"}),
    [](const testing::TestParamInfo<LabExample>& example) { return example.param.name; });

TEST(Secrets, InPlainTextAreRefusedAndNotRepeated) {
    const auto lab = parse_lab("[arm.vm]\nprovider = \"local\"\npassword = \"hunter2\"\n", "lab.toml");
    ASSERT_FALSE(lab);
    EXPECT_THAT(text_of(lab),
                HasSubstr("lab.toml:3:12: error: 'password' holds a secret in plain text\n"
                          "    Put it into the environment and write password = { env = \"NAME\" }; change "
                          "the secret if this file was ever shared.\n"));
    EXPECT_THAT(text_of(lab), Not(HasSubstr("hunter2")));
}

TEST(Secrets, FromTheEnvironmentAreNoPlainText) {
    const auto lab = parse_lab("[arm.vm]\nprovider = \"local\"\ntoken = { env = \"LAB_TOKEN\" }\n", "lab.toml");
    ASSERT_FALSE(lab) << "no provider of today takes a secret";
    EXPECT_EQ(text_of(lab), "lab.toml:3:1: error: unknown key 'token'\n    [arm.vm] knows provider and inject.\n");
}

TEST(ExampleLab, ShowsEveryKeyThatTheReaderKnows) {
    std::ifstream file("scenarios/lab.example.toml");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (const std::string_view key : lab_keys()) EXPECT_THAT(text, HasSubstr(std::string(key)));
}

TEST(ChooseLab, SimulatedTakesTheArmsOfTheScenariosLabAndPreparesNothing) {
    const TempFolder folder;
    std::ofstream(folder / "pair.lab.toml") << "[arm.again]\nprovider = \"local\"\n[prepare]\ncpu_turbo = \"off\"\n";
    const auto lab = choose_lab("simulated", folder / "pair.toml");
    ASSERT_TRUE(lab);
    EXPECT_TRUE(lab->simulated);
    EXPECT_TRUE(lab->arms.contains("again"));
    EXPECT_TRUE(lab->prepare.empty());
    // What a resume is told finds the same lab without the scenario's folder.
    const auto again = choose_lab(lab->file, {});
    ASSERT_TRUE(again) << lab->file;
    EXPECT_TRUE(again->simulated);
    EXPECT_TRUE(again->arms.contains("again"));
}

TEST(ChooseLab, SimulatedPreparesTheCardWhereAFileKeepsIt) {
    const TempFolder folder;
    std::ofstream(folder / "lab.toml") << "[prepare]\ncpu_turbo = \"off\"\ngpu_persistence = \"on\"\n";
    const std::string name = "simulated:" + (folder / "lab.toml").string();
    EXPECT_TRUE(choose_lab(name, {})->prepare.empty());
    setenv("PASSBENCH_NVML_STATE", "card.state", 1);
    EXPECT_THAT(choose_lab(name, {})->prepare, ElementsAre(std::pair("gpu_persistence", "on")));
    unsetenv("PASSBENCH_NVML_STATE");
}

TEST(ChooseLab, IsTheDefaultWhereNothingIsNamedOrFound) {
    EXPECT_FALSE(choose_lab("", {})->simulated);
    EXPECT_EQ(choose_lab("simulated", {})->file, "simulated");
    EXPECT_FALSE(choose_lab("/no/such/lab.toml", {}));
    EXPECT_FALSE(choose_lab("simulated:/no/such/lab.toml", {}));
}

}  // namespace
}  // namespace passbench
