#include "harness/stats/select_ranks.hpp"

#include <array>
#include <bit>
#include <cstdint>

namespace passbench {
namespace {

constexpr unsigned digit_bits = 13;
constexpr unsigned passes = 5;  // 5 x 13 bits cover 64
constexpr std::uint64_t sign = std::uint64_t{1} << 63U;

/// Unsigned keys in the order of the doubles.
std::uint64_t key_of(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    return (bits & sign) != 0 ? ~bits : bits | sign;
}

double value_of(std::uint64_t key) { return std::bit_cast<double>((key & sign) != 0 ? key ^ sign : ~key); }

/// The search for one rank: the digits found so far, and the rank among the values that begin with them.
struct Search {
    std::uint64_t prefix = 0;
    std::uint64_t rank = 0;
    std::array<std::uint64_t, std::size_t{1} << digit_bits> counts{};

    void fix_digit(unsigned shift) {
        std::uint64_t digit = 0;
        while (digit + 1 < counts.size() && rank > counts[digit]) rank -= counts[digit++];
        prefix |= digit << shift;
        counts.fill(0);
    }
};

}  // namespace

Result<std::vector<double>> select_ranks(const std::vector<std::size_t>& ranks, const EachValue& each_value) {
    std::vector<Search> searches(ranks.size());
    for (std::size_t index = 0; index < ranks.size(); ++index) searches[index].rank = ranks[index];
    for (unsigned pass = passes; pass-- > 0;) {
        const unsigned shift = pass * digit_bits;
        const unsigned decided = shift + digit_bits;
        PASSBENCH_CHECK(each_value([&](double value) {
            const std::uint64_t key = key_of(value);
            const std::uint64_t digit = (key >> shift) & ((std::uint64_t{1} << digit_bits) - 1);
            for (Search& search : searches) {
                const bool same_prefix = decided >= 64 || (key >> decided) == (search.prefix >> decided);
                if (same_prefix) ++search.counts[digit];
            }
        }));
        for (Search& search : searches) search.fix_digit(shift);
    }
    std::vector<double> values;
    values.reserve(searches.size());
    for (const Search& search : searches) values.push_back(value_of(search.prefix));
    return values;
}

}  // namespace passbench
