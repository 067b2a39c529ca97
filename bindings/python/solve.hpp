// Solving: broadcasts columns against each other, finds room for the results, and lets threads
// work on their shares without Python's lock. How many they are changes no bit.
#pragma once

#include "bindings/python/models.hpp"

#include <pybind11/pybind11.h>

#include <cstdint>

namespace miletus::python {

// `wanted` has a bit for each result of the model, and the next one for the status. A single one
// that is wanted is returned as it is, more of them in a tuple that has None for the others; `out`
// is of the same form, or None. Results without a shape are plain numbers.
[[nodiscard]] pybind11::object solve(const Model& model, const pybind11::tuple& numbers,
                                     pybind11::handle kind, std::uint32_t wanted,
                                     pybind11::handle out, pybind11::handle threads);

}  // namespace miletus::python
