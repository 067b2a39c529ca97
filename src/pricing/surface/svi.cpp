// The five numbers split in two: where the centre and the width are known, the others follow from
// three linear equations under bounds, solved outright (the quasi-explicit way of Zeliade's De
// Marco and Martini). Centre and width come from a coarse grid, then from damped Gauss-Newton
// steps with the linear ones always at their best.
#include "pricing/surface/svi.hpp"

#include "pricing/backends/backends.hpp"
#include "pricing/math/math.hpp"
#include "pricing/surface/points.hpp"
#include "pricing/surface/scalars.hpp"

#include <array>

namespace miletus::pricing {

namespace {

constexpr int newton_steps = 14;
// Of the centre, by the range of strikes.
constexpr double least_width = 1e-3;
constexpr double most_width = 10;
constexpr double slope_max = 2.0 - 1e-9;  // Lee: of total variance by |k|
// What a fitted slice has on a grid, so that it has none between its points.
constexpr double least_g = 1e-3;

using Three = std::array<double, 3>;

// Of low, right and left.
struct LinearProblem {
    std::array<Three, 3> matrix;
    Three target;
    Three least;
    Three most;
};

struct LinearSolution {
    Three at{};
    std::array<bool, 3> is_free{};
    double gain = -beyond_all;  // by how much the sum of squares falls
    bool is_inside = false;
};

// Those that are not free stay where they are in `at`.
LinearSolution solved(const LinearProblem& problem, LinearSolution solution) {
    std::array<Three, 3> matrix = problem.matrix;
    Three target = problem.target;
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t column = 0; column < 3; ++column) {
            const bool are_free = solution.is_free[row] && solution.is_free[column];
            if (solution.is_free[row] && !solution.is_free[column]) {
                target[row] -= matrix[row][column] * solution.at[column];
            }
            matrix[row][column] = are_free ? matrix[row][column] : (row == column ? 1.0 : 0.0);
        }
        target[row] = solution.is_free[row] ? target[row] : solution.at[row];
    }
    const double a = matrix[0][0];
    const double b = matrix[1][0] / a;
    const double c = matrix[2][0] / a;
    const double d = matrix[1][1] - b * matrix[0][1];
    const double e = (matrix[2][1] - c * matrix[0][1]) / d;
    const double f = (matrix[2][2] - c * matrix[0][2]) - e * (matrix[1][2] - b * matrix[0][2]);
    const double second = target[1] - b * target[0];
    const double third = (target[2] - c * target[0]) - e * second;
    solution.at[2] = third / f;
    solution.at[1] = (second - (matrix[1][2] - b * matrix[0][2]) * solution.at[2]) / d;
    solution.at[0] =
        (target[0] - matrix[0][1] * solution.at[1] - matrix[0][2] * solution.at[2]) / a;
    solution.is_inside = true;
    solution.gain = 0;
    for (std::size_t row = 0; row < 3; ++row) {
        double product = 0;
        for (std::size_t column = 0; column < 3; ++column) {
            product += problem.matrix[row][column] * solution.at[column];
        }
        solution.gain += solution.at[row] * (2.0 * problem.target[row] - product);
        solution.is_inside = solution.is_inside && problem.least[row] <= solution.at[row] &&
                             solution.at[row] <= problem.most[row];
    }
    return solution;
}

// The best within the bounds: each of the three free, or at a bound.
LinearSolution best_of(const LinearProblem& problem) {
    const LinearSolution unbound = solved(problem, {.is_free = {true, true, true}});
    if (unbound.is_inside) {
        return unbound;
    }
    LinearSolution best;
    for (int choice = 1; choice < 27; ++choice) {
        const std::array<int, 3> sides{choice % 3, (choice / 3) % 3, choice / 9};
        LinearSolution candidate;
        for (std::size_t at = 0; at < 3; ++at) {
            candidate.is_free[at] = sides[at] == 0;
            candidate.at[at] = sides[at] == 1 ? problem.least[at] : problem.most[at];
        }
        if (sides[0] == 2) {
            continue;  // the lowest point is not held from above
        }
        candidate = solved(problem, candidate);
        if (candidate.is_inside && best.gain < candidate.gain) {
            best = candidate;
        }
    }
    return best;
}

struct State {
    Hyperbola curve;
    std::array<bool, 3> is_free{};
    ArmSums sums{};
    double error = beyond_all;  // the weighted sum of squares
};

