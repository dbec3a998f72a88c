#include <algorithm>
#include <utility>

#include "harness/core/findings.hpp"
#include "host/signs/detect.hpp"

namespace passbench {
namespace {

bool is_known(const Detection& detection) {
    return detection.finding != unknown_finding && find_finding(detection.finding) != nullptr;
}

/// "dda.no_osc: the words by which it was recognised"
std::string with_words(const Detection& detection) {
    return detection.text.empty() ? detection.finding : detection.finding + ": " + detection.text;
}

}  // namespace

Error with_finding(Error error, const std::vector<Detection>& detections) {
    if (detections.empty()) return error;
    const auto known = std::find_if(detections.begin(), detections.end(), is_known);
    const Detection& chosen = known == detections.end() ? detections.front() : *known;
    if (known != detections.end()) {
        if (!error.finding.empty() && error.finding != chosen.finding) {
            error.trail.push_back("first taken for " + error.finding);
        }
        error.finding = chosen.finding;
        error.fix = find_finding(chosen.finding)->cure;
    } else if (error.finding.empty()) {
        error.finding = chosen.finding;
        if (error.fix.empty()) error.fix = find_finding(unknown_finding)->cure;
    }
    for (const Detection& each : detections) {
        const bool is_new = error.what.find(each.text) == std::string::npos;
        if (&each == &chosen && !is_new) continue;
        error.trail.push_back((&each == &chosen ? "recognised by " : "there was also ") + with_words(each));
    }
    return error;
}

}  // namespace passbench
