#include "host/cli/tests/run_checks.hpp"

#include <array>
#include <set>
#include <tuple>

#include <fmt/core.h>

#include "harness/records/run_directory.hpp"
#include "host/cli/tests/cli_fixture.hpp"

namespace passbench {

namespace {

/// (case, arm, block, trial)
using Place = std::tuple<std::string, std::string, int, int>;

std::string name_of(const Place& place) {
    const auto& [case_name, arm, block, trial] = place;
    return fmt::format("{} in {}, block {}, trial {}", case_name, arm, block, trial);
}

std::set<Place> planned_places(const Plan& plan) {
    std::set<Place> places;
    for (int block = 0; block < static_cast<int>(plan.blocks.size()); ++block) {
        for (const auto& arm : plan.arms) {
            for (const auto& slot : plan.blocks[static_cast<std::size_t>(block)].slots) {
                places.emplace(plan.cases[static_cast<std::size_t>(slot.case_index)].name, arm, block, slot.trial);
            }
        }
    }
    return places;
}

struct Found {
    int ended = 0;
    std::int64_t iterations = 0;
};

std::map<Place, Found> found_places(const std::vector<Event>& events, const std::vector<Chunk>& chunks) {
    const auto attempts = counting_attempts(events);
    const auto counts = [&](int block, int attempt) {
        const auto found = attempts.find(block);
        return found != attempts.end() && found->second == attempt;
    };
    std::map<Place, Found> found;
    for (const auto& event : events) {
        if (event.kind == "trial_ended" && counts(event.block, event.attempt)) {
            ++found[{event.case_name, event.arm, event.block, event.trial}].ended;
        }
    }
    for (const auto& chunk : chunks) {
        if (chunk.phase == Phase::measure && counts(chunk.block, chunk.attempt)) {
            found[{chunk.case_name, chunk.arm, chunk.block, chunk.trial}].iterations += chunk.n;
        }
    }
    return found;
}

std::vector<std::string> faults_of_places(const Plan& plan, const std::map<Place, Found>& found) {
    std::vector<std::string> faults;
    const auto planned = planned_places(plan);
    for (const auto& place : planned) {
        const auto it = found.find(place);
        const Found there = it == found.end() ? Found{} : it->second;
        if (there.ended != 1 || there.iterations != plan.design.iterations) {
            faults.push_back(fmt::format("{}: ended {} times with {} of {} iterations", name_of(place), there.ended,
                                         there.iterations, plan.design.iterations));
        }
    }
    for (const auto& [place, unused] : found) {
        if (planned.count(place) == 0) {
            faults.push_back(name_of(place) + ": was never planned");
        }
    }
    return faults;
}

constexpr std::array<const char*, 3> files_of_lines = {"events.jsonl", "samples.jsonl", "telemetry.jsonl"};
constexpr std::array<const char*, 6> whole_files = {"samples.bin", "scenario.toml",    "plan.json",
                                                    "host.json",   "environment.json", "steps.json"};

}  // namespace

std::vector<std::string> faults_of(const std::filesystem::path& run) {
    const auto directory = RunDirectory::open(run);
    if (!directory) {
        return {to_text(directory.error())};
    }
    const auto plan = directory->plan();
    const auto events = directory->events();
    const auto samples = directory->samples();
    const auto misfits = directory->check_manifest();
    const auto status = directory->status();
    if (!plan || !events || !samples || !misfits || !status) {
        return {"a record cannot be read"};
    }
    auto faults = faults_of_places(*plan, found_places(*events, samples->chunks()));
    for (const auto& chunk : samples->chunks()) {
        if (const auto bytes = samples->bytes(chunk); !bytes) {
            faults.push_back(to_text(bytes.error()));
        }
    }
    for (const auto& file : *misfits) {
        faults.push_back(file + " does not fit the manifest");
    }
    if (status->state != RunState::complete) {
        faults.push_back("the run is not complete but " + std::string(to_string(status->state)));
    }
    return faults;
}

Snapshot snapshot_of(const std::filesystem::path& run) {
    Snapshot files;
    for (const auto* name : files_of_lines) {
        const auto text = content(run / name);
        files[name] = text.substr(0, text.rfind('\n') + 1);
    }
    for (const auto* name : whole_files) {
        files[name] = content(run / name);
    }
    return files;
}

std::vector<std::string> changed_since(const Snapshot& before, const Snapshot& now) {
    std::vector<std::string> changed;
    for (const auto& [name, text] : before) {
        const bool grows = name == "samples.bin" || name.find(".jsonl") != std::string::npos;
        const auto& after = now.at(name);
        if (grows ? after.compare(0, text.size(), text) != 0 : after != text && !text.empty()) {
            changed.push_back(name);
        }
    }
    return changed;
}

}  // namespace passbench
