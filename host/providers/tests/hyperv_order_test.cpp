// Whether the order of the steps matters as the facts say: without each one, and with each two neighbours swapped, the host refuses,
// or the guest has no card, or it is listed here why it does no harm.
#include <map>

#include <gmock/gmock.h>

#include "host/engine/set_and_observe.hpp"
#include "host/engine/tests/engine_fixture.hpp"
#include "host/providers/tests/hyperv_example.hpp"
#include "host/simulated/guest_view.hpp"

namespace passbench::tests {
namespace {

/// Dropped, these change what is measured, or what might happen later, and nothing that a host refuses.
const std::map<std::string, std::string> harmless_when_dropped = {
    {"guest_controlled_cache_types", "Without it writes to the card are slower (2.3); the VM starts."},
    {"checkpoint_type", "A checkpoint would be refused when somebody makes one (D15, P6); the VM starts."},
    {"memory_bytes", "What the scenario asks for; a VM of another size starts."},
    {"processors", "What the scenario asks for; a VM of another size starts."},
    {"hyperv_dda low_mmio_bytes", "The default of 128 MB has room for ranges of 16 MB (2.6)."},
    {"hyperv_gpupv dynamic_memory", "The documented walk-through has it; static memory is for steady measuring (3.3)."},
    {"config.cpu_count", "What the scenario asks for; a machine of another size starts."},
    {"config.memory_mb", "What the scenario asks for; a machine of another size starts."},
    {"config.memory", "What the scenario asks for; a machine of another size starts."},
    {"config.processors", "What the scenario asks for; a machine of another size starts."},
    {"function.state", "Taking the sound function along is caution (2.2)."},
};

/// What can be set in any order while the VM is off: its settings, its share of a card, the values of the registry.
bool is_free_while_off(const Step& step) { return step.property != "state" && step.property != "power"; }
/// Facts 2.5 fix what a VM has from its start; these two, and the registry, can be set at any time.
bool is_free_any_time(const Step& step) {
    return step.property == "automatic_stop_action" || step.property == "checkpoint_type" ||
           step.resource == "registry";
}
/// Two devices, or a device and a VM that stays off, know nothing of one another.
bool are_apart(const Step& one, const Step& two) {
    return one.resource != two.resource && one.wanted != "off" && two.wanted != "running";
}

std::string kind_of(const Step& step) {
    const bool is_function = step.resource.starts_with("function/");
    return (is_function ? "function." : "") + step.property;
}

/// The words of the first refusal, or of the guest that has no card; empty where all went well.
std::string outcome(HypervMethod method, const std::vector<Step>& steps) {
    const ScratchFolder scratch;
    HypervExample example(scratch.path(), method);
    const auto provider = example.provider();
    EngineTimes times;
    for (const Step& step : steps) {
        const auto set = set_and_observe(*provider, times, step, step.wanted);
        if (!set) return set.error().what;
    }
    const ExampleGuest guest = example_guest(method);
    const GuestView view = guest_view(example.host->state(), guest.resource);
    const bool has_card = view.files.contains(guest.device);
    return has_card ? ""
                    : "the guest has no card: " + (view.kernel_log.empty() ? "it is off" : view.kernel_log.front());
}

class HypervOrder : public testing::TestWithParam<HypervMethod> {
protected:
    [[nodiscard]] static std::vector<Step> steps() {
        const ScratchFolder scratch;
        return HypervExample(scratch.path(), GetParam()).steps();
    }
};

TEST_P(HypervOrder, AsItIsGivesTheGuestItsCard) { EXPECT_EQ(outcome(GetParam(), steps()), ""); }

TEST_P(HypervOrder, NoStepCanBeLeftOutUnlessItIsListedWhy) {
    const std::vector<Step> all = steps();
    int refused = 0;
    for (std::size_t dropped = 0; dropped < all.size(); ++dropped) {
        std::vector<Step> fewer = all;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(dropped));
        const std::string words = outcome(GetParam(), fewer);
        const std::string kind = kind_of(all[dropped]);
        const bool is_listed = harmless_when_dropped.contains(kind) ||
                               harmless_when_dropped.contains(std::string(to_string(GetParam())) + " " + kind);
        if (words.empty()) {
            EXPECT_TRUE(is_listed) << "left out and nobody noticed: " << all[dropped].resource << " "
                                   << all[dropped].property << " -> " << all[dropped].wanted;
        } else {
            ++refused;
        }
    }
    EXPECT_GE(refused, GetParam() == HypervMethod::wsl ? 4
                       : is_of_eflow(GetParam())       ? 3
                                                       : 6)
        << "the host has lost its rules";
}

TEST_P(HypervOrder, NoTwoNeighboursCanBeSwappedUnlessBothAreSettings) {
    const std::vector<Step> all = steps();
    for (std::size_t first = 0; first + 1 < all.size(); ++first) {
        std::vector<Step> swapped = all;
        std::swap(swapped[first], swapped[first + 1]);
        const std::string words = outcome(GetParam(), swapped);
        const Step& one = all[first];
        const Step& two = all[first + 1];
        const bool is_listed = (is_free_while_off(one) && is_free_while_off(two)) || are_apart(one, two) ||
                               (one.wanted == "off" && is_free_any_time(two));
        if (words.empty()) {
            EXPECT_TRUE(is_listed) << "swapped and nobody noticed: " << one.resource << " " << one.property << " "
                                   << one.wanted << " and " << two.resource << " " << two.property << " " << two.wanted;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Hyperv, HypervOrder, methods_with_steps, name_of_method);

}  // namespace
}  // namespace passbench::tests
