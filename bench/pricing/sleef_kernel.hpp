// The formula, for any vector type that has operators, and the functions that SLEEF has for it.
#pragma once

#include "bench/pricing/sleef.hpp"

#include <cstddef>

namespace miletus::bench {

template <class Lanes>
void sleef_greeks(const pricing::SpotOptions& in, const pricing::Results& out) {
    using Vector = typename Lanes::Vector;
    constexpr std::size_t width = sizeof(Vector) / sizeof(double);
    for (std::size_t at = 0; at < out.price.size(); at += width) {
        const auto load = [&](std::span<const double> column) {
            return Lanes::load(&column[at]);
        };
        const Vector spot = load(in.spot), strike = load(in.strike), time = load(in.time),
                     vol = load(in.vol), rate = load(in.rate), yield = load(in.yield);
        const Vector sign = Lanes::signs(&in.kind[at]);
        const Vector root = Lanes::sqrt(time);
        const Vector deviation = vol * root;
        const Vector d1 =
            (Lanes::log(spot / strike) + (rate - yield + vol * vol * 0.5) * time) / deviation;
        const Vector d2 = d1 - deviation;
        const Vector discount = Lanes::exp(-rate * time);
        const Vector asset_discount = Lanes::exp(-yield * time);
        constexpr double inverse_root_two = 0.70710678118654752;
        const Vector share1 = 0.5 * Lanes::erfc(-sign * d1 * inverse_root_two);
        const Vector share2 = 0.5 * Lanes::erfc(-sign * d2 * inverse_root_two);
        const Vector density = Lanes::exp(-0.5 * d1 * d1) * 0.39894228040143268;
        const Vector asset_part = spot * asset_discount * share1;
        const Vector strike_part = strike * discount * share2;
        const Vector bell = asset_discount * density;
        Lanes::store(&out.price[at], sign * (asset_part - strike_part));
        Lanes::store(&out.delta[at], sign * asset_discount * share1);
        Lanes::store(&out.gamma[at], bell / (spot * deviation));
        Lanes::store(&out.vega[at], spot * bell * root);
        Lanes::store(&out.theta[at], sign * (yield * asset_part - rate * strike_part) -
                                         spot * bell * vol / (2.0 * root));
        Lanes::store(&out.rho[at], sign * time * strike_part);
    }
}

}  // namespace miletus::bench
