// One client over a WebSocket, whose orders come at a steady pace, whatever became of those before:
// each is timed from when it was due to its answer. Turn by turn with an echo of the same bytes and
// with writes that reach the disk, all at the same pace. The figure is the middle turn's: a host
// that takes a processor away for a third of a second, as some do, spoils single turns.
#include "bench/gateway/beast_server.hpp"
#include "bench/gateway/door.hpp"
#include "bench/gateway/gateway_bench.hpp"
#include "bench/raw_write.hpp"
#include "host/threads.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <tuple>
#include <vector>

namespace miletus::bench {

namespace {

using Durability = LoopbackVenue::Durability;

constexpr std::uint32_t turns_per_round = 4;
constexpr std::uint32_t orders_before = 20;  // of each turn, which count for nothing
const std::string folder = "build/bench_gateway_ack";

struct Pace {
    std::uint32_t messages;  // of a turn
    std::chrono::microseconds interval;
};

Pace pace_of(Durability durability) {
    return durability == Durability::durable
               ? Pace{.messages = 100, .interval = std::chrono::microseconds(2000)}
               : Pace{.messages = 400, .interval = std::chrono::microseconds(200)};
}

struct Bars {
    Durability durability;
    const char* p50;
    const char* p99;
    double p50_ratio_max;
    double p99_ratio_max;
    std::string_view baseline_name;
};

// Microseconds of one turn.
struct Samples {
    std::vector<double> orders{};
    std::vector<double> echoes{};
    std::vector<double> writes{};
};

// Microseconds, from when each was due; answers come in order.
class Paced {
  public:
    Paced(std::span<const std::string> frames, const Pace& pace, bool yields)
        : frames_(frames), pace_(pace), yields_(yields) {}

    template <class IsRight>
    void run(Wire& wire, IsRight is_right, std::vector<double>& samples) {
        using Clock = std::chrono::steady_clock;
        const auto start = Clock::now();
        std::uint32_t sent = 0;
        std::uint32_t heard = 0;
        host::Patience patience;
        while (heard < pace_.messages) {
            if (sent < pace_.messages && Clock::now() >= start + sent * pace_.interval) {
                wire.send(frames_[sent % frames_.size()]);
                ++sent;
            }
            const std::size_t came = wire.hear(frame_in, [&](std::string_view answer) {
                const auto due = start + heard * pace_.interval;
                samples.push_back(
                    std::chrono::duration<double, std::micro>(Clock::now() - due).count());
                ASSERT(is_right(answer));
                ++heard;
            });
            if (came != 0) {
                patience.reset();
            } else if (yields_) {
                // Else the kernel's worker that ends a write may wait for this processor.
                patience.wait();
            }
        }
    }

  private:
    std::span<const std::string> frames_;
    Pace pace_;
    bool yields_;
};

class Turns {
  public:
    explicit Turns(Durability durability)
        : durability_(durability),
          door_(folder + "/venue", durability),
          echo_(BeastServer::Manner::echo,
                place_of(server_processor, durability == Durability::durable)),
          raw_write_(folder + "/raw"),
          network_(client_network()),
          echoed_(*network_, echo_.address()) {
        for (std::uint32_t number = 100; number < 164; ++number) {
            frames_.push_back(frame_of(buy_call(number)));
        }
        door_.begin();
        trader_.emplace(new_trader(*network_, door_));
        door_.end();
        echo_.begin();
        echoed_.upgrade();
        echo_.end();
    }

    [[nodiscard]] Samples take() {
        Samples samples;
        const bool is_durable = durability_ == Durability::durable;
        const Pace pace = pace_of(durability_);
        Paced warming(frames_, {.messages = orders_before, .interval = pace.interval}, is_durable);
        Paced paced(frames_, pace, is_durable);
        const auto is_echo = [](std::string_view answer) {
            return answer.find("private/buy") != std::string_view::npos;
        };
        std::vector<double> nobodys;
        ASSERT(trader_.has_value());
        auto& trader = *trader_;
        door_.begin();
        warming.run(trader, is_of_open_order, nobodys);
        paced.run(trader, is_of_open_order, samples.orders);
        ASSERT(cancel_all(trader) == pace.messages + orders_before);
        door_.end();
        echo_.begin();
        warming.run(echoed_, is_echo, nobodys);
        paced.run(echoed_, is_echo, samples.echoes);
        echo_.end();
        if (is_durable) {
            write_all(pace, samples.writes);
        }
        return samples;
    }

