// passbench-sim-host: stands where PowerShell with PassBench.psm1 would, and answers for a host that is simulated. The protocol is that
// of host/powershell: a greeting, then a line of JSON for each line of JSON.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/core/this_process.hpp"
#include "harness/records/json_codec.hpp"
#include "host/simulated/simulated_host.hpp"

namespace {

using passbench::Result;
using passbench::SimulatedHost;
using passbench::SimulatedReply;
using Json = nlohmann::json;

constexpr std::string_view usage =
    "passbench-sim-host --state FILE [--host HOST.json]\n"
    "  FILE keeps the simulated host; where it is not there yet, it is made from HOST.json, a host as\n"
    "  `passbench doctor --save` records it. Answers requests on stdin until it ends.\n";

struct Options {
    std::filesystem::path state;
    std::filesystem::path host;
};

/// Empty paths where the command line is not one.
Options options_of(const std::vector<std::string>& words) {
    Options options;
    for (std::size_t index = 1; index + 1 < words.size(); index += 2) {
        const std::string& name = words[index];
        if (name == "--state") options.state = words[index + 1];
        if (name == "--host") options.host = words[index + 1];
    }
    return options;
}

Result<SimulatedHost> host_of(const Options& options) {
    if (std::filesystem::exists(options.state)) return SimulatedHost::open(options.state);
    PASSBENCH_TRY(auto state, passbench::state_of_fixture(options.host));
    return SimulatedHost::create(options.state, std::move(state));
}

void print(const Json& json) {
    std::cout << "##passbench " << json.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

Json encode(const passbench::FunctionError& error) {
    Json json = {{"message", error.message}, {"id", error.id}, {"category", error.category}};
    if (!error.hresult.empty()) json["hresult"] = error.hresult;
    return json;
}

/// False where the program is to end.
bool answer(SimulatedHost& host, const std::string& line) {
    const Json request = Json::parse(line, nullptr, false);
    if (!request.is_object() || !request.contains("id") || !request.value("function", Json()).is_string()) {
        print({{"id", nullptr}, {"ok", false}, {"error", {{"message", "this is no request"}, {"id", "BadRequest"}}}});
        return true;
    }
    const auto reply =
        host.answer(request["function"].get<std::string>(), request.value("arguments", Json::object()).dump());
    switch (reply.kind) {
        case SimulatedReply::Kind::value:
            print({{"id", request["id"]}, {"ok", true}, {"value", Json::parse(reply.value)}});
            return true;
        case SimulatedReply::Kind::refused:
            print({{"id", request["id"]}, {"ok", false}, {"error", encode(reply.error)}});
            return true;
        case SimulatedReply::Kind::garbage:
            std::cout << "##passbench {\"id\": garb" << std::endl;
            return true;
        case SimulatedReply::Kind::hangs:
            while (true) std::this_thread::sleep_for(std::chrono::hours(1));
        case SimulatedReply::Kind::dies:
            return false;
    }
    return true;
}

}  // namespace

int main(int count, char** words) {
    constexpr int exit_usage = 2;
    constexpr int exit_no_state = 4;
    passbench::use_plain_streams();
    const Options options = options_of(passbench::command_line_words(count, words));
    if (options.state.empty()) {
        std::cerr << usage;
        return exit_usage;
    }
    auto host = host_of(options);
    if (!host) {
        std::cerr << to_text(host.error()) << "\n";
        return exit_no_state;
    }
    print({{"passbench", 1},
           {"interpreter", "passbench-sim-host"},
           {"version", "1"},
           {"edition", "simulated"},
           {"simulated", true}});
    for (std::string line; std::getline(std::cin, line);) {
        host = SimulatedHost::open(options.state);  // other programs work on this host too
        if (!host || !answer(*host, line)) return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
