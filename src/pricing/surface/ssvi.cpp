// Damped Gauss-Newton steps over rho, eta, gamma and every expiry's theta: thetas only meet the
// three, so each is eliminated by itself and three equations remain.
#include "pricing/surface/ssvi.hpp"

#include "pricing/backends/backends.hpp"
#include "pricing/lanes/one.hpp"
#include "pricing/math/functions.hpp"
#include "pricing/surface/points.hpp"
#include "pricing/surface/scalars.hpp"

#include <array>

namespace miletus::pricing {

namespace {

constexpr int first_steps = 6;
constexpr int steps = 20;
constexpr double largest_rho = 0.999;
constexpr double least_eta = 1e-3;
constexpr double least_gamma = 1e-3;
constexpr double largest_gamma = 0.5;

using Real = lanes::One::Real;
using Three = std::array<double, 3>;

double largest_eta(double rho) {
    return 2.0 / (1.0 + size_of(rho));
}

// phi and its derivatives.
struct Power {
    double phi;
    double by_theta;
    double by_eta;
    double by_gamma;
};

Power power_of(const Ssvi& surface, double theta) {
    const double log = math::log_within(Real{theta}).v;
    const double log_above = math::log_within(Real{1.0 + theta}).v;
    const double exponent = (surface.gamma - 1.0) * log_above - surface.gamma * log;
    const double shape = math::exp_within(Real{exponent}, Real{0.0}).v;
    const double phi = surface.eta * shape;
    return {.phi = phi,
            .by_theta = phi * ((surface.gamma - 1.0) / (1.0 + theta) - surface.gamma / theta),
            .by_eta = shape,
            .by_gamma = phi * (log_above - log)};
}

// What one expiry gives to the equations of all.
struct Part {
    double square;  // by theta twice
    double miss;    // by theta
    Three across;   // by theta and rho, eta, gamma
};

struct Equations {
    std::array<Three, 3> matrix{};
    Three target{};
    std::vector<Part> parts;
    double error = 0;
};

class SsviProblem {
  public:
    explicit SsviProblem(std::span<const VariancePoints> expiries) {
        for (const VariancePoints& points : expiries) {
            expiries_.push_back(padded(points));
            scales_.push_back(expiries_.back().mean);
            // Points as they are: the surface couples the expiries' scales.
            for (double& variance : expiries_.back().variance) {
                variance = (variance + 1.0) * expiries_.back().mean;
            }
            const double by_scale = 1.0 / (scales_.back() * scales_.back());
            for (double& weight : expiries_.back().weight) {
                weight *= by_scale;
            }
        }
    }

    [[nodiscard]] Ssvi start(double rho) const {
        Ssvi surface{.rho = rho, .eta = 1.0, .gamma = 0.4, .theta = {}};
        for (const PaddedPoints& points : expiries_) {
            surface.theta.push_back(at_the_money(points));
        }
        return in_domain(surface);
    }

    [[nodiscard]] Equations at(const Ssvi& surface) const {
        Equations all;
        all.parts.reserve(expiries_.size());
        for (std::size_t at = 0; at < expiries_.size(); ++at) {
            const Power power = power_of(surface, surface.theta[at]);
            const SsviSums sums = backend().sum_ssvi(
                expiries_[at].columns(),
                {.theta = surface.theta[at], .phi = power.phi, .rho = surface.rho});
            add(all, sums, power);
        }
        return all;
    }

    // Steps until the count is used up; damping says how far each may go.
    [[nodiscard]] Ssvi improved(Ssvi surface, int count) const {
        Equations equations = at(surface);
        double damping = 1e-3;
        for (int step = 0; step < count; ++step) {
            const Ssvi next = stepped(surface, equations, damping);
            Equations of_next = at(next);
            const bool is_better = of_next.error < equations.error;
            if (is_better) {
                surface = next;
                equations = std::move(of_next);
            }
            damping = is_better ? 0.1 * damping : 8.0 * damping;
        }
        return surface;
    }

    [[nodiscard]] double rms(const Ssvi& surface) const {
        double sum = 0;
        for (std::size_t at = 0; at < expiries_.size(); ++at) {
            const Power power = power_of(surface, surface.theta[at]);
            const SsviSums sums = backend().sum_ssvi(
                expiries_[at].columns(),
                {.theta = surface.theta[at], .phi = power.phi, .rho = surface.rho});
            sum += sums[9] * scales_[at] * scales_[at];
        }
        return root(sum / static_cast<double>(expiries_.size()));
    }

  private:
    // The variance nearest to the money.
    static double at_the_money(const PaddedPoints& points) {
        double nearest = beyond_all;
        double variance = points.mean;
        for (std::size_t at = 0; at < points.weight.size(); ++at) {
            const double distance = size_of(points.log_moneyness[at]);
            if (points.weight[at] > 0 && distance < nearest) {
                nearest = distance;
                variance = points.variance[at];
            }
        }
        return variance;
    }

    static Ssvi in_domain(Ssvi surface) {
        surface.rho = clamped(-largest_rho, surface.rho, largest_rho);
        surface.eta = clamped(least_eta, surface.eta, largest_eta(surface.rho));
        surface.gamma = clamped(least_gamma, surface.gamma, largest_gamma);
        double before = 1e-12;
        for (double& theta : surface.theta) {
            theta = theta < before ? before : theta;
            before = theta;
        }
        return surface;
    }

