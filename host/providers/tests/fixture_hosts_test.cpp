// Every fixture host, every card, every method: what the table of methods allows can be done on the simulated host, proved in its guest and
// undone; what it refuses is refused before a step is made. Rules and simulation were written apart, from the same facts.
#include <filesystem>

#include <gmock/gmock.h>

#include "harness/core/durable_files.hpp"
#include "host/engine/tests/engine_fixture.hpp"
#include "host/providers/hyperv_provider.hpp"
#include "host/providers/method_check.hpp"
#include "host/providers/tests/hyperv_example.hpp"
#include "host/simulated/guest_view.hpp"
#include "host/simulated/simulated_host.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> fixture_names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator("host/simulated/hosts")) {
        if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

/// "vm/"
std::string kind_of_guest(HypervMethod method) {
    const std::string& resource = example_guest(method).resource;
    return resource.substr(0, resource.find('/') + 1);
}

class FixtureHost : public testing::TestWithParam<std::string> {
protected:
    FixtureHost()
        : host(std::make_shared<SimulatedHost>(*SimulatedHost::create(
              scratch.path() / "host.json", *state_of_fixture("host/simulated/hosts/" + GetParam() + ".json")))),
          before(*provider(HypervMethod::dda, "")->survey()),
          at_first(with_eflow_deployed()) {}

    /// Where EFLOW is installed its machine is there: to be deployed it takes consent, which is not what is asked here.
    [[nodiscard]] HostFacts with_eflow_deployed() const {
        static_cast<void>(host->call("New-PassBenchEflowVm",
                                     R"({"cpu_count":2,"memory_mb":4096,"disk_gb":29,"switch":"","switch_type":""})"));
        return host->state().facts;
    }

    [[nodiscard]] std::unique_ptr<HypervProvider> provider(HypervMethod method, const std::string& vm) const {
        return std::make_unique<HypervProvider>(
            HypervLease{.method = method, .vm = vm, .fixture = "", .force = ForcedDismount::consented}, host,
            host->clock(), GuestAccess());
    }

    [[nodiscard]] static LeaseRequest request_for(const std::string& location) {
        LeaseRequest request;
        request.binding.gpu = location;
        request.binding.may_stop_vm = true;
        request.consent = {.nvidia_eula = true, .force_dismount = true};
        return request;
    }

    /// A lease with one guest of the host; false where this guest is none for it, for a reason that is told.
    [[nodiscard]] bool is_leased(HypervMethod method, const std::string& location, const std::string& guest,
                                 std::string& why) const {
        const std::string vm = guest.substr(guest.find('/') + 1);
        const auto with = provider(method, vm);
        const auto steps = with->steps(*with->survey(), request_for(location));
        if (!steps) {
            why += vm + ": " + to_text(steps.error()) + "\n";
            return false;
        }
        auto lease = Lease::acquire(
            *with, *steps, {.run = "run", .provider = with->lease_name(), .state_folder = scratch.path() / "state"});
        if (!lease) {
            why += vm + ": " + to_text(lease.error()) + "\n";
            return false;
        }
        const GuestView view = guest_view(host->state(), guest);
        EXPECT_TRUE(view.files.contains(example_guest(method).device)) << guest;
        EXPECT_TRUE(lease->restore().host_equals_snapshot());
        return true;
    }

    [[nodiscard]] bool is_leased_with_some_guest(HypervMethod method, const std::string& location) const {
        std::string why;
        const std::string kind = is_of_eflow(method) ? "eflow" : kind_of_guest(method);
        for (const auto& [resource, unused] : host->state().facts) {
            if (resource != example_guest(method).resource && !resource.starts_with(kind)) continue;
            // The table asks whether a card can be had; the VM that has it already may go on with it.
            const Facts& card = before.at(std::string(gpu_prefix) + location);
            if (shown_fact(card, device_key::state) == state_in_vm(vm_name(resource))) continue;
            if (is_leased(method, location, resource, why)) return true;
        }
        last_words = why;
        return false;
    }

    ScratchFolder scratch;
    std::shared_ptr<SimulatedHost> host;
    HostFacts before;
    HostFacts at_first;  // with what is surveyed for some methods alone
    mutable std::string last_words;
};

TEST_P(FixtureHost, DoesWhatItsTableAllowsAndNothingElse) {
    for (const GpuRow& row : method_table(before, this_day())) {
        for (const auto& [method, how] : {std::pair{Method::dda, HypervMethod::dda},
                                          {Method::gpupv, HypervMethod::gpupv},
                                          {Method::wsl, HypervMethod::wsl},
                                          {Method::eflow_dda, HypervMethod::eflow_dda},
                                          {Method::eflow_gpupv, HypervMethod::eflow_gpupv}}) {
            const MethodCell& cell = row.cell(method);
            SCOPED_TRACE(row.name + " at " + row.location + " by " + std::string(to_string(method)));
            const bool is_possible = cell.word != Possibility::impossible;
            EXPECT_EQ(is_leased_with_some_guest(how, row.location), is_possible) << last_words;
            EXPECT_EQ(host->state().facts, at_first);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Fixtures, FixtureHost, testing::ValuesIn(fixture_names()), [](const auto& host) {
    std::string name;
    for (const char character : host.param) name += character == '-' ? '_' : character;
    return name;
});

}  // namespace
}  // namespace passbench::tests
