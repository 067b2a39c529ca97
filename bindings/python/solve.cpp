// Where all columns lie straight, a kernel works on a whole share of them in place; else a piece at
// a time is gathered.
#include "bindings/python/solve.hpp"

#include "bindings/python/answer.hpp"
#include "bindings/python/errors.hpp"
#include "host/shares.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace miletus::python {

namespace py = pybind11;

namespace {

// Rows of a share, and rows that are gathered at once.
constexpr std::size_t grain = 4096;
constexpr std::size_t piece = 512;
constexpr long threads_max = 1024;

std::size_t threads_of(py::handle argument) {
    const long threads = PyLong_Check(argument.ptr()) ? PyLong_AsLong(argument.ptr()) : -1;
    if (threads < 1 || threads > threads_max) {
        PyErr_Clear();
        refuse(Misuse::argument, "threads: a number from 1 to " + std::to_string(threads_max));
    }
    return static_cast<std::size_t>(threads);
}

// What a thread gathers into, and where the first results go that nobody wants.
struct Scratch {
    std::array<std::array<double, piece>, numbers_max> numbers;
    std::array<std::int8_t, piece> kinds;
    std::array<double, piece> unwanted;
};

template <class Number>
void gather_column(const Strip<Number>& strip, const Shape& shape, host::Share share,
                   std::span<Number> scratch, std::span<const Number>& column) {
    if (!strip.is_straight()) {
        gather(strip.column.first, strip.steps, shape, share.first, scratch.first(share.count));
        column = scratch.first(share.count);
    }
}

void solve_piece(const Question& question, host::Share share, Scratch& scratch) {
    Rows rows = question.straight_rows(share.first, share.count);
    for (std::size_t at = 0; at < question.model->numbers.size(); ++at) {
        gather_column<double>(question.numbers[at], question.shape, share, scratch.numbers[at],
                              rows.numbers[at]);
    }
    gather_column<std::int8_t>(question.kinds, question.shape, share, scratch.kinds, rows.kinds);
    if (rows.results[0].empty()) {
        rows.results[0] = std::span(scratch.unwanted).first(share.count);
    }
    question.model->kernel(rows);
}

void solve_in_pieces(const Question& question, host::Share share) {
    Scratch scratch;
    for (std::size_t done = 0; done < share.count; done += piece) {
        solve_piece(question, {share.first + done, std::min(piece, share.count - done)}, scratch);
    }
}

// Where all are plain, there is nothing to lay out.
std::optional<PlainRow> plain_row_of(const Model& model, const py::tuple& numbers,
                                     py::handle kind) {
    PlainRow row{};
    for (std::size_t at = 0; at < model.numbers.size(); ++at) {
        const std::optional<double> number =
            number_of(PyTuple_GetItem(numbers.ptr(), static_cast<Py_ssize_t>(at)));
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
    const bool is_straight = question.is_straight() && wanted.has(0);
    const auto solve_share = [&](host::Share share) {
        if (is_straight) {
            model.kernel(question.straight_rows(share.first, share.count));
        } else {
            solve_in_pieces(question, share);
        }
    };
    {
        const py::gil_scoped_release released;
        host::share_out(question.count, grain, useful, solve_share);
    }
    return answer;
}

}  // namespace miletus::python
