#include "harness/core/windows_child.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <psapi.h>
#include <utility>
#include <windows.h>

#include "harness/core/check_startable.hpp"
#include "harness/core/clock.hpp"
#include "harness/core/windows_command_line.hpp"
#include "harness/core/windows_error.hpp"
#include "harness/core/windows_handle.hpp"
#include "harness/core/windows_pipe.hpp"

namespace passbench {
namespace {

/// As a signal's 128 + 9, so that both systems say the same of a killed child.
constexpr UINT killed_exit_code = 137;

Error cannot_prepare(std::string_view what) {
    return {
        .code = ErrorCode::io,
        .what = "cannot make " + std::string(what) + " for a child process: " + windows_error_text(::GetLastError()),
        .where = "child process",
        .fix = "End other programs, then try again."};
}

Result<void> check_arguments(const std::vector<std::string>& argv) {
    const auto has_zero = [](const std::string& argument) { return argument.find('\0') != std::string::npos; };
    if (argv.empty() || std::any_of(argv.begin(), argv.end(), has_zero)) {
        return fail({.code = ErrorCode::usage,
                     .what = "a command needs a program, and no argument may contain a zero byte",
                     .where = "child process",
                     .fix = "Check the command's arguments."});
    }
    return check_startable(argv.front());
}

/// A job that kills what is in it when its last handle is closed, also by this process's end.
Result<WindowsHandle> make_job() {
    WindowsHandle job(::CreateJobObjectW(nullptr, nullptr));
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    if (!job.is_open() ||
        ::SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits, sizeof limits) == 0) {
        return fail(cannot_prepare("a job object"));
    }
    return job;
}

/// The list of what a child inherits, which is all that it inherits.
class InheritedHandles {
public:
    explicit InheritedHandles(std::vector<HANDLE> handles) : handles_(std::move(handles)) {
        SIZE_T size = 0;
        ::InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
        memory_.resize(size);
        is_made_ = ::InitializeProcThreadAttributeList(get(), 1, 0, &size) != 0;
        is_set_ = is_made_ && ::UpdateProcThreadAttribute(get(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_.data(),
                                                          handles_.size() * sizeof(HANDLE), nullptr, nullptr) != 0;
    }
    InheritedHandles(const InheritedHandles&) = delete;
    InheritedHandles& operator=(const InheritedHandles&) = delete;
    ~InheritedHandles() {
        if (is_made_) ::DeleteProcThreadAttributeList(get());
    }
    [[nodiscard]] bool is_set() const { return is_set_; }
    [[nodiscard]] LPPROC_THREAD_ATTRIBUTE_LIST get() {
        return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());
    }

private:
    std::vector<HANDLE> handles_;
    std::vector<std::byte> memory_;
    bool is_made_ = false;
    bool is_set_ = false;
};

struct Streams {
    HANDLE input;
    HANDLE output;
    HANDLE errors;
};

/// Begun in the job before its first instruction.
Result<PROCESS_INFORMATION> create(const std::vector<std::string>& argv, const Streams& streams, HANDLE job) {
    std::vector<HANDLE> handles = {streams.input, streams.output, streams.errors};
    std::sort(handles.begin(), handles.end());
    handles.erase(std::unique(handles.begin(), handles.end()), handles.end());
    InheritedHandles inherited(std::move(handles));
    if (!inherited.is_set()) return fail(cannot_prepare("the list of handles"));
    STARTUPINFOEXW startup{};
    startup.StartupInfo.cb = sizeof startup;
    startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    startup.StartupInfo.hStdInput = streams.input;
    startup.StartupInfo.hStdOutput = streams.output;
    startup.StartupInfo.hStdError = streams.errors;
    startup.lpAttributeList = inherited.get();
    std::wstring line = wide_of_utf8(windows_command_line(argv));
    PROCESS_INFORMATION process{};
    // In a group of its own, so that a Ctrl-C is this process's to act on.
    constexpr DWORD flags =
        CREATE_SUSPENDED | CREATE_NEW_PROCESS_GROUP | EXTENDED_STARTUPINFO_PRESENT | CREATE_UNICODE_ENVIRONMENT;
    const std::wstring program = wide_path(std::filesystem::path(argv.front()));
    const auto try_it = [&] {
        return ::CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, TRUE, flags, nullptr, nullptr,
                                &startup.StartupInfo, &process) != 0;
    };
    // Wine says ERROR_INTERNAL_ERROR of a process that died before it had begun; seen on a busy machine.
    if (!try_it() && !(::GetLastError() == ERROR_INTERNAL_ERROR && try_it())) {
        return fail(start_error(argv.front(), static_cast<int>(::GetLastError())));
    }
    if (::AssignProcessToJobObject(job, process.hProcess) == 0) {
        const Error error = cannot_prepare("a place in the job object");
        ::TerminateProcess(process.hProcess, killed_exit_code);
        ::CloseHandle(process.hThread);
        ::CloseHandle(process.hProcess);
        return fail(error);
    }
    ::ResumeThread(process.hThread);
    ::CloseHandle(process.hThread);
    return process;
}

}  // namespace