  private:
    // A disk that rests in between is slower to begin.
    void write_all(const Pace& pace, std::vector<double>& samples) {
        auto due = std::chrono::steady_clock::now();
        host::Patience patience;
        for (std::uint32_t count = 0; count < pace.messages; ++count, due += pace.interval) {
            while (std::chrono::steady_clock::now() < due) {
                patience.wait();
            }
            samples.push_back(time_ns([this] { raw_write_.once(); }) / 1e3);
        }
    }

    Durability durability_;
    Door door_;
    BeastServer echo_;
    RawWrite raw_write_;
    std::unique_ptr<host::SocketNetwork> network_;
    Wire echoed_;
    std::optional<Wire> trader_{};
    std::vector<std::string> frames_;
};

// Of the turns' percentiles; 0 where nothing was measured.
double in_the_middle(std::span<Samples> turns, std::vector<double> Samples::* what,
                     double fraction) {
    std::vector<double> percentiles;
    for (Samples& turn : turns) {
        std::vector<double>& samples = turn.*what;
        percentiles.push_back(samples.empty() ? 0 : percentile(samples, fraction));
    }
    return median(percentiles);
}

void report_one(const char* name, double value, double baseline, double ratio_max,
                std::string_view baseline_name, Report& report) {
    std::printf("%-24s %8.1f us   bare %8.1f us   ratio %.2f %s\n", name, value, baseline,
                value / baseline, verdict(value / baseline, ratio_max).c_str());
    report.add({.name = name,
                .value = value,
                .unit = "us",
                .baseline = baseline,
                .baseline_name = baseline_name});
}

void measure(const Bars& bars, std::uint32_t rounds, Report& report) {
    std::filesystem::remove_all(folder);
    std::vector<Samples> samples;
    // Made here, so that threads of the background go where there is room.
    Turns turns(bars.durability);
    run_on(place_of(client_processor, bars.durability == Durability::durable), [&] {
        // While the first turn lasts, files of the log are being made.
        static_cast<void>(turns.take());
        for (std::uint32_t turn = 0; turn < rounds * turns_per_round; ++turn) {
            samples.push_back(turns.take());
        }
    });
    for (const auto& [name, fraction, ratio_max] :
         {std::tuple{bars.p50, 0.5, bars.p50_ratio_max},
          std::tuple{bars.p99, 0.99, bars.p99_ratio_max}}) {
        report_one(name, in_the_middle(samples, &Samples::orders, fraction),
                   in_the_middle(samples, &Samples::echoes, fraction) +
                       in_the_middle(samples, &Samples::writes, fraction),
                   ratio_max, bars.baseline_name, report);
    }
    std::filesystem::remove_all(folder);
}

}  // namespace

void bench_gateway_acknowledgement(const Options& options, Report& report) {
    std::printf(
        "\ngateway: orders over a WebSocket at a steady pace, from when they were due, "
        "against an echo by Beast%s\n",
        processors() > engine_processor ? "" : "; gateway and engine share a processor");
    measure({.durability = Durability::durable,
             .p50 = "gateway/ack_durable_p50",
             .p99 = "gateway/ack_durable_p99",
             .p50_ratio_max = 1.5,
             .p99_ratio_max = 2.5,
             .baseline_name = "Beast echo + raw 16K write"},
            options.rounds, report);
    measure({.durability = Durability::forgetful,
             .p50 = "gateway/ack_p50",
             .p99 = "gateway/ack_p99",
             .p50_ratio_max = 1.6,
             .p99_ratio_max = 2.5,
             .baseline_name = "Beast echo"},
            options.rounds, report);
}

}  // namespace miletus::bench
