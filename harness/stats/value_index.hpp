// Block values found by case, arm and metric. Internal to this room.
#pragma once

#include <map>
#include <string_view>
#include <tuple>
#include <vector>

#include "harness/records/stats.hpp"

namespace passbench {

using ValuesOfBlocks = std::map<int, double>;

/// Refers to the values that it was made from.
class ValueIndex {
public:
    explicit ValueIndex(const std::vector<BlockValue>& values) {
        for (const BlockValue& one : values) index_[{one.case_name, one.arm, one.metric}][one.block] = one.value;
    }
    /// Empty where there is none.
    [[nodiscard]] const ValuesOfBlocks& find(std::string_view case_name, std::string_view arm,
                                             std::string_view metric) const {
        static const ValuesOfBlocks none;
        const auto found = index_.find({case_name, arm, metric});
        return found == index_.end() ? none : found->second;
    }

private:
    std::map<std::tuple<std::string_view, std::string_view, std::string_view>, ValuesOfBlocks> index_;
};

}  // namespace passbench
