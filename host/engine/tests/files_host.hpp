// A host made of files, one per property, for tests of whatever surveys and sets: it survives the processes that change it, as
// a real one does, and can be late, failing or lying. Its clock is a file too, so that its time goes on over restarts and
// waiting costs nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "harness/core/result.hpp"
#include "host/engine/engine_clock.hpp"
#include "host/engine/step.hpp"

namespace passbench::tests {

/// What a host does when a property is set to a value.
enum class Behaviour {
    honest,        // half-way, then there
    late,          // there after 30 s; until then listed as a job
    late_unseen,   // there after 5 s, and nothing tells
    failing,       // an error, and nothing is changed
    half_failing,  // an error, and the value stays half-way
    lying,         // success, and nothing is changed
    lying_half,    // success, and the value stays half-way
};

class FilesHost final : public Resources {
public:
    /// Properties of an earlier object on the same folder are still there.
    explicit FilesHost(std::filesystem::path folder);

    /// Somebody gives a property its value, at once and without asking.
    void put(const std::string& resource, const std::string& property, const std::string& value) const;
    void remove(const std::string& resource, const std::string& property) const;
    [[nodiscard]] std::string get(const std::string& resource, const std::string& property) const;
    /// From now on, setting the property to `value` goes like this.
    void behave(const std::string& resource, const std::string& property, const std::string& value,
                Behaviour behaviour);
    /// May refuse a set: what a real host does when the order of steps is wrong.
    std::function<Result<void>(const FilesHost&, const std::string& resource, const std::string& value)> guard;
    /// Called at the moments of a set: before it, half-way, after it.
    std::function<void()> at_moment;

    /// This host's time.
    [[nodiscard]] EngineClock clock() const override;
    [[nodiscard]] std::int64_t now_ns() const;

    [[nodiscard]] Result<HostFacts> survey() override;
    [[nodiscard]] Result<std::vector<std::string>> jobs() override;
    [[nodiscard]] Result<void> set(const std::string& resource, const std::string& property,
                                   const std::string& value) override;
    int surveys = 0;
    int sets = 0;

private:
    [[nodiscard]] std::filesystem::path file_of(const std::string& resource, const std::string& property) const;
    [[nodiscard]] bool has(const std::string& resource, const std::string& property) const;
    void begin_late(const std::string& resource, const std::string& property, const std::string& value,
                    std::int64_t delay_ns, const std::string& visibility) const;
    void finish_late() const;
    void moment() const;

    std::filesystem::path folder_;
    std::map<std::tuple<std::string, std::string, std::string>, Behaviour> behaviours_;
};

/// A lab machine with a VM and a GPU that can be handed to it only while the VM is off, as DDA has it.
void put_lab_machine(FilesHost& host);
/// Hands the GPU over: the VM's power goes off and on again, the GPU's owner changes twice, its memory once.
[[nodiscard]] std::vector<Step> lab_steps();

}  // namespace passbench::tests
