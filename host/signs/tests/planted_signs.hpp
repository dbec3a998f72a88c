// The signs of the catalogue as planted.json has them, one by one: only what the facts say of a failure (text, code, line of the kernel,
// state), with the section of the facts it is from. Names in texts and numbers of cards are made up.
#pragma once

#include <string>
#include <vector>

#include "host/signs/symptoms.hpp"

namespace passbench {

struct PlantedSign {
    std::string row;      // "D1"
    std::string section;  // of the facts: "2.8"
    std::string expects;  // a finding; empty where nothing is to be detected
    Symptoms symptoms;
};

[[nodiscard]] std::vector<PlantedSign> planted_signs();

}  // namespace passbench
