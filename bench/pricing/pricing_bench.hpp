// Prices against what their users have today: QuantLib, SLEEF, numpy.
#pragma once

#include "bench/harness.hpp"

namespace miletus::bench {

void bench_greeks(const Options& options, Report& report);
void bench_implied_vols(const Options& options, Report& report);
void bench_paths(const Options& options, Report& report);
void bench_risk_arrays(const Options& options, Report& report);
void bench_surface(const Options& options, Report& report);

}  // namespace miletus::bench
