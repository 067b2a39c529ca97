// Volatility surfaces, as Python asks for them.
#pragma once

#include <pybind11/pybind11.h>

namespace miletus::python {

// Puts fit_surface and what it returns into the module.
void define_surface(pybind11::module_& module);

}  // namespace miletus::python
