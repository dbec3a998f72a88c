// Running scenarios from Python: the interpreter's lock is given up while the run works and taken for callbacks alone. An
// exception in a callback, Ctrl-C among them, interrupts the run in the ordinary way and is raised when it has ended.
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "harness/plan/make_plan.hpp"
#include "harness/scenario/lab.hpp"
#include "harness/scenario/scenario.hpp"
#include "host/python/bindings.hpp"
#include "host/session/session.hpp"

namespace py = pybind11;

namespace passbench::python {
namespace {

using Callback = std::optional<py::function>;

/// Carries progress into Python and remembers the exception that came back, if any.
class PythonProgress : public Progress {
public:
    explicit PythonProgress(Callback callback) : callback_(std::move(callback)) {}

    void begin(const std::filesystem::path& /*run*/, const RunProgress& progress) override { tell(progress); }
    void trial_done(const RunProgress& progress) override { tell(progress); }
    void message(std::string_view /*text*/) override {}
    void end(const RunProgress& progress) override { tell(progress); }

    /// True once a callback raised or Ctrl-C was pressed; asked a few times a second.
    bool stop_asked() {
        if (!raised_) {
            const py::gil_scoped_acquire lock;
            if (PyErr_CheckSignals() != 0) {
                raised_ = std::make_exception_ptr(py::error_already_set());
            }
        }
        return raised_ != nullptr;
    }

    [[nodiscard]] std::exception_ptr raised() const { return raised_; }

private:
    void tell(const RunProgress& progress) {
        if (!callback_ || raised_) {
            return;
        }
        const py::gil_scoped_acquire lock;
        try {
            (*callback_)(progress.done, progress.planned, progress.arm, progress.block, progress.left_s);
        } catch (const py::error_already_set&) {
            raised_ = std::current_exception();
        }
    }

    Callback callback_;
    std::exception_ptr raised_;
};

/// A file may have many mistakes: the exception shows the first and tells the others in its trail-like text.
template <typename T>
T checked_or_raise(Checked<T> checked) {
    if (!checked) {
        Error error = checked.error().front();
        for (std::size_t i = 1; i < checked.error().size(); ++i) {
            const Error& other = checked.error()[i];
            error.what += "\n" + other.where + ": " + other.what;
        }
        raise(error);
    }
    return *std::move(checked);
}

/// Runs `work` without the interpreter's lock; gives the run directory's path or raises what a callback raised.
template <typename Work>
std::string finish(PythonProgress& progress, Work work) {
    auto outcome = [&] {
        const py::gil_scoped_release unlocked;
        return work();
    }();
    if (progress.raised()) {
        std::rethrow_exception(progress.raised());
    }
    return value_or_raise(std::move(outcome)).path.string();
}

Measuring measuring_of(Lab lab, const std::string& agent, PythonProgress& progress) {
    return {.lab = std::move(lab), .agent = agent, .progress = &progress, .stop = [&progress] {
                return progress.stop_asked();
            }};
}

std::string run_scenario(const std::string& scenario_path, const std::string& lab_path, const std::string& results,
                         Scale scale, const std::string& agent, Callback callback) {
    const Scenario scenario = checked_or_raise(read_scenario(scenario_path));
    Lab lab = checked_or_raise(choose_lab(lab_path, scenario_path));
    Plan plan = value_or_raise(make_plan(scenario, scale));
    PythonProgress progress(std::move(callback));
    const RunRequest request{.plan = std::move(plan),
                             .scenario_text = scenario.text,
                             .results = results,
                             .measuring = measuring_of(std::move(lab), agent, progress)};
    return finish(progress, [&] { return run(request); });
}

std::string resume_run(const std::string& folder, const std::string& lab_path, const std::string& agent,
                       Callback callback) {
    Lab lab = checked_or_raise(choose_lab(lab_path, {}));
    PythonProgress progress(std::move(callback));
    const Measuring measuring = measuring_of(std::move(lab), agent, progress);
    return finish(progress, [&] { return resume(folder, measuring); });
}

}  // namespace

void bind_run_scenario(py::module_& module) {
    module.def(
        "run",
        [](const std::string& scenario, const std::string& lab, const std::string& out, bool small,
           const std::string& agent, Callback progress) {
            return run_scenario(scenario, lab, out, small ? Scale::small : Scale::full, agent, std::move(progress));
        },
        py::arg("scenario"), py::arg("lab"), py::arg("out"), py::arg("small"), py::arg("agent"), py::arg("progress"));
    module.def("resume", &resume_run, py::arg("folder"), py::arg("lab"), py::arg("agent"), py::arg("progress"));
}

}  // namespace passbench::python
