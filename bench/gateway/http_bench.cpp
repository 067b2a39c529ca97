// Tickers over HTTP connections that are kept, one request under way on each, against a server that
// answers the same requests with nothing.
#include "bench/gateway/gateway_bench.hpp"
#include "bench/gateway/race.hpp"

#include <cstdio>
#include <deque>
#include <vector>

namespace miletus::bench {

namespace {

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

std::vector<Turn> measure(std::uint32_t turns) {
    Door door(folder, LoopbackVenue::Durability::forgetful);
    BeastServer beast(BeastServer::Manner::empty_answer, place_of(server_processor, false));
    const auto network = client_network();
    Crowd askers(*network, door.address());
    Crowd bare(*network, beast.address());
    const auto is_ticker = [](std::string_view body) {
        return body.find(R"("mark_price":)") != std::string_view::npos;
    };
    return race(
        door, beast, turns, [&] { return askers.rate(is_ticker); },
        [&] { return bare.rate([](std::string_view body) { return body.empty(); }); });
}

}  // namespace

void bench_gateway_http(const Options& options, Report& report) {
    const Turn middle = middle_turn(folder, options.rounds, measure);
    std::printf(
        "\ngateway: tickers over %u kept HTTP connections, against empty answers by "
        "Beast\n",
        connections);
    report_race(
        {.ours = "gateway/ticker_http", .bare = "bare", .bare_whole = "Beast, empty answer"},
        middle, ratio_min, report);
}

}  // namespace miletus::bench
