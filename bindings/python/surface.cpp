// A fit stays in C++; Python asks it for volatilities, and for its reports as columns.
#include "bindings/python/surface.hpp"

#include "base/assert.hpp"
#include "bindings/python/arguments.hpp"
#include "bindings/python/columns.hpp"
#include "bindings/python/errors.hpp"
#include "bindings/python/pieces.hpp"
#include "pricing/pricing.hpp"

#include <array>
#include <expected>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace miletus::python {

namespace py = pybind11;

namespace {

using Names = std::string_view;

constexpr std::array point_names{Names{"K"}, Names{"T"}};
constexpr Model surface_points{"surface_points", point_names, 1, nullptr, nullptr};

constexpr double longest_time = 1000;  // beyond which nothing is priced either

constexpr std::array<const char*, 7> quote_columns{"T",   "K",    "bid",    "ask",
                                                   "age", "mark", "forward"};

// A quote's numbers, in the order of `quote_columns`.
std::vector<pricing::Quote> quotes_of(const py::tuple& columns, py::handle kind) {
    std::array<std::vector<double>, quote_columns.size()> numbers;
    for (std::size_t at = 0; at < numbers.size(); ++at) {
        numbers[at] = list_of(columns[at], quote_columns[at]);
    }
    const std::vector<std::int8_t> kinds = kind_list_of(kind);
    const std::size_t count = kinds.size();
    for (std::size_t at = 0; at < numbers.size(); ++at) {
        if (numbers[at].size() != count) {
            refuse(Misuse::shape, std::string(quote_columns[at]) + ": " +
                                      std::to_string(numbers[at].size()) + " numbers for " +
                                      std::to_string(count) + " quotes");
        }
    }
    std::vector<pricing::Quote> quotes(count);
    for (std::size_t row = 0; row < count; ++row) {
        quotes[row] = {.time = numbers[0][row],
                       .strike = numbers[1][row],
                       .kind = kinds[row],
                       .bid = numbers[2][row],
                       .ask = numbers[3][row],
                       .age = numbers[4][row],
                       .mark = numbers[5][row],
                       .forward = numbers[6][row]};
    }
    return quotes;
}

// One column of a report.
template <class Rows, class Told>
py::list column(const Rows& rows, const Told& told) {
    py::list values;
    for (const auto& row : rows) {
        values.append(told(row));
    }
    return values;
}

class Fitted {
  public:
    explicit Fitted(pricing::SurfaceFit fit) : fit_(std::move(fit)) {}

    // Volatilities and their statuses, in the shape that strikes and times have together.
    [[nodiscard]] py::tuple vol(py::handle strikes, py::handle times, py::handle threads) const {
        const Question question(surface_points, py::make_tuple(strikes, times), py::str("call"));
        const std::size_t useful = threads_of(threads);
        py::array_t<double> vols(question.shape);
        py::array_t<std::uint8_t> status(question.shape);
        const std::span all = span_behind(vols.mutable_data(), question.count);
        const std::span statuses = span_behind(status.mutable_data(), question.count);
        {
            const py::gil_scoped_release released;
            work_on(question, useful, true, [&](const Rows& rows, host::Share share) {
                vol_of(rows, all.subspan(share.first, share.count),
                       statuses.subspan(share.first, share.count));
            });
        }
        return py::make_tuple(std::move(vols), std::move(status));
    }

    // Not a number at times that no option has.
    [[nodiscard]] double forward(py::handle argument) const {
        const double time = single_of(argument, "T");
        const bool is_time = time >= 0 && time <= longest_time;
        return is_time ? fit_.surface.forward(time) : std::numeric_limits<double>::quiet_NaN();
    }

    [[nodiscard]] py::dict expiries() const;
    [[nodiscard]] py::dict quotes() const;

  private:
    // A surface takes one time for all strikes, and not the other way round.
    void vol_of(const Rows& rows, std::span<double> vols, std::span<std::uint8_t> status) const {
        std::array<double, piece> same;
        std::span<const double> strikes = rows.numbers[0];
        if (strikes.size() == 1) {
            same.fill(strikes.front());
            strikes = std::span(same).first(vols.size());
        }
        const bool fits =
            fit_.surface.vol({.strike = strikes, .time = rows.numbers[1]}, vols, status);
        ASSERT(fits);
    }

