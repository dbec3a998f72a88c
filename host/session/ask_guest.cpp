#include "host/session/ask_guest.hpp"

#include <filesystem>
#include <set>
#include <utility>

#include "host/carriers/scratch_folder.hpp"
#include "host/providers/machine_demand.hpp"
#include "host/session/job.hpp"

namespace passbench {

Result<Environment> ask_guest(Provider& provider, const std::string& agent, const StopAsked& stop) {
    PASSBENCH_TRY(const ScratchFolder scratch, ScratchFolder::make(std::filesystem::temp_directory_path()));
    const auto carrier = provider.carrier();
    PASSBENCH_TRY(const std::string path, provider.chosen_agent(agent));
    return probe_guest(
        {.carrier = *carrier, .agent = path, .scratch = scratch.path() / "probe", .stop = stop, .seen_done = {}});
}

Result<void> check_cards(const Plan& plan, const std::vector<Arm>& arms, const Measuring& measuring) {
    if (!plan.machine.gpu || measuring.lab.simulated) {
        return {};
    }
    std::set<const Provider*> asked;
    for (const auto& arm : arms) {
        // The card of a guest that the steps have to start first is proved after them.
        if (!arm.provider->has_guest_before_steps() || !asked.insert(arm.provider.get()).second) {
            continue;
        }
        auto checked =
            ask_guest(*arm.provider, measuring.agent, measuring.stop).and_then([&](const Environment& guest) {
                return check_card(guest, *plan.machine.gpu);
            });
        if (!checked) {
            return fail_in(std::move(checked).error(), "preparing the arm " + arm.name);
        }
    }
    return {};
}

}  // namespace passbench
