// The cards of a guest, for providers that prepare them: surveyed and set by the agent (`passbench-agent get` and `set`), for NVML is
// the guest's to load. Resource "gpu/UUID" with clocks ("unlocked", "1230 MHz"), available_clocks, persistence (on, off); where there
// is none that can be set, resource "gpu" with why.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/scenario/lab.hpp"
#include "host/carriers/carrier.hpp"
#include "host/engine/step.hpp"

namespace passbench {

/// Whether a provider surveys and sets cards, and which: those of the guest, or the one of the stand-in NVML.
enum class PreparedCards { untouched, real, simulated };
inline constexpr std::array all_prepared_cards = {PreparedCards::untouched, PreparedCards::real,
                                                  PreparedCards::simulated};
/// What a lease's name says of it: "", ".gpu", ".simulated_gpu".
[[nodiscard]] std::string_view lease_suffix(PreparedCards cards);
/// Which a lab asks for: looking at cards takes a while and wakes them, so only who shall prepare some does.
[[nodiscard]] PreparedCards prepared_cards(const Lab& lab);

/// Who is asked, and about which cards.
struct CardsAgent {
    Carrier& carrier;      // into the guest
    std::string agent;     // its path there
    std::string stand_in;  // path there of the stand-in NVML; "" for the cards of the guest
};

/// Error `agent_lost` or `timeout` where the agent does not answer.
[[nodiscard]] Result<HostFacts> ask_for_cards(const CardsAgent& whom);
/// Error: the agent's own, `precondition` without rights, `unsupported` for what the card cannot do.
[[nodiscard]] Result<void> set_card(const CardsAgent& whom, const std::string& resource, const std::string& property,
                                    const std::string& value);
/// The survey where nobody can be asked.
[[nodiscard]] HostFacts no_cards(const Error& why);

/// "gpu/UUID", and nothing that could be an option or a path.
[[nodiscard]] bool is_card_resource(std::string_view resource);
/// "clocks" -> "gpu_clocks"; "" for what is no property of a card.
[[nodiscard]] std::string preparation_of(std::string_view property);

/// The error with the place in a lab file where the preparation `key` stands before its own; `asked_at` as Lab has it.
[[nodiscard]] Error placed(Error error, const std::map<std::string, std::string>& asked_at, const std::string& key);

/// The steps for one of gpu_clocks and gpu_persistence, a card each. Error `unsupported` with what the cards cannot do.
[[nodiscard]] Result<std::vector<Step>> card_steps(const std::string& key, const HostFacts& facts,
                                                   const std::map<std::string, std::string>& prepare);

}  // namespace passbench
