// The rules by which the table of methods is made: each looks at one thing, and says nothing, why a method works, what to know
// about it, or why it cannot be done and what to do. Pure. Internal to this room, and to the page that lists them.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/records/environment.hpp"
#include "host/survey/cards.hpp"
#include "host/survey/methods.hpp"

namespace passbench {

/// What a rule may look at: one GPU of one host, and what is to be done with it.
struct Inspection {
    const HostFacts& facts;
    const Facts& host;
    const Facts& gpu;
    std::string_view location;
    CardFamily family;
    Method method;
    std::chrono::year_month_day today;

    [[nodiscard]] std::string card() const;  // its name, for sentences
    [[nodiscard]] bool is_server() const;
    [[nodiscard]] std::int64_t build() const;
    [[nodiscard]] bool is_before_windows_11() const;  // a client: Windows 10
    [[nodiscard]] std::string windows() const;        // "Windows 10 Pro, build 19044.1620"
    /// Of the virtual machine that suits a large card best.
    [[nodiscard]] std::int64_t lowest_high_mmio_base() const;
};

struct RuleVerdict {
    Possibility word = Possibility::impossible;
    std::string what;  // a whole sentence
    std::string fix;   // a whole sentence; empty only where the word is `possible`
};

using RuleCheck = std::optional<RuleVerdict> (*)(const Inspection&);

struct MethodRule {
    std::string_view name;     // "dda.server_only"
    std::string_view facts;    // the section of the facts: "2.1"
    std::string_view source;   // the public document behind it
    std::string_view promise;  // what it sees to, one sentence
    RuleCheck check;
    bool closes = false;  // nothing that is set or installed cures it: what is said behind it would only distract
};

/// In the order in which they are looked at. The first that may say `possible` names what the method rests on.
[[nodiscard]] std::span<const MethodRule* const> rules_of(Method method);

/// The rules by what they look at.
namespace rule {
// device_rules.cpp
extern const MethodRule nvidia_card;
extern const MethodRule given_away;
extern const MethodRule dismounted;
extern const MethodRule disabled_device;
extern const MethodRule only_display;
extern const MethodRule display;
extern const MethodRule siblings;
extern const MethodRule problem;
// driver_rules.cpp
extern const MethodRule driver;
extern const MethodRule tesla;
extern const MethodRule tcc;
extern const MethodRule wsl_driver;
extern const MethodRule memory;
// host_rules.cpp
extern const MethodRule complete_survey;
extern const MethodRule nested;
extern const MethodRule nested_native;
extern const MethodRule elevated;
extern const MethodRule features;
extern const MethodRule services;
// dda_rules.cpp
extern const MethodRule dda_server;
extern const MethodRule dda_iov;
extern const MethodRule dda_iommu_policy;
extern const MethodRule dda_survey;
extern const MethodRule dda_mitigation;
extern const MethodRule dda_mmio;
extern const MethodRule dda_vm;
// gpupv_rules.cpp
extern const MethodRule linux_guests;
extern const MethodRule policy;
extern const MethodRule partitionable;
extern const MethodRule chosen_gpu;
extern const MethodRule gpupv_mmio_space;
extern const MethodRule gpupv_vm;
extern const MethodRule wsl_installed;
// eflow_rules.cpp
extern const MethodRule eflow_table;
extern const MethodRule eflow_client;
extern const MethodRule eflow_installed;
extern const MethodRule eflow_release;
extern const MethodRule eflow_support;
extern const MethodRule eflow_hns;
extern const MethodRule eflow_wsl;
}  // namespace rule

}  // namespace passbench
