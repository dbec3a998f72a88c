// Sleeping until a number changes: std::atomic's own wait and notify, but on Windows, where those of libstdc++ 12 lose a wake-up that comes
// between the look at the number and the sleep (it looks before it takes its lock).
#pragma once

#include <atomic>
#include <cstdint>

namespace passbench {

#ifdef _WIN32
/// Returns when the number is no longer `old`, or for no reason.
void sleep_while(const std::atomic<std::uint32_t>& number, std::uint32_t old);
/// One of those who sleep, after the number was changed.
void wake_one(std::atomic<std::uint32_t>& number);
#else
inline void sleep_while(const std::atomic<std::uint32_t>& number, std::uint32_t old) {
    number.wait(old, std::memory_order_acquire);
}
inline void wake_one(std::atomic<std::uint32_t>& number) { number.notify_one(); }
#endif

}  // namespace passbench
