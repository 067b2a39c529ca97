// An open load: commands leave at their times, whether or not the venue keeps up, and each is timed
// from when it should have left. Once without snapshots, once with a shadow that keeps one every
// half second.
#include "bench/journal_bench.hpp"
#include "bench/loopback.hpp"
#include "host/threads.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

namespace miletus::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t commands_per_second = 200'000;
constexpr std::uint64_t snapshot_interval = commands_per_second / 2;
constexpr std::chrono::seconds span{3};
constexpr std::chrono::microseconds between_turns{50};
constexpr std::uint32_t answers_kept = 1U << 14U;
constexpr double added_ms_max = 1;

// In memory: what a shared disk does to one write in a thousand is more than what is looked for.
const std::string folder = "/dev/shm/miletus_bench_snapshots";

serve::Config config_with(std::uint64_t interval) {
    serve::Config config = loopback_config(folder);
    config.exchange.limits.answers_per_session = answers_kept;
    config.exchange.limits.sessions = 64;
    config.exchange.snapshot_interval = interval;
    return config;
}

class OpenLoad {
  public:
    explicit OpenLoad(const std::string& address)
        : network_(std::move(*host::SocketNetwork::make())),
          client_(
              *network_, address,
              {.account = AccountId(1), .session = SessionId(500), .feed = native::Feed::answers}) {
        ASSERT(client_.connect().has_value());
        while (!client_.session().is_welcome()) {
            turn();
        }
    }

    // Microseconds from when each should have left, sorted.
    std::vector<double> run() {
        constexpr std::chrono::nanoseconds interval{1'000'000'000 / commands_per_second};
        start_ = Clock::now();
        const auto end = start_ + span;
        std::uint64_t count = 0;
        while (Clock::now() < end || !client_.session().waiting().empty()) {
            while (start_ + count * interval < std::min(Clock::now(), end) &&
                   client_.session().may_submit()) {
                submit(count);
                intended_.push_back(start_ + count * interval);
                ++count;
            }
            turn();
        }
        std::ranges::sort(latencies_us_);
        return latencies_us_;
    }

  private:
    void submit(std::uint64_t count) {
        const ClientOrderId id(1 + count / 2);
        if (count % 2 == 0) {
            client_.session().submit(resting_order(id));
        } else {
            client_.session().submit(protocol::CancelByClientId{.client_order = id});
        }
    }

    // Then it rests: what is due meanwhile leaves together, and the processors are the venue's.
    void turn() {
        ASSERT(client_.poll());
        client_.hear([this](const client::Heard& heard) {
            if (heard.kind == native::FrameKind::event) {
                const auto& completed = protocol::view<protocol::Completed>(heard.message);
                ASSERT(completed.reject == Reject::none);
                const auto taken = Clock::now() - intended_[completed.client_sequence.value() - 1];
                latencies_us_.push_back(std::chrono::duration<double, std::micro>(taken).count());
            }
        });
        host::rest(between_turns);
    }

    std::unique_ptr<host::SocketNetwork> network_;
    client::Client client_;
    Clock::time_point start_;
    std::vector<Clock::time_point> intended_;
    std::vector<double> latencies_us_;
};

struct Measured {
    double p50_us = 0;
    double p999_us = 0;
    std::uint64_t commands = 0;
};

Measured measure(std::uint64_t interval) {
    std::filesystem::remove_all(folder);
    LoopbackVenue venue(config_with(interval), LoopbackVenue::Durability::durable);
    open_market(venue.address());
    OpenLoad load(venue.address());
    const std::vector<double> latencies = load.run();
    const auto at = [&](double fraction) {
        return latencies[static_cast<std::size_t>(fraction *
                                                  static_cast<double>(latencies.size() - 1))];
    };
    return {.p50_us = at(0.5), .p999_us = at(0.999), .commands = latencies.size()};
}

}  // namespace

void bench_snapshots(const Options& options, Report& report) {
    std::printf("\nopen load of %lu commands a second over loopback, %lu s; best of %u rounds\n",
                commands_per_second, static_cast<std::uint64_t>(span.count()), options.rounds);
    std::vector<double> without;
    std::vector<double> with;
    for (std::uint32_t round = 0; round < options.rounds; ++round) {
        const Measured plain = measure(0);
        const Measured shadowed = measure(snapshot_interval);
        std::printf(
            "  p50 %8.0f us   p99.9 %8.0f us   with snapshots: p50 %8.0f us   p99.9 %8.0f "
            "us\n",
            plain.p50_us, plain.p999_us, shadowed.p50_us, shadowed.p999_us);
        without.push_back(plain.p999_us);
        with.push_back(shadowed.p999_us);
    }
    std::filesystem::remove_all(folder);
    const double baseline = std::ranges::min(without);
    const double added_ms = (std::ranges::min(with) - baseline) / 1e3;
    std::printf("snapshots add %.2f ms at p99.9   <= %.0f %s\n", added_ms, added_ms_max,
                added_ms <= added_ms_max ? "met" : "MISSED");
    report.add({.name = "snapshot/p999_added",
                .value = added_ms * 1e3,
                .unit = "us",
                .baseline = baseline,
                .baseline_name = "p99.9 without snapshots"});
}

}  // namespace miletus::bench
