// Any numbers as options of the models beside Black's: each has a status that fits its price, alone
// and in an array, with the same bits by every kind of lanes, and what a price implies leads back
// to the price.
#include "base/assert.hpp"
#include "fuzz/fuzz_one.hpp"
#include "pricing/pricing.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <vector>

namespace miletus {

namespace {

constexpr std::size_t options_max = 40;
constexpr std::array kinds_of_lanes{pricing::Isa::scalar, pricing::Isa::avx2, pricing::Isa::avx512};

struct Options {
    std::vector<double> forward, strike, time, vol, discount, shift, conversion, correlation;
    std::vector<std::int8_t> kind;

    [[nodiscard]] std::size_t count() const { return forward.size(); }
    [[nodiscard]] pricing::ForwardOptions all() const {
        return {.forward = forward,
                .strike = strike,
                .time = time,
                .vol = vol,
                .discount = discount,
                .kind = kind};
    }
    [[nodiscard]] pricing::Forward one(std::size_t at) const {
        return {.forward = forward[at],
                .strike = strike[at],
                .time = time[at],
                .vol = vol[at],
                .discount = discount[at],
                .kind = kind[at]};
    }
    // What is a volatility above is a price here.
    [[nodiscard]] pricing::PricedForwards all_prices() const {
        return {.price = vol,
                .forward = forward,
                .strike = strike,
                .time = time,
                .discount = discount,
                .kind = kind};
    }
    [[nodiscard]] pricing::PricedForward one_price(std::size_t at) const {
        return {.price = vol[at],
                .forward = forward[at],
                .strike = strike[at],
                .time = time[at],
                .discount = discount[at],
                .kind = kind[at]};
    }
    [[nodiscard]] pricing::Conversions conversions() const {
        return {.agreed = conversion, .vol = shift, .correlation = correlation};
    }
    [[nodiscard]] pricing::Conversion conversion_of(std::size_t at) const {
        return {.agreed = conversion[at], .vol = shift[at], .correlation = correlation[at]};
    }
};

double number_at(std::span<const std::byte> bytes) {
    std::array<std::byte, sizeof(double)> number{};
    std::ranges::copy(bytes.first(sizeof(double)), number.begin());
    return std::bit_cast<double>(number);
}

Options options_in(std::span<const std::byte> bytes) {
    Options options;
    const std::array columns{&options.forward,    &options.strike,     &options.time,
                             &options.vol,        &options.discount,   &options.shift,
                             &options.conversion, &options.correlation};
    constexpr std::size_t size = columns.size() * sizeof(double) + 1;
    for (; bytes.size() >= size && options.count() < options_max; bytes = bytes.subspan(size)) {
        std::size_t offset = 0;
        for (std::vector<double>* column : columns) {
            column->push_back(number_at(bytes.subspan(offset)));
            offset += sizeof(double);
        }
        options.kind.push_back(static_cast<std::int8_t>(bytes[offset]));
    }
    return options;
}

bool is_same(double one, double other) {
    return std::bit_cast<std::uint64_t>(one) == std::bit_cast<std::uint64_t>(other);
}

bool is_priced(pricing::Status status) {
    return status == pricing::Status::ok || status == pricing::Status::no_time_value;
}

void check(const pricing::Valuation& value) {
    for (const double number : {value.price, value.delta, value.gamma, value.vega, value.theta,
                                value.rho, value.vanna, value.volga, value.charm}) {
        ASSERT(std::isnan(number) != is_priced(value.status));
    }
    ASSERT(!is_priced(value.status) || value.price >= 0);
}

void check_values(std::size_t count, const std::function<bool(const pricing::Results&)>& many,
                  const std::function<pricing::Valuation(std::size_t)>& one) {
    for (const pricing::Isa isa : kinds_of_lanes) {
        if (!pricing::set_isa(isa)) {
            continue;
        }
        std::vector<double> price(count), alone(count), charm(count);
        std::vector<std::uint8_t> status(count);
        pricing::Results results{.price = price};
        results.charm = charm;
        results.status = status;
        ASSERT(many(results));
        ASSERT(many({.price = alone}));
        for (std::size_t at = 0; at < count; ++at) {
            const pricing::Valuation value = one(at);
            check(value);
            ASSERT(is_same(price[at], value.price));
            ASSERT(is_same(alone[at], value.price));
            ASSERT(is_same(charm[at], value.charm));
            ASSERT(status[at] == static_cast<std::uint8_t>(value.status));
        }
    }
}

void check_vols(std::size_t count,
                const std::function<bool(std::span<double>, std::span<std::uint8_t>)>& many,
                const std::function<pricing::ImpliedVol(std::size_t)>& one) {
    for (const pricing::Isa isa : kinds_of_lanes) {
        if (!pricing::set_isa(isa)) {
            continue;
        }
        std::vector<double> vol(count);
        std::vector<std::uint8_t> status(count);
        ASSERT(many(vol, status));
        for (std::size_t at = 0; at < count; ++at) {
            const pricing::ImpliedVol implied = one(at);
            ASSERT(std::isfinite(implied.vol) == is_priced(implied.status));
            ASSERT(!is_priced(implied.status) || implied.vol >= 0);
            ASSERT(is_same(vol[at], implied.vol));
            ASSERT(status[at] == static_cast<std::uint8_t>(implied.status));
        }
    }
}

// As closely as the digits of a price allow, of which the intrinsic value may take most.
void check_there_and_back(const pricing::PricedForward& option) {
    const pricing::ImpliedVol implied = pricing::bachelier_vol(option);
    if (implied.status != pricing::Status::ok) {
        return;
    }
    const pricing::Valuation value = pricing::bachelier_value({.forward = option.forward,
                                                               .strike = option.strike,
                                                               .time = option.time,
                                                               .vol = implied.vol,
                                                               .discount = option.discount,
                                                               .kind = option.kind});
    ASSERT(is_priced(value.status));
    const double slack = 1e-10 * option.price + 1e-50;
    ASSERT(std::abs(value.price - option.price) <= slack);
}

}  // namespace

void fuzz_one(std::span<const std::byte> bytes) {
    const Options options = options_in(bytes);
    const std::size_t count = options.count();
    check_values(
        count,
        [&](const pricing::Results& out) { return pricing::price_bachelier(options.all(), out); },
        [&](std::size_t at) { return pricing::bachelier_value(options.one(at)); });
    check_values(
        count,
        [&](const pricing::Results& out) {
            return pricing::price_displaced(options.all(), options.shift, out);
        },
        [&](std::size_t at) {
            return pricing::displaced_value(options.one(at), options.shift[at]);
        });
    check_values(
        count, [&](const pricing::Results& out) { return pricing::price_coin(options.all(), out); },
        [&](std::size_t at) { return pricing::coin_value(options.one(at)); });
    check_values(
        count,
        [&](const pricing::Results& out) {
            return pricing::price_quanto(options.all(), options.conversions(), out);
        },
        [&](std::size_t at) {
            return pricing::quanto_value(options.one(at), options.conversion_of(at));
        });
    check_vols(
        count,
        [&](auto vol, auto status) {
            return pricing::imply_bachelier(options.all_prices(), vol, status);
        },
        [&](std::size_t at) { return pricing::bachelier_vol(options.one_price(at)); });
    check_vols(
        count,
        [&](auto vol, auto status) {
            return pricing::imply_displaced(options.all_prices(), options.shift, vol, status);
        },
        [&](std::size_t at) {
            return pricing::displaced_vol(options.one_price(at), options.shift[at]);
        });
    check_vols(
        count,
        [&](auto vol, auto status) {
            return pricing::imply_coin(options.all_prices(), vol, status);
        },
        [&](std::size_t at) { return pricing::coin_vol(options.one_price(at)); });
    for (std::size_t at = 0; at < count; ++at) {
        check_there_and_back(options.one_price(at));
    }
}

}  // namespace miletus
