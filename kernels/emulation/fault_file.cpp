#include "kernels/emulation/fault_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

namespace passbench::emulation {

namespace {

struct FlagKey {
    std::string_view name;
    bool FaultPlan::*member;
};
struct NumberKey {
    std::string_view name;
    std::uint64_t FaultPlan::*member;
};

constexpr std::array flag_keys = {
    FlagKey{"no_device", &FaultPlan::no_device},
    FlagKey{"old_driver", &FaultPlan::old_driver},
    FlagKey{"no_concurrent_access", &FaultPlan::no_concurrent_access},
    FlagKey{"nvml_stale", &FaultPlan::nvml_stale},
    FlagKey{"nvml_denied", &FaultPlan::nvml_denied},
};
constexpr std::array number_keys = {
    NumberKey{"no_device_from", &FaultPlan::no_device_from},
    NumberKey{"out_of_memory_at", &FaultPlan::out_of_memory_at},
    NumberKey{"launch_error_at", &FaultPlan::launch_error_at},
    NumberKey{"wrong_bit_at", &FaultPlan::wrong_bit_at},
    NumberKey{"hung_kernel_at", &FaultPlan::hung_kernel_at},
    NumberKey{"ecc_error_at", &FaultPlan::ecc_error_at},
    NumberKey{"device_lost_at", &FaultPlan::device_lost_at},
    NumberKey{"pinned_limit", &FaultPlan::pinned_limit_bytes},
    NumberKey{"memory", &FaultPlan::memory_bytes},
    NumberKey{"memory_used", &FaultPlan::used_bytes},
    NumberKey{"resident", &FaultPlan::resident_bytes},
    NumberKey{"stuck_bit_at", &FaultPlan::stuck_bit_at},
    NumberKey{"throttle_at", &FaultPlan::throttle_at},
    NumberKey{"slow_link", &FaultPlan::slow_link},
    NumberKey{"odd_code", &FaultPlan::odd_code},
    NumberKey{"nvml_temperature", &FaultPlan::nvml_temperature},
    NumberKey{"nvml_link_width", &FaultPlan::nvml_link_width},
    NumberKey{"nvml_link_generation", &FaultPlan::nvml_link_generation},
    NumberKey{"nvml_ecc_at", &FaultPlan::nvml_ecc_at},
    NumberKey{"nvml_lost_at", &FaultPlan::nvml_lost_at},
};
struct FunctionKey {
    std::string_view name;
    std::string_view prefix;  // of the functions
    std::string_view library;
    std::string FaultPlan::*member;
};
constexpr std::array function_keys = {
    FunctionKey{"odd_code_from", "cu", "the CUDA driver API", &FaultPlan::odd_code_from},
    FunctionKey{"nvml_unsupported", "nvml", "NVML", &FaultPlan::nvml_unsupported},
};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// For a message: no control characters, not endlessly long.
std::string shown(std::string_view text) {
    constexpr std::size_t most = 60;
    std::string result(text.substr(0, most));
    std::replace_if(
        result.begin(), result.end(), [](char c) { return std::isprint(static_cast<unsigned char>(c)) == 0; }, '?');
    return "'" + result + (text.size() > most ? "...'" : "'");
}

/// Sets what the key names; what is wrong, in words, or empty.
std::string set(FaultPlan& plan, std::string_view key, std::string_view value) {
    for (const FlagKey& flag : flag_keys) {
        if (flag.name != key) continue;
        if (value != "true" && value != "false") return std::string(key) + " is true or false, not " + shown(value);
        plan.*flag.member = value == "true";
        return {};
    }
    for (const NumberKey& number : number_keys) {
        if (number.name != key) continue;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), plan.*number.member);
        const bool whole = error == std::errc() && end == value.data() + value.size() && plan.*number.member > 0;
        if (whole && key == "odd_code" && plan.odd_code > most_odd_code) {
            return "odd_code is at most " + std::to_string(most_odd_code) + ", not " + shown(value);
        }
        return whole ? std::string() : std::string(key) + " is a whole number from 1 on, not " + shown(value);
    }
    for (const FunctionKey& function : function_keys) {
        if (function.name != key) continue;
        const bool is_name = value.starts_with(function.prefix) && value.size() < 100 &&
                             std::all_of(value.begin(), value.end(), [](char c) {
                                 return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
                             });
        if (!is_name) {
            return std::string(key) + " is a function of " + std::string(function.library) + ", not " + shown(value);
        }
        plan.*function.member = value;
        return {};
    }
    return "unknown key " + shown(key);
}

std::string parse_line(FaultPlan& plan, std::string_view line) {
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty()) return {};
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return "expected key = value, not " + shown(line);
    return set(plan, trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)));
}

}  // namespace

FaultFile parse_fault_file(std::string_view text) {
    FaultFile result;
    if (text.size() > most_fault_file_bytes) {
        result.error = "1: longer than " + std::to_string(most_fault_file_bytes) + " bytes";
        return result;
    }
    for (std::size_t number = 1; !text.empty(); ++number) {
        if (number > most_fault_file_lines) {
            result.error = std::to_string(number) + ": more than " + std::to_string(most_fault_file_lines) + " lines";
            return result;
        }
        const auto end = text.find('\n');
        const std::string wrong = parse_line(result.plan, text.substr(0, end));
        if (!wrong.empty()) {
            result.error = std::to_string(number) + ": " + wrong;
            return result;
        }
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return result;
}

}  // namespace passbench::emulation
