// The failure catalogue: what is known to go wrong with EFLOW (E1 to E17), DDA (D1 to D18), GPU-PV and WSL (P1 to P30), by number.
// Cause and cure of each are in harness/core/findings, its signs in the rules; here is which number has which name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace passbench {

struct CatalogueRow {
    std::string_view number;   // "D1"
    std::string_view finding;  // "dda.no_mitigation_driver"
    std::string_view source;   // where it was reported or is documented
    // Why no sign of it can be planted, so that no rule recognises it; empty where one does.
    std::string_view not_plantable = {};
};

/// All 65, in the order of their numbers.
[[nodiscard]] const std::vector<CatalogueRow>& failure_catalogue();
/// The row of this finding; nullptr where it is of none.
[[nodiscard]] const CatalogueRow* find_catalogue_row(std::string_view finding);
/// The signs by which it is recognised, for people; none where it cannot be.
[[nodiscard]] std::vector<std::string> signs_of(const CatalogueRow& row);
/// Its signs are of no failure: they are passed over.
[[nodiscard]] bool is_harmless(const CatalogueRow& row);

}  // namespace passbench
