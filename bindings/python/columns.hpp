// Columns: what callers pass as numbers or as kinds, read once. Doubles in any order are read where
// they lie; everything else is converted first.
#pragma once

#include "bindings/python/memory.hpp"

#include <pybind11/numpy.h>

#include <optional>
#include <string>
#include <string_view>

namespace miletus::python {

// Numbers of a shape, or a single one, which has none.
template <class Number>
struct Column {
    pybind11::object owner;  // of the memory; none for a single number
    Number single{};
    const Number* first = nullptr;
    Shape shape{};
    Shape steps{};

    Column() = default;
    explicit Column(Number number) : single(number) {}
    // An array of this type, aligned.
    explicit Column(const pybind11::array& numbers);
};

// A plain number; a word for a kind, in letters of any case.
[[nodiscard]] std::optional<double> number_of(pybind11::handle argument, std::string_view name);
[[nodiscard]] std::optional<std::int8_t> kind_of(pybind11::handle argument);
[[nodiscard]] Column<double> numbers_of(pybind11::handle argument, std::string_view name);
// Calls and puts: a word, an array of words, or one of 1 and -1.
[[nodiscard]] Column<std::int8_t> kinds_of(pybind11::handle argument);

[[nodiscard]] Shape shape_of(const pybind11::array& array);
[[nodiscard]] std::string text_of(const Shape& shape);
[[nodiscard]] bool is_straight(const pybind11::array& array);

}  // namespace miletus::python
