// Blocks of samples, and their sums: the kernels that each back end compiles.
#pragma once

#include "pricing/lanes/columns.hpp"
#include "pricing/paths/draws.hpp"
#include "pricing/paths/motion.hpp"
#include "pricing/paths/payoffs.hpp"
#include "pricing/paths/terms.hpp"

#include <array>
#include <cstddef>

namespace miletus::pricing {

// Rows hold the motions of one batch after another while step(batch) is called.
template <class L, class Step>
ALWAYS_INLINE void for_each_batch(const PathTerms& terms, const PathRoom& room, Step step) {
    for (std::size_t batch = 0; batch < room.batches; ++batch) {
        if (terms.generator == Generator::sobol) {
            draw_sobol<L>(terms, room, batch);
        } else {
            draw_philox<L>(terms, room, batch);
        }
        move<L>(terms, room);
        step(batch);
    }
}

template <class L, class Payoff>
void sample(const PathTerms& terms, const PathRoom& room) {
    for_each_batch<L>(terms, room, [&](std::size_t batch) {
        for (std::size_t part = 0; part < batch_paths; part += L::width) {
            auto outcome = Payoff::of(terms.payoff, Walk<L>(terms, room.rows, part, 1.0));
            if (terms.is_antithetic) {
                const auto mirrored =
                    Payoff::of(terms.payoff, Walk<L>(terms, room.rows, part, -1.0));
                outcome.payoff = L::real(0.5) * (outcome.payoff + mirrored.payoff);
                outcome.control = L::real(0.5) * (outcome.control + mirrored.control);
            }
            const std::size_t at = batch * batch_paths + part;
            L::store(lanes::behind(room.payoffs, at), outcome.payoff);
            L::store(lanes::behind(room.controls, at), outcome.control);
        }
    });
}

template <class L>
void sample_block(const PathTerms& terms, const PathRoom& room) {
    switch (terms.payoff.style) {
        case Style::european:
            return sample<L, EuropeanPayoff>(terms, room);
        case Style::arithmetic_asian:
            return sample<L, ArithmeticAsianPayoff>(terms, room);
        case Style::geometric_asian:
            return sample<L, GeometricAsianPayoff>(terms, room);
        case Style::barrier:
            return terms.payoff.is_continuous ? sample<L, WatchedBarrierPayoff>(terms, room)
                                              : sample<L, BarrierPayoff>(terms, room);
        case Style::basket:
            return sample<L, BasketPayoff>(terms, room);
        case Style::own:
            return;
    }
}

// As StoredPaths has them.
template <class L>
void store_block(const PathTerms& terms, const PathRoom& room, double* prices) {
    const std::size_t sides = terms.is_antithetic ? 2 : 1;
    for_each_batch<L>(terms, room, [&](std::size_t batch) {
        for (std::size_t side = 0; side < sides; ++side) {
            for (std::size_t part = 0; part < batch_paths; part += L::width) {
                const Walk<L> walk(terms, room.rows, part, side == 0 ? 1.0 : -1.0);
                for (std::size_t row = 0; row < terms.dimensions; ++row) {
                    const std::size_t asset = row % terms.assets;
                    const auto level = walk.level(row / terms.assets, asset);
                    const auto price = L::real(*lanes::behind(terms.spots, asset)) * growth(level);
                    const std::size_t column = (row * sides + side) * block_samples;
                    const std::size_t path = batch * batch_paths + part;
                    L::store(lanes::behind(prices, column + path), price);
                }
            }
        }
    });
}

// ---- Sums ----

// Sixteen sums side by side, whatever the width of the lanes, put together in halves at the end.
template <class L>
class SixteenSums {
    using Real = typename L::Real;

  public:
    ALWAYS_INLINE SixteenSums() {
        for (std::size_t part = 0; part < batch_paths; part += L::width) {
            sums_[part / L::width] = L::real(0.0);
        }
    }
    ALWAYS_INLINE void add(std::size_t part, Real x) {
        sums_[part / L::width] = sums_[part / L::width] + x;
    }
    ALWAYS_INLINE void add_product(std::size_t part, Real x, Real y) {
        sums_[part / L::width] = fma(x, y, sums_[part / L::width]);
    }
    [[nodiscard]] ALWAYS_INLINE double total() const {
        std::array<double, batch_paths> all;
        for (std::size_t part = 0; part < batch_paths; part += L::width) {
            L::store(lanes::behind(all.data(), part), sums_[part / L::width]);
        }
        for (std::size_t half = batch_paths / 2; half != 0; half /= 2) {
            for (std::size_t at = 0; at < half; ++at) {
                all[at] = all[at] + all[at + half];
            }
        }
        return all[0];
    }

  private:
    std::array<Real, batch_paths / L::width> sums_;
};

// Numbers behind the last one change no sum of deviations if they are the mean.
ALWAYS_INLINE void pad(double* numbers, std::size_t count, double value) {
    for (std::size_t at = count; at < block_samples; ++at) {
        *lanes::behind(numbers, at) = value;
    }
}

template <class L>
double total_of(const double* numbers) {
    SixteenSums<L> sums;
    for (std::size_t at = 0; at < block_samples; at += batch_paths) {
        for (std::size_t part = 0; part < batch_paths; part += L::width) {
            sums.add(part, L::load(lanes::behind(numbers, at + part)));
        }
    }
    return sums.total();
}

// In two passes: means first, then deviations from them, whose own sums take off what rounding
// left in the means.
template <class L>
void sum_block(double* values, double* controls, std::size_t count, BlockSum* out) {
    pad(values, count, 0.0);
    pad(controls, count, 0.0);
    const auto samples = static_cast<double>(count);
    const double mean = total_of<L>(values) / samples;
    const double control_mean = total_of<L>(controls) / samples;
    pad(values, count, mean);
    pad(controls, count, control_mean);
    SixteenSums<L> rest;
    SixteenSums<L> control_rest;
    SixteenSums<L> squares;
    SixteenSums<L> control_squares;
    SixteenSums<L> products;
    for (std::size_t at = 0; at < block_samples; at += batch_paths) {
        for (std::size_t part = 0; part < batch_paths; part += L::width) {
            const auto x = L::load(lanes::behind(values, at + part)) - L::real(mean);
            const auto y = L::load(lanes::behind(controls, at + part)) - L::real(control_mean);
            rest.add(part, x);
            control_rest.add(part, y);
            squares.add_product(part, x, x);
            control_squares.add_product(part, y, y);
            products.add_product(part, x, y);
        }
    }
    const double left = rest.total();
    const double control_left = control_rest.total();
    out->samples = count;
    out->mean = mean + left / samples;
    out->squares = squares.total() - left * left / samples;
    out->control_mean = control_mean + control_left / samples;
    out->control_squares = control_squares.total() - control_left * control_left / samples;
    out->products = products.total() - left * control_left / samples;
}

}  // namespace miletus::pricing
