// The group `risk`: margin, clearing, marks and settlement, each against a bound.
#pragma once

#include "bench/harness.hpp"

namespace miletus::bench {

// Checks and fills, without an engine around them; then what a whole engine does with prices and at
// the end of a session.
void bench_margin(const Options& options, Report& report);
void bench_price_work(const Options& options, Report& report);

// Prints and reports what has to be at most so much.
void report_at_most(const Measurement& measured, Report& report);

}  // namespace miletus::bench
