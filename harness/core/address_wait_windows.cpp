#include <windows.h>

#include "harness/core/address_wait.hpp"

namespace passbench {

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));

void sleep_while(const std::atomic<std::uint32_t>& number, std::uint32_t old) {
    // It takes any memory, and reads it alone.
    auto* const place = const_cast<std::atomic<std::uint32_t>*>(&number);
    ::WaitOnAddress(place, &old, sizeof old, INFINITE);
}

void wake_one(std::atomic<std::uint32_t>& number) { ::WakeByAddressSingle(&number); }

}  // namespace passbench
