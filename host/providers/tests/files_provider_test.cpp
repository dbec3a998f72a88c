// The contract of providers over the host made of files: what passes here and on a real provider is what the engine's kill
// tests, which run on this host, rely on.
#include "host/carriers/child_process_carrier.hpp"
#include "host/providers/tests/provider_contract.hpp"

namespace passbench::tests {
namespace {

/// Prepares "RESOURCE PROPERTY" = value, for what its files have.
class FilesProvider final : public Provider {
public:
    explicit FilesProvider(FilesHost& host) : host_(host) {}

    [[nodiscard]] std::string_view name() const override { return "files"; }
    [[nodiscard]] Result<HostFacts> survey() override { return host_.survey(); }
    [[nodiscard]] Result<std::vector<std::string>> jobs() override { return host_.jobs(); }
    [[nodiscard]] EngineClock clock() const override { return host_.clock(); }
    [[nodiscard]] Result<void> set(const std::string& resource, const std::string& property,
                                   const std::string& value) override {
        return host_.set(resource, property, value);
    }
    [[nodiscard]] Result<std::vector<Step>> steps(const HostFacts& facts, const LeaseRequest& request) const override {
        std::vector<Step> steps;
        for (const auto& [key, wanted] : request.prepare) {
            const std::size_t space = key.find(' ');
            const auto resource = facts.find(key.substr(0, space));
            const std::string property = space == std::string::npos ? "" : key.substr(space + 1);
            if (resource == facts.end() || !fact_text(resource->second, property)) {
                return fail({.code = ErrorCode::usage,
                             .what = "this host has no '" + key + "'",
                             .where = "[prepare] " + key,
                             .fix = "Name one of its files."});
            }
            const std::string before = *fact_text(resource->second, property);
            if (before == wanted) continue;
            steps.push_back({.resource = resource->first,
                             .property = property,
                             .before = before,
                             .wanted = wanted,
                             .why = "Asked for."});
        }
        return steps;
    }
    [[nodiscard]] std::unique_ptr<Carrier> carrier() override { return std::make_unique<ChildProcessCarrier>(); }
    [[nodiscard]] Result<std::string> agent_path() override { return std::string("/bin/true"); }

private:
    FilesHost& host_;
};

class FilesHostUnderTest final : public HostUnderTest {
public:
    explicit FilesHostUnderTest(const std::filesystem::path& folder) : host_(folder) {
        put_lab_machine(host_);
        host_.behave("vm/lab", "power", "off", Behaviour::late);
    }
    [[nodiscard]] std::unique_ptr<Provider> provider() override { return std::make_unique<FilesProvider>(host_); }
    [[nodiscard]] LeaseRequest request() const override {
        LeaseRequest request;
        request.arm = "files";
        request.prepare = {{"vm/lab memory", "static"}, {"vm/lab power", "off"}};
        return request;
    }

private:
    FilesHost host_;
};

INSTANTIATE_TEST_SUITE_P(Files, ProviderContract,
                         testing::Values(ProviderUnderTest{"files", [](const std::filesystem::path& scratch) {
                                                               return std::make_unique<FilesHostUnderTest>(scratch);
                                                           }}));

}  // namespace
}  // namespace passbench::tests
