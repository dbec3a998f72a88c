#include <aclapi.h>
#include <array>
#include <memory>
#include <sddl.h>
#include <windows.h>

#include "harness/core/durable_files.hpp"
#include "harness/core/this_process.hpp"
#include "harness/core/windows_error.hpp"
#include "host/engine/state_folder.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

fs::path from_environment(const char* name) { return environment_variable(name).value_or(""); }

struct FreeLocal {
    void operator()(void* memory) const { ::LocalFree(memory); }
};
using Descriptor = std::unique_ptr<void, FreeLocal>;

/// Of the machine's folder and all below it: administrators and the system do anything, users read (`doctor`), nothing comes from
/// %ProgramData%, below which every user may make folders and files. Its owner is the administrators: only they can make it so.
Descriptor machine_descriptor() {
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    ::ConvertStringSecurityDescriptorToSecurityDescriptorW(L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FRFX;;;BU)",
                                                           SDDL_REVISION_1, &descriptor, nullptr);
    return Descriptor(descriptor);
}

bool is_well_known(PSID account, WELL_KNOWN_SID_TYPE which) { return ::IsWellKnownSid(account, which) != 0; }

/// This process's own account, where it is an administrator's.
bool is_this_administrator(PSID account) {
    std::array<std::byte, SECURITY_MAX_SID_SIZE> administrators{};
    DWORD size = administrators.size();
    BOOL is_member = FALSE;
    ::CreateWellKnownSid(WinBuiltinAdministratorsSid, nullptr, administrators.data(), &size);
    if (::CheckTokenMembership(nullptr, administrators.data(), &is_member) == 0 || is_member == FALSE) return false;
    HANDLE token = nullptr;
    if (::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &token) == 0) return false;
    alignas(TOKEN_USER) std::array<std::byte, sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE> user{};
    const bool is_known = ::GetTokenInformation(token, TokenUser, user.data(), user.size(), &size) != 0;
    ::CloseHandle(token);
    return is_known && ::EqualSid(account, reinterpret_cast<TOKEN_USER*>(user.data())->User.Sid) != 0;
}

/// Whoever owns a folder may write it, whatever its list says.
bool is_made_by_an_administrator(const std::wstring& folder) {
    PSID owner = nullptr;
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    const DWORD asked = ::GetNamedSecurityInfoW(folder.c_str(), SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner,
                                                nullptr, nullptr, nullptr, &descriptor);
    const Descriptor kept(descriptor);
    return asked == ERROR_SUCCESS && (is_well_known(owner, WinBuiltinAdministratorsSid) ||
                                      is_well_known(owner, WinLocalSystemSid) || is_this_administrator(owner));
}

/// What was made for others to write, by an earlier version or by hand, is closed to them. Only an administrator can; who is none
/// finds out when he writes.
void close_to_others(const std::wstring& folder, const Descriptor& descriptor) {
    PACL list = nullptr;
    BOOL is_there = FALSE;
    BOOL is_default = FALSE;
    if (::GetSecurityDescriptorDacl(descriptor.get(), &is_there, &list, &is_default) == 0) return;
    std::wstring name = folder;
    ::SetNamedSecurityInfoW(name.data(), SE_FILE_OBJECT,
                            DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION, nullptr, nullptr, list,
                            nullptr);
}

fs::path below(const fs::path& folder) { return folder.is_absolute() ? folder / "passbench" : fs::path(); }

}  // namespace

const std::string_view privileged_user = "an administrator";

StatePlaces state_places() {
    return {.chosen = from_environment("PASSBENCH_STATE"),
            .machine = below(from_environment("ProgramData")),
            .user = below(from_environment("LOCALAPPDATA"))};
}

Result<void> make_machine_folder(const fs::path& folder) {
    PASSBENCH_CHECK(make_folder(folder.parent_path()));
    const Descriptor descriptor = machine_descriptor();
    SECURITY_ATTRIBUTES attributes{
        .nLength = sizeof attributes, .lpSecurityDescriptor = descriptor.get(), .bInheritHandle = FALSE};
    const std::wstring name = wide_path(folder);
    if (descriptor != nullptr && ::CreateDirectoryW(name.c_str(), &attributes) != 0) return {};
    const DWORD why = descriptor == nullptr ? ERROR_INVALID_SECURITY_DESCR : ::GetLastError();
    if (why != ERROR_ALREADY_EXISTS) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot make the folder: " + windows_error_text(why),
                     .where = folder.string(),
                     .fix = "Run as " + std::string(privileged_user) + "."});
    }
    if (!is_made_by_an_administrator(name)) {
        return fail({.code = ErrorCode::precondition,
                     .what = "the folder that says what is put back on this host was made by somebody who is no "
                             "administrator, and may say anything",
                     .where = folder.string(),
                     .fix = "Look at what is in it, then remove it, or set PASSBENCH_STATE to another folder."});
    }
    close_to_others(name, descriptor);
    return {};
}

}  // namespace passbench
