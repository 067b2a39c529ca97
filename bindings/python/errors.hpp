// Misuse: what a caller got wrong about the call itself. It raises one of the exceptions that
// miletus/errors.py defines; data that has no price never raises, and carries a status instead.
#pragma once

#include <cstdint>
#include <string>

namespace miletus::python {

enum class Misuse : std::uint8_t { number, kind, shape, output, argument };

[[noreturn]] void refuse(Misuse misuse, const std::string& message);

}  // namespace miletus::python
