// Risk arrays, as Python asks for them.
#pragma once

#include <pybind11/pybind11.h>

namespace miletus::python {

// Puts risk_array, linear_risk_array, usual_scenarios and vol_shock into the module.
void define_risk(pybind11::module_& module);

}  // namespace miletus::python
