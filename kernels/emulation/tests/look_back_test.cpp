#include <optional>

#include "kernels/emulation/tests/stand_in.hpp"

namespace passbench {
namespace {

using Sum = unsigned long long;

constexpr Sum own_sum = Sum{1} << 62U;
constexpr Sum sum_to_end = Sum{2} << 62U;
constexpr unsigned lanes = 32;

class LookBack : public StandIn {
protected:
    /// What `tile` finds where the tiles before it have told the sum 1000 + their number, and `ended`, if there is one, its sum to
    /// the end; and what it tells itself.
    void expect(unsigned tile, std::optional<unsigned> ended) {
        std::vector<Sum> states(tile + 1, 0);
        Sum right = 0;
        for (unsigned i = 0; i < tile; ++i) {
            if (i == ended) right = 77;
            states[i] = i == ended ? sum_to_end | right : own_sum | (1000 + i);
            if (i != ended) right += 1000 + i;
        }
        DeviceArray<Sum> on_device(states);
        DeviceArray<Sum> before(lanes);
        PASSBENCH_CUDA_OK(
            launch("look_back", {.grid = {1}, .block = {lanes}}, on_device.address(), tile, Sum{5}, before.address()));
        for (const Sum of_lane : before.get()) EXPECT_EQ(of_lane, right);
        EXPECT_EQ(on_device.get().back(), sum_to_end | (right + 5));
    }
};

TEST_F(LookBack, TakesTheSumOfTheNearestTileThatHasComeToItsEnd) {
    for (const unsigned ended : {0U, 1U, 30U, 31U, 32U, 63U, 64U, 98U}) {
        SCOPED_TRACE(ended);
        expect(99, ended);
    }
}

TEST_F(LookBack, GoesToTheFirstTileWhereNoneHas) {
    for (const unsigned tile : {1U, 31U, 32U, 33U, 64U, 100U}) {
        SCOPED_TRACE(tile);
        expect(tile, std::nullopt);
    }
}

TEST_F(LookBack, FindsNothingBeforeTheFirst) { expect(0, std::nullopt); }

}  // namespace
}  // namespace passbench
