// What cpu forms have in common that split one operation between the threads of the pool, hand-over included: a caller of such a
// function waits for that too, as the caller of a kernel waits for its launch.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "kernels/workload_instance.hpp"

namespace passbench {

class PooledInstance : public WorkloadInstance {
public:
    [[nodiscard]] std::int64_t ops() const final { return 1; }
    [[nodiscard]] int threads() const final { return threads_; }
    [[nodiscard]] std::string isa() const final { return isa_; }
    [[nodiscard]] Result<void> verify() final {
        spoil_results();
        iterate();
        return check_results();
    }

protected:
    PooledInstance(ThreadPool& pool, int threads, std::string isa)
        : pool_(pool), threads_(threads), isa_(std::move(isa)) {}

    /// Makes every result wrong, so that an old one cannot pass for a new one.
    virtual void spoil_results() = 0;

    void run(const std::function<void(int worker)>& work) const { pool_.run(threads_, work); }
    [[nodiscard]] ThreadPool& pool() const { return pool_; }

private:
    ThreadPool& pool_;
    const int threads_;
    const std::string isa_;
};

/// The isa of what is plain code.
inline constexpr const char* plain_code = "x86-64";

}  // namespace passbench
