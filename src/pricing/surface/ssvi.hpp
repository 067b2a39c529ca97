// SSVI: a whole surface of total variances by three numbers and one variance at the money for each
// expiry (Gatheral and Jacquier 2014), with the power law
//     phi(theta) = eta theta^-gamma (1 + theta)^(gamma - 1).
// With eta (1 + |rho|) <= 2, 0 < gamma <= 1/2 and theta that never falls there is no arbitrage,
// neither by butterflies nor by calendars (their remark 4.4): parameters outside are not tried.
#pragma once

#include "pricing/surface/svi.hpp"

#include <vector>

namespace miletus::pricing {

struct Ssvi {
    double rho = 0;
    double eta = 1;
    double gamma = 0.5;
    std::vector<double> theta;  // at the money, expiry by expiry, never falling
};

struct SsviFit {
    Ssvi surface;
    double rms = 0;
    CurveStatus status = CurveStatus::ok;
};

// Expiries in order of time, each with one point or more.
[[nodiscard]] SsviFit fit_ssvi(std::span<const VariancePoints> expiries);

// The slice of any variance at the money, as raw SVI.
[[nodiscard]] Svi slice_of(const Ssvi& surface, double theta);

}  // namespace miletus::pricing