struct WindowsChild::State {
    WindowsHandle job;
    WindowsHandle process;
    DWORD number = 0;
    WindowsPipe input;
    WindowsPipe output;
    std::optional<WindowsPipe> errors;

    void read() {
        output.read();
        if (errors) errors->read();
    }
};

WindowsChild::WindowsChild(std::unique_ptr<State> state) : state_(std::move(state)) {}
WindowsChild::WindowsChild(WindowsChild&& other) noexcept = default;
WindowsChild& WindowsChild::operator=(WindowsChild&& other) noexcept = default;
WindowsChild::~WindowsChild() {
    if (state_) kill();
}

Result<WindowsChild> WindowsChild::start(const std::vector<std::string>& argv, ErrorStream error_stream) {
    PASSBENCH_CHECK(check_arguments(argv));
    PASSBENCH_TRY(WindowsHandle job, make_job());
    PASSBENCH_TRY(WindowsPipe input, WindowsPipe::make(PipeUse::we_write));
    PASSBENCH_TRY(WindowsPipe output, WindowsPipe::make(PipeUse::we_read));
    std::optional<WindowsPipe> errors;
    if (error_stream == ErrorStream::apart) {
        PASSBENCH_TRY(WindowsPipe apart, WindowsPipe::make(PipeUse::we_read));
        errors.emplace(std::move(apart));
    }
    const Streams streams{.input = input.childs_end(),
                          .output = output.childs_end(),
                          .errors = errors ? errors->childs_end() : output.childs_end()};
    PASSBENCH_TRY(const PROCESS_INFORMATION process, create(argv, streams, job.get()));
    input.close_childs_end();
    output.close_childs_end();
    if (errors) errors->close_childs_end();
    auto state = std::make_unique<State>(State{.job = std::move(job),
                                               .process = WindowsHandle(process.hProcess),
                                               .number = process.dwProcessId,
                                               .input = std::move(input),
                                               .output = std::move(output),
                                               .errors = std::move(errors)});
    return WindowsChild(std::move(state));
}

void WindowsChild::wait(std::int64_t end_ns) {
    state_->read();
    std::array<HANDLE, 4> changes = {state_->process.get()};
    DWORD count = 1;
    for (const HANDLE event :
         {state_->output.event(), state_->errors ? state_->errors->event() : nullptr, state_->input.event()}) {
        if (event != nullptr) changes[count++] = event;
    }
    // Not all that was said has been read yet: there is nothing to wait for.
    if (!state_->output.has_ended() && state_->output.event() == nullptr) return;
    // Wine tells late, if at all, that a part of the input has been taken.
    const std::int64_t longest_ms = state_->input.event() != nullptr ? 10 : 1000;
    const auto wait_ms =
        static_cast<DWORD>(std::clamp<std::int64_t>((end_ns - steady_ns()) / 1'000'000 + 1, 0, longest_ms));
    ::WaitForMultipleObjects(count, changes.data(), FALSE, wait_ms);
    state_->read();
}

std::string WindowsChild::take_output() { return state_->output.take(); }

std::string WindowsChild::take_errors() { return state_->errors ? state_->errors->take() : std::string(); }

bool WindowsChild::output_has_ended() const { return state_->output.has_ended(); }

bool WindowsChild::takes_input() { return state_->input.is_idle(); }

std::int64_t WindowsChild::give(std::string_view text) { return state_->input.write(text); }

void WindowsChild::close_input() { state_->input.close(); }

bool WindowsChild::has_exited() const { return ::WaitForSingleObject(state_->process.get(), 0) == WAIT_OBJECT_0; }

void WindowsChild::ask_to_end() const { ::GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, state_->number); }

void WindowsChild::kill() const { ::TerminateJobObject(state_->job.get(), killed_exit_code); }

int WindowsChild::exit_code() const {
    DWORD code = 0;
    ::GetExitCodeProcess(state_->process.get(), &code);
    return static_cast<int>(code);
}

WindowsChildUse WindowsChild::use() const {
    constexpr std::int64_t unit_ns = 100;
    const auto ns_of = [](const FILETIME& time) {
        return static_cast<std::int64_t>((std::uint64_t{time.dwHighDateTime} << 32U) | time.dwLowDateTime) * unit_ns;
    };
    FILETIME begun{};
    FILETIME ended{};
    FILETIME kernel{};
    FILETIME user{};
    PROCESS_MEMORY_COUNTERS memory{};
    const HANDLE process = state_->process.get();
    ::GetProcessTimes(process, &begun, &ended, &kernel, &user);
    ::K32GetProcessMemoryInfo(process, &memory, sizeof memory);
    return {.cpu_ns = ns_of(kernel) + ns_of(user),
            .max_rss_bytes = static_cast<std::int64_t>(memory.PeakWorkingSetSize)};
}

void WindowsChild::read_the_rest() {
    // Whoever could hold the streams open is gone; a moment is for the system to see it.
    const std::int64_t end_ns = steady_ns() + 1'000'000'000;
    while (steady_ns() < end_ns && !(state_->output.has_ended() && (!state_->errors || state_->errors->has_ended()))) {
        state_->read();
        ::Sleep(1);
    }
}

}  // namespace passbench
