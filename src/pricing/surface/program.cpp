// Each bound has a slack s >= 0 with a price y >= 0; a soft one has besides by how much it is
// missed, t >= 0, with a price z = cost - y. Steps go towards s y = t z = a number that sinks to
// nothing. What is left to solve in each step is a positive matrix of the variables alone.
#include "pricing/surface/program.hpp"

#include "base/assert.hpp"
#include "pricing/surface/scalars.hpp"

namespace miletus::pricing {

namespace {

constexpr std::size_t steps_max = 45;
constexpr double gap_wanted = 1e-9;
constexpr double gap_exhausted = 1e-14;  // below, steps only add noise
constexpr double dual_wanted = 1e-7;
constexpr double primal_wanted = 1e-9;
constexpr double equation_wanted = 1e-12;

using Columns = std::vector<double>;

double product(std::span<const double> a, std::span<const double> b) {
    ASSERT(b.size() >= a.size());
    double sum = 0;
    auto other = b.begin();
    for (const double x : a) {
        sum += x * *other;
        ++other;
    }
    return sum;
}

// Without looking at bounds in the loop, so that it becomes vectors.
void add_scaled(std::span<double> to, double factor, std::span<const double> from) {
    ASSERT(from.size() >= to.size());
    auto source = from.begin();
    for (double& sum : to) {
        sum += factor * *source;
        ++source;
    }
}

// sign (row x) >= bound; a row of zero stands for one variable.
struct Side {
    std::size_t row;
    bool is_variable;
    bool is_soft;
    double sign;
    double bound;
    double cost;
};

struct Point {
    Columns x, s, y, t, z;
    std::array<double, 2> prices{};  // of the equations
};

class InteriorPoint {
  public:
    InteriorPoint(const QuadraticProgram& program, std::span<const double> start)
        : program_(program), n_(program.variables) {
        list_sides();
        begin_at(start);
        matrix_.resize(n_ * n_);
        weights_.resize(sides_.size());
        aims_.resize(sides_.size());
    }

    ProgramSolution run() {
        ProgramSolution solution;
        measure();
        while (solution.steps < steps_max && gap_ > gap_exhausted && !is_good()) {
            step();
            measure();
            ++solution.steps;
        }
        solution.x = now_.x;
        solution.gap = gap_;
        solution.has_converged = is_good();
        return solution;
    }

  private:
    void list_sides() {
        for (std::size_t row = 0; row < program_.bounds.size(); ++row) {
            const Bounds& bounds = program_.bounds[row];
            const bool is_soft = bounds.cost > 0;
            if (bounds.has_least) {
                sides_.push_back({row, false, is_soft, 1.0, bounds.least, bounds.cost});
            }
            if (bounds.has_most) {
                sides_.push_back({row, false, is_soft, -1.0, -bounds.most, bounds.cost});
            }
        }
        for (std::size_t at = 0; at < n_; ++at) {
            sides_.push_back({at, true, false, 1.0, 0.0, 0.0});
        }
        for (const Side& side : sides_) {
            pairs_ += side.is_soft ? 2.0 : 1.0;
        }
    }

    void begin_at(std::span<const double> start) {
        now_.x.assign(start.begin(), start.end());
        for (Columns* column : {&now_.s, &now_.y, &now_.t, &now_.z, &primal_}) {
            column->resize(sides_.size());
        }
        const Columns reached = reached_by(now_.x);
        for (std::size_t at = 0; at < sides_.size(); ++at) {
            const Side& side = sides_[at];
            const double slack = reached[at] - side.bound;
            now_.s[at] = larger_of(slack, 0.1);
            now_.t[at] = side.is_soft ? larger_of(now_.s[at] - slack, 0.1) : 1.0;
            now_.y[at] = side.is_soft ? 0.5 * side.cost : 1.0 / now_.s[at];
            now_.z[at] = side.is_soft ? side.cost - now_.y[at] : 1.0;
        }
    }

    [[nodiscard]] std::span<const double> row_of(std::size_t row) const {
        return std::span(program_.rows).subspan(row * n_, n_);
    }

    // What each side's row comes to, with its sign.
    [[nodiscard]] Columns reached_by(const Columns& x) const {
        Columns reached(sides_.size());
        for (std::size_t at = 0; at < sides_.size(); ++at) {
            const Side& side = sides_[at];
            const bool is_repeated = at > 0 && !side.is_variable && sides_[at - 1].row == side.row;
            const double value = side.is_variable ? x[side.row]
                                 : is_repeated    ? sides_[at - 1].sign * reached[at - 1]
                                                  : product(row_of(side.row), x);
            reached[at] = side.sign * value;
        }
        return reached;
    }

    // Adds each side's row times its factor.
    void add_rows(const Columns& factors, Columns& to) const {
        for (std::size_t at = 0; at < sides_.size(); ++at) {
            const Side& side = sides_[at];
            if (side.is_variable) {
                to[side.row] += factors[at];
            } else {
                add_scaled(to, side.sign * factors[at], row_of(side.row));
            }
        }
    }

