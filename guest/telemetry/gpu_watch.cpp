#include "guest/telemetry/gpu_watch.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "harness/core/findings.hpp"
#include "harness/core/units.hpp"

namespace passbench {
namespace {

Error found(ErrorCode code, std::string what, std::string_view finding_name) {
    const Finding& finding = *find_finding(finding_name);
    return {.code = code,
            .what = std::move(what),
            .where = {},
            .fix = std::string(finding.cure),
            .trail = {},
            .finding = std::string(finding.name)};
}

}  // namespace

GpuWatch GpuWatch::start(Result<std::shared_ptr<const Nvml>> nvml) {
    GpuWatch watch;
    if (!nvml) {
        watch.why_not_ = nvml.error().what;
        return watch;
    }
    watch.nvml_ = *std::move(nvml);
    // With several cards it is not known yet which one it will be; then a stale NVML is not recognised.
    if (const auto only = watch.nvml_->find_device("")) {
        watch.used_before_bytes_ = read_gpu_moment(*watch.nvml_, *only).value(gpu_field::memory_used);
    }
    return watch;
}

void GpuWatch::choose(const std::string& uuid) {
    if (!nvml_) return;
    auto device = nvml_->find_device(uuid);
    if (device) {
        device_ = *device;
    } else if (device.error().code == ErrorCode::device_lost) {
        lost_ = std::move(device).error();
    } else {
        why_not_ = device.error().what;
    }
}

void GpuWatch::look(std::string_view name) {
    if (device_) looks_.push_back({.name = std::string(name), .moment = read_gpu_moment(*nvml_, *device_)});
}

const GpuMoment* GpuWatch::at(std::string_view name) const {
    const auto found = std::find_if(looks_.begin(), looks_.end(), [&](const Look& look) { return look.name == name; });
    return found == looks_.end() ? nullptr : &found->moment;
}

std::vector<Facts> GpuWatch::telemetry() const {
    std::vector<Facts> all;
    for (const Look& look : looks_) {
        all.push_back(facts_of(look.moment));
        all.back()["moment"] = look.name;
    }
    return all;
}

Result<void> GpuWatch::may_go_on() const {
    if (lost_) return fail(*lost_);
    if (looks_.empty()) return {};
    const GpuMoment& now = looks_.back().moment;
    const GpuMoment& first = looks_.front().moment;
    if (now.lost) return fail(found(ErrorCode::device_lost, "NVML says that the card is lost", "gpu.device_lost"));
    const auto errors = now.value(gpu_field::ecc_uncorrected);
    const auto errors_before = first.value(gpu_field::ecc_uncorrected);
    if (errors && errors_before && *errors > *errors_before) {
        return fail(found(ErrorCode::device_lost,
                          fmt::format("the card's uncorrectable memory errors grew from {} to {} during the trial",
                                      *errors_before, *errors),
                          "gpu.ecc_uncorrectable"));
    }
    const auto temperature = now.value(gpu_field::temperature);
    const auto slowdown = now.value(gpu_field::slowdown_temperature);
    if (temperature && slowdown && *slowdown > 0 && *temperature >= *slowdown) {
        return fail(
            found(ErrorCode::precondition,
                  fmt::format("the card is at {} C, and it slows itself down from {} C on", *temperature, *slowdown),
                  "gpu.too_hot"));
    }
    return {};
}

std::optional<Error> GpuWatch::broken_invariant(std::int64_t device_bytes) const {
    const GpuMoment* const loaded = at("measured");
    if (loaded == nullptr) return {};
    const auto below = [&](std::string_view field, std::string_view most) {
        const std::int64_t now = loaded->value(field).value_or(0);
        return now > 0 && now < loaded->value(most).value_or(0);
    };
    if (below(gpu_field::link_width, gpu_field::link_width_max)) {
        return found(ErrorCode::verify_failed,
                     fmt::format("the PCIe link has {} lanes under load where card and slot have {}",
                                 *loaded->value(gpu_field::link_width), *loaded->value(gpu_field::link_width_max)),
                     "gpu.link_width");
    }
    if (below(gpu_field::link_generation, gpu_field::link_generation_max)) {
        return found(
            ErrorCode::verify_failed,
            fmt::format("the PCIe link runs at generation {} under load where card and slot have {}",
                        *loaded->value(gpu_field::link_generation), *loaded->value(gpu_field::link_generation_max)),
            "gpu.link_speed");
    }
    const auto used = loaded->value(gpu_field::memory_used);
    if (used && !is_stale() && *used < device_bytes) {
        return found(ErrorCode::verify_failed,
                     fmt::format("{} were allocated on the card and only {} of its memory are in use: a part lies in "
                                 "the host's",
                                 format_bytes(device_bytes), format_bytes(*used)),
                     "gpu.paged_out");
    }
    return {};
}

bool GpuWatch::is_stale() const {
    const GpuMoment* const prepared = at("prepared");
    const GpuMoment* const measured = at("measured");
    if (prepared == nullptr || measured == nullptr || !used_before_bytes_) return false;
    // A context alone takes memory of the card; where that does not show, and nothing else moved under load either, NVML does not
    // look at the card.
    if (measured->value(gpu_field::memory_used) != used_before_bytes_) return false;
    constexpr std::array moving = {gpu_field::sm_clock, gpu_field::power, gpu_field::temperature};
    return std::all_of(moving.begin(), moving.end(),
                       [&](std::string_view field) { return prepared->value(field) == measured->value(field); });
}

Facts GpuWatch::facts() const {
    Facts facts;
    if (!device_) {
        facts["nvml"] = "none: " + why_not_;
        return facts;
    }
    facts["nvml"] = nvml_->driver_version();
    if (is_stale()) {
        facts["gpu.stale"] = true;
        return facts;
    }
    std::int64_t bits = 0;
    for (const Look& look : looks_) bits |= look.moment.value(gpu_field::throttle_reasons).value_or(0);
    if (std::string reasons = held_back_by(bits); !reasons.empty()) facts["gpu.held_back"] = std::move(reasons);
    return facts;
}

}  // namespace passbench
