// Watches the card of one trial, from inside the trial's process and between its timed regions: what NVML says when the case is
// prepared, after the warm-up and right after measuring, while clocks and link are as they were under load. Says what that means for
// the trial: it must end (too hot, uncorrectable errors, a lost card), it is not valid (R1.3), or it is to be read with care. Without
// NVML nothing is watched, and the facts say why.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "guest/telemetry/gpu_moment.hpp"
#include "guest/telemetry/nvml.hpp"
#include "harness/core/result.hpp"
#include "harness/records/facts.hpp"

namespace passbench {

struct GpuLook {
    std::string at;  // UTC
    std::string name;
    GpuMoment moment;
};
/// For telemetry.jsonl: the facts of the moment, "moment" = the look's name.
[[nodiscard]] Facts facts_of(const GpuLook& look);

class GpuWatch {
public:
    /// To be called before the device is opened, with what Nvml::load came to.
    [[nodiscard]] static GpuWatch start(Result<std::shared_ptr<const Nvml>> nvml);

    /// The card that the case works on, by its UUID; empty where the driver does not tell.
    void choose(const std::string& uuid);
    /// Reads the card now. `name`: prepared, warmed_up, measured.
    void look(std::string_view name);
    /// The same under the name `working` for work that goes on for minutes, at most once a second; `now_ns` is of a steady clock. Of
    /// many such looks some are kept.
    void look_at_work(std::int64_t now_ns);

    [[nodiscard]] const std::vector<GpuLook>& looks() const { return looks_; }
    /// Why the trial, and with it the run, must not go on, as of the latest look. Errors `device_lost` and `precondition`, each with
    /// its finding (Finding::ends_run).
    [[nodiscard]] Result<void> may_go_on() const;
    /// R1.3: what makes the values invalid, with its finding: a link of half its width under load, or `device_bytes` of which a part
    /// is not in the card's memory; nothing where they are valid.
    [[nodiscard]] std::optional<Error> broken_invariant(std::int64_t device_bytes) const;
    /// What is to be said where copies of pinned memory ran at this rate and card and slot can do much more; nothing else is
    /// compared with the link here.
    [[nodiscard]] std::optional<std::string> slow_link(double bytes_a_second) const;
    /// For trial_ended: "nvml", the driver's version or why there is none; "gpu.held_back", by what; "gpu.stale", that NVML does
    /// not follow the card.
    [[nodiscard]] Facts facts() const;

private:
    [[nodiscard]] const GpuMoment* at(std::string_view name) const;
    [[nodiscard]] bool is_stale() const;

    std::shared_ptr<const Nvml> nvml_;
    std::string why_not_;  // nothing is watched
    std::optional<nvmlDevice_t> device_;
    std::optional<Error> lost_;                      // it could not even be found
    std::optional<std::int64_t> used_before_bytes_;  // of the only card there is
    std::optional<GpuMoment> latest_;
    std::int64_t clock_reasons_ = 0;  // of all that was read
    std::vector<GpuLook> looks_;
    std::int64_t read_at_work_ns_ = 0;
    std::size_t reads_at_work_ = 0;
    std::size_t kept_at_work_ = 0;
    std::size_t keep_every_ = 1;
};

}  // namespace passbench
