// Simulations, as Python asks for them.
#pragma once

#include <pybind11/pybind11.h>

namespace miletus::python {

// Puts simulate and walk into the module.
void define_simulation(pybind11::module_& module);

}  // namespace miletus::python
