// Tickers over HTTP connections that are kept, one request under way on each, against a server that
// answers the same requests with nothing.
#include "bench/gateway/beast_server.hpp"
#include "bench/gateway/door.hpp"
#include "bench/gateway/gateway_bench.hpp"

#include <cstdio>
#include <deque>
#include <filesystem>
#include <vector>

namespace miletus::bench {

namespace {

constexpr std::uint32_t turns_per_round = 5;
constexpr std::uint32_t connections = 16;
constexpr std::uint32_t requests = 8'000;  // of a turn
constexpr double ratio_min = 0.6;
constexpr std::string_view request =
    "GET /api/v2/public/ticker?instrument_name=BTC_USDC-PERPETUAL HTTP/1.1\r\n"
    "Host: venue\r\n\r\n";
const std::string folder = "build/bench_gateway_http";

class Crowd {
  public:
    Crowd(host::Network& network, const std::string& address) {
        for (std::uint32_t count = 0; count < connections; ++count) {
            wires_.emplace_back(network, address);
        }
    }

    // Requests a second.
    template <class IsRight>
    double rate(IsRight is_right) {
        const double ns = time_ns([&] {
            for (Wire& wire : wires_) {
                wire.send(request);
            }
            std::uint32_t answered = 0;
            while (answered < requests) {
                for (Wire& wire : wires_) {
                    const std::size_t came = wire.hear(
                        response_in, [&](std::string_view body) { ASSERT(is_right(body)); });
                    if (came != 0 && ++answered + connections <= requests) {
                        wire.send(request);
                    }
                }
            }
        });
        return requests / ns * 1e9;
    }

  private:
    std::deque<Wire> wires_;
};

struct Round {
    double ratio = 0;
    double tickers = 0;
    double empty = 0;
};

std::vector<Round> measure(std::uint32_t turns) {
    Door door(folder, LoopbackVenue::Durability::forgetful);
    BeastServer beast(BeastServer::Manner::empty_answer, place_of(server_processor, false));
    const auto network = client_network();
    Crowd askers(*network, door.address());
    Crowd bare(*network, beast.address());
    std::vector<Round> rounds;
    for (std::uint32_t turn = 0; turn < turns; ++turn) {
        Round round;
        door.begin();
        round.tickers = askers.rate([](std::string_view body) {
            return body.find(R"("mark_price":)") != std::string_view::npos;
        });
        door.end();
        beast.begin();
        round.empty = bare.rate([](std::string_view body) { return body.empty(); });
        beast.end();
        round.ratio = round.tickers / round.empty;
        rounds.push_back(round);
    }
    return rounds;
}

}  // namespace

void bench_gateway_http(const Options& options, Report& report) {
    std::filesystem::remove_all(folder);
    std::vector<Round> rounds;
    run_on(place_of(client_processor, false),
           [&] { rounds = measure(options.rounds * turns_per_round); });
    std::filesystem::remove_all(folder);
    std::ranges::sort(rounds, {}, &Round::ratio);
    const Round& middle = rounds[rounds.size() / 2];
    std::printf(
        "\ngateway: tickers over %u kept HTTP connections, against empty answers by "
        "Beast\n",
        connections);
    std::printf("%-24s %8.0f 1/s   bare %8.0f 1/s   ratio %.2f %s\n", "gateway/ticker_http",
                middle.tickers, middle.empty, middle.ratio,
                verdict_at_least(middle.ratio, ratio_min).c_str());
    report.add({.name = "gateway/ticker_http",
                .value = middle.tickers,
                .unit = "1/s",
                .baseline = middle.empty,
                .baseline_name = "Beast, empty answer"});
}

}  // namespace miletus::bench
