// Arguments that are neither columns nor kinds.
#pragma once

#include <pybind11/pybind11.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace miletus::python {

// From 1 to 1024.
[[nodiscard]] std::size_t threads_of(pybind11::handle argument);
// All numbers of an array, in C's order.
[[nodiscard]] std::vector<double> list_of(pybind11::handle argument, std::string_view name);
// Likewise of kinds.
[[nodiscard]] std::vector<std::int8_t> kind_list_of(pybind11::handle argument);
// A single number; and one that is neither negative nor infinite.
[[nodiscard]] double single_of(pybind11::handle argument, std::string_view name);
[[nodiscard]] double amount_of(pybind11::handle argument, std::string_view name);

}  // namespace miletus::python
