// What the files of the extension module share: results of the library become values or typed Python exceptions. Not a
// library interface; included by the files of this folder alone.
#pragma once

#include <type_traits>
#include <utility>

#include <pybind11/pybind11.h>

#include "harness/core/result.hpp"

namespace passbench::python {

/// Raises the exception class of passbench.errors that stands for the error's code, with its parts as attributes.
[[noreturn]] void raise(const Error& error);

template <typename T>
T value_or_raise(Result<T> result) {
    if (!result) {
        raise(result.error());
    }
    if constexpr (!std::is_void_v<T>) {
        return *std::move(result);
    }
}

void bind_read_run(pybind11::module_& module);
void bind_run_scenario(pybind11::module_& module);

}  // namespace passbench::python