// Of the centre.
struct Widths {
    double least;
    double most;
};

class SviProblem {
  public:
    SviProblem(const PaddedPoints& points, double low_min, const Widths& widths)
        : points_(points), columns_(points.columns()), low_min_(low_min), widths_(widths) {
        range_ = points.most - points.least;
    }

    [[nodiscard]] State solve() const {
        State best = best_of_grid();
        double damping = 1e-3;
        for (int step = 0; step < newton_steps; ++step) {
            const State next = stepped(best, damping);
            const bool is_better = next.error < best.error;
            best = is_better ? next : best;
            damping = is_better ? 0.1 * damping : 8.0 * damping;
        }
        return best;
    }

  private:
    [[nodiscard]] State best_of_grid() const {
        State best;
        for (const double width : {0.03, 0.1, 0.3, 1.0}) {
            for (const double place : {0.1, 0.35, 0.5, 0.65, 0.9}) {
                const State state = with(points_.least + place * range_,
                                         clamped(widths_.least, width * range_, widths_.most));
                best = state.error < best.error ? state : best;
            }
        }
        return best;
    }

    // The best curve with this centre and width.
    [[nodiscard]] State with(double centre, double width) const {
        State state;
        const ArmSums sums = backend().sum_arms(columns_, centre, 1.0 / width);
        const double across = 0.25 * points_.weights;  // since r l = 1/4
        const double most = slope_max * width / points_.mean;
        const LinearSolution best =
            best_of({.matrix = {Three{points_.weights, sums[0], sums[1]},
                                Three{sums[0], sums[2], across}, Three{sums[1], across, sums[3]}},
                     .target = {points_.variances, sums[4], sums[5]},
                     .least = {low_min_, 0, 0},
                     .most = {beyond_all, most, most}});
        state.curve = {.low = best.at[0],
                       .right = best.at[1],
                       .left = best.at[2],
                       .centre = centre,
                       .width = width};
        state.is_free = best.is_free;
        state.sums = sums;
        state.error = best.is_inside ? points_.squares - best.gain : beyond_all;
        return state;
    }

    [[nodiscard]] State stepped(const State& from, double damping) const {
        const Hyperbola& curve = from.curve;
        const StepSums sums = backend().sum_steps(columns_, curve);
        const double across = 0.25 * points_.weights;
        LinearProblem linear{.matrix = {Three{points_.weights, from.sums[0], from.sums[1]},
                                        Three{from.sums[0], from.sums[2], across},
                                        Three{from.sums[1], across, from.sums[3]}},
                             .target = {sums[0], sums[2], sums[4]},
                             .least = {-beyond_all, -beyond_all, -beyond_all},
                             .most = {beyond_all, beyond_all, beyond_all}};
        // What the linear numbers take over of a step of the centre, and of the width.
        const LinearSolution of_centre = solved(linear, {.is_free = from.is_free});
        const Three by_centre = linear.target;
        linear.target = {sums[1], sums[3], sums[5]};
        const LinearSolution of_width = solved(linear, {.is_free = from.is_free});
        double a = sums[6];
        double b = sums[7];
        double d = sums[8];
        for (std::size_t at = 0; at < 3; ++at) {
            a -= of_centre.at[at] * by_centre[at];
            b -= of_width.at[at] * by_centre[at];
            d -= of_width.at[at] * linear.target[at];
        }
        a = a * (1.0 + damping) + 1e-12 * sums[6];
        d = d * (1.0 + damping) + 1e-12 * sums[8];
        const double determinant = a * d - b * b;
        if (!(determinant > 0)) {
            return {};
        }
        const double shift = (sums[9] * d - sums[10] * b) / determinant;
        const double stretch = (sums[10] * a - sums[9] * b) / determinant;
        const double centre = curve.centre - curve.width * clamped(-3, shift, 3);
        const double width = curve.width * value_of(Function::exp, -clamped(-1, stretch, 1));
        return with(clamped(points_.least - range_, centre, points_.most + range_),
                    clamped(widths_.least, width, widths_.most));
    }

    const PaddedPoints& points_;
    PointColumns columns_;
    double low_min_;
    Widths widths_;
    double range_ = 0;
};

