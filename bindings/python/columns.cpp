// numpy tells what an argument is; what it would convert without a word, words to numbers among it,
// is refused here.
#include "bindings/python/columns.hpp"

#include "bindings/python/errors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace miletus::python {

namespace py = pybind11;

namespace {

constexpr int is_aligned = py::detail::npy_api::NPY_ARRAY_ALIGNED_;

// A masked number is none.
py::array array_of(py::handle argument) {
    if (py::isinstance<py::array>(argument)) {
        const py::object masked = py::module_::import("numpy").attr("ma").attr("MaskedArray");
        if (py::isinstance(argument, masked)) {
            return argument.attr("astype")("float64").attr("filled")(std::nan(""));
        }
    }
    return py::array::ensure(argument);
}

py::array converted(const py::array& array, std::string_view name) {
    try {
        return py::module_::import("numpy").attr("array")(array, "float64", py::arg("order") = "C");
    } catch (py::error_already_set& error) {
        refuse(Misuse::number, std::string(name) + ": " + std::string(py::str(error.value())));
    }
}

// An item of the array is `each` numbers.
template <class Number>
std::span<const Number> numbers_in(const py::array& straight, std::size_t each = 1) {
    return span_behind(static_cast<const Number*>(straight.data()),
                       static_cast<std::size_t>(straight.size()) * each);
}

[[noreturn]] void refuse_kind(py::handle word) {
    refuse(Misuse::kind,
           "kind: " + std::string(py::repr(word)) + " is neither 'call', 'c', 'put' nor 'p'");
}

// In letters of any case, against a word in small ones.
template <class Letter>
bool reads(std::basic_string_view<Letter> text, std::string_view word) {
    constexpr int to_capital = 'A' - 'a';
    return std::ranges::equal(text, word, [](Letter letter, char small) {
        return letter == static_cast<Letter>(small) ||
               letter == static_cast<Letter>(small + to_capital);
    });
}

// No kind is 0.
template <class Letter>
std::int8_t kind_in(std::basic_string_view<Letter> text) {
    const bool is_call = reads(text, "call") || reads(text, "c");
    const bool is_put = reads(text, "put") || reads(text, "p");
    return static_cast<std::int8_t>(is_call ? 1 : is_put ? -1 : 0);
}

std::int8_t kind_of_word(py::handle word) {
    Py_ssize_t size = 0;
    const char* letters =
        PyUnicode_Check(word.ptr()) ? PyUnicode_AsUTF8AndSize(word.ptr(), &size) : nullptr;
    PyErr_Clear();
    const std::string_view text(letters == nullptr ? "" : letters, static_cast<std::size_t>(size));
    const std::int8_t kind = kind_in(text);
    if (kind == 0) {
        refuse_kind(word);
    }
    return kind;
}

py::array straight(const py::array& array) {
    return py::module_::import("numpy").attr("ascontiguousarray")(array);
}

// The same shape, kinds in it.
template <class Kind>
py::array kinds_in_shape(const py::array& array, const Kind& kind_at) {
    py::array_t<std::int8_t> kinds(shape_of(array));
    const std::span into =
        span_behind(kinds.mutable_data(), static_cast<std::size_t>(array.size()));
    for (std::size_t i = 0; i < into.size(); ++i) {
        into[i] = kind_at(i);
    }
    return kinds;
}

py::array kinds_of_words(const py::array& words) {
    const std::size_t width = static_cast<std::size_t>(words.itemsize()) / sizeof(char32_t);
    const std::span letters = numbers_in<char32_t>(words, width);
    return kinds_in_shape(words, [&](std::size_t i) {
        const std::span row = letters.subspan(i * width, width);
        const std::u32string_view word(row.begin(), std::ranges::find(row, U'\0'));
        const std::int8_t kind = kind_in(word);
        if (kind == 0) {
            refuse_kind(py::cast(std::u32string(word)));
        }
        return kind;
    });
}

// Most words are the same few objects as before.
py::array kinds_of_objects(const py::array& objects) {
    const std::span words = numbers_in<PyObject*>(objects);
    const PyObject* last = nullptr;
    std::int8_t kind = 0;
    return kinds_in_shape(objects, [&](std::size_t i) {
        kind = words[i] == last ? kind : kind_of_word(words[i]);
        last = words[i];
        return kind;
    });
}

// What is neither 1 nor -1 is no kind, and its option has no price.
py::array kinds_of_signs(const py::array& array) {
    const py::array signs = converted(array, "kind");
    const std::span numbers = numbers_in<double>(signs);
    return kinds_in_shape(signs, [&](std::size_t i) {
        return static_cast<std::int8_t>(numbers[i] == 1.0 ? 1 : numbers[i] == -1.0 ? -1 : 0);
    });
}

}  // namespace

