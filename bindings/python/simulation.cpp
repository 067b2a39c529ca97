// Blocks of samples are shared out between threads; what they are put together to is the same for
// any number of them.
#include "bindings/python/simulation.hpp"

#include "base/assert.hpp"
#include "bindings/python/arguments.hpp"
#include "bindings/python/columns.hpp"
#include "bindings/python/errors.hpp"
#include "host/shares.hpp"
#include "pricing/pricing.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace miletus::python {

namespace py = pybind11;

namespace {

template <class Value, std::size_t count>
using Words = std::array<std::pair<std::string_view, Value>, count>;

constexpr Words<pricing::Style, 5> styles{{{"european", pricing::Style::european},
                                           {"arithmetic", pricing::Style::arithmetic_asian},
                                           {"geometric", pricing::Style::geometric_asian},
                                           {"barrier", pricing::Style::barrier},
                                           {"basket", pricing::Style::basket}}};
constexpr Words<pricing::BarrierKind, 4> barriers{
    {{"up-and-out", pricing::BarrierKind::up_and_out},
     {"up-and-in", pricing::BarrierKind::up_and_in},
     {"down-and-out", pricing::BarrierKind::down_and_out},
     {"down-and-in", pricing::BarrierKind::down_and_in}}};
constexpr Words<pricing::Generator, 2> generators{
    {{"philox", pricing::Generator::philox}, {"sobol", pricing::Generator::sobol}}};

template <class Value, std::size_t count>
Value meant_by(py::handle word, const Words<Value, count>& words, std::string_view name) {
    const std::string text = py::str(word);
    std::string known;
    for (const auto& [spelling, value] : words) {
        if (text == spelling) {
            return value;
        }
        known += " " + std::string(spelling);
    }
    refuse(Misuse::argument, std::string(name) + ": '" + text + "' is none of" + known);
}

template <class Number>
Number whole_number(py::handle argument, std::string_view name) {
    const unsigned long long number =
        PyLong_Check(argument.ptr()) ? PyLong_AsUnsignedLongLong(argument.ptr()) : 0;
    const bool fits = PyLong_Check(argument.ptr()) && PyErr_Occurred() == nullptr &&
                      std::in_range<Number>(number);
    PyErr_Clear();
    if (!fits) {
        refuse(Misuse::argument, std::string(name) + ": a whole number, not negative or too large");
    }
    return static_cast<Number>(number);
}

double number_of_one(py::handle argument, std::string_view name) {
    const std::vector<double> numbers = list_of(argument, name);
    if (numbers.size() != 1) {
        refuse(Misuse::shape, std::string(name) + ": one number");
    }
    return numbers.front();
}

// Memory of its own for all that a simulation looks at.
class Request {
  public:
    // (S, vol, r, q, times, correlation), (style, kind, strike, barrier kind, barrier, continuous,
    // weights), (paths, seed, generator, shifts, bridge, antithetic, control)
    Request(const py::tuple& market, const py::tuple& payoff, const py::tuple& drawing)
        : times_(list_of(market[4], "times")),
          correlation_(list_of(market[5], "correlation")),
          weights_(list_of(payoff[6], "weights")) {
        const double rate = number_of_one(market[2], "r");
        read_assets(market, rate);
        simulation_.assets = assets_;
        simulation_.times = times_;
        simulation_.correlation = correlation_;
        simulation_.discount = pricing::value_of(pricing::Function::exp,
                                                 -rate * (times_.empty() ? 0.0 : times_.back()));
        read_payoff(payoff);
        read_drawing(drawing);
    }
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    [[nodiscard]] const pricing::Simulation& simulation() const { return simulation_; }

  private:
    void read_assets(const py::tuple& market, double rate) {
        const std::vector<double> spots = list_of(market[0], "S");
        const std::vector<double> vols = list_of(market[1], "vol");
        const std::vector<double> yields = list_of(market[3], "q");
        for (const std::size_t size : {vols.size(), yields.size()}) {
            if (size != 1 && size != spots.size()) {
                refuse(Misuse::shape, "vol and q: one number, or as many as there are assets");
            }
        }
        for (std::size_t at = 0; at < spots.size(); ++at) {
            const double yield = yields[yields.size() == 1 ? 0 : at];
            const double vol = vols[vols.size() == 1 ? 0 : at];
            assets_.push_back({.spot = spots[at], .carry = rate - yield, .vol = vol});
        }
    }

