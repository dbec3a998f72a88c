#include "host/cli/tests/simulated_fixture.hpp"

#include <sstream>

#include <nlohmann/json.hpp>

namespace passbench {

Called Simulated::run(const std::string& scenario, std::vector<std::string> more) const {
    const auto file = write("simulated.toml", scenario + design);
    std::vector<std::string> words = {"run",   file.string(),      "--agent", real_agent,
                                      "--out", results().string(), "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return call(words);
}

Json Simulated::record(const std::string& name) const { return Json::parse(content(only_run() / name)); }

std::vector<Json> Simulated::lines(const std::string& name) const {
    std::istringstream text(content(only_run() / name));
    std::vector<Json> all;
    for (std::string line; std::getline(text, line);) all.push_back(Json::parse(line));
    return all;
}

bool is_cuda(const Json& of_case) { return of_case["case"].get<std::string>().find("/cuda") != std::string::npos; }

std::set<std::string> flags_of(const Json& estimate) {
    std::set<std::string> codes;
    for (const auto& flag : estimate["flags"]) codes.insert(flag["code"].get<std::string>());
    return codes;
}

}  // namespace passbench
