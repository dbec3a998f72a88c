// A provider can put a guest at our disposal: a survey, a pure function from facts to steps, one set(), and a carrier into
// the guest. It never journals, retries or rolls back by itself; the engine does.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/records/plan.hpp"
#include "harness/scenario/lab.hpp"
#include "host/carriers/carrier.hpp"
#include "host/engine/step.hpp"

namespace passbench {

/// What is asked of the host for one arm.
struct LeaseRequest {
    std::string arm;
    ArmBinding binding;
    MachineDemand machine;
    std::map<std::string, std::string> prepare;
    Consent consent = {};         // of the lab
    std::string why_chosen = {};  // one sentence, where the arm had left open what it is
};

class Provider : public Resources {
public:
    [[nodiscard]] virtual std::string_view name() const = 0;
    /// What make_provider() makes one from that surveys and sets the same, for who releases later: the name in the journal.
    [[nodiscard]] virtual std::string lease_name() const { return std::string(name()); }
    /// Pure: facts and request -> ordered steps, or the reasons why not (`precondition`, `unsupported`) with what to do.
    [[nodiscard]] virtual Result<std::vector<Step>> steps(const HostFacts& facts,
                                                          const LeaseRequest& request) const = 0;
    /// The steps as a person would carry them out by hand, a line each; empty where there is no better way than the steps themselves.
    [[nodiscard]] virtual std::string script(const HostFacts& /*facts*/, const std::vector<Step>& /*steps*/) const {
        return {};
    }
    /// What a reader of the results has to know of the host and the way through it, with dotted keys ("host.card"): into the context of
    /// the arm's environment. Pure.
    [[nodiscard]] virtual Facts context(const HostFacts& /*facts*/, const LeaseRequest& /*request*/) const {
        return {};
    }
    /// Whether the guest shows what was asked for: called with its probe before anything is measured there. Error `precondition` with
    /// both facts.
    [[nodiscard]] virtual Result<void> prove(const Environment& /*seen*/, const LeaseRequest& /*request*/) {
        return {};
    }
    /// Whether there is a guest to be asked before the steps are done.
    [[nodiscard]] virtual bool has_guest_before_steps() const { return true; }
    /// Whether what answers only looks like a host; what is measured there is `simulated`, whatever it runs on.
    [[nodiscard]] virtual bool is_simulated() const { return false; }
    /// The way into the guest, once the steps are done.
    [[nodiscard]] virtual std::unique_ptr<Carrier> carrier() = 0;
    /// The agent's path in the guest.
    [[nodiscard]] virtual Result<std::string> agent_path() = 0;
    /// The path in the guest of the agent that was chosen here by its path, brought there where the guest is another machine;
    /// "" for agent_path().
    [[nodiscard]] virtual Result<std::string> chosen_agent(const std::string& chosen) {
        return chosen.empty() ? agent_path() : Result<std::string>(chosen);
    }
    /// The path in the guest of the stand-in CUDA driver that belongs to this agent, for a simulated lab. Error `unsupported`
    /// where there is none.
    [[nodiscard]] virtual Result<std::string> stand_in_driver(const std::string& /*agent*/) {
        return fail({.code = ErrorCode::unsupported,
                     .what = "the provider " + std::string(name()) + " has no simulated device",
                     .fix = "Bind the arm to the provider local, or leave out --lab simulated."});
    }
};

/// By lease_name(); Error `usage` naming the known providers. `asked_at`: where each preparation stands in a lab file, for messages.
[[nodiscard]] Result<std::unique_ptr<Provider>> make_provider(const std::string& lease_name,
                                                              const std::map<std::string, std::string>& asked_at = {});

/// The lease_name() of the provider that a lab binds an arm to: two bindings of one name are one guest, and two guests are two names.
/// `fixture`: the host that a simulated lab plays (machine.fixture of the scenario).
[[nodiscard]] std::string provider_for(const ArmBinding& binding, const Lab& lab, const std::string& fixture);

}  // namespace passbench
