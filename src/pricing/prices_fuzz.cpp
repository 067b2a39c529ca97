// Any numbers as options: each has a status that fits its price, alone and in an array, with the
// same bits by every kind of lanes.
#include "base/assert.hpp"
#include "fuzz/fuzz_one.hpp"
#include "pricing/pricing.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

namespace miletus {

namespace {

constexpr std::size_t numbers_each = 6;
constexpr std::size_t options_max = 40;

struct Options {
    std::vector<double> asset, strike, time, vol, first, second;
    std::vector<std::int8_t> kind;
};

double number_at(std::span<const std::byte> bytes) {
    std::array<std::byte, sizeof(double)> number{};
    std::ranges::copy(bytes.first(sizeof(double)), number.begin());
    return std::bit_cast<double>(number);
}

Options options_in(std::span<const std::byte> bytes) {
    Options options;
    constexpr std::size_t size = numbers_each * sizeof(double) + 1;
    for (; bytes.size() >= size && options.asset.size() < options_max;
         bytes = bytes.subspan(size)) {
        std::size_t offset = 0;
        for (std::vector<double>* column : {&options.asset, &options.strike, &options.time,
                                            &options.vol, &options.first, &options.second}) {
            column->push_back(number_at(bytes.subspan(offset)));
            offset += sizeof(double);
        }
        options.kind.push_back(static_cast<std::int8_t>(bytes[offset]));
    }
    return options;
}

void check(const pricing::Valuation& value) {
    const bool has_price =
        value.status == pricing::Status::ok || value.status == pricing::Status::no_time_value;
    for (const double number : {value.price, value.delta, value.gamma, value.vega, value.theta,
                                value.rho, value.vanna, value.volga, value.charm}) {
        ASSERT(std::isnan(number) != has_price);
    }
}

void check_implied(const Options& options, std::size_t at) {
    const pricing::ImpliedVol implied = pricing::implied_vol({.price = options.first[at],
                                                              .forward = options.asset[at],
                                                              .strike = options.strike[at],
                                                              .time = options.time[at],
                                                              .discount = options.second[at],
                                                              .kind = options.kind[at]});
    const bool has_vol =
        implied.status == pricing::Status::ok || implied.status == pricing::Status::no_time_value;
    ASSERT(std::isfinite(implied.vol) == has_vol);
    ASSERT(!has_vol || implied.vol >= 0);
}

void check_array(const Options& options, pricing::Isa isa) {
    if (!pricing::set_isa(isa)) {
        return;
    }
    const std::size_t count = options.asset.size();
    std::vector<double> price(count), charm(count);
    std::vector<std::uint8_t> status(count);
    pricing::Results results{.price = price};
    results.charm = charm;
    results.status = status;
    ASSERT(pricing::price({.spot = options.asset,
                           .strike = options.strike,
                           .time = options.time,
                           .vol = options.vol,
                           .rate = options.first,
                           .yield = options.second,
                           .kind = options.kind},
                          results));
    for (std::size_t at = 0; at < count; ++at) {
        const pricing::Valuation one = value_of(pricing::Spot{.spot = options.asset[at],
                                                              .strike = options.strike[at],
                                                              .time = options.time[at],
                                                              .vol = options.vol[at],
                                                              .rate = options.first[at],
                                                              .yield = options.second[at],
                                                              .kind = options.kind[at]});
        check(one);
        ASSERT(std::bit_cast<std::uint64_t>(price[at]) == std::bit_cast<std::uint64_t>(one.price));
        ASSERT(std::bit_cast<std::uint64_t>(charm[at]) == std::bit_cast<std::uint64_t>(one.charm));
        ASSERT(status[at] == static_cast<std::uint8_t>(one.status));
    }
}

}  // namespace

void fuzz_one(std::span<const std::byte> bytes) {
    const Options options = options_in(bytes);
    for (const pricing::Isa isa :
         {pricing::Isa::scalar, pricing::Isa::avx2, pricing::Isa::avx512}) {
        check_array(options, isa);
    }
    for (std::size_t at = 0; at < options.asset.size(); ++at) {
        check(value_of(pricing::Forward{.forward = options.asset[at],
                                        .strike = options.strike[at],
                                        .time = options.time[at],
                                        .vol = options.vol[at],
                                        .discount = options.first[at],
                                        .kind = options.kind[at]}));
        check_implied(options, at);
    }
}

}  // namespace miletus
