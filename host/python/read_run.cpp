// Reading a run directory: every document passes the library's own reader first, so Python sees only what is whole and
// valid; the text it then gets is the document as it stands.
#include <span>
#include <string>
#include <vector>

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "harness/core/checksum.hpp"
#include "harness/records/run_directory.hpp"
#include "host/python/bindings.hpp"

namespace py = pybind11;

namespace passbench::python {
namespace {

py::list index_of(const RunDirectory& run) {
    const SampleReader reader = value_or_raise(run.samples());
    py::list rows;
    for (const Chunk& chunk : reader.chunks()) {
        py::dict columns;
        for (const auto& [name, place] : chunk.columns) {
            columns[py::str(name)] = py::make_tuple(place.type == ColumnType::i64 ? "<i8" : "<f8", place.offset_bytes);
        }
        py::dict row;
        row["case"] = chunk.case_name;
        row["arm"] = chunk.arm;
        row["block"] = chunk.block;
        row["trial"] = chunk.trial;
        row["attempt"] = chunk.attempt;
        row["phase"] = std::string(to_string(chunk.phase));
        row["first"] = chunk.first;
        row["n"] = chunk.n;
        row["ops"] = chunk.ops;
        row["at"] = chunk.at;
        row["size_bytes"] = size_bytes(chunk);
        row["columns"] = columns;
        row["crc32c"] = chunk.crc32c;
        row["simulated"] = chunk.simulated;
        rows.append(row);
    }
    return rows;
}

template <typename Lines>
std::vector<std::string> lines_of(const Lines& events) {
    std::vector<std::string> lines;
    lines.reserve(events.size());
    for (const auto& event : events) {
        lines.push_back(to_json_line(event));
    }
    return lines;
}

std::uint32_t checksum_of(const py::buffer& buffer) {
    const py::buffer_info info = buffer.request();
    const auto* data = static_cast<const std::byte*>(info.ptr);
    return crc32c(std::span(data, static_cast<std::size_t>(info.size * info.itemsize)));
}

}  // namespace

void bind_read_run(py::module_& module) {
    py::class_<RunDirectory>(module, "RunDirectory")
        .def(py::init([](const std::string& path) { return value_or_raise(RunDirectory::open(path)); }))
        .def_property_readonly("path", [](const RunDirectory& run) { return run.path().string(); })
        .def("plan", [](const RunDirectory& run) { return to_json(value_or_raise(run.plan())); })
        .def("status", [](const RunDirectory& run) { return to_json(value_or_raise(run.status())); })
        .def("environments", [](const RunDirectory& run) { return to_json(value_or_raise(run.environments())); })
        .def("stats", [](const RunDirectory& run) { return to_json(value_or_raise(run.stats())); })
        .def("verdict", [](const RunDirectory& run) { return to_json(value_or_raise(run.verdict())); })
        .def("events", [](const RunDirectory& run) { return lines_of(value_or_raise(run.events())); })
        .def("telemetry", [](const RunDirectory& run) { return lines_of(value_or_raise(run.telemetry())); })
        .def("index", &index_of)
        .def("counting_attempts",
             [](const RunDirectory& run) { return counting_attempts(value_or_raise(run.events())); });
    module.def("crc32c", &checksum_of, py::arg("buffer"));
}

}  // namespace passbench::python