Svi unscaled(const Hyperbola& curve, double scale) {
    const double right = curve.right * scale / curve.width;
    const double left = curve.left * scale / curve.width;
    const double b = 0.5 * (right + left);
    return {.a = (curve.low + 1.0) * scale,
            .b = b,
            .rho = b > 0 ? 0.5 * (right - left) / b : 0.0,
            .m = curve.centre,
            .sigma = curve.width};
}

Hyperbola hyperbola_of(const Svi& slice) {
    const double scale = slice.b * slice.sigma;
    return {.low = slice.a,
            .right = scale * (1.0 + slice.rho),
            .left = scale * (1.0 - slice.rho),
            .centre = slice.m,
            .width = slice.sigma};
}

double lowest(const Svi& slice) {
    const double rest = 1.0 - slice.rho * slice.rho;
    return slice.a + slice.b * slice.sigma * root(rest < 0 ? 0 : rest);
}

// An SSVI slice with about the same level and tilt, within the bounds of Gatheral and Jacquier's
// theorem 4.2: it has no butterflies.
Svi without_butterflies(const Svi& slice, double mean) {
    const double at_the_money = total_variance(slice, 0.0);
    const double theta = at_the_money > 0.01 * mean ? at_the_money : mean;
    const double rho = clamped(-0.9, slice.rho, 0.9);
    const double tilt = 1.0 + size_of(rho);
    const double wanted = 2.0 * slice.b / theta;
    const double first = 3.9 / (theta * tilt);
    const double second = 1.95 / root(theta * tilt);
    const double smaller = first < second ? first : second;
    const double phi = clamped(1e-3 * smaller, wanted, smaller);
    const double rest = 1.0 - rho * rho;
    return {.a = 0.5 * theta * rest,
            .b = 0.5 * theta * phi,
            .rho = rho,
            .m = -rho / phi,
            .sigma = root(rest) / phi};
}

bool has_none(const Svi& slice, double reach) {
    const ButterflyReport report = butterflies(slice, reach);
    return report.is_free() && report.least_g >= least_g;
}

double rms_of(const Svi& slice, const PaddedPoints& points) {
    Hyperbola curve = hyperbola_of(slice);
    double sum = 0;
    std::vector<double> fitted(points.weight.size());
    backend().evaluate_hyperbola(curve, {points.log_moneyness.data(), false}, fitted.data(),
                                 fitted.size());
    for (std::size_t at = 0; at < fitted.size(); ++at) {
        const double miss = (points.variance[at] + 1.0) * points.mean - fitted[at];
        sum += points.weight[at] * miss * miss;
    }
    return root(sum);
}

Svi fitted(const PaddedPoints& points, const Widths& widths) {
    const Svi slice = unscaled(SviProblem(points, -beyond_all, widths).solve().curve, points.mean);
    return lowest(slice) > 0
               ? slice
               : unscaled(SviProblem(points, -1.0, widths).solve().curve, points.mean);
}

Svi between(const Svi& from, const Svi& to, double share) {
    const auto blend = [share](double a, double b) {
        return a + share * (b - a);
    };
    return {.a = blend(from.a, to.a),
            .b = blend(from.b, to.b),
            .rho = blend(from.rho, to.rho),
            .m = blend(from.m, to.m),
            .sigma = blend(from.sigma, to.sigma)};
}

// As far from the safe slice as halving the way finds no butterflies.
Svi drawn_to_safety(const Svi& slice, double mean, double reach) {
    const Svi safe = without_butterflies(slice, mean);
    double bad = 0;
    double good = 1;
    for (int halving = 0; halving < 14; ++halving) {
        const double middle = 0.5 * (bad + good);
        const bool is_free = has_none(between(slice, safe, middle), reach);
        good = is_free ? middle : good;
        bad = is_free ? bad : middle;
    }
    return between(slice, safe, good);
}

// Butterflies come of a centre too wide, which makes a parabola of the smile that rises too fast
// beyond the quotes, or too narrow, which bends it too sharply. On either side the first width
// without them is looked for, and the best fit taken of what both and the way to safety lead to.
Svi mended(const PaddedPoints& points, const Svi& slice, double reach) {
    constexpr double growth = 1.25;
    constexpr int steps_max = 24;
    const double range = points.most - points.least;
    Svi best = drawn_to_safety(slice, points.mean, reach);
    double least_error = rms_of(best, points);
    for (const bool is_widened : {false, true}) {
        double bound = clamped(least_width * range, slice.sigma, most_width * range);
        for (int step = 0; step < steps_max; ++step) {
            bound = is_widened ? bound * growth : bound / growth;
            const Svi candidate =
                fitted(points, is_widened ? Widths{bound, larger_of(bound, most_width * range)}
                                          : Widths{smaller_of(bound, least_width * range), bound});
            if (has_none(candidate, reach)) {
                const double error = rms_of(candidate, points);
                best = error < least_error ? candidate : best;
                least_error = smaller_of(error, least_error);
                break;
            }
        }
    }
    return best;
}

}  // namespace