    void read_payoff(const py::tuple& payoff) {
        const Column<std::int8_t> kind = kinds_of(payoff[1]);
        if (kind.first != nullptr) {
            refuse(Misuse::kind, "kind: one word for one simulation");
        }
        simulation_.payoff = {
            .style = meant_by(payoff[0], styles, "average"),
            .kind = kind.single,
            .strike = number_of_one(payoff[2], "K"),
            .barrier_kind = meant_by(payoff[3], barriers, "barrier_kind"),
            .barrier = number_of_one(payoff[4], "barrier"),
            .is_continuous = py::cast<bool>(payoff[5]),
            .weights = weights_,
        };
    }

    void read_drawing(const py::tuple& drawing) {
        if (drawing.size() != 7) {
            refuse(Misuse::argument, "drawing: a Drawing");
        }
        simulation_.paths = whole_number<std::uint64_t>(drawing[0], "paths");
        simulation_.seed = whole_number<std::uint64_t>(drawing[1], "seed");
        simulation_.generator = meant_by(drawing[2], generators, "generator");
        simulation_.shifts = whole_number<std::uint32_t>(drawing[3], "shifts");
        simulation_.has_bridge = py::cast<bool>(drawing[4]);
        simulation_.is_antithetic = py::cast<bool>(drawing[5]);
        simulation_.has_control = py::cast<bool>(drawing[6]);
    }

    std::vector<double> times_;
    std::vector<double> correlation_;
    std::vector<double> weights_;
    std::vector<pricing::Asset> assets_;
    pricing::Simulation simulation_;
};

py::tuple simulate(const py::tuple& market, const py::tuple& payoff, const py::tuple& drawing,
                   py::handle threads) {
    const Request request(market, payoff, drawing);
    const std::size_t useful = threads_of(threads);
    pricing::Estimate estimate;
    {
        const py::gil_scoped_release released;
        const pricing::Paths paths(request.simulation());
        std::vector<pricing::BlockSum> sums(paths.blocks());
        host::share_out(sums.size(), 1, useful, [&](host::Share share) {
            const bool fits =
                paths.run(share.first, std::span(sums).subspan(share.first, share.count));
            ASSERT(fits);
        });
        estimate = paths.estimate(sums);
        if (paths.status() != pricing::PathStatus::ok) {
            estimate.status = paths.status();
        }
    }
    return py::make_tuple(estimate.value, estimate.standard_error, estimate.paths,
                          estimate.control_coefficient, static_cast<int>(estimate.status));
}

// From (time, asset, path) of a block to (path, time, asset) of all.
void copy_block(const pricing::Paths& paths, std::uint64_t block, std::span<double> room,
                std::size_t numbers, std::span<double> walks) {
    const bool fits = paths.store(block, room);
    ASSERT(fits);
    const std::size_t at_once = paths.paths_at_once();
    for (std::size_t path = 0; path < paths.samples_of(block); ++path) {
        for (std::size_t number = 0; number < numbers; ++number) {
            walks[path * numbers + number] = room[number * at_once + path];
        }
    }
}

// How many paths come before each block, and all of them behind that.
std::vector<std::size_t> first_paths(const pricing::Paths& paths) {
    std::vector<std::size_t> firsts{0};
    for (std::uint64_t block = 0; block < paths.blocks(); ++block) {
        firsts.push_back(firsts.back() + paths.samples_of(block));
    }
    return firsts;
}

py::tuple walk(const py::tuple& market, const py::tuple& payoff, const py::tuple& drawing,
               py::handle threads) {
    const Request request(market, payoff, drawing);
    const std::size_t useful = threads_of(threads);
    const pricing::Paths paths(request.simulation());
    const std::vector<std::size_t> firsts = first_paths(paths);
    const std::size_t walked = firsts.back();
    const std::size_t times = request.simulation().times.size();
    const std::size_t assets = request.simulation().assets.size();
    const std::size_t numbers = times * assets;
    py::array_t<double> walks(Shape{static_cast<std::ptrdiff_t>(walked),
                                    static_cast<std::ptrdiff_t>(times),
                                    static_cast<std::ptrdiff_t>(assets)});
    const std::span all = span_behind(walks.mutable_data(), walked * numbers);
    {
        const py::gil_scoped_release released;
        host::share_out(paths.blocks(), 1, useful, [&](host::Share share) {
            std::vector<double> room(paths.stored_size());
            for (std::size_t block = share.first; block < share.first + share.count; ++block) {
                copy_block(paths, block, room, numbers, all.subspan(firsts[block] * numbers));
            }
        });
    }
    return py::make_tuple(std::move(walks), static_cast<int>(paths.status()));
}

}  // namespace

void define_simulation(py::module_& module) {
    module.def("simulate", simulate,
               "simulate(market, payoff, drawing, threads, /)\n--\n\nAn estimate of a payoff.");
    module.def("walk", walk,
               "walk(market, payoff, drawing, threads, /)\n--\n\nPrices along paths.");
}

}  // namespace miletus::python
