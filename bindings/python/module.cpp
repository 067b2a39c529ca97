// The compiled half of `import miletus`: one function that answers, and the models it knows. The
// other half, with names, defaults and documentation, is Python.
#include "bindings/python/errors.hpp"
#include "bindings/python/risk.hpp"
#include "bindings/python/simulation.hpp"
#include "bindings/python/solve.hpp"
#include "bindings/python/surface.hpp"

#include <pybind11/pybind11.h>

#include <string>

namespace miletus::python {

namespace py = pybind11;

namespace {

py::object solve_by_number(std::size_t model, const py::tuple& numbers, py::handle kind,
                           std::uint32_t wanted, py::handle out, py::handle threads) {
    if (model >= models().size()) {
        refuse(Misuse::argument, "solve: no such model");
    }
    return solve(models()[model], numbers, kind, wanted, out, threads);
}

void define(py::module_& module) {
    module.doc() = "What miletus computes, without its names.";
    std::size_t number = 0;
    for (const Model& model : models()) {
        module.attr(py::str(std::string(model.name))) = number++;
    }
    py::options options;
    options.disable_function_signatures();
    module.def("solve", solve_by_number,
               "solve(model, numbers, kind, wanted, out, threads, /)\n--\n\n"
               "Asks a model: one result if `wanted` has one bit, else a tuple of all of them.");
    define_risk(module);
    define_simulation(module);
    define_surface(module);
}

}  // namespace

}  // namespace miletus::python

// pybind11's macro looks at Python's version letter by letter.
#if defined(__clang__)
#pragma clang unsafe_buffer_usage begin
#endif
PYBIND11_MODULE(_miletus, module) {
    miletus::python::define(module);
}
#if defined(__clang__)
#pragma clang unsafe_buffer_usage end
#endif
