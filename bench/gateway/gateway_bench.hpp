// The group `gateway`: what Deribit's API costs, against bare Boost.Beast in the same run.
#pragma once

#include "bench/harness.hpp"

namespace miletus::bench {

void bench_gateway_acknowledgement(const Options& options, Report& report);
void bench_gateway_orders(const Options& options, Report& report);
void bench_gateway_http(const Options& options, Report& report);
void bench_gateway_fanout(const Options& options, Report& report);
void bench_gateway_codecs(const Options& options, Report& report);

}  // namespace miletus::bench
