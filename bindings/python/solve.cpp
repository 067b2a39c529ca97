// Plain numbers are answered at once; arrays are laid out, and worked on in pieces.
#include "bindings/python/solve.hpp"

#include "bindings/python/answer.hpp"
#include "bindings/python/arguments.hpp"
#include "bindings/python/errors.hpp"
#include "bindings/python/pieces.hpp"

#include <array>
#include <optional>

namespace miletus::python {

namespace py = pybind11;

namespace {

// Where all are plain, there is nothing to lay out.
std::optional<PlainRow> plain_row_of(const Model& model, const py::tuple& numbers,
                                     py::handle kind) {
    PlainRow row{};
    for (std::size_t at = 0; at < model.numbers.size(); ++at) {
        const std::optional<double> number = number_of(
            PyTuple_GetItem(numbers.ptr(), static_cast<Py_ssize_t>(at)), model.numbers[at]);
        if (!number) {
            return std::nullopt;
        }
        row.numbers[at] = *number;
    }
    const std::optional<std::int8_t> word = kind_of(kind);
    row.kind = word.value_or(0);
    return word ? std::optional(row) : std::nullopt;
}

}  // namespace

py::object solve(const Model& model, const py::tuple& numbers, py::handle kind,
                 std::uint32_t wanted_bits, py::handle out, py::handle threads) {
    if (numbers.size() != model.numbers.size()) {
        refuse(Misuse::argument, "solve: other columns than the model's");
    }
    const std::size_t useful = threads_of(threads);
    const Wanted wanted(wanted_bits, model.results + 1);
    const bool may_be_plain = out.is_none();
    if (const auto row = may_be_plain ? plain_row_of(model, numbers, kind) : std::nullopt) {
        return plain_answer(model.plain_kernel(*row), wanted);
    }
    Question question(model, numbers, kind);
    if (question.shape.empty() && may_be_plain) {
        return plain_answer(model.plain_kernel(question.plain_row()), wanted);
    }
    py::object answer = make_room(question, wanted, out);
    const bool is_priced = wanted.has(0);
    {
        const py::gil_scoped_release released;
        work_on(question, useful, !is_priced, [&](Rows rows, host::Share share) {
            if (is_priced) {
                model.kernel(rows);
                return;
            }
            std::array<double, piece> unwanted;
            rows.results[0] = std::span(unwanted).first(share.count);
            model.kernel(rows);
        });
    }
    return answer;
}

}  // namespace miletus::python
