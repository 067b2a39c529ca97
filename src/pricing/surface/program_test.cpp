// Programs whose answers are known.
#include "pricing/surface/program.hpp"

#include <gtest/gtest.h>

namespace miletus::pricing {
namespace {

// The weights nearest to a wish that add up to one and have a given mean.
QuadraticProgram nearest(const std::vector<double>& wish, double mean) {
    QuadraticProgram program;
    program.variables = wish.size();
    program.quadratic.resize(wish.size() * wish.size());
    for (std::size_t at = 0; at < wish.size(); ++at) {
        program.quadratic[at * wish.size() + at] = 1;
        program.linear.push_back(-wish[at]);
        program.equations[0].push_back(1);
        program.equations[1].push_back(static_cast<double>(at));
    }
    program.targets = {1, mean};
    return program;
}

TEST(Program, keeps_equations_and_signs) {
    const QuadraticProgram program = nearest({0.5, -0.4, 0.3, 0.6}, 1.5);
    const ProgramSolution solution = solve(program, std::vector<double>(4, 0.25));
    EXPECT_TRUE(solution.has_converged);
    // By hand: the second is zero; of the others, x = wish + p + q i.
    EXPECT_NEAR(solution.x[1], 0, 1e-8);
    EXPECT_NEAR(solution.x[0] + solution.x[1] + solution.x[2] + solution.x[3], 1, 1e-12);
    EXPECT_NEAR(solution.x[1] + 2 * solution.x[2] + 3 * solution.x[3], 1.5, 1e-12);
    const double p = solution.x[0] - 0.5;
    const double q = (solution.x[3] - 0.6 - p) / 3;
    EXPECT_NEAR(solution.x[2], 0.3 + p + 2 * q, 1e-8);
}

TEST(Program, keeps_hard_bounds_and_pays_for_soft_ones) {
    QuadraticProgram program = nearest({0.25, 0.25, 0.25, 0.25}, 1.5);
    program.rows = {1, 0, 0, 0, /**/ 0, 1, 0, 0};
    program.bounds = {{.least = 0.3, .most = 0, .cost = 0, .has_least = true},
                      {.least = 0, .most = 0.05, .cost = 1e-3, .has_most = true}};
    const ProgramSolution solution = solve(program, std::vector<double>(4, 0.25));
    EXPECT_TRUE(solution.has_converged);
    EXPECT_NEAR(solution.x[0], 0.3, 1e-7);
    EXPECT_GT(solution.x[1], 0.1);  // so cheap a bound is missed
    program.bounds[1].cost = 100;
    EXPECT_NEAR(solve(program, std::vector<double>(4, 0.25)).x[1], 0.05, 1e-6);
}

TEST(Program, gives_up_on_bounds_that_contradict_each_other) {
    QuadraticProgram program = nearest({0.25, 0.25, 0.25, 0.25}, 1.5);
    program.rows = {1, 1, 1, 1};
    program.bounds = {{.least = 2, .most = 0, .cost = 0, .has_least = true}};
    const ProgramSolution solution = solve(program, std::vector<double>(4, 0.25));
    EXPECT_FALSE(solution.has_converged);
}

}  // namespace
}  // namespace miletus::pricing
