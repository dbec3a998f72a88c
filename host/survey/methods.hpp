// What a host can do with its GPUs: the facts of a survey -> a table GPU x method, each cell with its reasons. Pure; the rules are
// data (rules.hpp), the pages of the facts that they rest on are named with each.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/records/environment.hpp"

namespace passbench {

/// How a card can be had under Windows. Each is also the name of an arm.
enum class Method { native_windows, dda, gpupv, eflow_dda, eflow_gpupv, wsl };
inline constexpr std::array all_methods = {Method::native_windows, Method::dda,         Method::gpupv,
                                           Method::eflow_dda,      Method::eflow_gpupv, Method::wsl};
[[nodiscard]] std::string_view to_string(Method method);
/// Nothing where there is no method of this name.
[[nodiscard]] std::optional<Method> method_named(std::string_view name);

/// From good to bad.
enum class Possibility { possible, warning, impossible };
[[nodiscard]] std::string_view to_string(Possibility word);

/// What one rule says of one cell.
struct MethodReason {
    Possibility word;
    std::string_view rule;    // "dda.mitigation"
    std::string_view facts;   // the section of the facts
    std::string_view source;  // the public document behind it
    std::string what;         // what was seen, a whole sentence
    std::string fix;          // what to do, a whole sentence; empty where the word is `possible`
};

struct MethodCell {
    Method method;
    Possibility word;                   // the worst of its reasons
    std::vector<MethodReason> reasons;  // never empty

    [[nodiscard]] bool has(std::string_view rule) const;
};

struct GpuRow {
    std::string location;  // PCIROOT(0)#PCI(0300)#PCI(0000)
    std::string name;
    bool prefers_whole;             // a card that EFLOW passes through whole: T4, A2 and others for data centres
    std::vector<MethodCell> cells;  // one a method, in the order of all_methods

    [[nodiscard]] const MethodCell& cell(Method method) const;
};

using MethodTable = std::vector<GpuRow>;  // by location

/// Whether the survey is one of a Windows host; a table can be made of no other.
[[nodiscard]] bool is_windows(const HostFacts& facts);

/// `today` tells whether EFLOW is still supported. Empty where the host has no GPU, or is no Windows host.
[[nodiscard]] MethodTable method_table(const HostFacts& facts, std::chrono::year_month_day today);

}  // namespace passbench
