#include "harness/catalogue/load.hpp"

#include <algorithm>

namespace passbench {

std::string_view to_string(LoadKind kind) {
    switch (kind) {
        case LoadKind::cpu:
            return "cpu";
        case LoadKind::memory:
            return "memory";
        case LoadKind::gpu:
            return "gpu";
    }
    return "";
}

Result<LoadKind> parse_load_kind(std::string_view text) {
    const auto* found = std::ranges::find(load_kinds, text, [](LoadKind kind) { return to_string(kind); });
    if (found != load_kinds.end()) return *found;
    return fail({.code = ErrorCode::usage,
                 .what = "unknown load '" + std::string(text) + "'",
                 .fix = "The loads are cpu, memory and gpu."});
}

std::string load_key(LoadKind kind) { return "load." + std::string(to_string(kind)); }

Parameters with_load(Parameters parameters, const std::optional<Load>& load) {
    if (load) parameters.insert_or_assign(load_key(load->kind), std::int64_t{load->level});
    return parameters;
}

}  // namespace passbench
