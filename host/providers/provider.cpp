#include "host/providers/provider.hpp"

#include <algorithm>

#include "harness/records/card_properties.hpp"
#include "host/providers/local_provider.hpp"

namespace passbench {

Result<std::unique_ptr<Provider>> make_provider(const std::string& name,
                                                const std::map<std::string, std::string>& asked_at) {
    for (const LocalCards cards : {LocalCards::untouched, LocalCards::real, LocalCards::simulated}) {
        if (name != local_lease_name(cards)) continue;
        return std::unique_ptr<Provider>(
            std::make_unique<LocalProvider>(LocalPaths{.cards = cards, .asked_at = asked_at}));
    }
    return fail({.code = ErrorCode::usage,
                 .what = "no provider is named '" + name + "'",
                 .where = "provider " + name,
                 .fix = "Known providers: local."});
}

std::string provider_for(const std::string& name, const Lab& lab) {
    const bool has_cards = std::any_of(lab.prepare.begin(), lab.prepare.end(), [](const auto& each) {
        return each.first.starts_with(card_property::prepare_begin);
    });
    if (name != "local" || !has_cards) return name;
    return local_lease_name(lab.simulated ? LocalCards::simulated : LocalCards::real);
}

}  // namespace passbench
