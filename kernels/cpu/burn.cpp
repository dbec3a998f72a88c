// burn: the multiply-adds of fma on all threads for as long as asked, each iteration compared, and how its rate changes.
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "harness/records/burn_facts.hpp"
#include "kernels/cpu/drift.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr std::size_t least_iterations = 8;

/// What an operation of burn is of one of fma: 2^18 floating-point operations of 2^20.
constexpr std::int64_t ops_an_op_of_fma = 4;

class BurnInstance final : public WorkloadInstance {
public:
    BurnInstance(std::unique_ptr<WorkloadInstance> work, double seconds, std::function<Result<void>()> may_go_on)
        : work_(std::move(work)), seconds_(seconds), may_go_on_(std::move(may_go_on)) {}

    void iterate() override { work_->iterate(); }
    [[nodiscard]] std::int64_t ops() const override { return ops_an_op_of_fma * work_->ops(); }
    [[nodiscard]] int threads() const override { return work_->threads(); }
    [[nodiscard]] std::string isa() const override { return work_->isa(); }
    [[nodiscard]] std::span<std::byte> results() override { return work_->results(); }
    [[nodiscard]] ResultLayout result_layout() const override { return work_->result_layout(); }

    [[nodiscard]] Result<void> verify() override {
        PASSBENCH_CHECK(of_burn(work_->verify()));
        return burn();
    }
    [[nodiscard]] Result<void> check_results() const override { return of_burn(work_->check_results()); }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return work_->limit(); }

    [[nodiscard]] std::vector<std::string_view> device_columns() const override { return {"drift_ppm"}; }
    [[nodiscard]] Result<void> measure_on_device(std::int64_t /*iterations*/, std::span<std::int64_t> values) override {
        values[0] = std::llround(drift_of(times_ns_) * parts_a_million);
        return {};
    }

    [[nodiscard]] Facts facts() const override {
        return {{std::string(burn_fact::seconds), burnt_s_},
                {std::string(burn_fact::pieces), static_cast<std::int64_t>(times_ns_.size())},
                {std::string(burn_fact::drift), drift_of(times_ns_)}};
    }

private:
    static Result<void> of_burn(Result<void> result) {
        if (!result) result.error().what = "burn: " + result.error().what;
        return result;
    }

    /// Iteration after iteration, each from spoiled results; ends at the first wrong one.
    [[nodiscard]] Result<void> burn() {
        times_ns_.clear();
        constexpr double ns_a_second = 1e9;
        constexpr auto spoiled = std::byte{0xff};  // all bits of a number: not a number
        const std::int64_t begun_ns = steady_ns();
        do {
            if (may_go_on_) PASSBENCH_CHECK(may_go_on_());
            std::ranges::fill(work_->results(), spoiled);
            const std::int64_t begin_ns = steady_ns();
            work_->iterate();
            const std::int64_t end_ns = steady_ns();
            PASSBENCH_CHECK(check_results());
            times_ns_.push_back(static_cast<double>(end_ns - begin_ns));
            burnt_s_ = static_cast<double>(end_ns - begun_ns) / ns_a_second;
        } while (times_ns_.size() < least_iterations || burnt_s_ < seconds_);
        return {};
    }

    const std::unique_ptr<WorkloadInstance> work_;
    const double seconds_;
    const std::function<Result<void>()> may_go_on_;
    std::vector<double> times_ns_;  // of the iterations of the burn
    double burnt_s_ = 0;
};

}  // namespace

PreparedCase prepare_burn(const Parameters& parameters, const InstanceContext& context) {
    Parameters work = parameters;
    work.erase("seconds");
    work["precision"] = std::string("f32");
    PASSBENCH_TRY(auto fma, prepare_fma(work, context));
    return std::make_unique<BurnInstance>(std::move(fma), static_cast<double>(integer_of(parameters, "seconds")),
                                          context.may_go_on);
}

}  // namespace passbench