    // By how much every condition is missed.
    void measure() {
        dual_.resize(n_);
        for (std::size_t row = 0; row < n_; ++row) {
            const auto factors = std::span(program_.quadratic).subspan(row * n_, n_);
            dual_[row] = -(product(factors, now_.x) + program_.linear[row]);
        }
        add_rows(now_.y, dual_);
        dual_miss_ = 0;
        for (std::size_t equation = 0; equation < 2; ++equation) {
            add_scaled(dual_, now_.prices[equation], program_.equations[equation]);
            equation_[equation] =
                product(program_.equations[equation], now_.x) - program_.targets[equation];
        }
        for (const double miss : dual_) {
            dual_miss_ = larger_of(dual_miss_, size_of(miss));
        }
        const Columns reached = reached_by(now_.x);
        primal_miss_ = 0;
        gap_ = 0;
        for (std::size_t at = 0; at < sides_.size(); ++at) {
            const double missed = sides_[at].is_soft ? now_.t[at] : 0.0;
            primal_[at] = reached[at] + missed - sides_[at].bound - now_.s[at];
            primal_miss_ = larger_of(primal_miss_, size_of(primal_[at]));
            gap_ += now_.s[at] * now_.y[at] + missed * now_.z[at];
        }
        gap_ /= pairs_;
    }

    [[nodiscard]] bool is_good() const {
        return gap_ < gap_wanted && dual_miss_ < dual_wanted && primal_miss_ < primal_wanted &&
               size_of(equation_[0]) < equation_wanted && size_of(equation_[1]) < equation_wanted;
    }

    // H, and each row times itself by its weight; the lower half.
    void fill_matrix() {
        matrix_ = program_.quadratic;
        for (std::size_t at = 0; at < sides_.size(); ++at) {
            const Side& side = sides_[at];
            const double soft = side.is_soft ? now_.t[at] / now_.z[at] : 0.0;
            weights_[at] = 1.0 / (now_.s[at] / now_.y[at] + soft);
        }
        for (std::size_t at = 0; at < sides_.size(); ++at) {
            const Side& side = sides_[at];
            if (side.is_variable) {
                matrix_[side.row * n_ + side.row] += weights_[at];
                continue;
            }
            const bool has_more = sides_[at + 1].row == side.row && !sides_[at + 1].is_variable;
            const double weight = has_more ? weights_[at] + weights_[at + 1] : weights_[at];
            at += has_more ? 1U : 0U;
            const auto factors = row_of(side.row);
            for (std::size_t row = 0; row < n_; ++row) {
                add_scaled(std::span(matrix_).subspan(row * n_, row + 1), weight * factors[row],
                           factors.first(row + 1));
            }
        }
    }

    // Cholesky's, in place. A variable without curvature stays where it is.
    void factorise() {
        Columns column(n_);
        for (std::size_t at = 0; at < n_; ++at) {
            const double pivot = matrix_[at * n_ + at];
            const double scale = pivot > 1e-30 ? 1.0 / root(pivot) : 0.0;
            for (std::size_t row = at; row < n_; ++row) {
                column[row] = matrix_[row * n_ + at] * scale;
                matrix_[row * n_ + at] = column[row];
            }
            for (std::size_t row = at + 1; row < n_; ++row) {
                add_scaled(std::span(matrix_).subspan(row * n_ + at + 1, row - at), -column[row],
                           std::span(column).subspan(at + 1, row - at));
            }
        }
    }

    [[nodiscard]] Columns solved(Columns x) const {
        for (std::size_t row = 0; row < n_; ++row) {
            const double sum =
                product(std::span(matrix_).subspan(row * n_, row), std::span(x).first(row));
            const double pivot = matrix_[row * n_ + row];
            x[row] = pivot > 0 ? (x[row] - sum) / pivot : 0.0;
        }
        for (std::size_t row = n_; row > 0; --row) {
            const double pivot = matrix_[(row - 1) * n_ + row - 1];
            x[row - 1] = pivot > 0 ? x[row - 1] / pivot : 0.0;
            add_scaled(std::span(x).first(row - 1), -x[row - 1],
                       std::span(matrix_).subspan((row - 1) * n_, row - 1));
        }
        return x;
    }

    struct Elimination {
        std::array<Columns, 2> columns;  // the inverse matrix times each equation
        std::array<double, 3> small{};   // what the equations then are among themselves
    };

    [[nodiscard]] Elimination eliminated() const {
        Elimination result;
        for (std::size_t equation = 0; equation < 2; ++equation) {
            result.columns[equation] = solved(program_.equations[equation]);
        }
        result.small = {product(program_.equations[0], result.columns[0]),
                        product(program_.equations[0], result.columns[1]),
                        product(program_.equations[1], result.columns[1])};
        return result;
    }

