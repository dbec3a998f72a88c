#include <array>
#include <cerrno>
#include <cstdint>
#include <elf.h>
#include <filesystem>
#include <fstream>
#include <sys/utsname.h>
#include <system_error>
#include <unistd.h>

#include "harness/core/check_startable.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

Error cannot_start(const std::string& path, std::string why, std::string fix) {
    return {.code = ErrorCode::agent_lost,
            .what = "cannot start " + fs::path(path).filename().string() + ": " + std::move(why),
            .where = path,
            .fix = std::move(fix)};
}

std::string machine_name(std::uint16_t machine) {
    switch (machine) {
        case EM_X86_64:
            return "x86_64";
        case EM_386:
            return "i386";
        case EM_AARCH64:
            return "aarch64";
        case EM_ARM:
            return "arm";
        case EM_RISCV:
            return "riscv64";
        case EM_PPC64:
            return "ppc64";
        case EM_S390:
            return "s390x";
        default:
            return "machine number " + std::to_string(machine);
    }
}

std::string this_machine() {
    struct utsname names {};
    return ::uname(&names) == 0 ? std::string(names.machine) : std::string("of another kind");
}

/// What ENOEXEC means: the kernel knows no way to run this file.
Error not_executable_here(const std::string& path) {
    std::array<unsigned char, 20> head{};  // up to and with e_machine, the same in 32- and 64-bit headers
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(head.data()), head.size());
    const bool is_elf = file.gcount() == static_cast<std::streamsize>(head.size()) && head[0] == ELFMAG0 &&
                        head[1] == ELFMAG1 && head[2] == ELFMAG2 && head[3] == ELFMAG3;
    if (!is_elf) {
        return cannot_start(path, "it is no program (neither an ELF file nor a script with #!)",
                            "Give the path of passbench-agent; it lies beside passbench in the build's bin folder.");
    }
    const bool is_big_endian = head[EI_DATA] == ELFDATA2MSB;
    const auto machine =
        static_cast<std::uint16_t>(is_big_endian ? head[18] * 256 + head[19] : head[19] * 256 + head[18]);
    const std::string built_for = machine_name(machine);
    if (built_for == this_machine()) {
        return cannot_start(path, "it is built for this machine (" + built_for + "), but it is damaged",
                            "Build it again, or copy it again.");
    }
    return cannot_start(path, "it is built for " + built_for + ", this machine is " + this_machine(),
                        "Build passbench-agent on this machine, or copy the one that is built for it.");
}

}  // namespace

Result<void> check_startable(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found) {
        return fail(cannot_start(path, "there is no such file",
                                 "Build it (scripts/run.sh does), or give the path where it is."));
    }
    if (error) return fail(cannot_start(path, error.message(), "Check the path and its permissions."));
    if (status.type() == fs::file_type::directory) {
        return fail(cannot_start(path, "it is a folder", "Give the path of the program in it."));
    }
    if (::access(path.c_str(), X_OK) != 0) {
        return fail(cannot_start(path, "it is not executable",
                                 "Run: chmod +x " + path + "  (and check that its file system is not mounted noexec)"));
    }
    return {};
}

Error start_error(const std::string& path, int error_number) {
    if (auto startable = check_startable(path); !startable) return startable.error();
    switch (error_number) {
        case ENOEXEC:
            return not_executable_here(path);
        case ENOENT:
            return cannot_start(
                path, "the loader or interpreter that it names is not on this machine",
                "Use a passbench-agent that is built for this system (glibc, not musl), or install its loader.");
        case EACCES:
            return cannot_start(path, "the system does not allow to run it",
                                "Check that its file system is not mounted noexec, and its folders' permissions.");
        case ETXTBSY:
            return cannot_start(path, "it is still being written",
                                "Wait until the build or the copy has ended, then try again.");
        case E2BIG:
            return cannot_start(path, "its arguments are too long", "Use shorter paths.");
        case EAGAIN:
        case ENOMEM:
            return cannot_start(path, std::generic_category().message(error_number),
                                "This machine is short of processes or memory: end other programs, then try again.");
        default:
            return cannot_start(path, std::generic_category().message(error_number), "Check the file, then try again.");
    }
}

}  // namespace passbench
