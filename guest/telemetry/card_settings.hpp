// What can be set of the cards of this machine by NVML, for the time of a run: the clock of their SMs, persistence mode. NVML tells
// nobody which clock is locked, so a note of it is kept: written before a clock is locked and removed after it was given back, so
// that whoever restores what a crash left is never told `unlocked` of a card that is not.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "guest/telemetry/nvml.hpp"
#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"

namespace passbench {

class CardSettings {
public:
    /// `notes`: a folder that a restart of the machine empties, as it gives back the clocks.
    CardSettings(std::shared_ptr<const Nvml> nvml, std::filesystem::path notes);

    /// "gpu/UUID" -> clocks, available_clocks, persistence (harness/records/card_properties.hpp). A clock that somebody else locked
    /// shows as `unlocked`. Error `unsupported` where NVML knows no card by its name.
    [[nodiscard]] Result<HostFacts> survey() const;
    /// clocks: "1230 MHz" or "unlocked"; persistence: "on" or "off". Of the card with this UUID, or where it is empty of all of them:
    /// of each or of none. Errors: `usage` for what is no such value or card, `unsupported` for a clock that the card does not have or
    /// what NVML cannot do, `precondition` without the rights.
    [[nodiscard]] Result<void> set(const std::string& uuid, std::string_view property, const std::string& value) const;

private:
    struct Card {
        std::string uuid;
        nvmlDevice_t device;
    };
    [[nodiscard]] Result<std::vector<Card>> cards() const;
    [[nodiscard]] Result<Facts> facts_of(const Card& card) const;
    [[nodiscard]] std::string available_clocks(nvmlDevice_t device) const;
    [[nodiscard]] Result<std::string> noted_clock(const Card& card) const;
    [[nodiscard]] Result<void> write_note(const Card& card, const std::string& value) const;
    [[nodiscard]] Result<void> check_value(const Card& card, std::string_view property, const std::string& value) const;
    [[nodiscard]] Result<void> set_one(const Card& card, std::string_view property, const std::string& value) const;
    [[nodiscard]] Result<void> set_clocks(const Card& card, const std::string& value) const;
    [[nodiscard]] Result<void> set_persistence(const Card& card, const std::string& value) const;
    [[nodiscard]] Result<void> check(nvmlReturn_t code, const Card& card, const std::string& action) const;

    std::shared_ptr<const Nvml> nvml_;
    std::filesystem::path notes_;
};

}  // namespace passbench
