// Each kernel hands its rows on to pricing.
#include "bindings/python/models.hpp"

#include "base/assert.hpp"
#include "pricing/pricing.hpp"

#include <algorithm>

namespace miletus::python {

namespace {

using Names = std::string_view;

constexpr std::array forward_names{Names{"F"}, Names{"K"}, Names{"T"}, Names{"vol"}, Names{"df"}};
constexpr std::array spot_names{Names{"S"},   Names{"K"}, Names{"T"},
                                Names{"vol"}, Names{"r"}, Names{"q"}};
constexpr std::array implied_names{Names{"price"}, Names{"F"}, Names{"K"}, Names{"T"}, Names{"df"}};
constexpr std::array implied_spot_names{Names{"price"}, Names{"S"}, Names{"K"},
                                        Names{"T"},     Names{"r"}, Names{"q"}};

pricing::Results results_of(const Rows& rows) {
    return {.price = rows.results[0],
            .delta = rows.results[1],
            .gamma = rows.results[2],
            .vega = rows.results[3],
            .theta = rows.results[4],
            .rho = rows.results[5],
            .vanna = rows.results[6],
            .volga = rows.results[7],
            .charm = rows.results[8],
            .status = rows.status};
}

PlainResults results_of(const pricing::Valuation& value) {
    return {{value.price, value.delta, value.gamma, value.vega, value.theta, value.rho, value.vanna,
             value.volga, value.charm},
            static_cast<std::uint8_t>(value.status)};
}

PlainResults results_of(const pricing::ImpliedVol& implied) {
    return {{implied.vol}, static_cast<std::uint8_t>(implied.status)};
}

void forward(const Rows& rows) {
    const bool fits = pricing::price(pricing::ForwardOptions{.forward = rows.numbers[0],
                                                             .strike = rows.numbers[1],
                                                             .time = rows.numbers[2],
                                                             .vol = rows.numbers[3],
                                                             .discount = rows.numbers[4],
                                                             .kind = rows.kinds},
                                     results_of(rows));
    ASSERT(fits);
}

PlainResults plain_forward(const PlainRow& row) {
    return results_of(pricing::value_of(pricing::Forward{.forward = row.numbers[0],
                                                         .strike = row.numbers[1],
                                                         .time = row.numbers[2],
                                                         .vol = row.numbers[3],
                                                         .discount = row.numbers[4],
                                                         .kind = row.kind}));
}

void spot(const Rows& rows) {
    const bool fits = pricing::price(pricing::SpotOptions{.spot = rows.numbers[0],
                                                          .strike = rows.numbers[1],
                                                          .time = rows.numbers[2],
                                                          .vol = rows.numbers[3],
                                                          .rate = rows.numbers[4],
                                                          .yield = rows.numbers[5],
                                                          .kind = rows.kinds},
                                     results_of(rows));
    ASSERT(fits);
}

PlainResults plain_spot(const PlainRow& row) {
    return results_of(pricing::value_of(pricing::Spot{.spot = row.numbers[0],
                                                      .strike = row.numbers[1],
                                                      .time = row.numbers[2],
                                                      .vol = row.numbers[3],
                                                      .rate = row.numbers[4],
                                                      .yield = row.numbers[5],
                                                      .kind = row.kind}));
}

void implied(const Rows& rows) {
    const bool fits = pricing::imply({.price = rows.numbers[0],
                                      .forward = rows.numbers[1],
                                      .strike = rows.numbers[2],
                                      .time = rows.numbers[3],
                                      .discount = rows.numbers[4],
                                      .kind = rows.kinds},
                                     rows.results[0], rows.status);
    ASSERT(fits);
}

PlainResults plain_implied(const PlainRow& row) {
    return results_of(pricing::implied_vol({.price = row.numbers[0],
                                            .forward = row.numbers[1],
                                            .strike = row.numbers[2],
                                            .time = row.numbers[3],
                                            .discount = row.numbers[4],
                                            .kind = row.kind}));
}

// A spot's option is one on its forward.
PlainResults plain_implied_spot(const PlainRow& row) {
    const auto [price, spot, strike, time, rate, yield, sixth, seventh] = row.numbers;
    const double carry = pricing::value_of(pricing::Function::exp, (rate - yield) * time);
    const double discount = pricing::value_of(pricing::Function::exp, -(rate * time));
    return plain_implied({{price, spot * carry, strike, time, discount}, row.kind});
}

// Forwards and discounts, worked out a piece at a time.
struct Forwards {
    static constexpr std::size_t piece = 256;
    std::array<double, piece> forwards;
    std::array<double, piece> discounts;

    void work_out(const Rows& rows, std::size_t first, std::size_t count) {
        const auto at = [&](std::size_t column, std::size_t row) {
            const auto numbers = rows.numbers[column];
            return numbers[numbers.size() == 1 ? 0 : first + row];
        };
        for (std::size_t row = 0; row < count; ++row) {
            const double rate = at(4, row);
            const double time = at(3, row);
            forwards[row] = (rate - at(5, row)) * time;
            discounts[row] = -(rate * time);
        }
        exponentiate(std::span(forwards).first(count));
        exponentiate(std::span(discounts).first(count));
        for (std::size_t row = 0; row < count; ++row) {
            forwards[row] = at(1, row) * forwards[row];
        }
    }

    static void exponentiate(std::span<double> numbers) {
        const bool fits = pricing::evaluate(pricing::Function::exp, numbers, {}, numbers);
        ASSERT(fits);
    }
};

// Of numbers that are one for all, the one.
template <class Number>
std::span<Number> piece_of(std::span<Number> numbers, std::size_t first, std::size_t count) {
    return numbers.size() > 1 ? numbers.subspan(first, count) : numbers;
}

void implied_spot(const Rows& rows) {
    Forwards worked_out;
    const std::size_t count = rows.results[0].size();
    for (std::size_t first = 0; first < count; first += Forwards::piece) {
        const std::size_t size = std::min(Forwards::piece, count - first);
        worked_out.work_out(rows, first, size);
        implied({.numbers = {piece_of(rows.numbers[0], first, size),
                             std::span(worked_out.forwards).first(size),
                             piece_of(rows.numbers[2], first, size),
                             piece_of(rows.numbers[3], first, size),
                             std::span(worked_out.discounts).first(size)},
                 .kinds = piece_of(rows.kinds, first, size),
                 .results = {piece_of(rows.results[0], first, size)},
                 .status = piece_of(rows.status, first, size)});
    }
}

constexpr std::array all{
    Model{"forward", forward_names, 9, forward, plain_forward},
    Model{"spot", spot_names, 9, spot, plain_spot},
    Model{"implied", implied_names, 1, implied, plain_implied},
    Model{"implied_spot", implied_spot_names, 1, implied_spot, plain_implied_spot},
};

}  // namespace

std::span<const Model> models() {
    return all;
}

}  // namespace miletus::python
