// Instruments come in any shape; their entries get one dimension more, of scenarios.
#include "bindings/python/risk.hpp"

#include "base/assert.hpp"
#include "bindings/python/arguments.hpp"
#include "bindings/python/errors.hpp"
#include "bindings/python/pieces.hpp"
#include "pricing/pricing.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace miletus::python {

namespace py = pybind11;

namespace {

using Names = std::string_view;

constexpr std::array option_names{Names{"F"},   Names{"K"},  Names{"T"},
                                  Names{"vol"}, Names{"df"}, Names{"units"}};
constexpr std::array linear_names{Names{"price"}, Names{"units"}};
constexpr Model option_lots{"option_lots", option_names, 0, nullptr, nullptr};
constexpr Model linear_lots{"linear_lots", linear_names, 0, nullptr, nullptr};

pricing::VolMove vol_move_of(py::handle word) {
    const std::string text = py::str(word);
    if (text == "same") {
        return pricing::VolMove::same;
    }
    if (text == "up") {
        return pricing::VolMove::up;
    }
    if (text == "down") {
        return pricing::VolMove::down;
    }
    refuse(Misuse::argument, "scenarios: volatility moves 'up', 'down' or stays the 'same'");
}

std::vector<pricing::Scenario> scenarios_of(const py::list& rows) {
    std::vector<pricing::Scenario> scenarios;
    for (const py::handle row : rows) {
        if (!py::isinstance<py::sequence>(row) || py::len(row) != 3) {
            refuse(Misuse::argument, "scenarios: rows of price move, volatility move and weight");
        }
        const auto cells = py::reinterpret_borrow<py::sequence>(row);
        scenarios.push_back({.price_move = single_of(cells[0], "scenarios"),
                             .vol_move = vol_move_of(cells[1]),
                             .weight = single_of(cells[2], "scenarios")});
    }
    return scenarios;
}

pricing::VolShocks shocks_of(py::handle argument) {
    if (!py::isinstance<py::sequence>(argument) || py::len(argument) != 5) {
        refuse(Misuse::argument, "shocks: five numbers, as VolShocks has them");
    }
    const auto shocks = py::reinterpret_borrow<py::sequence>(argument);
    const auto number = [&](std::size_t at) {
        return single_of(shocks[at], "shocks");
    };
    return {.range_up = number(0),
            .range_down = number(1),
            .power_near = number(2),
            .power_far = number(3),
            .vol_min_up = number(4)};
}

// All rows' entries, and their statuses. ask(rows, arrays) returns what is wrong with the call.
template <class Ask>
py::tuple risk_arrays_of(const Question& question, std::size_t scenarios, std::size_t threads,
                         const Ask& ask) {
    // What is wrong with a call is wrong with one about nothing.
    const pricing::RiskFault fault = ask(Rows{}, pricing::RiskArrays{});
    if (fault != pricing::RiskFault::none) {
        refuse(Misuse::argument, "scenarios: " + std::string(sentence(fault)));
    }
    Shape shape = question.shape;
    shape.push_back(static_cast<std::ptrdiff_t>(scenarios));
    py::array_t<std::int64_t> entries(shape);
    py::array_t<std::uint8_t> status(question.shape);
    const std::span all = span_behind(entries.mutable_data(), question.count * scenarios);
    const std::span statuses = span_behind(status.mutable_data(), question.count);
    {
        const py::gil_scoped_release released;
        work_on(question, threads, false, [&](const Rows& rows, host::Share share) {
            const auto first = share.first * scenarios;
            const auto done = ask(
                rows, pricing::RiskArrays{.entries = all.subspan(first, share.count * scenarios),
                                          .status = statuses.subspan(share.first, share.count)});
            ASSERT(done == pricing::RiskFault::none);
        });
    }
    return py::make_tuple(std::move(entries), std::move(status));
}

py::tuple option_risk(const py::tuple& numbers, py::handle kind, const py::list& scenarios,
                      py::handle shocks, py::handle threads) {
    const Question question(option_lots, numbers, kind);
    const auto rules = shocks_of(shocks);
    const auto list = scenarios_of(scenarios);
    return risk_arrays_of(question, list.size(), threads_of(threads),
                          [&](const Rows& rows, const pricing::RiskArrays& out) {
                              return risk_arrays({.forward = rows.numbers[0],
                                                  .strike = rows.numbers[1],
                                                  .time = rows.numbers[2],
                                                  .vol = rows.numbers[3],
                                                  .discount = rows.numbers[4],
                                                  .units = rows.numbers[5],
                                                  .kind = rows.kinds},
                                                 list, rules, out);
                          });
}

py::tuple linear_risk(const py::tuple& numbers, const py::list& scenarios, py::handle threads) {
    const Question question(linear_lots, numbers, py::str("call"));
    const auto list = scenarios_of(scenarios);
    return risk_arrays_of(
        question, list.size(), threads_of(threads),
        [&](const Rows& rows, const pricing::RiskArrays& out) {
            return risk_arrays(
                pricing::LinearLots{.price = rows.numbers[0], .units = rows.numbers[1]}, list, out);
        });
}

const char* word_of(pricing::VolMove move) {
    switch (move) {
        case pricing::VolMove::same:
            return "same";
        case pricing::VolMove::up:
            return "up";
        case pricing::VolMove::down:
            return "down";
    }
    return "?";
}

py::list usual_scenarios(py::handle price_range, py::handle extended_factor) {
    const pricing::ScenarioRules rules{
        .price_range = amount_of(price_range, "price_range"),
        .extended_factor = amount_of(extended_factor, "extended_factor")};
    py::list rows;
    for (const pricing::Scenario& scenario : pricing::usual_scenarios(rules)) {
        rows.append(
            py::make_tuple(scenario.price_move, word_of(scenario.vol_move), scenario.weight));
    }
    return rows;
}

}  // namespace

void define_risk(py::module_& module) {
    module.def("risk_array", option_risk,
               "risk_array(numbers, kind, scenarios, shocks, threads, /)\n--\n\n"
               "Entries of options, and their statuses.");
    module.def("linear_risk_array", linear_risk,
               "linear_risk_array(numbers, scenarios, threads, /)\n--\n\n"
               "Entries of what is linear, and their statuses.");
    module.def("usual_scenarios", usual_scenarios,
               "usual_scenarios(price_range, extended_factor, /)\n--\n\nThe usual scenarios.");
}

}  // namespace miletus::python
