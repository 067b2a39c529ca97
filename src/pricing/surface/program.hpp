// A quadratic program, small and dense: of x >= 0 with two equations, the least of
//     x H x / 2 + g x + cost (by how much each soft row misses its bounds)
// while hard rows keep theirs. Solved by an interior-point method of Mehrotra's.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace miletus::pricing {

struct Bounds {
    double least = 0;
    double most = 0;
    double cost = 0;  // of missing them, by the unit; zero: they must be kept
    bool has_least = false;
    bool has_most = false;
};

struct QuadraticProgram {
    std::size_t variables = 0;
    std::vector<double> quadratic;  // H, row by row; symmetric
    std::vector<double> linear;     // g
    std::vector<double> rows;       // each of so many factors as there are variables
    std::vector<Bounds> bounds;     // one for each row
    std::array<std::vector<double>, 2> equations;
    std::array<double, 2> targets{};
};

struct ProgramSolution {
    std::vector<double> x;
    double gap = 0;  // what complementarity still lacks
    std::size_t steps = 0;
    bool has_converged = false;
};

// From a positive start, which may break bounds and equations.
[[nodiscard]] ProgramSolution solve(const QuadraticProgram& program, std::span<const double> start);

}  // namespace miletus::pricing
