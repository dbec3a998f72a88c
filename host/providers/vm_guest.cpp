#include "host/providers/vm_guest.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/core.h>

#include "harness/records/json_codec.hpp"
#include "host/powershell/host_value.hpp"
#include "host/providers/ssh_provider.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t first_pause_ns = second_ns;
constexpr std::int64_t longest_pause_ns = 10 * second_ns;

bool is_version_4(const std::string& address) { return address.find(':') == std::string::npos; }

bool is_of_one_link(const std::string& address) {
    return address.starts_with("169.254.") || address.starts_with("fe80:") || address.starts_with("FE80:");
}

class VmGuest {
public:
    VmGuest(std::shared_ptr<HostFunctions> host, SshSettings settings, EngineClock clock)
        : host_(std::move(host)), settings_(std::move(settings)), clock_(std::move(clock)) {}

    /// It is started anew: what is known of the way there does not hold any more.
    void expect(const std::string& resource) {
        vm_ = vm_name(resource);
        way_.reset();
    }

    Result<SshProvider*> reached() {
        if (way_) return way_.get();
        const std::int64_t end_ns = clock_.now_ns() + guest_boot_limit_s * second_ns;
        for (std::int64_t pause_ns = first_pause_ns;; pause_ns = std::min(2 * pause_ns, longest_pause_ns)) {
            auto way = try_to_reach();
            if (way) {
                way_ = *std::move(way);
                return way_.get();
            }
            const bool may_be_starting =
                way.error().code == ErrorCode::agent_lost || way.error().code == ErrorCode::timeout;
            if (!may_be_starting) return fail(std::move(way).error());
            if (clock_.now_ns() >= end_ns) return fail(silent(std::move(way).error()));
            clock_.sleep(pause_ns);
        }
    }

private:
    Result<std::unique_ptr<SshProvider>> try_to_reach() {
        constexpr std::int64_t answer_limit_ns = 30 * second_ns;
        SshSettings settings = settings_;
        if (settings.address == told_by_host) {
            PASSBENCH_TRY(settings.address, told_address());
        }
        auto way = std::make_unique<SshProvider>(SshGuest{.settings = std::move(settings)});
        PASSBENCH_TRY(const ExecResult unused, way->carrier()->exec({"/bin/true"}, answer_limit_ns, {}));
        return way;
    }

    Result<std::string> told_address() {
        PASSBENCH_TRY(const std::string answer,
                      host_->call("Get-PassBenchGuest", codec::to_compact(codec::Json{{"vm", vm_}})));
        PASSBENCH_TRY(const std::vector<std::string> addresses, addresses_from_value(answer));
        std::string address = reachable_address(addresses);
        if (!address.empty()) return address;
        return fail(
            {.code = ErrorCode::agent_lost,
             .what = "the guest tells its host no address that it could be reached by",
             .where = "vm/" + vm_,
             .fix = "Give its network adapter an address, and install hyperv-daemons in it, or name `address` in the "
                    "arm's table of lab.toml."});
    }

    [[nodiscard]] Error silent(Error last) const {
        last.code = ErrorCode::timeout;
        last.trail.push_back(
            fmt::format("waiting {} s for the guest of VM {} to answer by ssh", guest_boot_limit_s, vm_));
        return last;
    }

    std::shared_ptr<HostFunctions> host_;
    SshSettings settings_;
    EngineClock clock_;
    std::string vm_;
    std::unique_ptr<SshProvider> way_;
};

/// Reaches the guest with the first thing that is asked of it.
class VmCarrier final : public Carrier {
public:
    explicit VmCarrier(std::shared_ptr<VmGuest> guest) : guest_(std::move(guest)) {}

    [[nodiscard]] Result<std::string> make_job_folder(const std::string& name) override {
        PASSBENCH_TRY(Carrier * way, way_there());
        return way->make_job_folder(name);
    }
    [[nodiscard]] Result<void> put(const std::filesystem::path& file, const std::string& guest_path) override {
        PASSBENCH_TRY(Carrier * way, way_there());
        return way->put(file, guest_path);
    }
    [[nodiscard]] Result<ExecResult> exec(const std::vector<std::string>& argv, std::int64_t deadline_ns,
                                          const ExecWatch& watch) override {
        PASSBENCH_TRY(Carrier * way, way_there());
        return way->exec(argv, deadline_ns, watch);
    }
    [[nodiscard]] Result<void> get(const std::string& guest_folder, const std::filesystem::path& folder) override {
        PASSBENCH_TRY(Carrier * way, way_there());
        return way->get(guest_folder, folder);
    }
    [[nodiscard]] bool shares_files() const override { return false; }

private:
    Result<Carrier*> way_there() {
        if (!way_) {
            PASSBENCH_TRY(SshProvider * guest, guest_->reached());
            way_ = guest->carrier();
        }
        return way_.get();
    }

    std::shared_ptr<VmGuest> guest_;
    std::unique_ptr<Carrier> way_;
};

}  // namespace

std::string reachable_address(const std::vector<std::string>& addresses) {
    const auto find = [&](auto is_wanted) {
        const auto found = std::find_if(addresses.begin(), addresses.end(), [&](const std::string& address) {
            return is_wanted(address) && !is_of_one_link(address) && why_no_address(address).empty();
        });
        return found == addresses.end() ? std::string() : *found;
    };
    std::string address = find(is_version_4);
    return address.empty() ? find([](const std::string&) { return true; }) : address;
}

GuestAccess vm_guest(std::shared_ptr<HostFunctions> host, SshSettings settings, EngineClock clock) {
    const auto guest = std::make_shared<VmGuest>(std::move(host), std::move(settings), std::move(clock));
    return {.carrier = [guest](const std::string& resource) -> std::unique_ptr<Carrier> {
                guest->expect(resource);
                return std::make_unique<VmCarrier>(guest);
            },
            .chosen_agent = [guest](const std::string& chosen) -> Result<std::string> {
                PASSBENCH_TRY(SshProvider * way, guest->reached());
                return way->chosen_agent(chosen);
            },
            .stand_in_driver = [guest](const std::string& agent) -> Result<std::string> {
                PASSBENCH_TRY(SshProvider * way, guest->reached());
                return way->stand_in_driver(agent);
            }};
}

}  // namespace passbench
