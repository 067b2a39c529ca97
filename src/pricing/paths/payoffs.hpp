// Payoffs: callables that look at a walk, one path in each lane, and say what is paid for it and
// what its control comes to. Another payoff is another callable, named where blocks are sampled.
#pragma once

#include "pricing/lanes/columns.hpp"
#include "pricing/math/functions.hpp"
#include "pricing/paths/motion.hpp"
#include "pricing/paths/normal.hpp"
#include "pricing/paths/terms.hpp"

#include <cstddef>

namespace miletus::pricing {

template <class Real>
struct Outcome {
    Real payoff;
    Real control;
};

template <class L>
ALWAYS_INLINE typename L::Real exercised(const PayoffTerms& terms, typename L::Real price) {
    const auto worth = L::real(terms.sign) * (price - L::real(terms.strike));
    return larger(worth, L::real(0.0));
}

template <class L>
ALWAYS_INLINE typename L::Real price_at(const PayoffTerms& terms, typename L::Real level) {
    return L::real(terms.spot) * growth(level);
}

struct EuropeanPayoff {
    template <class L>
    ALWAYS_INLINE static Outcome<typename L::Real> of(const PayoffTerms& terms,
                                                      const Walk<L>& walk) {
        const auto price = price_at<L>(terms, walk.level(walk.times() - 1));
        return {exercised<L>(terms, price), price};
    }
};

struct ArithmeticAsianPayoff {
    template <class L>
    ALWAYS_INLINE static Outcome<typename L::Real> of(const PayoffTerms& terms,
                                                      const Walk<L>& walk) {
        auto sum = L::real(0.0);
        auto levels = L::real(0.0);
        for (std::size_t time = 0; time < walk.times(); ++time) {
            const auto level = walk.level(time);
            const auto factors = growth_factors(level);
            sum = fma(factors.power, factors.rest, sum);
            levels = levels + level;
        }
        const auto average = L::real(terms.spot * terms.inverse_times) * sum;
        const auto geometric = price_at<L>(terms, L::real(terms.inverse_times) * levels);
        return {exercised<L>(terms, average), exercised<L>(terms, geometric)};
    }
};

struct GeometricAsianPayoff {
    template <class L>
    ALWAYS_INLINE static Outcome<typename L::Real> of(const PayoffTerms& terms,
                                                      const Walk<L>& walk) {
        auto levels = L::real(0.0);
        for (std::size_t time = 0; time < walk.times(); ++time) {
            levels = levels + walk.level(time);
        }
        const auto average = price_at<L>(terms, L::real(terms.inverse_times) * levels);
        return {exercised<L>(terms, average), price_at<L>(terms, walk.level(walk.times() - 1))};
    }
};

// Distances to the barrier are positive on the side where nothing happens.
template <class L>
ALWAYS_INLINE typename L::Real distance_to(const PayoffTerms& terms, typename L::Real level) {
    return L::real(terms.barrier_sign) * (L::real(terms.barrier_level) - level);
}

template <class L>
ALWAYS_INLINE Outcome<typename L::Real> of_survival(const PayoffTerms& terms, const Walk<L>& walk,
                                                    typename L::Real survival) {
    const auto price = price_at<L>(terms, walk.level(walk.times() - 1));
    const auto plain = exercised<L>(terms, price);
    const auto share = terms.is_knock_in ? L::real(1.0) - survival : survival;
    return {share * plain, plain};
}

struct BarrierPayoff {
    template <class L>
    ALWAYS_INLINE static Outcome<typename L::Real> of(const PayoffTerms& terms,
                                                      const Walk<L>& walk) {
        auto survival = L::real(1.0);
        for (std::size_t time = 0; time < walk.times(); ++time) {
            const auto is_alive = L::real(0.0) < distance_to<L>(terms, walk.level(time));
            survival = select(is_alive, survival, L::real(0.0));
        }
        return of_survival(terms, walk, survival);
    }
};

// Between two times the barrier is missed with probability 1 - exp(-2 x y / variance), x and y
// being the distances to it before and after: a Brownian bridge's reflection.
struct WatchedBarrierPayoff {
    template <class L>
    ALWAYS_INLINE static Outcome<typename L::Real> of(const PayoffTerms& terms,
                                                      const Walk<L>& walk) {
        const auto zero = L::real(0.0);
        auto before = distance_to<L>(terms, zero);
        auto survival = select(zero < before, L::real(1.0), zero);
        for (std::size_t time = 0; time < walk.times(); ++time) {
            const auto now = distance_to<L>(terms, walk.level(time));
            const auto exponent = L::real(*lanes::behind(terms.crossings, time)) * (before * now);
            const auto missed = L::real(1.0) - math::exp_within(exponent, zero);
            survival = select(zero < now, survival * missed, zero);
            before = now;
        }
        return of_survival(terms, walk, survival);
    }
};

struct BasketPayoff {
    template <class L>
    ALWAYS_INLINE static Outcome<typename L::Real> of(const PayoffTerms& terms,
                                                      const Walk<L>& walk) {
        auto sum = L::real(0.0);
        for (std::size_t asset = 0; asset < walk.assets(); ++asset) {
            const auto stake = L::real(*lanes::behind(terms.stakes, asset));
            sum = fma(stake, growth(walk.level(walk.times() - 1, asset)), sum);
        }
        return {exercised<L>(terms, sum), sum};
    }
};

}  // namespace miletus::pricing
