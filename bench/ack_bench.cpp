// One client, one order after the other, each acknowledged when it is durable and carried out;
// turn by turn with what the machine needs at least: a write of 16 KiB that reaches the disk, and a
// message there and back.
#include "bench/journal_bench.hpp"
#include "bench/loopback.hpp"
#include "bench/raw_write.hpp"

#include <cstdio>
#include <filesystem>

namespace miletus::bench {

namespace {

constexpr std::uint32_t samples_per_turn = 100;
constexpr std::uint32_t turns_per_round = 5;
constexpr double ack_p50_ratio_max = 1.4;
constexpr double ack_p99_ratio_max = 2.0;
constexpr double pipeline_ratio_max = 1.6;

const std::string folder = "build/bench_ack";

// Orders that rest and are canceled, one at a time.
class Orders {
  public:
    Orders(const LoopbackVenue& venue, LoopbackVenue::Durability durability)
        : client_(venue.address(), AccountId(1)) {
        if (durability == LoopbackVenue::Durability::forgetful) {
            client_.hold_processor();
        }
    }

    void once() {
        const ClientOrderId id(1 + count_ / 2);
        const protocol::Completed done =
            count_ % 2 == 0 ? client_.ask(resting_order(id))
                            : client_.ask(protocol::CancelByClientId{.client_order = id});
        ASSERT(done.reject == Reject::none);
        ++count_;
    }

  private:
    SpinningClient client_;
    std::uint64_t count_ = 0;
};

template <class Call>
void sample(std::vector<double>& into, Call call) {
    for (std::uint32_t count = 0; count < samples_per_turn; ++count) {
        into.push_back(time_ns(call) / 1e3);
    }
}

struct Samples {
    std::vector<double> writes;
    std::vector<double> round_trips;
    std::vector<double> orders;
};

// Turn by turn, so that all see the same minutes of the machine.
Samples measure(LoopbackVenue::Durability durability, std::uint32_t rounds) {
    std::filesystem::remove_all(folder);
    LoopbackVenue venue(folder + "/venue", durability);
    open_market(venue.address());
    Orders orders(venue, durability);
    RawWrite raw_write(folder + "/raw");
    RawRoundTrip round_trip;
    Samples samples;
    for (std::uint32_t turn = 0; turn < rounds * turns_per_round; ++turn) {
        sample(samples.orders, [&] { orders.once(); });
        sample(samples.writes, [&] { raw_write.once(); });
        round_trip.begin();
        round_trip.there_and_back();
        sample(samples.round_trips, [&] { round_trip.there_and_back(); });
        round_trip.end();
    }
    return samples;
}

void tell(std::string_view name, double value, double baseline, double ratio_max) {
    std::printf("%-12s %8.1f us   raw %8.1f us   ratio %.2f %s\n", name.data(), value, baseline,
                value / baseline, verdict(value / baseline, ratio_max).c_str());
}

}  // namespace

void bench_acknowledgement(const Options& options, Report& report) {
    std::printf(
        "\none client over loopback, an order at a time, against a raw write of 16 KiB and "
        "a round trip\n");
    Samples durable = measure(LoopbackVenue::Durability::durable, options.rounds);
    for (const auto& [name, fraction, ratio_max] :
         {std::tuple{"journal/ack_p50", 0.5, ack_p50_ratio_max},
          std::tuple{"journal/ack_p99", 0.99, ack_p99_ratio_max}}) {
        const double raw =
            percentile(durable.writes, fraction) + percentile(durable.round_trips, fraction);
        const double value = percentile(durable.orders, fraction);
        tell(name, value, raw, ratio_max);
        report.add({.name = name,
                    .value = value,
                    .unit = "us",
                    .baseline = raw,
                    .baseline_name = "raw 16K write + round trip"});
    }
    Samples forgetful = measure(LoopbackVenue::Durability::forgetful, options.rounds);
    const double raw = percentile(forgetful.round_trips, 0.5);
    const double value = percentile(forgetful.orders, 0.5);
    tell("pipeline/p50", value, raw, pipeline_ratio_max);
    report.add({.name = "pipeline/p50",
                .value = value,
                .unit = "us",
                .baseline = raw,
                .baseline_name = "raw round trip"});
    std::filesystem::remove_all(folder);
}

}  // namespace miletus::bench
