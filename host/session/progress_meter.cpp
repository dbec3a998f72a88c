#include "host/session/progress_meter.hpp"

#include <algorithm>

namespace passbench {

void ProgressMeter::begin_look(int look, int blocks, std::size_t trials) {
    now_.look = look;
    now_.blocks = blocks;
    now_.planned += trials;
    estimate(0, 0);
}

void ProgressMeter::begin_job(int block, const std::string& arm) {
    now_.block = block;
    now_.arm = arm;
    estimate(0, 0);
}

void ProgressMeter::seen(std::size_t trials, double spent_s) { estimate(trials, spent_s); }

void ProgressMeter::end_job(std::size_t trials, double spent_s) {
    ended_ += trials;
    timed_ += trials;
    timed_s_ += spent_s;
    own_s_ += spent_s;
    estimate(0, 0);
}

void ProgressMeter::count_earlier(std::size_t trials, double spent_s) {
    ended_ += trials;
    if (spent_s > 0) {
        timed_ += trials;
        timed_s_ += spent_s;
    }
    estimate(0, 0);
}

void ProgressMeter::estimate(std::size_t running_trials, double running_s) {
    now_.done = ended_ + running_trials;
    now_.elapsed_s = own_s_ + running_s;
    const auto known = timed_ + running_trials;
    const double each_s = known == 0 ? assumed_s_ : (timed_s_ + running_s) / static_cast<double>(known);
    now_.left_s = each_s * static_cast<double>(now_.planned - std::min(now_.planned, now_.done));
}

}  // namespace passbench
