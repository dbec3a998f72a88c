// What every provider promises, as tests that run over each of them. A new provider adds itself with one line:
//   INSTANTIATE_TEST_SUITE_P(Ssh, ProviderContract, testing::Values(ProviderUnderTest{"ssh", make_ssh_host}));
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "host/engine/tests/engine_fixture.hpp"
#include "host/providers/provider.hpp"

namespace passbench::tests {

/// A host that a provider can prepare. It outlives the providers that are made for it.
class HostUnderTest {
public:
    virtual ~HostUnderTest() = default;
    [[nodiscard]] virtual std::unique_ptr<Provider> provider() = 0;
    /// What takes at least two steps on this host.
    [[nodiscard]] virtual LeaseRequest request() const = 0;
    /// A request that takes none, where that is not the one without its preparations.
    [[nodiscard]] virtual std::optional<LeaseRequest> nothing_to_do() const;
};

/// Of a lab whose arm is this machine, with [prepare].
[[nodiscard]] LeaseRequest asking_for(std::map<std::string, std::string> prepare);

struct ProviderUnderTest {
    std::string name;
    std::function<std::unique_ptr<HostUnderTest>(const std::filesystem::path& scratch)> make;
};
inline void PrintTo(const ProviderUnderTest& provider, std::ostream* out) { *out << provider.name; }

class ProviderContract : public testing::TestWithParam<ProviderUnderTest> {
public:
    ProviderContract() : host(GetParam().make(scratch.path() / "host")), provider(host->provider()) {}

    [[nodiscard]] LeaseOrder order() const {
        return {.run = "run", .provider = std::string(provider->name()), .state_folder = scratch.path() / "state"};
    }
    [[nodiscard]] std::vector<Step> steps() const { return *provider->steps(*provider->survey(), host->request()); }

    ScratchFolder scratch;
    std::unique_ptr<HostUnderTest> host;
    std::unique_ptr<Provider> provider;
};

}  // namespace passbench::tests