    static void add(Equations& all, const SsviSums& sums, const Power& power) {
        const auto [tt, tf, tc, ff, fc, cc, et, ef, ec, ee] = sums;
        const double moved = tf + power.by_theta * ff;
        all.parts.push_back(
            {.square = tt + 2.0 * power.by_theta * tf + power.by_theta * power.by_theta * ff,
             .miss = et + power.by_theta * ef,
             .across = {tc + power.by_theta * fc, moved * power.by_eta, moved * power.by_gamma}});
        all.matrix[0][0] += cc;
        all.matrix[0][1] += fc * power.by_eta;
        all.matrix[0][2] += fc * power.by_gamma;
        all.matrix[1][1] += ff * power.by_eta * power.by_eta;
        all.matrix[1][2] += ff * power.by_eta * power.by_gamma;
        all.matrix[2][2] += ff * power.by_gamma * power.by_gamma;
        all.target[0] += ec;
        all.target[1] += ef * power.by_eta;
        all.target[2] += ef * power.by_gamma;
        all.error += ee;
    }

    // Of rho, eta and gamma, each that is at its bound and would leave held there.
    static Three step_of_three(const Ssvi& surface, const Equations& equations, double damping) {
        std::array<Three, 3> matrix = equations.matrix;
        Three target = equations.target;
        for (std::size_t row = 0; row < 3; ++row) {
            matrix[row][row] = matrix[row][row] * (1.0 + damping) + 1e-300;
        }
        for (const Part& part : equations.parts) {
            const double inverse = 1.0 / (part.square * (1.0 + damping) + 1e-300);
            for (std::size_t row = 0; row < 3; ++row) {
                const double share = part.across[row] * inverse;
                target[row] -= share * part.miss;
                for (std::size_t column = row; column < 3; ++column) {
                    matrix[row][column] -= share * part.across[column];
                }
            }
        }
        const Three now{surface.rho, surface.eta, surface.gamma};
        const Three least{-largest_rho, least_eta, least_gamma};
        const Three most{largest_rho, largest_eta(surface.rho), largest_gamma};
        for (std::size_t row = 0; row < 3; ++row) {
            const bool is_held = (now[row] >= most[row] && target[row] > 0) ||
                                 (now[row] <= least[row] && target[row] < 0);
            if (is_held) {
                for (std::size_t other = 0; other < 3; ++other) {
                    matrix[row < other ? row : other][row < other ? other : row] = 0;
                }
                matrix[row][row] = 1;
                target[row] = 0;
            }
        }
        return solved(matrix, target);
    }

    // Of the upper half of a symmetric matrix.
    static Three solved(const std::array<Three, 3>& m, const Three& target) {
        const double b = m[0][1] / m[0][0];
        const double c = m[0][2] / m[0][0];
        const double d = m[1][1] - b * m[0][1];
        const double e = (m[1][2] - b * m[0][2]) / d;
        const double f = (m[2][2] - c * m[0][2]) - e * (m[1][2] - b * m[0][2]);
        const double second = target[1] - b * target[0];
        const double third = (target[2] - c * target[0]) - e * second;
        const bool is_definite = m[0][0] > 0 && d > 0 && f > 0;
        if (!is_definite) {
            return {};
        }
        const double z = third / f;
        const double y = second / d - e * z;
        return {target[0] / m[0][0] - b * y - c * z, y, z};
    }

    [[nodiscard]] Ssvi stepped(const Ssvi& surface, const Equations& equations,
                               double damping) const {
        const Three step = step_of_three(surface, equations, damping);
        Ssvi next = surface;
        next.rho += step[0];
        next.eta += step[1];
        next.gamma += step[2];
        for (std::size_t at = 0; at < surface.theta.size(); ++at) {
            const Part& part = equations.parts[at];
            const double miss = part.miss - part.across[0] * step[0] - part.across[1] * step[1] -
                                part.across[2] * step[2];
            const double theta = surface.theta[at];
            const double moved = miss / (part.square * (1.0 + damping) + 1e-300);
            next.theta[at] = clamped(0.25 * theta, theta + moved, 4.0 * theta);
        }
        return in_domain(next);
    }

    std::vector<PaddedPoints> expiries_;
    std::vector<double> scales_;
};

}  // namespace

SsviFit fit_ssvi(std::span<const VariancePoints> expiries) {
    const UsualRounding rounding;
    SsviFit fit;
    std::size_t points = 0;
    for (const VariancePoints& expiry : expiries) {
        fit.status = status_of(expiry);
        points += expiry.weight.size();
        if (fit.status != CurveStatus::ok) {
            return fit;
        }
    }
    if (points < expiries.size() + 3) {
        fit.status = CurveStatus::too_few_points;
        return fit;
    }
    const SsviProblem problem(expiries);
    double least = beyond_all;
    for (const double rho : {-0.5, 0.0, 0.5}) {
        const Ssvi surface = problem.improved(problem.start(rho), first_steps);
        const double error = problem.at(surface).error;
        if (error < least) {
            least = error;
            fit.surface = surface;
        }
    }
    fit.surface = problem.improved(fit.surface, steps);
    fit.rms = problem.rms(fit.surface);
    return fit;
}

Svi slice_of(const Ssvi& surface, double theta) {
    const UsualRounding rounding;
    const double phi = power_of(surface, theta).phi;
    const double rest = 1.0 - surface.rho * surface.rho;
    return {.a = 0.5 * theta * rest,
            .b = 0.5 * theta * phi,
            .rho = surface.rho,
            .m = -surface.rho / phi,
            .sigma = root(rest) / phi};
}

}  // namespace miletus::pricing
