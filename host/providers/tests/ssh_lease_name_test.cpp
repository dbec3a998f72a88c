#include "host/providers/ssh_lease_name.hpp"

#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>

namespace passbench::tests {
namespace {

TEST(SshLeaseName, IsReadableWhereThereIsLittleToSay) {
    EXPECT_EQ(to_string(SshLease{.settings = {.address = "t4-box"}}), "ssh://t4-box");
    EXPECT_EQ(to_string(SshLease{.settings = {.address = "t4-box", .user = "lab", .port = 2222},
                                 .cards = PreparedCards::real}),
              "ssh.gpu://lab@t4-box:2222");
}

TEST(SshLeaseName, SaysAllThatIsNeededWhateverItHolds) {
    const std::string hostile = "/a b/it's \"$(x)\"; %41 & ? = # @ : / \303\274";
    for (const PreparedCards cards : all_prepared_cards) {
        const SshLease lease{.settings = {.address = "fe80::1%eth0",
                                          .user = "DOMAIN\\me@there",
                                          .port = 65535,
                                          .identity = hostile,
                                          .known_hosts = hostile + "2",
                                          .connection_sharing = false,
                                          .proxy_command = {hostile, "", hostile},
                                          .store = "~/x"},
                             .cards = cards};
        const std::string name = to_string(lease);
        EXPECT_EQ(name.find_first_of(" \"'$;"), std::string::npos) << name;
        EXPECT_TRUE(is_ssh_lease(name));
        const auto back = parse_ssh_lease(name);
        ASSERT_TRUE(back) << to_text(back.error());
        EXPECT_EQ(back->settings, lease.settings);
        EXPECT_EQ(back->cards, cards);
    }
}

TEST(SshLeaseName, MeansTheSameFromEveryFolder) {
    const SshLease lease{.settings = {.address = "t4", .identity = "key", .known_hosts = "~/hosts"}};
    const auto back = parse_ssh_lease(to_string(lease));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->settings.identity, std::filesystem::absolute("key"));
    EXPECT_EQ(back->settings.known_hosts, std::string(std::getenv("HOME")) + "/hosts");
}

TEST(SshLeaseName, WhatItIsNotIsRefused) {
    for (const char* name : {"ssh",
                             "ssh:",
                             "ssh://",
                             "ssh:///x",
                             "ssh.other://t4",
                             "sshd://t4",
                             "ssh://@t4",
                             "ssh://t4:",
                             "ssh://t4:x",
                             "ssh://t4:99999",
                             "ssh://-oProxyCommand=x",
                             "ssh://t4%20x",
                             "ssh://t4%2",
                             "ssh://t4%GG",
                             "ssh://t4?what=x",
                             "ssh://t4?sharing=yes",
                             "ssh://t4?identity=%0A",
                             "ssh://t4?proxy=%ZZ",
                             "local",
                             ""}) {
        const auto lease = parse_ssh_lease(name);
        ASSERT_FALSE(lease) << name;
        EXPECT_EQ(lease.error().code, ErrorCode::usage);
    }
}

}  // namespace
}  // namespace passbench::tests
