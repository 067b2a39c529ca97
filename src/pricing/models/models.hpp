// Models beside Black's, of options on forwards, by the array or one by one: with the statuses and
// the eight Greeks of vanilla.hpp, and what their prices imply, as in implied.hpp. What is said
// there of columns and domains holds here too, unless another domain is given.
// `docs/definitions.md` has the formulas. D is the discount and r = -ln(D) / T; where T or r move,
// the forward stays where it is.
#pragma once

#include "pricing/implied/implied.hpp"
#include "pricing/vanilla/vanilla.hpp"

namespace miletus::pricing {

// ---- Bachelier: a forward that moves by sums ----

//     D w (F - K) N(w d) + D s n(d),    d = (F - K) / s,    s = vol sqrt(T)
// The volatility is in units of the price by the root of a year, up to 1e60; forwards and strikes
// are from -1e50 to 1e50. With s below 1e-50 there is no time value.
[[nodiscard]] bool price_bachelier(const ForwardOptions& options, const Results& results);
[[nodiscard]] Valuation bachelier_value(const Forward& option);

// Of prices up to 1e50, not discounted. A time value below 1e-300 of the distance to the strike is
// none.
[[nodiscard]] bool imply_bachelier(const PricedForwards& options, std::span<double> vol,
                                   std::span<std::uint8_t> status = {});
[[nodiscard]] ImpliedVol bachelier_vol(const PricedForward& option);

// ---- Displaced: Black's formula on F + shift and K + shift ----

// Each sum is rounded once, and is what has to be in the domain.
[[nodiscard]] bool price_displaced(const ForwardOptions& options, std::span<const double> shift,
                                   const Results& results);
[[nodiscard]] Valuation displaced_value(const Forward& option, double shift);

[[nodiscard]] bool imply_displaced(const PricedForwards& options, std::span<const double> shift,
                                   std::span<double> vol, std::span<std::uint8_t> status = {});
[[nodiscard]] ImpliedVol displaced_vol(const PricedForward& option, double shift);

// ---- Coin-settled (inverse): pays max(w (S - K), 0) / S coins ----

//     c = B(F, K) / F    coins, where B is Black's price, discounted as coins are
// F and K are money for a coin. delta is premium-adjusted, in coins: F dc/dF = dB/dF - c; gamma,
// vanna and charm are what moves it; vega, theta, rho and volga are derivatives of c.
[[nodiscard]] bool price_coin(const ForwardOptions& options, const Results& results);
[[nodiscard]] Valuation coin_value(const Forward& option);

// Of prices in coins.
[[nodiscard]] bool imply_coin(const PricedForwards& options, std::span<double> vol,
                              std::span<std::uint8_t> status = {});
[[nodiscard]] ImpliedVol coin_vol(const PricedForward& option);

// ---- Quanto: paid in another currency, at a rate that was agreed ----

// X is what a unit of the asset's currency costs in the one that is paid.
struct Conversions {
    std::span<const double> agreed;       // what each unit is paid with: from 1e-50 to 1e50
    std::span<const double> vol;          // of X, up to 100
    std::span<const double> correlation;  // of X and the asset
};

struct Conversion {
    double agreed = 1;
    double vol = 0;
    double correlation = 0;
};

//     agreed B(F exp(-correlation vol vol_X T), K)
// F and K are in the asset's currency, D is of the one that is paid. Greeks are derivatives of the
// whole, by the volatility too, which moves the forward that is paid for.
[[nodiscard]] bool price_quanto(const ForwardOptions& options, const Conversions& conversions,
                                const Results& results);
[[nodiscard]] Valuation quanto_value(const Forward& option, const Conversion& conversion);

}  // namespace miletus::pricing
