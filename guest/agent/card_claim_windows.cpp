#include <utility>
#include <windows.h>

#include <fmt/core.h>

#include "guest/agent/card_claim.hpp"
#include "harness/core/findings.hpp"
#include "harness/core/windows_error.hpp"

namespace passbench {

Result<CardClaim> CardClaim::take(const std::string& uuid) {
    if (uuid.empty()) return CardClaim(none);
    // Global: of all sessions of the machine, which share its cards.
    const HANDLE mutex = ::CreateMutexW(nullptr, FALSE, wide_of_utf8("Global\\passbench " + uuid).c_str());
    const DWORD why = ::GetLastError();
    // To one that another account made there is no access: it is claimed as well.
    if (mutex == nullptr && why != ERROR_ACCESS_DENIED) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot make a mutex: " + windows_error_text(why),
                     .where = {},
                     .fix = "End other programs, then try again."});
    }
    if (mutex != nullptr && why != ERROR_ALREADY_EXISTS) return CardClaim(reinterpret_cast<std::intptr_t>(mutex));
    if (mutex != nullptr) ::CloseHandle(mutex);
    return fail(catalogued_error(ErrorCode::precondition,
                                 fmt::format("another trial of passbench measures on the card {} now", uuid),
                                 "gpu.claimed"));
}

CardClaim::CardClaim(CardClaim&& other) noexcept : native_(std::exchange(other.native_, none)) {}

CardClaim::~CardClaim() {
    if (native_ != none) ::CloseHandle(reinterpret_cast<HANDLE>(native_));
}

}  // namespace passbench
