// What the kernels of variance curves read and write. Points to be summed up come in blocks of
// sixteen, the last filled up with points of no weight: so every kind of lanes adds them up in the
// same order.
#pragma once

#include "pricing/lanes/columns.hpp"

#include <array>
#include <cstddef>

namespace miletus::pricing {

constexpr std::size_t points_in_block = 16;

struct PointColumns {
    const double* log_moneyness = nullptr;
    const double* variance = nullptr;
    const double* weight = nullptr;
    std::size_t count = 0;  // whole blocks
};

// One hyperbola: low + right (z + y) / 2 + left (z - y) / 2,  y = (k - centre) / width,
// z = sqrt(y^2 + 1). Both of its arms rise where right and left are positive.
struct Hyperbola {
    double low = 0;
    double right = 0;
    double left = 0;
    double centre = 0;
    double width = 1;
};

// Weighted sums over the points of r = (z + y) / 2, l = (z - y) / 2 and the variance v:
// r, l, r^2, l^2, r v, l v.
using ArmSums = std::array<double, 6>;

// What a step of the centre and the width needs besides: p is the curve's slope by y, q = y p, e
// what the curve misses: p, q, r p, r q, l p, l q, p^2, p q, q^2, e p, e q.
using StepSums = std::array<double, 11>;

// One slice of an SSVI surface: variance = theta / 2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 -
// rho^2)).
struct SsviTerms {
    double theta = 0;
    double phi = 0;
    double rho = 0;
};

// Weighted sums of products of the derivatives t, f, c by theta, phi and rho, and of what the curve
// misses, e: t t, t f, t c, f f, f c, c c, e t, e f, e c, e e.
using SsviSums = std::array<double, 10>;

}  // namespace miletus::pricing
