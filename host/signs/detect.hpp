// Finds the catalogued causes of a failure by its signs. Pure: the same symptoms give the same detections. Bounded in time and size
// whatever it is given (words.hpp); harmless lines of the kernel (facts 4.5) are passed over by name.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "harness/core/error.hpp"
#include "host/signs/rule.hpp"
#include "host/signs/symptoms.hpp"

namespace passbench {

/// The finding of what no rule knows.
inline constexpr std::string_view unknown_finding = "host.unknown";
/// So many unknown texts are kept of the symptoms, and as many lines of the kernel.
inline constexpr std::size_t most_unknown = 8;

struct Detection {
    std::string finding;  // in harness/core/findings
    std::string sign;     // what it was recognised by, as sign_text; empty of host.unknown
    std::string text;     // the words or the states themselves; printable
};

/// What is recognised: each finding once, by words and codes first, then the kernel's log, then states. Last of all host.unknown for each
/// error of a cmdlet or command that nothing explains, and, where nothing else is known, for lines of the kernel about a GPU's trouble.
[[nodiscard]] std::vector<Detection> detect(const Symptoms& symptoms);
/// The same by these rules alone.
[[nodiscard]] std::vector<Detection> detect(const Symptoms& symptoms, std::span<const Rule> by);

/// The error with finding and cure of the first detection; the other detections and what an earlier finding was go to its trail. Its
/// words stay, and those of the detection are added where they are not among them. host.unknown replaces no finding and no cure.
[[nodiscard]] Error with_finding(Error error, const std::vector<Detection>& detections);

}  // namespace passbench
