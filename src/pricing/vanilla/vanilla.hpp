// European options, priced by the array: Black's formula on a forward and on a spot, with Greeks.
// Columns belong to the caller; each is as long as the results, or one number for all, and no
// result lies over a column. An option that cannot be priced carries a status and never stops the
// others.
#pragma once

#include "pricing/vanilla/status.hpp"

#include <cstdint>
#include <span>

namespace miletus::pricing {

constexpr std::int8_t call = 1;
constexpr std::int8_t put = -1;

// There may be prices from 1e-50 to 1e50, times up to 1000 years, volatilities up to 100, which is
// 10,000 %, rates up to 1e9, and interest of e^-100 to e^100 over an option's life. Without
// volatility, or with less than 1e-12 years left, an option has its intrinsic value, and Greeks of
// the second order are zero. One on a forward takes its rate from its discount: r = -ln(discount) /
// T.
struct ForwardOptions {
    std::span<const double> forward;
    std::span<const double> strike;
    std::span<const double> time;  // in years
    std::span<const double> vol;
    std::span<const double> discount;
    std::span<const std::int8_t> kind;
};

struct SpotOptions {
    std::span<const double> spot;
    std::span<const double> strike;
    std::span<const double> time;
    std::span<const double> vol;
    std::span<const double> rate;
    std::span<const double> yield;  // what holding the asset earns
    std::span<const std::int8_t> kind;
};

// Derivatives by S (the forward, or the spot), by the volatility, by T in years and by the rate r.
// Those that are not wanted are empty.
struct Results {
    std::span<double> price;
    std::span<double> delta{};         // dV/dS
    std::span<double> gamma{};         // d2V/dS2
    std::span<double> vega{};          // dV/dvol
    std::span<double> theta{};         // -dV/dT
    std::span<double> rho{};           // dV/dr, the forward held as it is
    std::span<double> vanna{};         // d2V/dS dvol
    std::span<double> volga{};         // d2V/dvol2
    std::span<double> charm{};         // -d2V/dS dT
    std::span<std::uint8_t> status{};  // of type Status
};

// Whether all lengths agree; else nothing is written.
[[nodiscard]] bool price(const ForwardOptions& options, const Results& results);
[[nodiscard]] bool price(const SpotOptions& options, const Results& results);

// One option: the same kernel at a width of one, and the same bits.
struct Forward {
    double forward = 0;
    double strike = 0;
    double time = 0;
    double vol = 0;
    double discount = 1;
    std::int8_t kind = call;
};

struct Spot {
    double spot = 0;
    double strike = 0;
    double time = 0;
    double vol = 0;
    double rate = 0;
    double yield = 0;
    std::int8_t kind = call;
};

struct Valuation {
    double price = 0;
    double delta = 0;
    double gamma = 0;
    double vega = 0;
    double theta = 0;
    double rho = 0;
    double vanna = 0;
    double volga = 0;
    double charm = 0;
    Status status = Status::ok;
};

[[nodiscard]] Valuation value_of(const Forward& option);
[[nodiscard]] Valuation value_of(const Spot& option);

}  // namespace miletus::pricing
