// Sums over points, in sixteen parts whatever the width of the vectors, which are added up in one
// fixed tree.
#pragma once

#include "pricing/lanes/cursor.hpp"
#include "pricing/math/functions.hpp"
#include "pricing/surface/columns.hpp"

namespace miletus::pricing {

// Halves onto halves.
inline double folded(const std::array<double, points_in_block>& parts) {
    std::array<double, points_in_block / 2> half;
    for (std::size_t at = 0; at < 8; ++at) {
        half[at] = parts[at] + parts[at + 8];
    }
    const double a = half[0] + half[4];
    const double b = half[1] + half[5];
    const double c = half[2] + half[6];
    const double d = half[3] + half[7];
    return (a + c) + (b + d);
}

template <class L, std::size_t sums>
class Summation {
  public:
    using Real = typename L::Real;
    static constexpr std::size_t rows = points_in_block / L::width;

    Summation() {
        for (auto& sum : sums_) {
            sum.fill(L::real(0.0));
        }
    }

    ALWAYS_INLINE void add(std::size_t row, const std::array<Real, sums>& terms) {
        for (std::size_t at = 0; at < sums; ++at) {
            sums_[at][row] = sums_[at][row] + terms[at];
        }
    }

    [[nodiscard]] std::array<double, sums> total() const {
        std::array<double, sums> totals;
        for (std::size_t at = 0; at < sums; ++at) {
            std::array<double, points_in_block> parts;
            for (std::size_t row = 0; row < rows; ++row) {
                L::store(&parts[row * L::width], sums_[at][row]);
            }
            totals[at] = folded(parts);
        }
        return totals;
    }

  private:
    std::array<std::array<Real, rows>, sums> sums_;
};

// Calls terms(k, v, weight) for every point and adds up what it returns.
template <class L, std::size_t sums, class Terms>
ALWAYS_INLINE std::array<double, sums> sum_up(const PointColumns& points, Terms terms) {
    Summation<L, sums> summation;
    for (std::size_t block = 0; block < points.count; block += points_in_block) {
        for (std::size_t row = 0; row < summation.rows; ++row) {
            const std::size_t at = block + row * L::width;
            summation.add(row, terms(L::load(lanes::behind(points.log_moneyness, at)),
                                     L::load(lanes::behind(points.variance, at)),
                                     L::load(lanes::behind(points.weight, at))));
        }
    }
    return summation.total();
}

template <class Real>
struct Arms {
    Real y;
    Real z;
    Real right;
    Real left;
};

template <class Real>
ALWAYS_INLINE Arms<Real> arms_at(Real log_moneyness, double centre, double inverse_width) {
    using math::same;
    const Real y = (log_moneyness - same<Real>(centre)) * same<Real>(inverse_width);
    const Real z = sqrt(fma(y, y, same<Real>(1.0)));
    const Real half = same<Real>(0.5);
    return {y, z, half * (z + y), half * (z - y)};
}

template <class L>
ArmSums sum_arms(const PointColumns& points, double centre, double inverse_width) {
    using Real = typename L::Real;
    return sum_up<L, std::tuple_size_v<ArmSums>>(points, [&](Real k, Real v, Real weight) {
        const Arms<Real> arms = arms_at(k, centre, inverse_width);
        const Real right = weight * arms.right;
        const Real left = weight * arms.left;
        return std::array{right, left, right * arms.right, left * arms.left, right * v, left * v};
    });
}

template <class L>
StepSums sum_steps(const PointColumns& points, const Hyperbola& curve) {
    using Real = typename L::Real;
    using math::same;
    const double inverse_width = 1.0 / curve.width;
    return sum_up<L, std::tuple_size_v<StepSums>>(points, [&](Real k, Real v, Real weight) {
        const Arms<Real> arms = arms_at(k, curve.centre, inverse_width);
        const Real rising = same<Real>(curve.right) * arms.right;
        const Real falling = same<Real>(curve.left) * arms.left;
        const Real miss = v - (same<Real>(curve.low) + (rising + falling));
        const Real p = (rising - falling) / arms.z;
        const Real q = arms.y * p;
        const Real weighted_p = weight * p;
        const Real weighted_q = weight * q;
        return std::array{weighted_p,
                          weighted_q,
                          weighted_p * arms.right,
                          weighted_q * arms.right,
                          weighted_p * arms.left,
                          weighted_q * arms.left,
                          weighted_p * p,
                          weighted_p * q,
                          weighted_q * q,
                          weighted_p * miss,
                          weighted_q * miss};
    });
}

template <class L>
SsviSums sum_ssvi(const PointColumns& points, const SsviTerms& terms) {
    using Real = typename L::Real;
    using math::same;
    const double rest = 1.0 - terms.rho * terms.rho;
    return sum_up<L, std::tuple_size_v<SsviSums>>(points, [&](Real k, Real v, Real weight) {
        const Real rho = same<Real>(terms.rho);
        const Real stretched = same<Real>(terms.phi) * k;
        const Real shifted = stretched + rho;
        const Real root = sqrt(fma(shifted, shifted, same<Real>(rest)));
        const Real inverse = same<Real>(1.0) / root;
        const Real half_theta = same<Real>(0.5 * terms.theta);
        const Real shape = fma(rho, stretched, same<Real>(1.0)) + root;
        const Real by_theta = same<Real>(0.5) * shape;
        const Real by_phi = half_theta * (k * fma(shifted, inverse, rho));
        const Real by_rho = half_theta * (stretched * (same<Real>(1.0) + inverse));
        const Real miss = v - half_theta * shape;
        const Real t = weight * by_theta;
        const Real f = weight * by_phi;
        const Real c = weight * by_rho;
        return std::array{t * by_theta, t * by_phi, t * by_rho, f * by_phi, f * by_rho,
                          c * by_rho,   t * miss,   f * miss,   c * miss,   weight * miss * miss};
    });
}

// The curve itself, at any moneyness.
template <class L>
void evaluate_hyperbola(const Hyperbola& curve, const lanes::Column<double>& log_moneyness,
                        double* out, std::size_t count) {
    using Real = typename L::Real;
    using math::same;
    const double inverse_width = 1.0 / curve.width;
    lanes::for_each_row<L>(count, [&](const auto& cursor) {
        const Arms<Real> arms = arms_at(cursor.load(log_moneyness), curve.centre, inverse_width);
        const Real rising = same<Real>(curve.right) * arms.right;
        const Real falling = same<Real>(curve.left) * arms.left;
        cursor.store(out, same<Real>(curve.low) + (rising + falling));
    });
}

}  // namespace miletus::pricing
