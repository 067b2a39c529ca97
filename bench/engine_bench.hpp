// The group `engine`: commands a second through the whole engine, against a fixed target.
#pragma once

#include "bench/harness.hpp"

namespace miletus::bench {

void bench_engine(const Options& options, Report& report);

}  // namespace miletus::bench
