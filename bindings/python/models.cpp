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
constexpr std::array displaced_names{Names{"F"},   Names{"K"},     Names{"T"},
                                     Names{"vol"}, Names{"shift"}, Names{"df"}};
constexpr std::array quanto_names{Names{"F"},       Names{"K"},      Names{"T"},
                                  Names{"vol"},     Names{"fx_vol"}, Names{"correlation"},
                                  Names{"fx_rate"}, Names{"df"}};
constexpr std::array implied_names{Names{"price"}, Names{"F"}, Names{"K"}, Names{"T"}, Names{"df"}};
constexpr std::array implied_displaced_names{Names{"price"}, Names{"F"},     Names{"K"},
                                             Names{"T"},     Names{"shift"}, Names{"df"}};
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

// Options on forwards have their first four columns in common.
pricing::ForwardOptions forwards_of(const Rows& rows, std::size_t discount_at) {
    return {.forward = rows.numbers[0],
            .strike = rows.numbers[1],
            .time = rows.numbers[2],
            .vol = rows.numbers[3],
            .discount = rows.numbers[discount_at],
            .kind = rows.kinds};
}

pricing::Forward forward_of(const PlainRow& row, std::size_t discount_at) {
    return {.forward = row.numbers[0],
            .strike = row.numbers[1],
            .time = row.numbers[2],
            .vol = row.numbers[3],
            .discount = row.numbers[discount_at],
            .kind = row.kind};
}

void forward(const Rows& rows) {
    const bool fits = pricing::price(forwards_of(rows, 4), results_of(rows));
    ASSERT(fits);
}

PlainResults plain_forward(const PlainRow& row) {
    return results_of(pricing::value_of(forward_of(row, 4)));
}

void bachelier(const Rows& rows) {
    const bool fits = pricing::price_bachelier(forwards_of(rows, 4), results_of(rows));
    ASSERT(fits);
}

PlainResults plain_bachelier(const PlainRow& row) {
    return results_of(pricing::bachelier_value(forward_of(row, 4)));
}

void displaced(const Rows& rows) {
    const bool fits =
        pricing::price_displaced(forwards_of(rows, 5), rows.numbers[4], results_of(rows));
    ASSERT(fits);
}

PlainResults plain_displaced(const PlainRow& row) {
    return results_of(pricing::displaced_value(forward_of(row, 5), row.numbers[4]));
}

void coin(const Rows& rows) {
    const bool fits = pricing::price_coin(forwards_of(rows, 4), results_of(rows));
    ASSERT(fits);
}

PlainResults plain_coin(const PlainRow& row) {
    return results_of(pricing::coin_value(forward_of(row, 4)));
}

void quanto(const Rows& rows) {
    const bool fits = pricing::price_quanto(
        forwards_of(rows, 7),
        {.agreed = rows.numbers[6], .vol = rows.numbers[4], .correlation = rows.numbers[5]},
        results_of(rows));
    ASSERT(fits);
}

PlainResults plain_quanto(const PlainRow& row) {
    return results_of(pricing::quanto_value(
        forward_of(row, 7),
        {.agreed = row.numbers[6], .vol = row.numbers[4], .correlation = row.numbers[5]}));
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

pricing::PricedForwards priced_of(const Rows& rows, std::size_t discount_at) {
    return {.price = rows.numbers[0],
            .forward = rows.numbers[1],
            .strike = rows.numbers[2],
            .time = rows.numbers[3],
            .discount = rows.numbers[discount_at],
            .kind = rows.kinds};
}

pricing::PricedForward priced_of(const PlainRow& row, std::size_t discount_at) {
    return {.price = row.numbers[0],
            .forward = row.numbers[1],
            .strike = row.numbers[2],
            .time = row.numbers[3],
            .discount = row.numbers[discount_at],
            .kind = row.kind};
}

void implied(const Rows& rows) {
    const bool fits = pricing::imply(priced_of(rows, 4), rows.results[0], rows.status);
    ASSERT(fits);
}

PlainResults plain_implied(const PlainRow& row) {
    return results_of(pricing::implied_vol(priced_of(row, 4)));
}

void implied_bachelier(const Rows& rows) {
    const bool fits = pricing::imply_bachelier(priced_of(rows, 4), rows.results[0], rows.status);
    ASSERT(fits);
}

PlainResults plain_implied_bachelier(const PlainRow& row) {
    return results_of(pricing::bachelier_vol(priced_of(row, 4)));
}

void implied_displaced(const Rows& rows) {
    const bool fits =
        pricing::imply_displaced(priced_of(rows, 5), rows.numbers[4], rows.results[0], rows.status);
    ASSERT(fits);
}

PlainResults plain_implied_displaced(const PlainRow& row) {
    return results_of(pricing::displaced_vol(priced_of(row, 5), row.numbers[4]));
}

void implied_coin(const Rows& rows) {
    const bool fits = pricing::imply_coin(priced_of(rows, 4), rows.results[0], rows.status);
    ASSERT(fits);
}

PlainResults plain_implied_coin(const PlainRow& row) {
    return results_of(pricing::coin_vol(priced_of(row, 4)));
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
    Model{"bachelier", forward_names, 9, bachelier, plain_bachelier},
    Model{"displaced", displaced_names, 9, displaced, plain_displaced},
    Model{"coin", forward_names, 9, coin, plain_coin},
    Model{"quanto", quanto_names, 9, quanto, plain_quanto},
    Model{"implied", implied_names, 1, implied, plain_implied},
    Model{"implied_spot", implied_spot_names, 1, implied_spot, plain_implied_spot},
    Model{"implied_bachelier", implied_names, 1, implied_bachelier, plain_implied_bachelier},
    Model{"implied_displaced", implied_displaced_names, 1, implied_displaced,
          plain_implied_displaced},
    Model{"implied_coin", implied_names, 1, implied_coin, plain_implied_coin},
};

}  // namespace

std::span<const Model> models() {
    return all;
}

}  // namespace miletus::python
