// From draws to Brownian motions, in place: summed up along the times or bridged between them, and
// mixed where assets are correlated.
#pragma once

#include "pricing/lanes/columns.hpp"
#include "pricing/math/functions.hpp"
#include "pricing/paths/draws.hpp"
#include "pricing/paths/terms.hpp"

#include <cstddef>

namespace miletus::pricing {

template <class L>
void sum_up(const PathTerms& terms, const PathRoom& room) {
    for (std::size_t asset = 0; asset < terms.assets; ++asset) {
        for (std::size_t part = 0; part < batch_paths; part += L::width) {
            auto motion = L::real(0.0);
            for (std::size_t time = 0; time < terms.times; ++time) {
                PathRow& row = *lanes::behind(room.rows, time * terms.assets + asset);
                const auto deviation = L::real(*lanes::behind(terms.deviations, time));
                motion = fma(deviation, load<L>(row, part), motion);
                store<L>(row, part, motion);
            }
        }
    }
}

template <class L>
void bridge(const PathTerms& terms, const PathRoom& room) {
    for (std::size_t at = 0; at < terms.dimensions; ++at) {
        const BridgeStep& step = *lanes::behind(terms.bridge, at);
        PathRow& row = *lanes::behind(room.rows, step.at);
        const PathRow& left = *lanes::behind(room.rows, step.left);
        const PathRow& right = *lanes::behind(room.rows, step.right);
        for (std::size_t part = 0; part < batch_paths; part += L::width) {
            auto motion = L::real(step.deviation) * load<L>(row, part);
            motion = fma(L::real(step.left_weight), load<L>(left, part), motion);
            motion = fma(L::real(step.right_weight), load<L>(right, part), motion);
            store<L>(row, part, motion);
        }
    }
}

// From the last asset to the first, which only those before it go into.
template <class L>
void mix(const PathTerms& terms, const PathRoom& room) {
    for (std::size_t time = 0; time < terms.times; ++time) {
        PathRow* rows = lanes::behind(room.rows, time * terms.assets);
        for (std::size_t part = 0; part < batch_paths; part += L::width) {
            for (std::size_t asset = terms.assets; asset-- > 0;) {
                const double* factors = lanes::behind(terms.mixing, asset * terms.assets);
                auto sum = L::real(0.0);
                for (std::size_t other = 0; other <= asset; ++other) {
                    sum = fma(L::real(*lanes::behind(factors, other)),
                              load<L>(*lanes::behind(rows, other), part), sum);
                }
                store<L>(*lanes::behind(rows, asset), part, sum);
            }
        }
    }
}

// Nothing that goes farther is told apart: its prices are absurd, and no longer numbers.
template <class L>
void hold(const PathTerms& terms, const PathRoom& room) {
    for (std::size_t at = 0; at < terms.dimensions; ++at) {
        const auto reach = L::real(*lanes::behind(terms.reaches, at % terms.assets));
        PathRow& row = *lanes::behind(room.rows, at);
        for (std::size_t part = 0; part < batch_paths; part += L::width) {
            const auto motion = smaller(load<L>(row, part), reach);
            store<L>(row, part, larger(motion, math::negated(reach)));
        }
    }
}

// The motions of one batch. A mirrored walk takes them with the opposite sign.
template <class L>
void move(const PathTerms& terms, const PathRoom& room) {
    if (terms.bridge != nullptr) {
        bridge<L>(terms, room);
    } else {
        sum_up<L>(terms, room);
    }
    if (terms.mixing != nullptr) {
        mix<L>(terms, room);
    }
    if (terms.reaches != nullptr) {
        hold<L>(terms, room);
    }
}

// Where paths stand, one in each lane.
template <class L>
class Walk {
    using Real = typename L::Real;

  public:
    ALWAYS_INLINE Walk(const PathTerms& terms, const PathRow* rows, std::size_t part, double side)
        : terms_(terms), rows_(rows), part_(part), side_(side) {}

    [[nodiscard]] ALWAYS_INLINE std::size_t times() const { return terms_.times; }
    [[nodiscard]] ALWAYS_INLINE std::size_t assets() const { return terms_.assets; }
    [[nodiscard]] ALWAYS_INLINE Real level(std::size_t time, std::size_t asset = 0) const {
        const std::size_t row = time * terms_.assets + asset;
        const Real vol = L::real(side_ * *lanes::behind(terms_.vols, asset));
        const Real motion = load<L>(*lanes::behind(rows_, row), part_);
        return fma(vol, motion, L::real(*lanes::behind(terms_.drifts, row)));
    }

  private:
    const PathTerms& terms_;
    const PathRow* rows_;
    std::size_t part_;
    double side_;
};

}  // namespace miletus::pricing
