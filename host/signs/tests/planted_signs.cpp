#include "host/signs/tests/planted_signs.hpp"

#include <fstream>
#include <map>

#include <nlohmann/json.hpp>

namespace passbench {
namespace {

using Json = nlohmann::json;

const std::map<std::string, Speaker> speakers = {{"cmdlet", Speaker::cmdlet},
                                                 {"host_text", Speaker::host_text},
                                                 {"command", Speaker::command},
                                                 {"guest_text", Speaker::guest_text},
                                                 {"cuda", Speaker::cuda}};
const std::map<std::string, Doing> doings = {{"", Doing::something},
                                             {"dismounting", Doing::dismounting},
                                             {"mounting", Doing::mounting},
                                             {"starting", Doing::starting},
                                             {"saving", Doing::saving},
                                             {"copying", Doing::copying},
                                             {"provisioning", Doing::provisioning},
                                             {"reading_utilization", Doing::reading_utilization},
                                             {"sharing_memory", Doing::sharing_memory}};
const std::map<std::string, Before> befores = {{"", Before::nothing_known},
                                               {"installed_anew", Before::installed_anew},
                                               {"host_restarted", Before::host_restarted},
                                               {"guest_restarted", Before::guest_restarted}};

Facts facts_of(const Json& json) {
    Facts facts;
    for (const auto& [key, value] : json.items()) {
        if (value.is_boolean()) {
            facts[key] = value.get<bool>();
        } else if (value.is_number_integer()) {
            facts[key] = value.get<std::int64_t>();
        } else {
            facts[key] = value.get<std::string>();
        }
    }
    return facts;
}

HostFacts host_of(const Json& json) {
    HostFacts host;
    for (const auto& [resource, facts] : json.items()) host[resource] = facts_of(facts);
    return host;
}

Symptoms symptoms_of(const Json& sign) {
    Symptoms symptoms;
    for (const Json& each : sign.value("said", Json::array())) {
        symptoms.said.push_back({.by = speakers.at(each.at("by")),
                                 .doing = doings.at(each.value("doing", "")),
                                 .text = each.value("text", ""),
                                 .code = each.value("code", "")});
    }
    symptoms.kernel_log = sign.value("kernel_log", "");
    symptoms.method = sign.value("method", "");
    symptoms.gpu = sign.value("gpu", "");
    symptoms.vm = sign.value("vm", "");
    symptoms.host = host_of(sign.value("host", Json::object()));
    symptoms.wanted = host_of(sign.value("wanted", Json::object()));
    symptoms.guest = facts_of(sign.value("guest", Json::object()));
    symptoms.before = befores.at(sign.value("before", ""));
    return symptoms;
}

}  // namespace

std::vector<PlantedSign> planted_signs() {
    std::ifstream file("host/signs/tests/planted.json");
    std::vector<PlantedSign> signs;
    for (const Json& sign : Json::parse(file)) {
        const Json& expects = sign.at("expects");
        signs.push_back({.row = sign.at("row"),
                         .section = sign.at("section"),
                         .expects = expects.is_null() ? std::string() : expects.get<std::string>(),
                         .symptoms = symptoms_of(sign)});
    }
    return signs;
}

}  // namespace passbench
