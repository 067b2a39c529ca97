// One raw book and a thousand who listen, each on a socket of its own. Dozens of updates wait for
// the gateway; it reads them in one turn while the sockets take nothing, which is what is timed:
// each update is written once and queued for everyone. Then all of it is sent, and counted.
#include "bench/gateway/door.hpp"
#include "bench/gateway/gateway_bench.hpp"
#include "bench/gateway/street.hpp"
#include "edge/gateway/deribit/deribit.hpp"

#include <cstdio>
#include <deque>
#include <filesystem>
#include <vector>

namespace miletus::bench {

namespace {

constexpr std::uint32_t listeners = 1000;
constexpr std::uint32_t updates = 64;  // of a turn
constexpr std::uint32_t turns_per_round = 5;
constexpr double messages_per_second_min = 1e6;
constexpr std::size_t small_room = std::size_t{1} << 16U;
const std::string folder = "build/bench_gateway_fanout";

// Sockets that take nothing while they are held.
class HeldNetwork final : public host::Network {
  public:
    explicit HeldNetwork(host::Network& network) : network_(network) {}

    bool is_held = false;

    std::span<const host::ConnectionId> ready() override { return network_.ready(); }
    std::optional<host::Arrival> accepted() override { return network_.accepted(); }
    host::IoResult<host::ConnectionId> connect(const std::string& address) override {
        return network_.connect(address);
    }
    host::Transfer receive(host::ConnectionId connection, std::span<std::byte> room) override {
        return network_.receive(connection, room);
    }
    host::Transfer send(host::ConnectionId connection, std::span<const std::byte> bytes) override {
        return is_held ? host::Transfer() : network_.send(connection, bytes);
    }
    void finish(host::ConnectionId connection) override { network_.finish(connection); }
    void close(host::ConnectionId connection) override { network_.close(connection); }
    [[nodiscard]] std::uint64_t turned_away() const override { return network_.turned_away(); }

  private:
    host::Network& network_;
};

class Fanout {
  public:
    Fanout()
        : street_(folder),
          sockets_(client_network()),
          network_(*sockets_),
          clients_(client_network()),
          keys_(new_keys()),
          credentials_(std::move(keys_.content), one_key_for_all()),
          gateway_({.network = network_,
                    .clock = street_.clock(),
                    .log = log_,
                    .intake = street_.seat().intake(),
                    .events = street_.seat().events(),
                    .answers = street_.seat().answers(),
                    .markets = street_.markets(),
                    .accounts = street_.accounts(),
                    .credentials = credentials_},
                   settings(), std::nullopt) {
        const auto address = sockets_->listen(std::string(any_port));
        ASSERT(address.has_value());
        for (std::uint32_t count = 0; count < listeners; ++count) {
            add_listener(*address);
        }
    }

    struct Turn {
        double queue_ns = 0;
        double send_ns = 0;
    };
    Turn take(Report& report) {
        for (std::uint32_t count = 0; count < updates; ++count) {
            street_.rest(Ticks(99'000 - ++orders_ % 512), Lots(100));
        }
        Turn turn;
        network_.is_held = true;
        turn.queue_ns = time_ns([this] { gateway_.do_work(); });
        network_.is_held = false;
        turn.send_ns = time_ns([this] { gateway_.do_work(); });
        if (!all_heard_the_same()) {
            report.fail("listeners heard something else");
        }
        return turn;
    }

  private:
    static deribit::Settings settings() {
        deribit::Settings settings;
        settings.rates.matching.cap = 0;
        settings.rates.non_matching.cap = 0;
        settings.rates.subscription.cap = 0;
        settings.rates.instruments.cap = 0;
        settings.epoch = 1;
        return settings;
    }

    static credentials::Settings one_key_for_all() {
        credentials::Settings settings;
        settings.tokens.others_per_key = listeners;
        return settings;
    }

    // Logged in, as raw books demand.
    void add_listener(const std::string& address) {
        Wire& wire = wires_.emplace_back(*clients_, address, small_room);
        wire.send(upgrade_request);
        hear(wire, response_in, 1);
        wire.send(frame_of(keys_.login));
        hear(wire, frame_in, 1);
        wire.send(frame_of(R"({"jsonrpc":"2.0","id":1,"method":"private/subscribe",)"
                           R"("params":{"channels":["book.BTC_USDC-PERPETUAL.raw"]}})"));
        hear(wire, frame_in, 2);  // the answer, then the book as it stands
    }
    template <class ExtentIn>
    void hear(Wire& wire, ExtentIn extent_in, std::size_t messages) {
        for (std::size_t heard = 0; heard < messages;) {
            gateway_.do_work();
            heard += wire.hear(extent_in,
                               [](std::string_view text) { ASSERT(!text.contains(R"("error")")); });
        }
    }

    // So many updates, each of the same text for all.
    bool all_heard_the_same() {
        std::vector<std::string> first;
        bool is_same = true;
        for (Wire& wire : wires_) {
            std::size_t heard = 0;
            const auto compare = [&](std::string_view text) {
                if (&wire == &wires_.front()) {
                    first.emplace_back(text);
                }
                is_same &= heard < first.size() && text == first[heard];
                ++heard;
            };
            while (heard < updates) {
                wire.hear(frame_in, compare);
                gateway_.do_work();
            }
            is_same &= heard == updates;
        }
        return is_same;
    }

    Street street_;
    std::unique_ptr<host::SocketNetwork> sockets_;
    HeldNetwork network_;
    std::unique_ptr<host::SocketNetwork> clients_;
    Keys keys_;
    credentials::Credentials credentials_;
    host::NoLog log_;
    deribit::Gateway gateway_;
    std::deque<Wire> wires_;
    std::uint32_t orders_ = 0;
};

double rate(double ns) {
    return listeners * updates / ns * 1e9;
}

}  // namespace

void bench_gateway_fanout(const Options& options, Report& report) {
    host::SocketNetwork::allow_many_descriptors();
    std::filesystem::remove_all(folder);
    std::vector<double> queue_times;
    std::vector<double> send_times;
    run_on(place_of(client_processor, false), [&] {
        Fanout fanout;
        static_cast<void>(fanout.take(report));  // rooms grow
        for (std::uint32_t turn = 0; turn < options.rounds * turns_per_round; ++turn) {
            const Fanout::Turn taken = fanout.take(report);
            queue_times.push_back(taken.queue_ns);
            send_times.push_back(taken.send_ns);
        }
    });
    std::filesystem::remove_all(folder);
    const double queued = rate(median(queue_times));
    const double sent = rate(median(send_times));
    std::printf("\ngateway: a raw book to %u who listen, %u updates at a time\n", listeners,
                updates);
    std::printf("%-24s %8.2f M/s queued   >= %.2f %s   (sent then: %.2f M/s)\n",
                "gateway/fanout_1000", queued / 1e6, messages_per_second_min / 1e6,
                queued >= messages_per_second_min ? "met" : "MISSED", sent / 1e6);
    report.add({.name = "gateway/fanout_1000",
                .value = queued,
                .unit = "messages/s",
                .baseline = messages_per_second_min,
                .baseline_name = "target"});
}

}  // namespace miletus::bench
