// The host's driver, which native_windows and every shared card rest on.
#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/rules.hpp"
#include "host/survey/survey_dda.hpp"

namespace passbench {

namespace {

/// Of a card that is disabled or that the host does not have there may be no driver either, and other rules say what to do.
bool is_at_work(const Facts& gpu) {
    const auto state = fact_text(gpu, device_key::state).value_or(std::string(device_state::host));
    return !is_disabled(gpu) && state != device_state::dismounted && !state.starts_with(device_state::vm_prefix);
}

std::optional<RuleVerdict> check_driver(const Inspection& in) {
    if (!is_at_work(in.gpu)) return std::nullopt;
    if (const auto version = fact_text(in.gpu, device_key::driver_version)) {
        return RuleVerdict{.word = Possibility::possible,
                           .what = fmt::format("Driver {} works on {}.", *version, in.card()),
                           .fix = ""};
    }
    return RuleVerdict{.what = fmt::format("No driver of NVIDIA works on {} on the host.", in.card()),
                       .fix = in.method == Method::native_windows
                                  ? "Install NVIDIA's Windows driver for this card."
                                  : "Install an NVIDIA driver for Windows that carries CUDA for WSL."};
}

std::optional<RuleVerdict> check_tesla(const Inspection& in) {
    if (!is_tesla(in.family)) return std::nullopt;
    return RuleVerdict{
        .what = fmt::format("{} is a card for data centres: it has no display driver model (WDDM), which sharing "
                            "with a guest needs.",
                            in.card()),
        .fix = "Pass it through whole (dda, eflow_dda)."};
}

std::optional<RuleVerdict> check_tcc(const Inspection& in) {
    if (fact_text(in.gpu, device_key::driver_model) != "TCC") return std::nullopt;
    return RuleVerdict{
        .what = fmt::format("{} is in driver model TCC, which cannot be shared with a guest.", in.card()),
        .fix = "Set it to WDDM (nvidia-smi -dm 0, as administrator) and restart the host."};
}

std::optional<RuleVerdict> check_wsl_driver(const Inspection& in) {
    const auto version = fact_text(in.gpu, device_key::driver_version);
    const auto carries_cuda = fact_bool(in.gpu, device_key::driver_wsl);
    if (!version || !carries_cuda || *carries_cuda) return std::nullopt;
    return RuleVerdict{.what = fmt::format("Driver {} of the host carries no CUDA for Linux guests.", *version),
                       .fix =
                           "Install an NVIDIA driver for Windows with CUDA on WSL (all Game Ready, Studio and RTX "
                           "Enterprise drivers of today), then restart the host."};
}

std::optional<RuleVerdict> check_memory(const Inspection& in) {
    const auto card = fact_int(in.gpu, device_key::vram_bytes);
    const auto host = fact_int(in.host, host_key::memory_bytes);
    if (!card || !host || *card <= *host) return std::nullopt;
    return RuleVerdict{
        .what = fmt::format("{} has {} of memory and the host {}: where a guest uses it, the host may run out and "
                            "crash.",
                            in.card(), format_bytes(*card), format_bytes(*host)),
        .fix = "Give the host more memory than the card has, or pass the card through whole (dda)."};
}

constexpr std::string_view cuda_on_wsl = "NVIDIA: CUDA on WSL user guide";

}  // namespace

const MethodRule rule::driver = {.name = "driver.installed",
                                 .facts = "0",
                                 .source = cuda_on_wsl,
                                 .promise = "A driver of NVIDIA works on the GPU on the host.",
                                 .check = check_driver};
const MethodRule rule::tesla = {.name = "driver.tesla",
                                .facts = "4.2",
                                .source = cuda_on_wsl,
                                .promise = "The GPU is none for data centres: those cannot be shared with a guest.",
                                .check = check_tesla,
                                .closes = true};
const MethodRule rule::tcc = {.name = "driver.tcc",
                              .facts = "4.2",
                              .source = cuda_on_wsl,
                              .promise = "The GPU is in driver model WDDM, not TCC.",
                              .check = check_tcc};
const MethodRule rule::wsl_driver = {.name = "driver.wsl_cuda",
                                     .facts = "1.1",
                                     .source = "Microsoft: GPU acceleration for Azure IoT Edge for Linux on Windows",
                                     .promise = "The host's driver carries CUDA for Linux guests.",
                                     .check = check_wsl_driver};
const MethodRule rule::memory = {.name = "gpupv.host_memory",
                                 .facts = "6.3",
                                 .source = "microsoft/WSL issue 40732",
                                 .promise = "The host has as much memory as the GPU that it shares.",
                                 .check = check_memory};

}  // namespace passbench
