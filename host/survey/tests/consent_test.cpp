#include "host/survey/consent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/survey/tests/support.hpp"

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> keys_of(const std::vector<ConsentNeed>& needs) {
    std::vector<std::string> keys;
    for (const auto& need : needs) keys.push_back(need.key + (need.word.empty() ? "" : "=" + need.word));
    return keys;
}

MethodCell unshielded() { return cell_of_first_card(fixture("server-2019-t4"), Method::dda); }
MethodCell shielded() { return cell_of_first_card(fixture("server-2022-a2-mitigated"), Method::dda); }

TEST(Consent, ToTheEulaIsAlwaysNeeded) {
    for (const auto& name : fixture_names()) {
        for (const auto& row : method_table(fixture(name), test_day)) {
            for (const auto& cell : row.cells) {
                EXPECT_EQ(consents_needed(cell, {}).front().key, "nvidia_eula")
                    << name << " " << to_string(cell.method);
            }
        }
    }
}

TEST(Consent, ToForceIsNeededWithoutAMitigationDriverAlone) {
    EXPECT_THAT(keys_of(consents_needed(unshielded(), {})), ElementsAre("nvidia_eula", "force_dismount"));
    EXPECT_THAT(keys_of(consents_needed(shielded(), {})), ElementsAre("nvidia_eula"));
    const auto shared = cell_of_first_card(fixture("server-2025-rtx-a5000"), Method::gpupv);
    EXPECT_THAT(keys_of(consents_needed(shared, {})), ElementsAre("nvidia_eula"));
}

TEST(Consent, IsNeededForEachThingThatStays) {
    EXPECT_THAT(keys_of(consents_needed(shielded(), consent_keep_words())),
                ElementsAre("nvidia_eula", "keep=eflow_deployment", "keep=eflow_provisioning", "keep=guest_drivers"));
}

TEST(Consent, ThatIsNotGivenIsOneErrorWithTheLinesToWrite) {
    const std::array<std::string_view, 1> kept = {"guest_drivers"};
    const auto checked = check_consent(consents_needed(unshielded(), kept), {.keep = {"eflow_deployment"}});
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ErrorCode::consent);
    EXPECT_THAT(checked.error().what, HasSubstr("nvidia_eula, force_dismount, keep guest_drivers"));
    EXPECT_THAT(checked.error().fix, HasSubstr("[consent]\nnvidia_eula = true\nforce_dismount = true\n"
                                               "keep = [\"eflow_deployment\", \"guest_drivers\"]"));
    // What the error says to write is what the reader takes, and what the check then finds.
    const auto lines = checked.error().fix.substr(checked.error().fix.find("[consent]"));
    const auto lab = parse_lab(lines, "lab.toml");
    ASSERT_TRUE(lab);
    EXPECT_TRUE(check_consent(consents_needed(unshielded(), kept), lab->consent));
}

TEST(Consent, NamesOnlyWhatIsMissing) {
    const auto checked = check_consent(consents_needed(unshielded(), {}), {.nvidia_eula = true});
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().what, Not(HasSubstr("nvidia_eula")));
    EXPECT_THAT(checked.error().fix, Not(HasSubstr("nvidia_eula")));
}

TEST(Consent, OfOneIsNoConsentToAnother) {
    EXPECT_FALSE(check_consent(consents_needed(unshielded(), {}), {.nvidia_eula = true}));
    EXPECT_FALSE(check_consent(consents_needed(unshielded(), {}), {.force_dismount = true}));
    EXPECT_TRUE(check_consent(consents_needed(unshielded(), {}), {.nvidia_eula = true, .force_dismount = true}));
    const std::array<std::string_view, 1> kept = {"guest_drivers"};
    EXPECT_FALSE(check_consent(consents_needed(shielded(), kept), {.nvidia_eula = true, .keep = {"eflow_deployment"}}));
    EXPECT_TRUE(check_consent(consents_needed(shielded(), kept), {.nvidia_eula = true, .keep = {"guest_drivers"}}));
}

}  // namespace
}  // namespace passbench
