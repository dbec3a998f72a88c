// Loaded into a real sshd that runs as whoever runs the tests (LD_PRELOAD): for it the only account is `passbench`, with that number,
// the home and the shell that the environment names. So the tests need no account with a shell, make none, and never touch a home.
#include <cstdlib>
#include <cstring>
#include <pwd.h>
#include <unistd.h>

namespace {

struct passwd* account() {
    static char name[] = "passbench";
    static char secret[] = "*";
    static struct passwd only {};
    only.pw_name = name;
    only.pw_passwd = secret;
    only.pw_gecos = name;
    only.pw_uid = ::getuid();
    only.pw_gid = ::getgid();
    only.pw_dir = std::getenv("PASSBENCH_TEST_HOME");
    only.pw_shell = std::getenv("PASSBENCH_TEST_SHELL");
    return &only;
}

}  // namespace

extern "C" {

struct passwd* getpwnam(const char* name) {
    return std::strcmp(name, "passbench") == 0 ? account() : nullptr;
}
struct passwd* getpwuid(uid_t number) {
    return number == ::getuid() ? account() : nullptr;
}

}  // extern "C"
