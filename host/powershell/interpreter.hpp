// The interpreter that a Windows host is spoken to with: PowerShell with PassBench.Runner.ps1, or passbench-sim-host in its place.
// One process answers all calls; one that died is started again for the next call. Functions are fixed and arguments are data:
// nothing that is handed over here ever becomes script text. What a call does to the host, only a survey tells.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "host/powershell/host_functions.hpp"
#include "host/powershell/interpreter_protocol.hpp"

namespace passbench {

struct InterpreterCommand {
    std::vector<std::string> argv;                    // argv[0] is a path
    std::int64_t start_deadline_ns = 60'000'000'000;  // Windows PowerShell takes seconds to start on a busy host
    std::int64_t call_deadline_ns = 300'000'000'000;
};

class Interpreter final : public HostFunctions {
public:
    /// Starts it and waits for its greeting. Errors: as of a call, and `agent_lost` where it cannot be started.
    [[nodiscard]] static Result<Interpreter> start(InterpreterCommand command);
    Interpreter(Interpreter&& other) noexcept;
    Interpreter& operator=(Interpreter&& other) noexcept;
    /// Its input is closed, and it is killed where it does not end by itself.
    ~Interpreter() override;

    /// What it said of itself when it was last started.
    [[nodiscard]] const InterpreterGreeting& greeting() const;
    [[nodiscard]] bool is_simulated() const override;

    /// Within the deadline of the command. Errors: what the function failed with (to_error), after which the next call goes to the same
    /// process. `timeout` (host.interpreter_hung), `io` (host.interpreter_died, host.interpreter_garbled) and `unsupported`
    /// (host.interpreter_silent) end the process: the call may have been carried out all the same, so it is not repeated here.
    [[nodiscard]] Result<std::string> call(const std::string& function, const std::string& arguments) override;
    /// The same within another deadline.
    [[nodiscard]] Result<std::string> call_within(std::int64_t deadline_ns, const std::string& function,
                                                  const std::string& arguments);

private:
    struct State;
    explicit Interpreter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace passbench
