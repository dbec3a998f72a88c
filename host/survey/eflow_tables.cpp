#include "host/survey/eflow_tables.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace passbench {

namespace {

constexpr std::int64_t any_later_build = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t server_2019 = 17763;
constexpr std::int64_t server_2022 = 20348;
constexpr std::int64_t windows_10_21h2 = 19044;

constexpr std::array t4_alone = {CardFamily::t4};
constexpr std::array t4_and_a2 = {CardFamily::t4, CardFamily::a2};
constexpr std::array geforce_and_quadro = {CardFamily::geforce, CardFamily::quadro};
constexpr std::array geforce_quadro_rtx = {CardFamily::geforce, CardFamily::quadro, CardFamily::rtx};

// EditionID of Pro, Enterprise and IoT Enterprise, also as N and for the long term (EnterpriseS).
constexpr std::array<std::string_view, 2> pro_and_enterprise = {"Professional", "Enterprise"};
constexpr std::array<std::string_view, 3> pro_enterprise_iot = {"Professional", "Enterprise", "IoTEnterprise"};

// MicrosoftDocs/azure-docs, gpu-acceleration.md of 22 June 2021, for the preview of GPUs in EFLOW.
constexpr std::array june_2021_rows = {
    EflowRow{
        t4_alone, Method::eflow_dda, true, server_2019, 0, any_later_build, {}, "Windows Server, build 17763 or later"},
    EflowRow{t4_alone, Method::eflow_dda, false, 21318, 0, any_later_build, pro_and_enterprise,
             "Windows 10 Pro or Enterprise, Insider build 21318 or later"},
    EflowRow{geforce_and_quadro, Method::eflow_gpupv, false, 20145, 0, any_later_build, pro_and_enterprise,
             "Windows 10 Pro or Enterprise, Insider build 20145 or later"},
};

// The same page of 5 June 2025.
constexpr std::array newest_rows = {
    EflowRow{t4_and_a2, Method::eflow_dda, true, server_2019, 0, server_2019, {}, "Windows Server 2019"},
    EflowRow{t4_and_a2, Method::eflow_dda, true, server_2022, 0, server_2022, {}, "Windows Server 2022"},
    EflowRow{t4_and_a2, Method::eflow_dda, false, windows_10_21h2, 1620, any_later_build, pro_enterprise_iot,
             "Windows 10 or 11 Pro, Enterprise or IoT Enterprise, build 19044.1620 or later"},
    EflowRow{geforce_quadro_rtx, Method::eflow_gpupv, false, windows_10_21h2, 1620, any_later_build, pro_enterprise_iot,
             "Windows 10 or 11 Pro, Enterprise or IoT Enterprise, build 19044.1620 or later"},
};

constexpr EflowTable june_2021 = {.name = "June 2021", .rows = june_2021_rows};
constexpr EflowTable newest = {.name = "June 2025", .rows = newest_rows};

}  // namespace

EflowVersion::EflowVersion(std::string_view text) {
    while (!text.empty()) {
        const auto part = text.substr(0, text.find('.'));
        int number = 0;
        std::from_chars(part.data(), part.data() + part.size(), number);
        numbers_.push_back(number);
        text.remove_prefix(part.size() == text.size() ? part.size() : part.size() + 1);
    }
}

const EflowTable& eflow_table_of(const std::optional<EflowVersion>& version) {
    // 1.1 is the release that brought GPUs, in June 2021; what came after it goes by the later pages.
    static const EflowVersion after_preview = {1, 2};
    return version && *version < after_preview ? june_2021 : newest;
}

std::optional<std::chrono::year_month_day> eflow_supported_until(const EflowVersion& version) {
    using std::chrono::November;
    using std::chrono::year;
    static const EflowVersion lts_1_5 = {1, 5};
    static const EflowVersion lts_1_6 = {1, 6};
    if (version < lts_1_5) return year{2024} / November / 12;  // 1.4 LTS, and all before it
    if (version < lts_1_6) return year{2026} / November / 10;  // with .NET 8
    return std::nullopt;
}

}  // namespace passbench
