// Answer: the results as Python sees them, each in its place, the status behind the numbers.
#pragma once

#include "bindings/python/question.hpp"

#include <pybind11/pybind11.h>

#include <array>
#include <cstdint>

namespace miletus::python {

// Which places are wanted, a bit for each.
class Wanted {
  public:
    Wanted(std::uint32_t bits, std::size_t places);

    [[nodiscard]] bool has(std::size_t at) const { return (bits_ >> at & 1U) != 0; }
    [[nodiscard]] bool is_single() const;
    [[nodiscard]] std::size_t places() const { return places_; }
    // For the only one, that itself; for more of them a tuple, with None in the other places.
    [[nodiscard]] pybind11::object taken_from(
        std::array<pybind11::object, results_max + 1> objects) const;

  private:
    std::uint32_t bits_;
    std::size_t places_;
};

// Arrays for the results, which the question then knows: those of `out`, or new ones.
[[nodiscard]] pybind11::object make_room(Question& question, const Wanted& wanted,
                                         pybind11::handle out);

// Plain numbers.
[[nodiscard]] pybind11::object plain_answer(const PlainResults& results, const Wanted& wanted);

}  // namespace miletus::python
