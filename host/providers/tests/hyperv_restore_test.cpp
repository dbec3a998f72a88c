// That the tests of restoring can see: a provider that leaves one single restore out does not pass, unless a later one makes up for it.
#include <algorithm>
#include <utility>

#include <gmock/gmock.h>

#include "host/engine/tests/engine_fixture.hpp"
#include "host/providers/tests/hyperv_example.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench::tests {
namespace {

/// Says that it set a property back and did not.
class Forgetful final : public Resources {
public:
    Forgetful(Resources& resources, Step forgotten) : resources_(resources), forgotten_(std::move(forgotten)) {}
    [[nodiscard]] Result<HostFacts> survey() override { return resources_.survey(); }
    [[nodiscard]] Result<std::vector<std::string>> jobs() override { return resources_.jobs(); }
    [[nodiscard]] EngineClock clock() const override { return resources_.clock(); }
    [[nodiscard]] Result<void> set(const std::string& resource, const std::string& property,
                                   const std::string& value) override {
        const bool is_it = resource == forgotten_.resource && property == forgotten_.property &&
                           value == forgotten_.before && is_restoring;
        return is_it ? Result<void>() : resources_.set(resource, property, value);
    }
    bool is_restoring = false;

private:
    Resources& resources_;
    Step forgotten_;
};

/// A device that did not move back is fetched from where it stayed by its next move back, which an earlier step of it asks for.
bool is_made_up_for(const std::vector<Step>& steps, std::size_t index) {
    const auto left_out = steps.begin() + static_cast<std::ptrdiff_t>(index);
    return is_device(left_out->resource) && std::any_of(steps.begin(), left_out, [&](const Step& earlier) {
               return earlier.resource == left_out->resource && earlier.property == left_out->property;
           });
}

class HypervRestore : public testing::TestWithParam<HypervMethod> {};

TEST_P(HypervRestore, AnyOneThatIsLeftOutIsSeenOrMadeUpFor) {
    const ScratchFolder scratch;
    const std::vector<Step> steps = HypervExample(scratch.path() / "steps", GetParam()).steps();
    for (std::size_t index = 0; index < steps.size(); ++index) {
        const auto folder = scratch.path() / std::to_string(index);
        HypervExample example(folder / "host", GetParam());
        const auto provider = example.provider();
        Forgetful forgetful(*provider, steps[index]);
        auto lease =
            Lease::acquire(forgetful, steps, {.run = "run", .provider = "hyperv", .state_folder = folder / "state"});
        ASSERT_TRUE(lease) << to_text(lease.error());
        forgetful.is_restoring = true;
        const Restoration restoration = lease->restore();
        SCOPED_TRACE(steps[index].resource + " " + steps[index].property + " " + steps[index].before);
        EXPECT_EQ(restoration.host_equals_snapshot(), is_made_up_for(steps, index));
        EXPECT_EQ(read_quarantine(folder / "state")->empty(), is_made_up_for(steps, index));
        EXPECT_FALSE(restoration.errors.empty());
    }
}

INSTANTIATE_TEST_SUITE_P(Hyperv, HypervRestore, methods_with_steps, name_of_method);

}  // namespace
}  // namespace passbench::tests
