// Read by the same rules as columns are.
#include "bindings/python/arguments.hpp"

#include "bindings/python/columns.hpp"
#include "bindings/python/errors.hpp"

#include <limits>
#include <string>

namespace miletus::python {

namespace py = pybind11;

namespace {

constexpr long threads_max = 1024;

template <class Number>
std::vector<Number> all_of(const Column<Number>& column) {
    if (column.first == nullptr) {
        return {column.single};
    }
    std::size_t count = 1;
    for (const std::ptrdiff_t size : column.shape) {
        count *= static_cast<std::size_t>(size);
    }
    std::vector<Number> numbers(count);
    if (column.shape.empty()) {
        numbers.front() = *column.first;
    } else if (count > 0) {
        gather<Number>(column.first, column.steps, column.shape, 0, numbers);
    }
    return numbers;
}

}  // namespace

std::size_t threads_of(py::handle argument) {
    const long threads = PyLong_Check(argument.ptr()) ? PyLong_AsLong(argument.ptr()) : -1;
    if (threads < 1 || threads > threads_max) {
        PyErr_Clear();
        refuse(Misuse::argument, "threads: a number from 1 to " + std::to_string(threads_max));
    }
    return static_cast<std::size_t>(threads);
}

std::vector<double> list_of(py::handle argument, std::string_view name) {
    return all_of(numbers_of(argument, name));
}

std::vector<std::int8_t> kind_list_of(py::handle argument) {
    return all_of(kinds_of(argument));
}

double single_of(py::handle argument, std::string_view name) {
    const std::vector<double> numbers = list_of(argument, name);
    if (numbers.size() != 1) {
        refuse(Misuse::number, std::string(name) + ": " + std::to_string(numbers.size()) +
                                   " numbers, where one is asked for");
    }
    return numbers.front();
}

double amount_of(py::handle argument, std::string_view name) {
    const double number = single_of(argument, name);
    if (!(number >= 0 && number <= std::numeric_limits<double>::max())) {
        refuse(Misuse::argument, std::string(name) + ": a finite number that is not negative");
    }
    return number;
}

}  // namespace miletus::python
