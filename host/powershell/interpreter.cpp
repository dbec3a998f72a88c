#include "host/powershell/interpreter.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "harness/core/clock.hpp"
#include "harness/core/findings.hpp"
#include "harness/core/units.hpp"
#include "host/carriers/output_ring.hpp"
#include "host/powershell/interpreter_process.hpp"

namespace passbench {
namespace {

constexpr std::size_t kept_noise_bytes = 2048;
constexpr std::int64_t grace_after_trouble_ns = 200'000'000;
constexpr std::size_t shown_bytes = 600;

/// The end of a text, begun at a whole character.
std::string end_of(std::string text) {
    if (text.size() <= shown_bytes) return text;
    std::size_t begin = text.size() - shown_bytes;
    while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) ++begin;
    return "..." + text.substr(begin);
}

}  // namespace

struct Interpreter::State {
    InterpreterCommand command;
    InterpreterGreeting greeting;
    std::optional<InterpreterProcess> process;
    OutputRing noise{kept_noise_bytes};
    std::int64_t last_id = 0;
    bool has_greeted = false;

    [[nodiscard]] std::string name() const {
        const std::string& path = command.argv.front();
        return path.substr(path.find_last_of("/\\") + 1);
    }

    /// Ends the process and makes the error of why, with what it said last.
    Error give_up(ErrorCode code, std::string what, std::string_view finding) {
        process->end(grace_after_trouble_ns);
        std::string said = error_texts(process->last_errors());
        if (said.empty()) said = error_texts(noise.last());
        process.reset();
        if (!said.empty()) what += "; its last words were: " + end_of(std::move(said));
        Error error = catalogued_error(code, std::move(what), finding);
        error.where = command.argv.front();
        return error;
    }

    Error error_of(LineEnd how, std::int64_t deadline_ns, const std::string& doing) {
        switch (how) {
            case LineEnd::timed_out:
                return give_up(ErrorCode::timeout,
                               name() + " was ended: " + doing + " took longer than " +
                                   format_duration(static_cast<double>(deadline_ns)),
                               "host.interpreter_hung");
            case LineEnd::too_long:
                return give_up(ErrorCode::io,
                               name() + " was ended: it said a line of more than " +
                                   format_bytes(static_cast<std::int64_t>(most_interpreter_line_bytes)) + " while " +
                                   doing,
                               "host.interpreter_garbled");
            case LineEnd::ended:
            case LineEnd::whole:
                break;
        }
        const int exit_code = process->end(grace_after_trouble_ns);
        if (!has_greeted && exit_code == 0 && noise.last().empty()) {
            return give_up(ErrorCode::unsupported, name() + " ended without a word", "host.interpreter_silent");
        }
        return give_up(ErrorCode::io, name() + " ended with " + std::to_string(exit_code) + " while " + doing,
                       "host.interpreter_died");
    }

    /// The next document of ours. `deadline_ns` is how long `doing` may take, `end_ns` when that is over.
    Result<std::string> next_document(std::int64_t deadline_ns, std::int64_t end_ns, const std::string& doing) {
        while (true) {
            LineRead read = process->read_line(end_ns);
            if (read.how == LineEnd::whole && steady_ns() >= end_ns) read.how = LineEnd::timed_out;
            if (read.how != LineEnd::whole) return fail(error_of(read.how, deadline_ns, doing));
            if (const auto document = own_document(read.line)) return std::string(*document);
            noise.append(read.line + "\n");
        }
    }

    Result<void> start() {
        noise = OutputRing(kept_noise_bytes);
        has_greeted = false;
        auto started = InterpreterProcess::start(command.argv);
        if (!started) return fail_in(std::move(started).error(), "starting the interpreter of the host");
        process.emplace(*std::move(started));
        const std::int64_t end_ns = steady_ns() + command.start_deadline_ns;
        auto document = next_document(command.start_deadline_ns, end_ns, "starting");
        if (!document) return fail(std::move(document).error());
        auto said = greeting_from_json(*document);
        if (!said) return fail(ended_for(std::move(said).error()));
        greeting = *std::move(said);
        has_greeted = true;
        return {};
    }

    /// The process cannot be trusted any more, for this reason.
    Error ended_for(Error error) {
        process->end(grace_after_trouble_ns);
        process.reset();
        error.where = command.argv.front();
        return error;
    }

    Result<InterpreterReply> answer_to(std::int64_t id, const std::string& request, std::int64_t deadline_ns,
                                       const std::string& doing) {
        const std::int64_t end_ns = steady_ns() + deadline_ns;
        if (const LineEnd how = process->write(request, end_ns); how != LineEnd::whole) {
            return fail(error_of(how, deadline_ns, doing));
        }
        PASSBENCH_TRY(const std::string document, next_document(deadline_ns, end_ns, doing));
        auto reply = reply_from_json(document);
        if (!reply) return fail(ended_for(std::move(reply).error()));
        if (reply->id != id) {
            return fail(give_up(ErrorCode::io,
                                name() + " answered request " + std::to_string(reply->id) + " instead of " +
                                    std::to_string(id) + " (" + doing + ")",
                                "host.interpreter_garbled"));
        }
        return reply;
    }
};

Interpreter::Interpreter(std::unique_ptr<State> state) : state_(std::move(state)) {}
Interpreter::Interpreter(Interpreter&& other) noexcept = default;
Interpreter& Interpreter::operator=(Interpreter&& other) noexcept = default;
Interpreter::~Interpreter() = default;

Result<Interpreter> Interpreter::start(InterpreterCommand command) {
    auto state = std::make_unique<State>();
    state->command = std::move(command);
    PASSBENCH_CHECK(state->start());
    return Interpreter(std::move(state));
}

const InterpreterGreeting& Interpreter::greeting() const { return state_->greeting; }

bool Interpreter::is_simulated() const { return state_->greeting.simulated; }

Result<std::string> Interpreter::call(const std::string& function, const std::string& arguments) {
    return call_within(state_->command.call_deadline_ns, function, arguments);
}

Result<std::string> Interpreter::call_within(std::int64_t deadline_ns, const std::string& function,
                                             const std::string& arguments) {
    State& state = *state_;
    PASSBENCH_TRY(const std::string request, request_line(state.last_id + 1, function, arguments));
    // Nothing was asked of one that ended between two calls, so this call can go to its successor.
    if (state.process && state.process->has_ended()) state.process.reset();
    if (!state.process) PASSBENCH_CHECK(state.start());
    const std::int64_t id = ++state.last_id;
    auto reply = state.answer_to(id, request, deadline_ns, function);
    if (!reply) return fail_in(std::move(reply).error(), "calling " + function + "; the host may have carried it out");
    if (reply->error) return fail(to_error(function, *reply->error));
    return std::move(reply->value);
}

}  // namespace passbench
