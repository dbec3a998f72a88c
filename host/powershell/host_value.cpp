#include "host/powershell/host_value.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "harness/core/findings.hpp"
#include "harness/records/json_codec.hpp"
#include "host/powershell/interpreter_protocol.hpp"
#include "host/survey/host_keys.hpp"

namespace passbench {
namespace {

using codec::Json;
using codec::Place;

constexpr std::size_t most_resources = 10'000;
constexpr std::size_t most_properties = 1000;
constexpr std::size_t most_jobs = 10'000;
constexpr std::size_t most_addresses = 1'000;
constexpr std::size_t longest_name = 1024;
constexpr std::size_t longest_text = 65'536;

enum class Kind { integer, boolean, text };

struct KnownKey {
    std::string_view key;
    Kind kind;
};

constexpr std::array host_keys = {
    KnownKey{host_key::product_type, Kind::integer},
    KnownKey{host_key::caption, Kind::text},
    KnownKey{host_key::edition, Kind::text},
    KnownKey{host_key::build, Kind::integer},
    KnownKey{host_key::ubr, Kind::integer},
    KnownKey{host_key::display_version, Kind::text},
    KnownKey{host_key::insider_channel, Kind::text},
    KnownKey{host_key::model, Kind::text},
    KnownKey{host_key::hypervisor_present, Kind::boolean},
    KnownKey{host_key::nested, Kind::boolean},
    KnownKey{host_key::iov_support, Kind::boolean},
    KnownKey{host_key::iov_reasons, Kind::text},
    KnownKey{host_key::iommu_policy, Kind::text},
    KnownKey{host_key::address_bits, Kind::integer},
    KnownKey{host_key::memory_bytes, Kind::integer},
    KnownKey{host_key::elevated, Kind::boolean},
    KnownKey{host_key::hcs_schema, Kind::text},
    KnownKey{host_key::hns_version, Kind::text},
    KnownKey{host_key::wsl_version, Kind::text},
    KnownKey{host_key::eflow_version, Kind::text},
    KnownKey{host_key::openssh_version, Kind::text},
    KnownKey{host_key::power_plan, Kind::text},
    KnownKey{host_key::hags, Kind::text},
};

constexpr std::array registry_keys = {
    KnownKey{registry_key::require_secure, Kind::text},
    KnownKey{registry_key::require_supported, Kind::text},
};

constexpr std::array device_keys = {
    KnownKey{device_key::name, Kind::text},
    KnownKey{device_key::state, Kind::text},
    KnownKey{device_key::instance_id, Kind::text},
    KnownKey{device_key::vendor, Kind::text},
    KnownKey{device_key::device, Kind::text},
    KnownKey{device_key::subsystem, Kind::text},
    KnownKey{device_key::revision, Kind::text},
    KnownKey{device_key::base_class, Kind::integer},
    KnownKey{device_key::problem, Kind::integer},
    KnownKey{device_key::driver_version, Kind::text},
    KnownKey{device_key::driver_wsl, Kind::boolean},
    KnownKey{device_key::driver_model, Kind::text},
    KnownKey{device_key::mitigation, Kind::boolean},
    KnownKey{device_key::display_attached, Kind::boolean},
    KnownKey{device_key::boot_display, Kind::boolean},
    KnownKey{device_key::vram_bytes, Kind::integer},
    KnownKey{device_key::mmio32_bytes, Kind::integer},
    KnownKey{device_key::mmio64_bytes, Kind::integer},
    KnownKey{device_key::partitionable, Kind::text},
    KnownKey{device_key::card, Kind::text},
    KnownKey{device_key::reserved_memory, Kind::boolean},
    KnownKey{device_key::acs, Kind::integer},
    KnownKey{device_key::device_type, Kind::integer},
    KnownKey{device_key::interrupts, Kind::text},
};

constexpr std::array vm_keys = {
    KnownKey{vm_key::generation, Kind::integer},     KnownKey{vm_key::config_version, Kind::text},
    KnownKey{vm_key::checkpoints, Kind::integer},    KnownKey{vm_key::state, Kind::text},
    KnownKey{vm_key::stop_action, Kind::text},       KnownKey{vm_key::cache_types, Kind::boolean},
    KnownKey{vm_key::low_mmio, Kind::integer},       KnownKey{vm_key::high_mmio, Kind::integer},
    KnownKey{vm_key::high_mmio_base, Kind::integer}, KnownKey{vm_key::dynamic_memory, Kind::boolean},
    KnownKey{vm_key::memory_bytes, Kind::integer},   KnownKey{vm_key::processors, Kind::integer},
    KnownKey{vm_key::checkpoint_type, Kind::text},   KnownKey{vm_key::secure_boot, Kind::boolean},
    KnownKey{vm_key::gpu_partition, Kind::text},
};

template <typename Keys>
const KnownKey* find_key(const Keys& keys, std::string_view name) {
    const auto found = std::find_if(keys.begin(), keys.end(), [&](const KnownKey& key) { return key.key == name; });
    return found == keys.end() ? nullptr : &*found;
}

const KnownKey* known_key(std::string_view resource, std::string_view name) {
    if (resource == host_resource) return find_key(host_keys, name);
    if (resource == registry_resource) return find_key(registry_keys, name);
    if (resource.starts_with(gpu_prefix) || resource.starts_with(function_prefix)) return find_key(device_keys, name);
    if (resource.starts_with(vm_prefix)) return find_key(vm_keys, name);
    return nullptr;
}

/// The kind of the keys that begin so: "service.vmms", "feature.hyperv".
const KnownKey* known_family(std::string_view resource, std::string_view name) {
    static constexpr std::array families = {KnownKey{host_key::service_prefix, Kind::text},
                                            KnownKey{host_key::feature_prefix, Kind::boolean}};
    if (resource != host_resource) return nullptr;
    const auto* found = std::find_if(families.begin(), families.end(),
                                     [&](const KnownKey& family) { return name.starts_with(family.key); });
    return found == families.end() ? nullptr : found;
}

void check_kind(const Place& place, const Fact& fact, Kind kind) {
    const bool fits = (kind == Kind::integer && std::holds_alternative<std::int64_t>(fact)) ||
                      (kind == Kind::boolean && std::holds_alternative<bool>(fact)) ||
                      (kind == Kind::text && std::holds_alternative<std::string>(fact));
    if (fits) return;
    place.refuse(kind == Kind::integer   ? "expected an integer"
                 : kind == Kind::boolean ? "expected true or false"
                                         : "expected a text");
}

void check_name(const Place& place, std::string_view name) {
    if (name.empty() || name.size() > longest_name) place.refuse("a name is empty or longer than a host has");
}

Facts decode_resource(const Place& place, const std::string& resource, const Place& resources) {
    if (place.size() > most_properties) place.refuse("more properties than a resource has");
    Facts facts;
    resources.each_member(resource, [&](const std::string& name, const Place& value) {
        check_name(value, name);
        Fact fact = value.as_fact();
        const auto* text = std::get_if<std::string>(&fact);
        if (text != nullptr && text->size() > longest_text) value.refuse("a text longer than a host has");
        const KnownKey* known = known_key(resource, name);
        if (known == nullptr) known = known_family(resource, name);
        if (known != nullptr) check_kind(value, fact, known->kind);
        facts.emplace(name, std::move(fact));
    });
    return facts;
}

template <typename Decode>
auto decode_value(std::string_view value, std::string_view what, Decode&& decode_root) {
    auto decoded = codec::decode(value, most_interpreter_line_bytes, [&](const Json& root) {
        const Place place(root);
        return decode_root(place);
    });
    if (!decoded) {
        decoded = fail(catalogued_error(ErrorCode::bad_record, std::string(what) + ": " + decoded.error().what,
                                        "host.interpreter_garbled"));
    }
    return decoded;
}

}  // namespace

Result<HostFacts> host_facts_from_value(std::string_view value) {
    return decode_value(value, "what the host said of itself cannot be used", [](const Place& root) {
        HostFacts host;
        const Place resources = root.member("resources");
        root.each_member("resources", [&](const std::string& resource, const Place& place) {
            check_name(place, resource);
            if (host.size() == most_resources) resources.refuse("more resources than a host has");
            host.emplace(resource, decode_resource(place, resource, resources));
        });
        return host;
    });
}

Result<std::vector<std::string>> jobs_from_value(std::string_view value) {
    return decode_value(value, "what the host said of its jobs cannot be used", [](const Place& root) {
        std::vector<std::string> jobs;
        root.each("jobs", most_jobs, [&](const Place& job) { jobs.push_back(job.as_text()); });
        return jobs;
    });
}

Result<std::vector<std::string>> addresses_from_value(std::string_view value) {
    return decode_value(value, "what the host said of its guest cannot be used", [](const Place& root) {
        std::vector<std::string> addresses;
        root.each("addresses", most_addresses, [&](const Place& address) { addresses.push_back(address.as_text()); });
        return addresses;
    });
}

}  // namespace passbench
