#include "guest/telemetry/gpu_watch.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "harness/core/clock.hpp"
#include "harness/core/findings.hpp"
#include "harness/core/units.hpp"
#include "harness/records/events.hpp"

namespace passbench {
namespace {

/// R13.4: once a second.
constexpr std::int64_t look_period_ns = 1'000'000'000;
// A trial's process says all it has to say in 64 KiB; a look takes up to 1 KiB.
constexpr std::size_t most_looks_at_work = 40;
constexpr std::string_view at_work = "working";

/// Bytes a second of the link that card and slot can do together, before packet headers; nothing where it is not told.
std::optional<double> link_bytes_a_second(const GpuMoment& moment) {
    // Of generations 1 to 6, in GT/s a lane; up to 5 GT/s the link carries 8 bits in 10, then 128 in 130.
    constexpr std::array<double, 6> gigatransfers = {2.5, 5, 8, 16, 32, 64};
    const auto generation = moment.value(gpu_field::link_generation_max).value_or(0);
    const auto lanes = moment.value(gpu_field::link_width_max).value_or(0);
    if (generation < 1 || generation > static_cast<std::int64_t>(gigatransfers.size()) || lanes < 1) return {};
    constexpr std::int64_t last_8b10b_generation = 2;
    constexpr double bits_a_byte = 8;
    const double coded = generation <= last_8b10b_generation ? 8.0 / 10.0 : 128.0 / 130.0;
    return gigatransfers[static_cast<std::size_t>(generation - 1)] * 1e9 * static_cast<double>(lanes) * coded /
           bits_a_byte;
}

}  // namespace

Facts facts_of(const GpuLook& look) {
    Facts facts = facts_of(look.moment);
    facts["moment"] = look.name;
    return facts;
}

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
    if (!device_) return;
    latest_ = read_gpu_moment(*nvml_, *device_);
    clock_reasons_ |= latest_->value(gpu_field::throttle_reasons).value_or(0);
    looks_.push_back({.at = utc_now(), .name = std::string(name), .moment = *latest_});
}

void GpuWatch::look_at_work(std::int64_t now_ns) {
    if (reads_at_work_ > 0 && now_ns - read_at_work_ns_ < look_period_ns) return;
    read_at_work_ns_ = now_ns;
    look(at_work);
    if (looks_.empty() || looks_.back().name != at_work) return;
    if (reads_at_work_++ % keep_every_ != 0) {
        looks_.pop_back();
    } else if (++kept_at_work_ == most_looks_at_work) {
        bool keep = false;
        std::erase_if(looks_, [&](const GpuLook& each) {
            if (each.name != at_work) return false;
            keep = !keep;
            return !keep;
        });
        kept_at_work_ /= 2;
        keep_every_ *= 2;
    }
}

const GpuMoment* GpuWatch::at(std::string_view name) const {
    const auto found =
        std::find_if(looks_.begin(), looks_.end(), [&](const GpuLook& look) { return look.name == name; });
    return found == looks_.end() ? nullptr : &found->moment;
}

Result<void> GpuWatch::may_go_on() const {
    if (lost_) return fail(*lost_);
    if (!latest_) return {};
    const GpuMoment& now = *latest_;
    const GpuMoment& first = looks_.front().moment;
    if (now.lost)
        return fail(catalogued_error(ErrorCode::device_lost, "NVML says that the card is lost", "gpu.device_lost"));
    const auto errors = now.value(gpu_field::ecc_uncorrected);
    const auto errors_before = first.value(gpu_field::ecc_uncorrected);
    if (errors && errors_before && *errors > *errors_before) {
        return fail(
            catalogued_error(ErrorCode::device_lost,
                             fmt::format("the card's uncorrectable memory errors grew from {} to {} during the trial",
                                         *errors_before, *errors),
                             "gpu.ecc_uncorrectable"));
    }
    const auto temperature = now.value(gpu_field::temperature);
    const auto slowdown = now.value(gpu_field::slowdown_temperature);
    if (temperature && slowdown && *slowdown > 0 && *temperature >= *slowdown) {
        return fail(catalogued_error(
            ErrorCode::precondition,
            fmt::format("the card is at {} C, and it slows itself down from {} C on", *temperature, *slowdown),
            "gpu.too_hot"));
    }
    return {};
}

std::optional<Error> GpuWatch::broken_invariant(std::int64_t device_bytes) const {
    const GpuMoment* const loaded = at("measured");
    if (loaded == nullptr || is_stale()) return {};
    const auto below = [&](std::string_view field, std::string_view most) {
        const std::int64_t now = loaded->value(field).value_or(0);
        return now > 0 && now < loaded->value(most).value_or(0);
    };
    if (below(gpu_field::link_width, gpu_field::link_width_max)) {
        return catalogued_error(
            ErrorCode::verify_failed,
            fmt::format("the PCIe link has {} lanes under load where card and slot have {}",
                        *loaded->value(gpu_field::link_width), *loaded->value(gpu_field::link_width_max)),
            "gpu.link_width");
    }
    if (below(gpu_field::link_generation, gpu_field::link_generation_max)) {
        return catalogued_error(
            ErrorCode::verify_failed,
            fmt::format("the PCIe link runs at generation {} under load where card and slot have {}",
                        *loaded->value(gpu_field::link_generation), *loaded->value(gpu_field::link_generation_max)),
            "gpu.link_speed");
    }
    const auto used = loaded->value(gpu_field::memory_used);
    if (used && *used < device_bytes) {
        return catalogued_error(
            ErrorCode::verify_failed,
            fmt::format("{} were allocated on the card and only {} of its memory are in use: a part lies in "
                        "the host's",
                        format_bytes(device_bytes), format_bytes(*used)),
            "gpu.paged_out");
    }
    return {};
}

std::optional<std::string> GpuWatch::slow_link(double bytes_a_second) const {
    constexpr double low_share = 0.70;
    const GpuMoment* const loaded = at("measured");
    const auto link = loaded == nullptr ? std::nullopt : link_bytes_a_second(*loaded);
    if (!link || bytes_a_second >= low_share * *link) return std::nullopt;
    return fmt::format(
        "copies ran at {:.3g} GB/s, {} of what the link of card and slot carries (PCIe generation {} x {})",
        bytes_a_second * 1e-9, format_percent(bytes_a_second / *link), *loaded->value(gpu_field::link_generation_max),
        *loaded->value(gpu_field::link_width_max));
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
        facts[std::string(trial_fact::nvml)] = "none: " + why_not_;
        return facts;
    }
    facts[std::string(trial_fact::nvml)] = nvml_->driver_version();
    if (is_stale()) {
        facts[std::string(trial_fact::stale_telemetry)] = true;
        return facts;
    }
    if (std::string reasons = held_back_by(clock_reasons_); !reasons.empty())
        facts[std::string(trial_fact::held_back)] = std::move(reasons);
    return facts;
}

}  // namespace passbench
