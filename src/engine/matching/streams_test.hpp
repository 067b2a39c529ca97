// Streams of commands and the worlds they are played in. Sixteen bytes are one step, and any bytes
// are a valid stream: a property test shrinks it, a seed generates it, a fuzzer mutates it.
#pragma once

#include "base/limits.hpp"
#include "protocol/records.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace miletus::matching {

struct Step {
    static constexpr std::size_t size = 16;

    std::uint8_t action = 0;
    std::uint8_t instrument = 0;
    std::uint8_t account = 0;
    std::uint8_t side = 0;
    std::uint8_t order_type = 0;
    std::uint8_t time_in_force = 0;
    std::uint8_t post_only = 0;
    std::uint8_t self_trade = 0;
    std::uint8_t flags = 0;
    std::uint8_t quantity = 0;
    std::uint16_t price = 0;
    std::uint16_t pick = 0;
    std::uint16_t wait = 0;

    [[nodiscard]] bool has(std::uint8_t both_bits) const {
        return (flags & both_bits) == both_bits;
    }
};

// Bits of `flags`: with two of them a quarter of the steps does so, with one a half.
constexpr std::uint8_t keep_expired = 0x03;     // expired orders are not dropped beforehand
constexpr std::uint8_t leave_unrounded = 0x0C;  // the price may lie between two ticks
constexpr std::uint8_t with_price = 0x30;       // a market order that carries a price
constexpr std::uint8_t with_end = 0x0C;         // a market order that says how far it goes
constexpr std::uint8_t as_stranger = 0x60;      // in the name of another account
constexpr std::uint8_t same_price = 0x40;       // of an amendment
constexpr std::uint8_t one_less = 0x80;         // of an amendment

[[nodiscard]] inline Step step_of(std::span<const std::uint8_t, Step::size> bytes) {
    const auto pair = [&](std::size_t at) {
        return static_cast<std::uint16_t>(bytes[at] | (bytes[at + 1] << 8U));
    };
    return {.action = bytes[0],
            .instrument = bytes[1],
            .account = bytes[2],
            .side = bytes[3],
            .order_type = bytes[4],
            .time_in_force = bytes[5],
            .post_only = bytes[6],
            .self_trade = bytes[7],
            .flags = bytes[8],
            .quantity = bytes[9],
            .price = pair(10),
            .pick = pair(12),
            .wait = pair(14)};
}

// A book's range, and where its orders gather.
struct Range {
    std::int64_t low;
    std::int64_t high;
    std::int64_t middle;
    std::vector<protocol::TickStep> steps;
};

struct World {
    Limits limits;
    std::vector<Range> ranges;
};

// Every bound is so near that streams run into it.
[[nodiscard]] inline World tiny_world() {
    const auto step = [](std::int64_t from, std::int64_t multiple) {
        return protocol::TickStep{.from = Ticks(from), .multiple = Ticks(multiple)};
    };
    World world{.limits = {},
                .ranges = {{.low = 1, .high = 300, .middle = 150, .steps = {}},
                           {.low = -150, .high = 150, .middle = 0, .steps = {}},
                           {.low = -500, .high = -300, .middle = -384, .steps = {}},
                           {.low = -200,
                            .high = 1000,
                            .middle = 100,
                            .steps = {step(-100, 5), step(100, 2), step(500, 25)}}}};
    world.limits.assets = 2;
    world.limits.underlyings = 1;
    world.limits.instruments = 4;
    world.limits.accounts = 8;
    world.limits.orders = 24;
    world.limits.level_pages = 6;
    world.limits.directory_entries = 2 * (5 + 5 + 4 + 19);
    world.limits.orders_per_account = 7;
    world.limits.orders_per_instrument = 12;
    world.limits.fills_per_command = 3;
    world.limits.event_units = 256;
    return world;
}

// One book so wide that its bitmaps need all three layers, and bounds that are far.
[[nodiscard]] inline World wide_world() {
    constexpr std::int64_t half = 1 << 18;
    World world = tiny_world();
    world.ranges = {{.low = -half - 5, .high = half, .middle = -5, .steps = {}}};
    world.limits.orders = 400;
    world.limits.orders_per_account = 300;
    world.limits.orders_per_instrument = 350;
    world.limits.level_pages = 300;
    world.limits.directory_entries = 2 * (2 * half / 64 + 1);
    world.limits.fills_per_command = 60;
    world.limits.event_units = 2048;
    return world;
}

}  // namespace miletus::matching
