// A lease: a provider's steps carried out on a host, journalled, and put back. With release() the only code that changes a host.
// It knows no provider: what can be surveyed and set is Resources.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "host/engine/engine_clock.hpp"
#include "host/engine/restoration.hpp"
#include "host/engine/step.hpp"

namespace passbench {

struct LeaseOrder {
    std::string run;       // names the journal; leases of one run follow one another in it
    std::string provider;  // by which release() finds who can restore
    std::filesystem::path state_folder;
    std::vector<std::string> consents = {};  // "resource property" of each `keep` step that lab.toml allows
    EngineTimes times = {};
};

/// A host prepared, until restore(). Holds host.lock.
class Lease {
public:
    /// Takes host.lock, surveys, and carries `steps` out in their order. Where one fails, those before it are undone and the error
    /// says what is left, if anything is. `resources` must outlive the lease.
    /// Errors: `busy` another controller holds the host; `precondition` an earlier run left changes (release them first), or a
    /// value is no longer what the step was computed from; `quarantined` a step touches what could not be put back earlier;
    /// `consent` a `keep` step without it; `timeout` a value does not become what was set; set()'s own; `io`.
    [[nodiscard]] static Result<Lease> acquire(Resources& resources, const std::vector<Step>& steps,
                                               const LeaseOrder& order);
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&& other) noexcept;
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    /// Restores where restore() was not called; what it could not put back stays in journal and quarantine.
    ~Lease();

    /// The survey before anything was touched.
    [[nodiscard]] const HostFacts& snapshot() const;
    /// Of the steps that were carried out, in their order.
    [[nodiscard]] const std::vector<StepTime>& step_times() const;
    /// Restores in reverse, surveys, and gives host.lock back. To be called once.
    [[nodiscard]] Restoration restore();

private:
    struct State;
    explicit Lease(std::unique_ptr<State> state);
    Result<void> carry_out(const Step& step, HostFacts& facts);
    std::unique_ptr<State> state_;
};

}  // namespace passbench
