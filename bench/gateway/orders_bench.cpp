// One client over one WebSocket that keeps hundreds of orders under way, against messages of the
// same bytes that come back from an echo. Both are told from the first byte to the last answer.
#include "bench/gateway/beast_server.hpp"
#include "bench/gateway/door.hpp"
#include "bench/gateway/gateway_bench.hpp"

#include <cstdio>
#include <filesystem>
#include <vector>

namespace miletus::bench {

namespace {

constexpr std::uint32_t turns_per_round = 5;
constexpr std::uint32_t messages = 8'000;  // of a turn; an account may have 10,000 open orders
constexpr std::uint32_t together = 64;
constexpr std::uint32_t under_way_max = 1024;
constexpr double ratio_min = 0.45;
const std::string folder = "build/bench_gateway_orders";

// Messages a second. All frames are of one size.
template <class IsRight>
double rate_of(Wire& wire, const std::string& frames, IsRight is_right) {
    std::string_view rest;  // of the frames that are being sent
    std::uint32_t sent = 0;
    std::uint32_t heard = 0;
    const double ns = time_ns([&] {
        while (heard < messages) {
            if (rest.empty() && sent < messages && sent - heard <= under_way_max - together) {
                rest = frames;
                sent += together;
            }
            rest.remove_prefix(rest.empty() ? 0 : wire.try_send(rest));
            wire.hear(frame_in, [&](std::string_view answer) {
                ASSERT(is_right(answer));
                ++heard;
            });
        }
    });
    return messages / ns * 1e9;
}

struct Round {
    double ratio = 0;
    double orders = 0;
    double echoes = 0;
};

std::vector<Round> measure(std::uint32_t turns) {
    Door door(folder, LoopbackVenue::Durability::forgetful);
    BeastServer echo(BeastServer::Manner::echo, place_of(server_processor, false));
    const auto network = client_network();
    std::string frames;
    for (std::uint32_t number = 100; number < 100 + together; ++number) {
        frames += frame_of(buy_call(number));
    }
    door.begin();
    Wire trader = new_trader(*network, door);
    door.end();
    echo.begin();
    Wire echoed(*network, echo.address());
    echoed.upgrade();
    echo.end();
    std::vector<Round> rounds;
    for (std::uint32_t turn = 0; turn < turns; ++turn) {
        Round round;
        door.begin();
        round.orders = rate_of(trader, frames, is_of_open_order);
        ASSERT(cancel_all(trader) == messages);
        door.end();
        echo.begin();
        round.echoes = rate_of(echoed, frames, [](std::string_view answer) {
            return answer.find("private/buy") != std::string_view::npos;
        });
        echo.end();
        round.ratio = round.orders / round.echoes;
        rounds.push_back(round);
    }
    return rounds;
}

}  // namespace

void bench_gateway_orders(const Options& options, Report& report) {
    std::filesystem::remove_all(folder);
    std::vector<Round> rounds;
    run_on(place_of(client_processor, false),
           [&] { rounds = measure(options.rounds * turns_per_round); });
    std::filesystem::remove_all(folder);
    // The median of the ratios: neighbours see the same machine.
    std::ranges::sort(rounds, {}, &Round::ratio);
    const Round& middle = rounds[rounds.size() / 2];
    std::printf(
        "\ngateway: orders over one WebSocket, up to %u under way, against an echo by "
        "Beast%s\n",
        under_way_max,
        processors() > engine_processor ? "" : "; gateway and engine share a processor");
    std::printf("%-24s %8.0f 1/s   echo %8.0f 1/s   ratio %.2f %s\n", "gateway/orders",
                middle.orders, middle.echoes, middle.ratio,
                verdict_at_least(middle.ratio, ratio_min).c_str());
    report.add({.name = "gateway/orders",
                .value = middle.orders,
                .unit = "1/s",
                .baseline = middle.echoes,
                .baseline_name = "Beast echo, pipelined"});
}

}  // namespace miletus::bench
