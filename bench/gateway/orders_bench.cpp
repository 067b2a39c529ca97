// One client over one WebSocket that keeps hundreds of orders under way, against messages of the
// same bytes that come back from an echo. Both are told from the first byte to the last answer.
#include "bench/gateway/gateway_bench.hpp"
#include "bench/gateway/race.hpp"

#include <cstdio>
#include <vector>

namespace miletus::bench {

namespace {

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

std::vector<Turn> measure(std::uint32_t turns) {
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
    return race(
        door, echo, turns,
        [&] {
            const double rate = rate_of(trader, frames, is_of_open_order);
            ASSERT(cancel_all(trader) == messages);
            return rate;
        },
        [&] {
            return rate_of(echoed, frames, [](std::string_view answer) {
                return answer.find("private/buy") != std::string_view::npos;
            });
        });
}

}  // namespace

void bench_gateway_orders(const Options& options, Report& report) {
    const Turn middle = middle_turn(folder, options.rounds, measure);
    std::printf(
        "\ngateway: orders over one WebSocket, up to %u under way, against an echo by "
        "Beast%s\n",
        under_way_max,
        processors() > engine_processor ? "" : "; gateway and engine share a processor");
    report_race({.ours = "gateway/orders", .bare = "echo", .bare_whole = "Beast echo, pipelined"},
                middle, ratio_min, report);
}

}  // namespace miletus::bench