double total_variance(const Svi& slice, double log_moneyness) {
    double result = 0;
    const UsualRounding rounding;
    backend_one().evaluate_hyperbola(hyperbola_of(slice), {&log_moneyness, true}, &result, 1);
    return result;
}

bool total_variance(const Svi& slice, std::span<const double> log_moneyness,
                    std::span<double> out) {
    if (log_moneyness.size() != out.size()) {
        return false;
    }
    const UsualRounding rounding;
    backend().evaluate_hyperbola(hyperbola_of(slice), {log_moneyness.data(), false}, out.data(),
                                 out.size());
    return true;
}

double durrleman(const Svi& slice, double log_moneyness) {
    const double x = log_moneyness - slice.m;
    const double z = root(x * x + slice.sigma * slice.sigma);
    const double w = slice.a + slice.b * (slice.rho * x + z);
    const double slope = slice.b * (slice.rho + x / z);
    const double bend = slice.b * slice.sigma * slice.sigma / (z * z * z);
    const double first = 1.0 - 0.5 * log_moneyness * slope / w;
    return first * first - 0.25 * slope * slope * (1.0 / w + 0.25) + 0.5 * bend;
}

ButterflyReport butterflies(const Svi& slice, double reach) {
    constexpr int half_steps = 80;
    const UsualRounding rounding;
    ButterflyReport report{.least_g = beyond_all,
                           .left_slope = slice.b * (1.0 - slice.rho),
                           .right_slope = slice.b * (1.0 + slice.rho),
                           .least_variance = lowest(slice)};
    // Steps grow with the distance from the centre, where the curve bends, up to the reach.
    const double far = (reach + size_of(slice.m)) / slice.sigma + 1.0;
    const double ratio = value_of(Function::exp, value_of(Function::log, far + 1.0) / half_steps);
    double distance = 0;
    double growth = 1;
    for (int step = 0; step <= half_steps; ++step) {
        for (const double k :
             {slice.m + slice.sigma * distance, slice.m - slice.sigma * distance}) {
            const double g = durrleman(slice, k);
            const bool is_less = !(report.least_g <= g);
            report.least_g = is_less ? g : report.least_g;
            report.log_moneyness = is_less ? k : report.log_moneyness;
        }
        growth *= ratio;
        distance = growth - 1.0;
    }
    return report;
}

SviFit fit_svi(const VariancePoints& points) {
    const UsualRounding rounding;
    SviFit fit{.slice = {}, .rms = 0, .status = status_of(points)};
    if (fit.status != CurveStatus::ok) {
        return fit;
    }
    if (points.weight.size() < svi_points_min || points.weight.size() > curve_points_max) {
        fit.status = CurveStatus::too_few_points;
        return fit;
    }
    const PaddedPoints all = padded(points);
    if (!(all.most - all.least > 1e-9)) {
        fit.status = CurveStatus::same_strike;
        return fit;
    }
    const double range = all.most - all.least;
    fit.slice = fitted(all, {least_width * range, most_width * range});
    const double reach = 2.0 * (size_of(all.most) + size_of(all.least));
    if (!has_none(fit.slice, reach)) {
        fit.slice = mended(all, fit.slice, reach);
        fit.status = CurveStatus::drawn_to_no_arbitrage;
    }
    fit.rms = rms_of(fit.slice, all);
    return fit;
}

std::string_view sentence(CurveStatus status) {
    switch (status) {
        case CurveStatus::ok:
            return "ok";
        case CurveStatus::too_few_points:
            return "too few points";
        case CurveStatus::mismatched:
            return "columns of different lengths";
        case CurveStatus::not_a_number:
            return "a point is not a number, or out of its domain";
        case CurveStatus::same_strike:
            return "all points stand at one strike";
        case CurveStatus::drawn_to_no_arbitrage:
            return "the best fit had a negative density, and was mended";
    }
    return "?";
}

}  // namespace miletus::pricing
