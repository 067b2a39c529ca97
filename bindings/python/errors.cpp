// Exceptions are defined in Python, so that they have their documentation there.
#include "bindings/python/errors.hpp"

#include <pybind11/pybind11.h>

namespace miletus::python {

namespace {

const char* name_of(Misuse misuse) {
    switch (misuse) {
        case Misuse::number:
            return "NumberError";
        case Misuse::kind:
            return "KindError";
        case Misuse::shape:
            return "ShapeError";
        case Misuse::output:
            return "OutputError";
        case Misuse::argument:
            return "ArgumentError";
    }
    return "Error";
}

}  // namespace

void refuse(Misuse misuse, const std::string& message) {
    const auto type = pybind11::module_::import("miletus.errors").attr(name_of(misuse));
    PyErr_SetString(type.ptr(), message.c_str());
    throw pybind11::error_already_set();
}

}  // namespace miletus::python