    // One Newton step; `of_s` and `of_t` are what s y and t z have too much.
    [[nodiscard]] Point direction(const Elimination& elimination, const Columns& of_s,
                                  const Columns& of_t) {
        Point step;
        Columns factors(sides_.size());
        for (std::size_t at = 0; at < sides_.size(); ++at) {
            const double soft = sides_[at].is_soft ? of_t[at] / now_.z[at] : 0.0;
            aims_[at] = soft - of_s[at] / now_.y[at] - primal_[at];
            factors[at] = weights_[at] * aims_[at];
        }
        Columns target = dual_;
        add_rows(factors, target);
        step.x = solved(std::move(target));
        const double first = -equation_[0] - product(program_.equations[0], step.x);
        const double second = -equation_[1] - product(program_.equations[1], step.x);
        const auto& [a, b, d] = elimination.small;
        const double determinant = a * d - b * b;
        if (determinant > 0) {
            step.prices = {(first * d - second * b) / determinant,
                           (second * a - first * b) / determinant};
        }
        add_scaled(step.x, step.prices[0], elimination.columns[0]);
        add_scaled(step.x, step.prices[1], elimination.columns[1]);
        finish(step, of_s, of_t);
        return step;
    }

    // The slacks and prices that go with a step of x.
    void finish(Point& step, const Columns& of_s, const Columns& of_t) const {
        const Columns moved = reached_by(step.x);
        for (Columns* column : {&step.s, &step.y, &step.t, &step.z}) {
            column->resize(sides_.size());
        }
        for (std::size_t at = 0; at < sides_.size(); ++at) {
            step.y[at] = weights_[at] * (aims_[at] - moved[at]);
            step.s[at] = (-of_s[at] - now_.s[at] * step.y[at]) / now_.y[at];
            if (sides_[at].is_soft) {
                step.z[at] = -step.y[at];
                step.t[at] = (-of_t[at] - now_.t[at] * step.z[at]) / now_.z[at];
            }
        }
    }

    // How far all stay positive, at most one.
    [[nodiscard]] double room(const Columns& from, const Columns& step, double start) const {
        double share = start;
        for (std::size_t at = 0; at < from.size(); ++at) {
            if (step[at] < 0 && share * -step[at] > from[at]) {
                share = from[at] / -step[at];
            }
        }
        return share;
    }

    void step() {
        fill_matrix();
        factorise();
        const Elimination elimination = eliminated();
        Columns of_s(sides_.size());
        Columns of_t(sides_.size());
        for (std::size_t at = 0; at < sides_.size(); ++at) {
            of_s[at] = now_.s[at] * now_.y[at];
            of_t[at] = sides_[at].is_soft ? now_.t[at] * now_.z[at] : 0.0;
        }
        const Point straight = direction(elimination, of_s, of_t);
        const double centred = centring(straight) * gap_;
        for (std::size_t at = 0; at < sides_.size(); ++at) {
            of_s[at] += straight.s[at] * straight.y[at] - centred;
            of_t[at] += sides_[at].is_soft ? straight.t[at] * straight.z[at] - centred : 0.0;
        }
        const Point step = direction(elimination, of_s, of_t);
        const double primal =
            smaller_of(1.0, 0.99 * room(now_.t, step.t, room(now_.s, step.s, 2.0)));
        const double dual = smaller_of(1.0, 0.99 * room(now_.z, step.z, room(now_.y, step.y, 2.0)));
        add_scaled(now_.x, primal, step.x);
        add_scaled(now_.s, primal, step.s);
        add_scaled(now_.t, primal, step.t);
        add_scaled(now_.y, dual, step.y);
        add_scaled(now_.z, dual, step.z);
        now_.prices[0] += dual * step.prices[0];
        now_.prices[1] += dual * step.prices[1];
    }

    // Mehrotra's: the less a straight step would leave, the less it has to be bent.
    [[nodiscard]] double centring(const Point& straight) const {
        const double primal = room(now_.t, straight.t, room(now_.s, straight.s, 1.0));
        const double dual = room(now_.z, straight.z, room(now_.y, straight.y, 1.0));
        double left = 0;
        for (std::size_t at = 0; at < sides_.size(); ++at) {
            left += (now_.s[at] + primal * straight.s[at]) * (now_.y[at] + dual * straight.y[at]);
            if (sides_[at].is_soft) {
                left +=
                    (now_.t[at] + primal * straight.t[at]) * (now_.z[at] + dual * straight.z[at]);
            }
        }
        const double ratio = left / pairs_ / gap_;
        return ratio * ratio * ratio;
    }

    const QuadraticProgram& program_;
    std::size_t n_;
    std::vector<Side> sides_;
    double pairs_ = 0;
    Point now_;
    // What is missed: by the gradient, by slacks, by the equations.
    Columns dual_, primal_;
    std::array<double, 2> equation_{};
    double dual_miss_ = 0;
    double primal_miss_ = 0;
    double gap_ = 0;
    // Of the step at hand.
    Columns matrix_, weights_, aims_;
};

}  // namespace

ProgramSolution solve(const QuadraticProgram& program, std::span<const double> start) {
    ASSERT(start.size() == program.variables);
    ASSERT(program.quadratic.size() == program.variables * program.variables);
    ASSERT(program.rows.size() == program.variables * program.bounds.size());
    return InteriorPoint(program, start).run();
}

}  // namespace miletus::pricing
