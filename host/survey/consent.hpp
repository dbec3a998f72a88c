// What has to be agreed to before a method is used, and whether lab.toml does. Who agreed and when is no business of this page.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/scenario/lab.hpp"
#include "host/survey/methods.hpp"

namespace passbench {

struct ConsentNeed {
    std::string key;   // below [consent]: nvidia_eula, force_dismount, keep
    std::string word;  // of `keep`: what stays; "" for the others
    std::string why;   // one sentence

    bool operator==(const ConsentNeed&) const = default;
};

/// Of a method as the table has it: NVIDIA's EULA always, force_dismount where the card has no mitigation driver, and one for each of
/// `kept`, the words (consent_keep_words) of what the steps would leave behind.
[[nodiscard]] std::vector<ConsentNeed> consents_needed(const MethodCell& cell, std::span<const std::string_view> kept);

/// Error `consent`: names all that is missing, and the lines for lab.toml.
[[nodiscard]] Result<void> check_consent(std::span<const ConsentNeed> needed, const Consent& given);

}  // namespace passbench
