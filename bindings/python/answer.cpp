// Arrays that a caller passes are written as they are: none is converted, none grows.
#include "bindings/python/answer.hpp"

#include "bindings/python/errors.hpp"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

namespace miletus::python {

namespace py = pybind11;

namespace {

// A tuple's element, or the only one that there is.
py::object given(py::handle out, std::size_t at, const Wanted& wanted) {
    if (!PyTuple_Check(out.ptr())) {
        if (!out.is_none() && !wanted.is_single()) {
            refuse(Misuse::output, "out: one array, where several are wanted");
        }
        return py::reinterpret_borrow<py::object>(out);
    }
    const auto all = py::reinterpret_borrow<py::tuple>(out);
    if (all.size() != wanted.places()) {
        refuse(Misuse::output, "out: " + std::to_string(all.size()) + " arrays, where there are " +
                                   std::to_string(wanted.places()));
    }
    return all[at];
}

template <class Number>
bool fits(py::handle given, const Shape& shape) {
    if (!py::isinstance<py::array_t<Number>>(given)) {
        return false;
    }
    const auto array = py::reinterpret_borrow<py::array>(given);
    return is_straight(array) && array.writeable() && std::ranges::equal(shape_of(array), shape);
}

template <class Number>
py::array_t<Number> room_for(const py::object& given, const Shape& shape) {
    if (given.is_none()) {
        return py::array_t<Number>(shape);
    }
    if (!fits<Number>(given, shape)) {
        refuse(Misuse::output, "out: not a writable array of " +
                                   std::string(py::str(py::dtype::of<Number>())) + " and shape " +
                                   text_of(shape) + " in C's order");
    }
    return py::reinterpret_borrow<py::array_t<Number>>(given);
}

// No two results may be written to the same place.
class Occupied {
  public:
    template <class Number>
    void add(std::span<Number> results) {
        const Extent extent = extent_of(results.data(), {1}, {std::ssize(results)});
        for (const Extent& other : std::span(extents_).first(count_)) {
            if (extent.overlaps(other)) {
                refuse(Misuse::output, "out: two results in the same memory");
            }
        }
        extents_[count_++] = extent;
    }

  private:
    std::array<Extent, results_max + 1> extents_{};
    std::size_t count_ = 0;
};

template <class Number>
py::object place(Question& question, std::span<Number>& results, const py::object& given,
                 Occupied& occupied) {
    auto room = room_for<Number>(given, question.shape);
    results = span_behind(room.mutable_data(), question.count);
    if (!given.is_none()) {
        occupied.add(results);
        question.keep_from(results);
    }
    return room;
}

}  // namespace

Wanted::Wanted(std::uint32_t bits, std::size_t places)
    : bits_(bits & ((1U << places) - 1)), places_(places) {
    if (bits_ == 0) {
        refuse(Misuse::argument, "names: nothing is wanted");
    }
}

bool Wanted::is_single() const {
    return std::has_single_bit(bits_);
}

py::object Wanted::taken_from(std::array<py::object, results_max + 1> objects) const {
    if (is_single()) {
        return std::move(objects[static_cast<std::size_t>(std::countr_zero(bits_))]);
    }
    py::tuple all(places_);
    for (std::size_t at = 0; at < places_; ++at) {
        all[at] = has(at) ? std::move(objects[at]) : py::object(py::none());
    }
    return all;
}

py::object make_room(Question& question, const Wanted& wanted, py::handle out) {
    std::array<py::object, results_max + 1> places;
    Occupied occupied;
    const std::size_t status_at = question.model->results;
    for (std::size_t at = 0; at < status_at; ++at) {
        if (wanted.has(at)) {
            places[at] = place(question, question.results[at], given(out, at, wanted), occupied);
        }
    }
    if (wanted.has(status_at)) {
        places[status_at] =
            place(question, question.status, given(out, status_at, wanted), occupied);
    }
    return wanted.taken_from(std::move(places));
}

py::object plain_answer(const PlainResults& results, const Wanted& wanted) {
    std::array<py::object, results_max + 1> places;
    const std::size_t status_at = wanted.places() - 1;
    for (std::size_t at = 0; at < status_at; ++at) {
        if (wanted.has(at)) {
            places[at] = py::float_(results.results[at]);
        }
    }
    if (wanted.has(status_at)) {
        places[status_at] = py::int_(results.status);
    }
    return wanted.taken_from(std::move(places));
}

}  // namespace miletus::python
