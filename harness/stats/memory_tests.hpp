// What the trials of a memory test came to, for the clause of the run's word: the least that one of them covered, and the errors of
// all. Internal to this room.
#pragma once

#include <optional>

#include "harness/records/facts.hpp"
#include "harness/records/stats.hpp"

namespace passbench {

/// `so_far` with one more trial of the same case and arm; as it was where the trial was no memory test.
[[nodiscard]] std::optional<MemoryTest> with_trial(std::optional<MemoryTest> so_far, const Facts& facts);

}  // namespace passbench
