// The group `journal`: what the log costs, against the raw disk in the same run.
#pragma once

#include "bench/harness.hpp"

namespace miletus::bench {

void bench_journal(const Options& options, Report& report);
void bench_acknowledgement(const Options& options, Report& report);
void bench_replay(const Options& options, Report& report);
void bench_snapshots(const Options& options, Report& report);

}  // namespace miletus::bench
