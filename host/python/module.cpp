#include <string>

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "harness/core/error.hpp"
#include "host/python/bindings.hpp"

namespace py = pybind11;

namespace passbench::python {

void raise(const Error& error) {
    const py::object make = py::module_::import("passbench.errors").attr("error_of");
    const py::object exception =
        make(std::string(to_string(error.code)), error.what, error.where, error.fix, error.trail);
    PyErr_SetObject(py::type::handle_of(exception).ptr(), exception.ptr());
    throw py::error_already_set();
}

}  // namespace passbench::python

PYBIND11_MODULE(_core, module) {
    module.doc() = "The C++ library of passbench as its Python package uses it; import passbench instead.";
    passbench::python::bind_read_run(module);
    passbench::python::bind_run_scenario(module);
    module.def("error_codes", [] {
        std::vector<std::string> names;
        for (const auto& info : passbench::error_codes()) {
            names.emplace_back(info.name);
        }
        return names;
    });
}
