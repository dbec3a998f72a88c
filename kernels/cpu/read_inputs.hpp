// What host-read reads: whole numbers so small that their sum is exact in whatever order it is made, the same for every form.
#pragma once

#include <cstdint>
#include <span>

#include "harness/core/random.hpp"
#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"

namespace passbench {

class ReadInputs {
public:
    explicit ReadInputs(std::uint64_t seed) : key_(derive_seed(seed, "host-read")) {}

    /// By the workers that will read it.
    void fill(ThreadPool& pool, int threads, std::span<double> numbers) const;
    /// Of the first `count` numbers, by the seed alone.
    [[nodiscard]] double sum(ThreadPool& pool, int threads, std::size_t count) const;

private:
    std::uint64_t key_;
};

/// The sum that a form made and the one that is right: the whole result.
struct ReadSum {
    double seen = 0;
    double expected = 0;

    /// Error `verify_failed`, also where the sum is no number.
    [[nodiscard]] Result<void> check() const;
};

}  // namespace passbench
