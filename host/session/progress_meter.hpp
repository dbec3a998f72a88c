// How far a run is and how long it still takes, from what its trials took so far.
#pragma once

#include <cstddef>
#include <string>

#include "host/session/session.hpp"

namespace passbench {

/// Counts trials; knows nothing of who is told.
class ProgressMeter {
public:
    /// `assumed_s`: what a trial takes before any was measured.
    ProgressMeter(double assumed_s, int looks) : assumed_s_(assumed_s) { now_.looks = looks; }

    void begin_look(int look, int blocks, std::size_t trials);
    void begin_job(int block, const std::string& arm);
    /// `trials` of the running job are over, `spent_s` after it began.
    void seen(std::size_t trials, double spent_s);
    /// The job is over; what it took counts for the estimate.
    void end_job(std::size_t trials, double spent_s);
    /// Trials of a block that was measured before, by this process or an earlier one; `spent_s` 0 where it is not known.
    void count_earlier(std::size_t trials, double spent_s);

    [[nodiscard]] const RunProgress& now() const { return now_; }

private:
    void estimate(std::size_t running_trials, double running_s);

    RunProgress now_;
    double assumed_s_;
    std::size_t ended_ = 0;  // trials of jobs that are over
    std::size_t timed_ = 0;  // those of them whose time is known
    double timed_s_ = 0;
    double own_s_ = 0;  // spent by this process
};

}  // namespace passbench
