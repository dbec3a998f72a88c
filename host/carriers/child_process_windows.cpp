#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "harness/core/clock.hpp"
#include "harness/core/system_file.hpp"
#include "harness/core/units.hpp"
#include "harness/core/windows_child.hpp"
#include "host/carriers/child_process.hpp"
#include "host/carriers/output_file.hpp"
#include "host/carriers/output_ring.hpp"

namespace passbench {
namespace {

constexpr std::size_t kept_output_bytes = 64 * 1024;
constexpr std::int64_t watch_period_ns = 250'000'000;
constexpr std::int64_t never_ns = std::numeric_limits<std::int64_t>::max();

std::string name_of(const ChildCommand& command) {
    if (!command.called.empty()) return command.called;
    const std::string& path = command.argv.front();
    return path.substr(path.find_last_of("/\\") + 1);
}

/// One command on its way: what is fed to it, and what becomes of what it says.
class Conversation {
public:
    [[nodiscard]] static Result<Conversation> start(const ChildCommand& command) {
        SystemFile input;
        if (command.input == ChildInput::file) {
            if (const int error_number = input.open(command.input_file, FileUse::read); error_number != 0) {
                return fail(
                    {.code = ErrorCode::io,
                     .what = "cannot read a file for a command: " + std::generic_category().message(error_number),
                     .where = command.input_file.string(),
                     .fix = "Check the file and its permissions."});
            }
        }
        const bool keeps_apart = !command.output_file.empty();
        PASSBENCH_TRY(WindowsChild child,
                      WindowsChild::start(command.argv, keeps_apart ? ErrorStream::apart : ErrorStream::with_output));
        if (command.input == ChildInput::none) child.close_input();
        Conversation conversation(std::move(child), std::move(input));
        if (keeps_apart) conversation.data_.emplace(command.output_file, command.most_output_bytes);
        return conversation;
    }

    /// Why its output file takes no more; "" while all is well.
    [[nodiscard]] std::string output_trouble() const { return data_ ? data_->trouble() : ""; }

    /// Serves it until its end, `end_ns`, or until its output file takes no more; true at its end.
    bool wait_until(std::int64_t end_ns) {
        while (true) {
            const bool has_exited = child_.has_exited();
            feed();
            take();
            if (has_exited) return true;
            if (!output_trouble().empty() || steady_ns() >= end_ns) return false;
            child_.wait(end_ns);
        }
    }

    /// Ctrl-Break, and its end after the grace.
    ExecResult stop(std::int64_t grace_ns) {
        child_.ask_to_end();
        if (!wait_until(steady_ns() + grace_ns)) {
            child_.kill();
            wait_until(steady_ns() + watch_period_ns);
        }
        return collect(ChildRest::ended);
    }

    ExecResult collect(ChildRest rest) {
        if (rest == ChildRest::ended) child_.kill();
        child_.read_the_rest();
        take();
        return {.exit_code = child_.exit_code(), .output = ring_.last()};
    }

private:
    Conversation(WindowsChild child, SystemFile input) : child_(std::move(child)), input_(std::move(input)) {}

    void feed() {
        while (input_.is_open() && child_.takes_input()) {
            std::string piece(kept_output_bytes, '\0');
            const FileTransfer read = input_.read(std::as_writable_bytes(std::span(piece)));
            piece.resize(static_cast<std::size_t>(read.bytes));
            if (!piece.empty() && child_.give(piece) > 0) continue;
            input_.close();
            child_.close_input();
        }
    }

    void take() {
        const std::string said = child_.take_output();
        if (data_) data_->append(said);
        ring_.append(data_ ? child_.take_errors() : said);
    }

    WindowsChild child_;
    SystemFile input_;
    std::optional<OutputFile> data_;
    OutputRing ring_{kept_output_bytes};
};

std::string last_line(const std::string& output) {
    const std::size_t end = output.find_last_not_of(" \t\r\n");
    if (end == std::string::npos) return "";
    const std::size_t begin = output.find_last_of('\n', end);
    return output.substr(begin == std::string::npos ? 0 : begin + 1,
                         end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

Error stopped_error(ErrorCode code, const ChildCommand& command, std::string what, std::string fix,
                    const std::string& output) {
    constexpr std::size_t shown_bytes = 400;
    if (const std::string line = last_line(output); !line.empty())
        what += "; its last line was: " + line.substr(0, shown_bytes);
    return {.code = code, .what = std::move(what), .where = command.argv.front(), .fix = std::move(fix)};
}

}  // namespace

Result<ExecResult> run_child(const ChildCommand& command) {
    const std::int64_t end_ns = command.deadline_ns > 0 ? steady_ns() + command.deadline_ns : never_ns;
    PASSBENCH_TRY(Conversation child, Conversation::start(command));
    while (!child.wait_until(command.watch ? std::min(end_ns, steady_ns() + watch_period_ns) : end_ns)) {
        if (const std::string why = child.output_trouble(); !why.empty()) {
            return fail(stopped_error(
                ErrorCode::io, command, "what " + name_of(command) + " sends cannot be kept: " + why,
                "Check the room on this disk, and what the command sends.", child.stop(command.grace_ns).output));
        }
        if (steady_ns() >= end_ns) {
            return fail(stopped_error(ErrorCode::timeout, command,
                                      name_of(command) + " was ended: it took longer than " +
                                          format_duration(static_cast<double>(command.deadline_ns)),
                                      "Allow more time, or find out what it waits for.",
                                      child.stop(command.grace_ns).output));
        }
        if (command.watch && !command.watch()) {
            return fail(stopped_error(ErrorCode::interrupted, command, name_of(command) + " was ended as asked for",
                                      "Start it again when it suits.", child.stop(command.grace_ns).output));
        }
    }
    return child.collect(command.rest);
}

}  // namespace passbench
