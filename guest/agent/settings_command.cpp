#include "guest/agent/settings_command.hpp"

#include <cstdlib>
#include <utility>

#include <fmt/core.h>

#include "guest/telemetry/card_settings.hpp"
#include "harness/core/durable_files.hpp"
#include "harness/records/card_properties.hpp"

namespace passbench {
namespace {

Error bad_arguments(std::string what) {
    return {.code = ErrorCode::usage, .what = std::move(what), .where = {}, .fix = "See passbench-agent --help."};
}

Result<std::string> property_of(const std::string& word) {
    for (const std::string_view property : {card_property::clocks, card_property::persistence}) {
        if (word == std::string(card_property::prepare_begin) + std::string(property)) return std::string(property);
    }
    return fail(
        bad_arguments("there is no property '" + printable(word, 64) + "'; there are gpu_clocks and gpu_persistence"));
}

/// Takes the options, which come after `operands` words.
Result<SettingsCommand> parse_options(const std::vector<std::string>& arguments, std::size_t operands) {
    SettingsCommand command;
    for (std::size_t index = operands; index < arguments.size(); index += 2) {
        const std::string& option = arguments[index];
        if (index + 1 == arguments.size()) return fail(bad_arguments(printable(option, 64) + " needs a value"));
        const std::string& value = arguments[index + 1];
        if (option == "--card") {
            command.card = value;
        } else if (option == "--simulated") {
            command.stand_in = value;
        } else if (option == "--out") {
            command.out = value;
        } else {
            return fail(bad_arguments("there is no option " + printable(option, 64)));
        }
    }
    return command;
}

Result<CardSettings> open_settings(const std::string& stand_in) {
    std::filesystem::path notes = "/" + std::string(card_property::notes_folder);
    if (!stand_in.empty()) {
        const char* state = std::getenv(card_property::simulated_state_variable);
        if (state == nullptr || *state == '\0') {
            return fail({.code = ErrorCode::unsupported,
                         .what = "the stand-in NVML forgets what is set of its card when this process ends",
                         .fix = fmt::format("Set {} to a file in which it keeps it.",
                                            card_property::simulated_state_variable)});
        }
        notes = std::string(state) + ".notes";
    }
    auto nvml = Nvml::load(stand_in);
    if (nvml) return CardSettings(*std::move(nvml), std::move(notes));
    Error error = std::move(nvml).error();
    error.fix = "Install NVML of the driver's version (libnvidia-ml.so.1).";
    return fail(std::move(error));
}

Result<HostFacts> done(const SettingsCommand& command) {
    PASSBENCH_TRY(const CardSettings settings, open_settings(command.stand_in));
    if (!command.value.empty()) PASSBENCH_CHECK(settings.set(command.card, command.property, command.value));
    PASSBENCH_TRY(HostFacts facts, settings.survey());
    std::erase_if(facts, [&](const auto& card) {
        return !command.card.empty() && card.first != std::string(card_property::resource_begin) + command.card;
    });
    for (auto& [card, properties] : facts) {
        std::erase_if(properties,
                      [&](const auto& fact) { return !command.property.empty() && fact.first != command.property; });
    }
    return facts;
}

HostFacts refusal(const Error& error) {
    return {{std::string(card_property::no_cards),
             {{std::string(card_property::why), error.what},
              {std::string(card_property::fix), error.fix},
              {std::string(card_property::code), std::string(to_string(error.code))}}}};
}

std::string lines_of(const HostFacts& facts) {
    std::string text;
    for (const auto& [card, properties] : facts) {
        for (const auto& [property, value] : properties) {
            text += fmt::format("{} {}{}: {}\n", card, card_property::prepare_begin, property, to_string(value));
        }
    }
    return text;
}

}  // namespace

Result<SettingsCommand> parse_get_command(const std::vector<std::string>& arguments) {
    if (arguments.empty()) return fail(bad_arguments("get needs a property, or all"));
    PASSBENCH_TRY(SettingsCommand command, parse_options(arguments, 1));
    if (arguments[0] == "all") return command;
    PASSBENCH_TRY(command.property, property_of(arguments[0]));
    return command;
}

Result<SettingsCommand> parse_set_command(const std::vector<std::string>& arguments) {
    if (arguments.size() < 2 || arguments[1].empty()) return fail(bad_arguments("set needs a property and its value"));
    PASSBENCH_TRY(SettingsCommand command, parse_options(arguments, 2));
    PASSBENCH_TRY(command.property, property_of(arguments[0]));
    command.value = arguments[1];
    return command;
}

AgentExit run_settings_command(const SettingsCommand& command) {
    const auto facts = done(command);
    AgentExit end;
    if (!facts) {
        end.code = exit_code(facts.error().code);
        end.errors = to_text(facts.error()) + "\n";
    }
    if (command.out.empty()) {
        if (facts) end.output = lines_of(*facts);
        return end;
    }
    if (const auto written = replace_file(command.out, to_json(facts ? *facts : refusal(facts.error()))); !written) {
        return {.code = 4, .output = {}, .errors = end.errors + to_text(written.error()) + "\n"};
    }
    return end;
}

}  // namespace passbench