    pricing::SurfaceFit fit_;
};

py::dict Fitted::expiries() const {
    using Report = pricing::ExpiryReport;
    const auto& rows = fit_.expiries;
    py::dict told;
    const auto tell = [&](const char* name, const auto& value) {
        told[name] = column(rows, value);
    };
    tell("T", [](const Report& row) { return row.time; });
    tell("forward", [](const Report& row) { return row.forward.forward; });
    tell("discount", [](const Report& row) { return row.forward.discount; });
    tell("forward_from",
         [](const Report& row) { return std::string(sentence(row.forward.source)); });
    tell("is_fitted", [](const Report& row) { return row.is_fitted; });
    tell("used", [](const Report& row) { return row.quotes[0]; });
    tell("inside", [](const Report& row) { return row.inside; });
    tell("marks", [](const Report& row) { return row.marks; });
    tell("marks_inside", [](const Report& row) { return row.marks_inside; });
    tell("rms", [](const Report& row) { return row.rms; });
    tell("price_rms", [](const Report& row) { return row.price_rms; });
    tell("is_free_of_arbitrage", [](const Report& row) { return row.arbitrage.is_free(); });
    tell("least_g", [](const Report& row) { return row.arbitrage.least_g; });
    tell("least_calendar", [](const Report& row) { return row.arbitrage.least_calendar; });
    tell("svi_a", [](const Report& row) { return row.svi.slice.a; });
    tell("svi_b", [](const Report& row) { return row.svi.slice.b; });
    tell("svi_rho", [](const Report& row) { return row.svi.slice.rho; });
    tell("svi_m", [](const Report& row) { return row.svi.slice.m; });
    tell("svi_sigma", [](const Report& row) { return row.svi.slice.sigma; });
    return told;
}

py::dict Fitted::quotes() const {
    using Report = pricing::QuoteReport;
    const auto& rows = fit_.quotes;
    py::dict told;
    const auto tell = [&](const char* name, const auto& value) {
        told[name] = column(rows, value);
    };
    tell("status", [](const Report& row) { return std::string(sentence(row.status)); });
    tell("is_used", [](const Report& row) { return row.status == pricing::QuoteStatus::used; });
    tell("expiry", [](const Report& row) { return row.expiry; });
    tell("bid_vol", [](const Report& row) { return row.bid_vol; });
    tell("ask_vol", [](const Report& row) { return row.ask_vol; });
    tell("fitted", [](const Report& row) { return row.fitted; });
    tell("fitted_vol", [](const Report& row) { return row.fitted_vol; });
    tell("is_inside", [](const Report& row) { return row.is_inside; });
    return told;
}

// Zero is one that is to be estimated, which None stands for.
double discount_of(py::handle argument) {
    const double discount = argument.is_none() ? 1.0 : amount_of(argument, "discount");
    if (discount == 0) {
        refuse(Misuse::argument, "discount: a positive number, or None");
    }
    return argument.is_none() ? 0.0 : discount;
}

// May be infinite: then no quote is stale.
double age_max_of(py::handle argument) {
    const double age = single_of(argument, "age_max");
    if (!(age >= 0)) {
        refuse(Misuse::argument, "age_max: a number that is not negative");
    }
    return age;
}

// A fit, or the sentence that says why there is none.
py::object fit_surface(const py::tuple& columns, py::handle kind, bool is_in_coin, py::handle spot,
                       py::handle discount, py::handle age_max) {
    const std::vector<pricing::Quote> quotes = quotes_of(columns, kind);
    const pricing::QuotedChain chain{
        .quotes = quotes,
        .settlement = is_in_coin ? pricing::Settlement::coin : pricing::Settlement::cash,
        .spot = amount_of(spot, "spot"),
        .discount = discount_of(discount),
        .age_max = age_max_of(age_max)};
    auto fit = [&] {
        const py::gil_scoped_release released;
        return pricing::fit_surface(chain);
    }();
    if (!fit) {
        return py::str(std::string(pricing::sentence(fit.error())));
    }
    return py::cast(Fitted(std::move(*fit)));
}

}  // namespace

void define_surface(py::module_& module) {
    py::class_<Fitted>(module, "Fitted", "A fitted surface.")
        .def("vol", &Fitted::vol,
             "vol(self, strikes, times, threads, /)\n--\n\nVolatilities and their statuses.")
        .def("forward", &Fitted::forward, "forward(self, time, /)\n--\n\nThe forward then.")
        .def("expiries", &Fitted::expiries, "expiries(self, /)\n--\n\nWhat is said of each expiry.")
        .def("quotes", &Fitted::quotes, "quotes(self, /)\n--\n\nWhat is said of each quote.");
    module.def("fit_surface", fit_surface,
               "fit_surface(columns, kind, is_in_coin, spot, discount, age_max, /)\n--\n\n"
               "A fit, or why there is none.");
}

}  // namespace miletus::python