template <class Number>
Column<Number>::Column(const py::array& numbers)
    : owner(numbers), first(static_cast<const Number*>(numbers.data())), shape(shape_of(numbers)) {
    for (py::ssize_t d = 0; d < numbers.ndim(); ++d) {
        steps.push_back(numbers.strides(d) / static_cast<py::ssize_t>(sizeof(Number)));
    }
}

template struct Column<double>;
template struct Column<std::int8_t>;

Shape shape_of(const py::array& array) {
    Shape shape;
    for (py::ssize_t d = 0; d < array.ndim(); ++d) {
        shape.push_back(array.shape(d));
    }
    return shape;
}

std::string text_of(const Shape& shape) {
    std::string text = "(";
    for (const std::ptrdiff_t size : shape) {
        text += (text.size() > 1 ? ", " : "") + std::to_string(size);
    }
    return text + (shape.size() == 1 ? ",)" : ")");
}

bool is_straight(const py::array& array) {
    return (array.flags() & py::array::c_style) != 0 && (array.flags() & is_aligned) != 0;
}

std::optional<double> number_of(py::handle argument, std::string_view name) {
    if (PyFloat_Check(argument.ptr())) {
        return PyFloat_AS_DOUBLE(argument.ptr());
    }
    if (!PyLong_Check(argument.ptr())) {
        return std::nullopt;
    }
    const double number = PyLong_AsDouble(argument.ptr());
    if (number == -1.0 && PyErr_Occurred() != nullptr) {
        PyErr_Clear();
        refuse(Misuse::number, std::string(name) + ": a number beyond those of float64");
    }
    return number;
}

std::optional<std::int8_t> kind_of(py::handle argument) {
    return PyUnicode_Check(argument.ptr()) ? std::optional(kind_of_word(argument)) : std::nullopt;
}

Column<double> numbers_of(py::handle argument, std::string_view name) {
    if (const std::optional<double> number = number_of(argument, name)) {
        return Column<double>(*number);
    }
    const py::array array = array_of(argument);
    if (!array || argument.is_none()) {
        refuse(Misuse::number, std::string(name) + ": no number, and no array of numbers");
    }
    if (std::string_view("fiubO").find(array.dtype().kind()) == std::string_view::npos) {
        refuse(Misuse::number, std::string(name) + ": " + std::string(py::str(array.dtype())) +
                                   " is no kind of number");
    }
    if (py::isinstance<py::array_t<double>>(array) && (array.flags() & is_aligned) != 0) {
        return Column<double>(array);
    }
    return Column<double>(converted(array, name));
}

Column<std::int8_t> kinds_of(py::handle argument) {
    if (const std::optional<std::int8_t> kind = kind_of(argument)) {
        return Column<std::int8_t>(*kind);
    }
    const py::array array = py::array::ensure(argument);
    if (!array) {
        refuse(Misuse::kind, "kind: no word, and no array of words or signs");
    }
    if (py::isinstance<py::array_t<std::int8_t>>(array)) {
        return Column<std::int8_t>(array);
    }
    switch (array.dtype().kind()) {
        case 'U':
            return Column<std::int8_t>(kinds_of_words(straight(array)));
        case 'O':
            return Column<std::int8_t>(kinds_of_objects(straight(array)));
        case 'i':
        case 'u':
        case 'f':
            return Column<std::int8_t>(kinds_of_signs(array));
        default:
            refuse(Misuse::kind,
                   "kind: neither words nor signs, but " + std::string(py::str(array.dtype())));
    }
}

}  // namespace miletus::python
