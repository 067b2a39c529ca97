// Shapes are compared from their last dimension; one that is missing, or 1, goes with any.
#include "bindings/python/question.hpp"

#include "bindings/python/errors.hpp"

#include <string>

namespace miletus::python {

namespace py = pybind11;

namespace {

std::size_t count_of(const Shape& shape) {
    std::size_t count = 1;
    for (const std::ptrdiff_t size : shape) {
        if (__builtin_mul_overflow(count, static_cast<std::size_t>(size), &count)) {
            refuse(Misuse::shape, "no memory holds results of shape " + text_of(shape));
        }
    }
    return count;
}

template <class Number>
void lay(Strip<Number>& strip, const Shape& shape, std::size_t count) {
    const Column<Number>& column = strip.column;
    if (column.first == nullptr) {
        strip.straight = span_behind<const Number>(&column.single, 1);
        return;
    }
    strip.steps.assign(shape.size(), 0);
    const std::size_t missing = shape.size() - column.shape.size();
    std::ptrdiff_t next = 1;
    bool is_straight = true;
    bool is_single = true;
    for (std::size_t d = shape.size(); d-- > 0;) {
        if (d >= missing && column.shape[d - missing] != 1) {
            strip.steps[d] = column.steps[d - missing];
            is_single = false;
        }
        is_straight &= shape[d] == 1 || strip.steps[d] == next;
        next *= shape[d];
    }
    if (is_straight || is_single) {
        strip.straight = span_behind(column.first, is_single ? 1 : count);
    }
}

template <class Number>
void keep(Strip<Number>& strip, const Extent& results, const Question& question) {
    Column<Number>& column = strip.column;
    if (column.first == nullptr) {
        return;
    }
    const Extent extent = extent_of(column.first, column.steps, column.shape);
    const bool is_in_place = strip.straight.size() > 1 && extent.begin == results.begin;
    if (extent.overlaps(results) && !is_in_place) {
        column = Column<Number>(py::array(column.owner.attr("copy")("C")));
        lay(strip, question.shape, question.count);
    }
}

template <class Number>
std::span<const Number> piece_of(const Strip<Number>& strip, std::size_t first, std::size_t count) {
    return strip.straight.size() > 1 ? strip.straight.subspan(first, count) : strip.straight;
}

template <class Number>
std::span<Number> piece_of(std::span<Number> results, std::size_t first, std::size_t count) {
    return results.empty() ? results : results.subspan(first, count);
}

}  // namespace

Question::Question(const Model& asked, const py::tuple& arguments, py::handle kind)
    : model(&asked) {
    for (std::size_t at = 0; at < model->numbers.size(); ++at) {
        Column<double>& column = numbers[at].column;
        column = numbers_of(arguments[at], model->numbers[at]);
        broadcast(column.shape, model->numbers[at]);
    }
    kinds.column = kinds_of(kind);
    broadcast(kinds.column.shape, "kind");
    count = count_of(shape);
    for (std::size_t at = 0; at < model->numbers.size(); ++at) {
        lay(numbers[at], shape, count);
    }
    lay(kinds, shape, count);
}

void Question::broadcast(const Shape& other, std::string_view name) {
    if (other.size() > shape.size()) {
        shape.insert(shape.begin(), other.size() - shape.size(), 1);
    }
    for (std::size_t d = 1; d <= other.size(); ++d) {
        const std::ptrdiff_t size = other[other.size() - d];
        std::ptrdiff_t& common = shape[shape.size() - d];
        if (common != size && common != 1 && size != 1) {
            refuse(Misuse::shape, std::string(name) + ": of shape " + text_of(other) +
                                      ", which does not go with " + text_of(shape));
        }
        common = common == 1 ? size : common;
    }
}

template <class Number>
void Question::keep_from(std::span<Number> written) {
    const Extent extent = extent_of(written.data(), {1}, {std::ssize(written)});
    for (std::size_t at = 0; at < model->numbers.size(); ++at) {
        keep(numbers[at], extent, *this);
    }
    keep(kinds, extent, *this);
}

template void Question::keep_from(std::span<double> written);
template void Question::keep_from(std::span<std::uint8_t> written);

Rows Question::straight_rows(std::size_t first, std::size_t rows_count) const {
    Rows rows;
    for (std::size_t at = 0; at < model->numbers.size(); ++at) {
        rows.numbers[at] = piece_of(numbers[at], first, rows_count);
    }
    rows.kinds = piece_of(kinds, first, rows_count);
    for (std::size_t at = 0; at < results_max; ++at) {
        rows.results[at] = piece_of(results[at], first, rows_count);
    }
    rows.status = piece_of(status, first, rows_count);
    return rows;
}

PlainRow Question::plain_row() const {
    PlainRow row{.numbers = {}, .kind = kinds.straight.front()};
    for (std::size_t at = 0; at < model->numbers.size(); ++at) {
        row.numbers[at] = numbers[at].straight.front();
    }
    return row;
}

bool Question::is_straight() const {
    bool is_straight = true;
    each_column([&](const auto& strip) { is_straight &= strip.is_straight(); });
    return is_straight;
}

}  // namespace miletus::python
