// An NVML of one made-up card for tests: what it says is set, and how often it was asked is counted.
#pragma once

#include <memory>
#include <string>

#include "guest/telemetry/nvml.hpp"

namespace passbench {

struct FakeCard {
    unsigned sm_clock = 1590;
    unsigned temperature = 60;
    unsigned slowdown_temperature = 93;
    unsigned power_mw = 60'000;
    unsigned width = 16;
    unsigned generation = 3;
    unsigned long long reasons = 0;
    unsigned long long uncorrected = 0;
    unsigned long long used_bytes = 1 << 20;
    bool lost = false;
    bool has_power = true;
    int asked = 0;
};

/// The card of this test; anew with each call of fake_nvml().
[[nodiscard]] FakeCard& fake_card();
/// An NVML that knows the card.
[[nodiscard]] std::shared_ptr<const Nvml> fake_nvml();
/// The same of a library that has no function but those that every one has.
[[nodiscard]] std::shared_ptr<const Nvml> fake_old_nvml();

inline constexpr const char* fake_uuid = "GPU-00000000-0000-0000-0000-000000000001";

}  // namespace passbench
