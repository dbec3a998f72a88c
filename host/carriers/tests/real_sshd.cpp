#include "host/carriers/tests/real_sshd.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <pwd.h>
#include <set>
#include <sstream>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>
#include <netinet/in.h>

#include "host/carriers/shell_words.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* sshd = "/usr/sbin/sshd";

bool is_root() { return ::geteuid() == 0; }

/// Words before a program that is not to be run by root.
std::string unprivileged() { return is_root() ? "setpriv --reuid nobody --regid nogroup --clear-groups " : ""; }

void write(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();  // a process that goes away meanwhile is an error of reading, and no exception
    return text.str();
}

void run(const std::string& line) {
    if (std::system(line.c_str()) != 0) ADD_FAILURE() << line;  // NOLINT: a test's own words
}

int free_port() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool is_bound = ::bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                          ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    EXPECT_TRUE(is_bound) << "no port of the loopback is free";
    ::close(probe);
    return ntohs(address.sin_port);
}

bool answers(int port) {
    const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    const bool connected = ::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(client);
    return connected;
}

/// Of the process, NUL bytes as blanks; "" where it is gone.
std::string text_of(int process, const char* file) {
    std::string text = read(fs::path("/proc") / std::to_string(process) / file);
    for (char& character : text) character = character == '\0' ? ' ' : character;
    return text;
}

struct ProcessTies {
    int parent = 0;
    int session = 0;
};

/// From /proc/PID/stat: what follows the name, which may hold anything, in its last parenthesis.
ProcessTies ties_of(int process) {
    const std::string stat = text_of(process, "stat");
    std::istringstream rest(stat.substr(std::min(stat.size(), stat.rfind(')') + 1)));
    std::string state;
    int group = 0;
    ProcessTies ties;
    rest >> state >> ties.parent >> group >> ties.session;
    return state == "Z" ? ProcessTies() : ties;
}

/// All that were started through the sshd of this folder: its sessions, which it noted, what comes from them, and who has its home in
/// the environment (a sshd writes its title over its own).
std::vector<int> processes_of(const fs::path& folder) {
    std::set<int> roots;
    std::ifstream sessions(folder / "sessions");
    for (int session = 0; sessions >> session;) roots.insert(session);
    std::map<int, ProcessTies> all;
    std::error_code error;
    for (fs::directory_iterator entry("/proc", error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (name.find_first_not_of("0123456789") == std::string::npos) all[std::stoi(name)] = ties_of(std::stoi(name));
    }
    const std::string mark = "PASSBENCH_TEST_HOME=" + (folder / "home").string();
    std::vector<int> found;
    for (const auto& [process, ties] : all) {
        if (ties.session == 0) continue;
        bool is_ours = roots.contains(ties.session) || text_of(process, "environ").find(mark) != std::string::npos;
        for (int ancestor = process; !is_ours && ancestor > 1; ancestor = all[ancestor].parent)
            is_ours = roots.contains(ancestor);
        if (is_ours) found.push_back(process);
    }
    return found;
}

}  // namespace

bool RealSshd::is_here() { return fs::exists(sshd); }

RealSshd::RealSshd(SshdOptions options) : options_(std::move(options)) {
    std::string name = testing::TempDir() + "sshd-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    fs::permissions(folder_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    fs::create_directories(home());
    const std::string here = shell_word(folder_.string());
    for (const char* key : {"host_key", "other_key", "user_key", "unknown_user_key"}) {
        run("ssh-keygen -q -t ed25519 -N '' -C test -f " + here + "/" + key);
    }
    fs::copy_file(folder_ / "user_key.pub", folder_ / "authorized_keys");
    write(folder_ / "known_hosts", "passbench-test,127.0.0.1 " + read(folder_ / "host_key.pub"));
    write(folder_ / "wrong_hosts", "passbench-test,127.0.0.1 " + read(folder_ / "other_key.pub"));
    write(folder_ / "no_hosts", "");
    write(folder_ / "sshd_config",
          options_.more + "\nHostKey " + folder_.string() + "/host_key\nAuthorizedKeysFile " + folder_.string() +
              "/authorized_keys\nUsePAM no\nStrictModes no\nPidFile none\nPasswordAuthentication no\n"
              "MaxStartups 100\nMaxSessions 100\nSetEnv PASSBENCH_TEST_HOME=" +
              home().string() +
              (options_.keeps_card ? " PASSBENCH_NVML_STATE=" + (home() / "card.state").string() : "") + "\n");
    for (const char* file : {"host_key", "authorized_keys", "sshd_config"}) hand_over(folder_ / file);
    hand_over(home());
}

RealSshd::~RealSshd() {
    kill_all();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void RealSshd::hand_over(const fs::path& file) const {
    if (!is_root()) return;
    const struct passwd* nobody = ::getpwnam("nobody");
    ASSERT_NE(nobody, nullptr);
    EXPECT_EQ(::chown(file.c_str(), nobody->pw_uid, nobody->pw_gid), 0) << file;
}

std::string RealSshd::command_line(const std::string& words) const {
    return options_.before + " echo $$ >>" + shell_word((folder_ / "sessions").string()) + "; exec setsid " +
           unprivileged() +
           "env LD_PRELOAD=" PASSBENCH_TEST_ACCOUNT " PASSBENCH_TEST_HOME=" + shell_word(home().string()) +
           " PASSBENCH_TEST_SHELL=" + options_.shell + " " + sshd + " " + words + " -f " +
           shell_word((folder_ / "sshd_config").string());
}

SshSettings RealSshd::settings() const {
    return {
        .address = "passbench-test",
        .user = "passbench",
        .identity = (folder_ / "user_key").string(),
        .known_hosts = (folder_ / "known_hosts").string(),
        .proxy_command = {"/bin/sh", "-c", command_line("-i -e") + " 2>>" + shell_word((folder_ / "log").string())}};
}

SshSettings RealSshd::listen() {
    const int port = free_port();
    const std::string line = command_line("-D -e -o ListenAddress=127.0.0.1 -p " + std::to_string(port)) +
                             " </dev/null >/dev/null 2>>" + shell_word((folder_ / "log").string());
    listening_ = ::fork();
    if (listening_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
        ::_exit(127);
    }
    for (int tenths = 0; tenths < 100 && !answers(port); ++tenths)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_TRUE(answers(port)) << read(folder_ / "log");
    write(folder_ / "known_hosts", "[127.0.0.1]:" + std::to_string(port) + " " + read(folder_ / "host_key.pub"));
    SshSettings settings{.address = "127.0.0.1",
                         .user = "passbench",
                         .port = port,
                         .identity = (folder_ / "user_key").string(),
                         .known_hosts = (folder_ / "known_hosts").string()};
    return settings;
}

void RealSshd::kill_all() {
    // What dies starts nothing more; two rounds find what was being started meanwhile.
    for (int round = 0; round < 2; ++round) {
        for (const int process : processes_of(folder_)) ::kill(process, SIGKILL);
    }
    if (listening_ > 0) ::waitpid(std::exchange(listening_, -1), nullptr, 0);
}

int RealSshd::running(const std::string& text) const {
    int count = 0;
    for (const int process : processes_of(folder_)) {
        count += text_of(process, "cmdline").find(text) != std::string::npos ? 1 : 0;
    }
    return count;
}

}  // namespace passbench::tests
