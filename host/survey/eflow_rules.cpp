// What Azure IoT Edge for Linux on Windows asks for.
#include <algorithm>
#include <string>

#include <fmt/core.h>

#include "host/survey/eflow_tables.hpp"
#include "host/survey/host_keys.hpp"
#include "host/survey/rules.hpp"

namespace passbench {

namespace {

std::optional<EflowVersion> installed(const Inspection& in) {
    const auto text = fact_text(in.host, host_key::eflow_version);
    return text ? std::optional(EflowVersion(*text)) : std::nullopt;
}

std::string shown_version(const Inspection& in) {
    return fact_text(in.host, host_key::eflow_version).value_or("of no version");
}

std::string_view page_word(Method method) { return method == Method::eflow_dda ? "DDA" : "GPU-PV"; }

bool is_for(const EflowRow& row, const Inspection& in) {
    return row.method == in.method && std::ranges::find(row.cards, in.family) != row.cards.end();
}

bool is_on(const EflowRow& row, const Inspection& in) {
    if (row.on_server != in.is_server()) return false;
    const auto build = in.build();
    if (build < row.first_build || build > row.last_build) return false;
    const auto ubr = fact_int(in.host, host_key::ubr);
    if (build == row.first_build && ubr && *ubr < row.first_ubr) return false;
    const auto edition = fact_text(in.host, host_key::edition);
    const auto begins = [&](std::string_view each) { return edition->starts_with(each); };
    return row.editions.empty() || !edition || std::ranges::any_of(row.editions, begins);
}

std::optional<RuleVerdict> check_eflow_table(const Inspection& in) {
    const std::optional<EflowVersion> version = installed(in);
    const EflowTable& table = eflow_table_of(version);
    std::string where;
    for (const auto& row : table.rows) {
        if (!is_for(row, in)) continue;
        if (is_on(row, in)) {
            return RuleVerdict{.word = Possibility::possible,
                               .what = fmt::format("EFLOW supports {} by {} on {} (Microsoft's table of {}).",
                                                   to_string(in.family), page_word(in.method), row.windows, table.name),
                               .fix = ""};
        }
        where += (where.empty() ? "" : "; ") + std::string(row.windows);
    }
    if (!where.empty()) {
        return RuleVerdict{.what = fmt::format("EFLOW does not support {} by {} on {} (Microsoft's table of {}).",
                                               to_string(in.family), page_word(in.method), in.windows(), table.name),
                           .fix = fmt::format("Use one of: {}.", where)};
    }
    const Method other = in.method == Method::eflow_dda ? Method::eflow_gpupv : Method::eflow_dda;
    const auto is_for_other = [&](const EflowRow& row) {
        return row.method == other && std::ranges::find(row.cards, in.family) != row.cards.end();
    };
    std::string instead =
        "Use another method of this table, or a card that EFLOW knows (T4, A2, GeForce, Quadro, RTX).";
    if (std::ranges::any_of(table.rows, is_for_other)) {
        instead = other == Method::eflow_gpupv && in.is_server()
                      ? "Use Hyper-V itself (dda, gpupv); EFLOW shares this card on Windows 10 and 11 alone."
                      : fmt::format("Use {}, which is this card's way there.", to_string(other));
    }
    return RuleVerdict{.what = fmt::format("EFLOW does not pass {} through by {} (Microsoft's table of {}).", in.card(),
                                           page_word(in.method), table.name),
                       .fix = instead};
}

std::optional<RuleVerdict> check_eflow_client(const Inspection& in) {
    if (!in.is_server()) return std::nullopt;
    return RuleVerdict{
        .what = "EFLOW on a Windows Server runs on Hyper-V's VMMS, which it cannot share a GPU with.",
        .fix =
            "Use Windows 10 or 11, pass a T4 or A2 through whole (eflow_dda), or use Hyper-V itself (dda, "
            "gpupv)."};
}

std::optional<RuleVerdict> check_eflow_installed(const Inspection& in) {
    if (fact_text(in.host, host_key::eflow_version)) return std::nullopt;
    return RuleVerdict{
        .what = "EFLOW is not installed.",
        .fix = "As administrator: msiexec /i AzureIoTEdge.msi /qn with Microsoft's installer of the newest release."};
}

std::optional<RuleVerdict> check_eflow_release(const Inspection& in) {
    const auto version = installed(in);
    if (!version) return std::nullopt;
    static const EflowVersion broken_dda = {1, 3, 1, 2092};
    static const EflowVersion a2_on_clients = {1, 3, 1};
    static const EflowVersion withdrawn = {1, 5, 6};
    static const EflowVersion after_withdrawn = {1, 5, 7};
    const bool is_dda = in.method == Method::eflow_dda;
    if (is_dda && *version == broken_dda) {
        return RuleVerdict{
            .what = fmt::format("In EFLOW {} no card that is passed through whole works (its driver does not answer).",
                                shown_version(in)),
            .fix = "Install EFLOW 1.4 or later."};
    }
    if (is_dda && in.family == CardFamily::a2 && !in.is_server() && *version < a2_on_clients) {
        return RuleVerdict{
            .what = fmt::format("EFLOW {} does not pass an A2 through on Windows 10 and 11.", shown_version(in)),
            .fix = "Install EFLOW 1.4 or later."};
    }
    if (!(*version < withdrawn) && *version < after_withdrawn) {
        return RuleVerdict{.word = Possibility::warning,
                           .what = fmt::format("EFLOW {} was withdrawn.", shown_version(in)),
                           .fix = "Install EFLOW 1.5.7 or later."};
    }
    return std::nullopt;
}

std::optional<RuleVerdict> check_eflow_support(const Inspection& in) {
    const auto version = installed(in);
    if (!version) return std::nullopt;
    const auto until = eflow_supported_until(*version);
    if (!until || in.today <= *until) return std::nullopt;
    return RuleVerdict{
        .word = Possibility::warning,
        .what = fmt::format("Microsoft's support of EFLOW {} ended on {}-{:02}-{:02}.", shown_version(in),
                            static_cast<int>(until->year()), static_cast<unsigned>(until->month()),
                            static_cast<unsigned>(until->day())),
        .fix =
            "Measure with it where it is what is used; for what is to come, see what Microsoft names as its "
            "successor."};
}

std::optional<RuleVerdict> check_eflow_hns(const Inspection& in) {
    static const EflowVersion needed = {9, 2};
    const auto version = fact_text(in.host, host_key::hns_version);
    if (!version || !(EflowVersion(*version) < needed)) return std::nullopt;
    return RuleVerdict{
        .what = fmt::format("EFLOW needs version 9.2 of the Host Network Service, and this host has {}.", *version),
        .fix = "Install all updates of this Windows."};
}

std::optional<RuleVerdict> check_eflow_wsl(const Inspection& in) {
    if (!in.is_before_windows_11() || fact_text(in.host, host_key::wsl_version)) return std::nullopt;
    return RuleVerdict{
        .what = "On Windows 10 EFLOW takes the user-mode libraries of WSL to share a GPU, and WSL is not installed.",
        .fix = "As administrator: wsl --install, then restart the host."};
}

constexpr std::string_view eflow_gpu_page = "Microsoft: GPU acceleration for Azure IoT Edge for Linux on Windows";
constexpr std::string_view eflow_releases = "Azure/iotedge-eflow releases";

}  // namespace

const MethodRule rule::eflow_table = {
    .name = "eflow.table",
    .facts = "1.1",
    .source = eflow_gpu_page,
    .promise =
        "Microsoft's table, the one of the EFLOW that is installed, has the card on this "
        "Windows.",
    .check = check_eflow_table,
    .closes = true};
const MethodRule rule::eflow_client = {.name = "eflow.gpupv_on_server",
                                       .facts = "1.4",
                                       .source = "AzureEFLOW module: WssdProvider",
                                       .promise = "The host is no server, where EFLOW shares a GPU.",
                                       .check = check_eflow_client,
                                       .closes = true};
const MethodRule rule::eflow_installed = {.name = "eflow.installed",
                                          .facts = "1.2",
                                          .source = "Microsoft: Azure IoT Edge for Linux on Windows, installation",
                                          .promise = "EFLOW is installed.",
                                          .check = check_eflow_installed};
const MethodRule rule::eflow_release = {.name = "eflow.release",
                                        .facts = "1.4",
                                        .source = eflow_releases,
                                        .promise = "The release is none of those that are known to fail.",
                                        .check = check_eflow_release};
const MethodRule rule::eflow_support = {.name = "eflow.support_ended",
                                        .facts = "1.2",
                                        .source = "Microsoft: Azure IoT Edge, support and lifecycle",
                                        .promise = "Microsoft still supports this release.",
                                        .check = check_eflow_support};
const MethodRule rule::eflow_hns = {.name = "eflow.hns",
                                    .facts = "1.2",
                                    .source = "AzureEFLOW module: HNS API version",
                                    .promise = "The Host Network Service is of version 9.2 or later.",
                                    .check = check_eflow_hns};
const MethodRule rule::eflow_wsl = {.name = "eflow.wsl_on_windows_10",
                                    .facts = "1.1",
                                    .source = eflow_gpu_page,
                                    .promise = "On Windows 10, WSL is installed beside EFLOW where it shares a GPU.",
                                    .check = check_eflow_wsl};

}  // namespace passbench
