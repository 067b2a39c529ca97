// Question: a model's columns, laid out in the one shape that numpy's rules give them together, and
// where the results go.
#pragma once

#include "bindings/python/columns.hpp"
#include "bindings/python/models.hpp"

#include <pybind11/pybind11.h>

#include <cstddef>
#include <span>
#include <string_view>

namespace miletus::python {

// How a column lies in the results' shape: straight, which is one number for all or one after the
// other, or anyhow, in steps.
template <class Number>
struct Strip {
    Column<Number> column{};
    std::span<const Number> straight{};
    Shape steps{};

    [[nodiscard]] bool is_straight() const { return !straight.empty(); }
};

class Question {
  public:
    Question(const Model& model, const pybind11::tuple& numbers, pybind11::handle kind);

    // Columns that these results are written over are read from copies, but for those whose rows
    // are each where the row's result will be.
    template <class Number>
    void keep_from(std::span<Number> results);

    // The rows of a share, without those columns that have to be gathered.
    [[nodiscard]] Rows straight_rows(std::size_t first, std::size_t count) const;
    [[nodiscard]] bool is_straight() const;
    // Where there is no shape.
    [[nodiscard]] PlainRow plain_row() const;

    template <class Visit>
    void each_column(const Visit& visit) const {
        for (std::size_t at = 0; at < model->numbers.size(); ++at) {
            visit(numbers[at]);
        }
        visit(kinds);
    }

    const Model* model;
    Shape shape{};
    std::size_t count = 1;
    std::array<Strip<double>, numbers_max> numbers{};
    Strip<std::int8_t> kinds{};
    std::array<std::span<double>, results_max> results{};  // empty where not wanted
    std::span<std::uint8_t> status{};

  private:
    void broadcast(const Shape& other, std::string_view name);
};

}  // namespace miletus::python
