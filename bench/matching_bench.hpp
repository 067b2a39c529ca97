// The group `matching`: the product's matching against the bare book, over the four flows.
#pragma once

#include "bench/harness.hpp"

namespace miletus::bench {

void bench_matching(const Options& options, Report& report);

}  // namespace miletus::bench
