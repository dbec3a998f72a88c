// The contract of providers over the simulated host, by each method.
#include "host/providers/tests/hyperv_example.hpp"
#include "host/providers/tests/provider_contract.hpp"

namespace passbench::tests {
namespace {

template <HypervMethod Method>
class HypervUnderTest final : public HostUnderTest {
public:
    explicit HypervUnderTest(const std::filesystem::path& folder) : example_(folder, Method) {}
    [[nodiscard]] std::unique_ptr<Provider> provider() override { return example_.provider(); }
    [[nodiscard]] LeaseRequest request() const override { return example_.request(); }
    [[nodiscard]] std::optional<LeaseRequest> nothing_to_do() const override { return {}; }

private:
    HypervExample example_;
};

template <HypervMethod Method>
ProviderUnderTest under_test() {
    return {std::string(to_string(Method)), [](const std::filesystem::path& scratch) -> std::unique_ptr<HostUnderTest> {
                return std::make_unique<HypervUnderTest<Method>>(scratch);
            }};
}

INSTANTIATE_TEST_SUITE_P(Hyperv, ProviderContract,
                         testing::Values(under_test<HypervMethod::dda>(), under_test<HypervMethod::gpupv>(),
                                         under_test<HypervMethod::wsl>(), under_test<HypervMethod::eflow_dda>(),
                                         under_test<HypervMethod::eflow_gpupv>()),
                         [](const auto& provider) { return provider.param.name; });

}  // namespace
}  // namespace passbench::tests
