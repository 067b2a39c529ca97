// Gates: prices, sizes and numbers of orders, each at its edge; and the flow of orders against a
// bucket of tokens.
#include "engine/risk/gates.hpp"

#include "base/byte_sink.hpp"
#include "base/prng.hpp"
#include "engine/risk/desk_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace miletus::risk {
namespace {

constexpr std::int64_t second_ns = SmallMarket::second_ns;

struct Bytes final : ByteSink {
    std::vector<std::byte> all;
    void update(std::span<const std::byte> added) override {
        all.insert(all.end(), added.begin(), added.end());
    }
};

struct Gated : Desk {
    [[nodiscard]] std::unique_ptr<Gates> new_gates(const Limits& limits = desk_limits()) const {
        return std::make_unique<Gates>(limits, market.instruments, market.parameters, market.prices,
                                       accounts);
    }
    [[nodiscard]] Reject at_price(InstrumentId instrument, Side side, std::int64_t price) const {
        return gates
            ->check_price({.account = alice,
                           .instrument = instrument,
                           .side = side,
                           .lots = Lots(1),
                           .price = Ticks(price)})
            .error();
    }
    [[nodiscard]] Reject of_size(Side side, std::int64_t lots) const {
        return gates
            ->check_size({.account = alice,
                          .instrument = perpetual,
                          .side = side,
                          .lots = Lots(lots),
                          .price = {}},
                         slot(alice, perpetual))
            .error();
    }
    // Tries, and counts what passes.
    Reject send(std::int64_t nanos, std::uint64_t likeness = 0, AccountId account = alice) {
        const Attempt attempt{.account = account,
                              .instrument = perpetual,
                              .side = Side::buy,
                              .lots = Lots(1),
                              .price = {},
                              .likeness = likeness};
        const Result<void> passes = gates->check_flow(attempt, UnixNanos(nanos));
        if (passes) {
            gates->count(attempt, UnixNanos(nanos));
        }
        return passes.error();
    }
    [[nodiscard]] std::vector<std::byte> bytes() const {
        Bytes bytes;
        {
            StateEncoder encoder(bytes);
            gates->encode(encoder);
        }
        return bytes.all;
    }

    std::unique_ptr<Gates> gates = new_gates();
};

// ---- Prices ----

TEST(Gates, no_order_before_there_is_a_mark) {
    Gated desk;
    EXPECT_TRUE(desk.gates->check_prices(desk.perpetual).has_value());
    SmallMarket fresh(desk_limits());
    const InstrumentId unmarked = fresh.list({});
    const Gates gates(desk_limits(), fresh.instruments, fresh.parameters, fresh.prices,
                      desk.accounts);
    EXPECT_EQ(gates.check_prices(unmarked).error(), Reject::no_mark);
}

TEST(Gates, the_collar_lies_a_part_of_the_index_from_the_mark) {
    Gated desk;
    // Five in a hundred of 200,000 ticks; of options ten, from a mark of 400.
    EXPECT_EQ(desk.gates->collar(desk.perpetual, Side::buy), Ticks(210'000));
    EXPECT_EQ(desk.gates->collar(desk.perpetual, Side::sell), Ticks(190'000));
    EXPECT_EQ(desk.gates->collar(desk.options[0], Side::buy), Ticks(20'400));
    EXPECT_EQ(desk.gates->collar(desk.options[0], Side::sell), Ticks(0));
    EXPECT_EQ(desk.at_price(desk.perpetual, Side::buy, 210'000), Reject::none);
    EXPECT_EQ(desk.at_price(desk.perpetual, Side::buy, 210'001), Reject::price_outside_collar);
    EXPECT_EQ(desk.at_price(desk.perpetual, Side::sell, 190'000), Reject::none);
    EXPECT_EQ(desk.at_price(desk.perpetual, Side::sell, 189'999), Reject::price_outside_collar);
    // Whoever offers less, or asks for more, only waits.
    EXPECT_EQ(desk.at_price(desk.perpetual, Side::buy, 0), Reject::none);
    EXPECT_EQ(desk.at_price(desk.perpetual, Side::sell, 1'000'000), Reject::none);
}

TEST(Gates, each_kind_has_a_collar_of_its_own) {
    Gated desk;
    desk.market.set(Parameter::collar_perpetual, 10'000);
    desk.market.set(Parameter::collar_future, 20'000);
    desk.market.set(Parameter::collar_option, 30'000);
    EXPECT_EQ(desk.gates->collar(desk.perpetual, Side::buy), Ticks(202'000));
    EXPECT_EQ(desk.gates->collar(desk.future, Side::buy), Ticks(204'000));
    EXPECT_EQ(desk.gates->collar(desk.options[3], Side::buy), Ticks(6'400));
}

TEST(Gates, a_collar_of_nothing_still_lets_orders_at_the_mark_pass) {
    Gated desk;
    desk.market.set(Parameter::collar_perpetual, 0);
    // Between two ticks.
    desk.market.set_index(100'000 * usd + usd / 4);
    ASSERT_EQ(desk.market.prices.mark(desk.perpetual), Grid(2'000'005));
    EXPECT_EQ(desk.gates->collar(desk.perpetual, Side::buy), Ticks(200'001));
    EXPECT_EQ(desk.gates->collar(desk.perpetual, Side::sell), Ticks(200'000));
}

TEST(Gates, the_collar_ends_with_the_range) {
    Gated desk;
    desk.market.set(Parameter::collar_perpetual, 10'000'000);
    EXPECT_EQ(desk.gates->collar(desk.perpetual, Side::buy), Ticks(1'000'000));
    EXPECT_EQ(desk.gates->collar(desk.perpetual, Side::sell), Ticks(0));
}

// ---- Sizes ----

TEST(Gates, orders_positions_and_open_interest_have_a_largest_worth) {
    Gated desk;
    desk.market.set(Parameter::order_notional_max, 1000 * usd);
    EXPECT_EQ(desk.of_size(Side::buy, 10), Reject::none);
    EXPECT_EQ(desk.of_size(Side::buy, 11), Reject::order_notional_too_large);
    desk.market.set(Parameter::position_notional_max, 500 * usd);
    EXPECT_EQ(desk.of_size(Side::buy, 5), Reject::none);
    EXPECT_EQ(desk.of_size(Side::buy, 6), Reject::position_notional_too_large);
    desk.hold(alice, desk.perpetual, 3, 200'000);
    EXPECT_EQ(desk.of_size(Side::buy, 2), Reject::none);
    EXPECT_EQ(desk.of_size(Side::buy, 3), Reject::position_notional_too_large);
    EXPECT_EQ(desk.of_size(Side::sell, 8), Reject::none);
    EXPECT_EQ(desk.of_size(Side::sell, 9), Reject::position_notional_too_large);
    desk.market.set(Parameter::open_interest_max, 400 * usd);
    EXPECT_EQ(desk.of_size(Side::buy, 1), Reject::none);
    EXPECT_EQ(desk.of_size(Side::buy, 2), Reject::open_interest_too_large);
    // At a higher index the same lots are worth more.
    desk.market.set_index(200'000 * usd);
    EXPECT_EQ(desk.of_size(Side::buy, 1), Reject::position_notional_too_large);
}

// ---- Numbers ----

TEST(Gates, any_number_of_orders_passes_where_no_rate_is_set) {
    Gated desk;
    for (int count = 0; count < 2000; ++count) {
        EXPECT_EQ(desk.send(5), Reject::none);
    }
    EXPECT_EQ(desk.bytes(), Gated().bytes());
}

TEST(Gates, as_many_orders_as_fill_a_bucket_pass_at_once_and_then_one_for_each_token) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Prng prng(seed);
        Gated desk;
        const std::int64_t rate = prng.between(1, 1000);
        const std::int64_t burst = prng.between(1, 6);
        desk.market.set_of_venue(Parameter::order_rate, rate);
        desk.market.set_of_venue(Parameter::order_burst, burst);
        // A token takes this long, and the bucket is full at first.
        const std::int64_t token = second_ns / rate;
        std::int64_t filled = burst * token;
        std::int64_t now = second_ns;
        std::uint32_t refused = 0;
        for (int at = 0; at < 300; ++at) {
            const std::int64_t wait = prng.one_in(3) ? prng.between(0, 3 * token) : 0;
            now += wait;
            filled = std::min(filled + wait, burst * token);
            const bool passes = filled >= token;
            ASSERT_EQ(desk.send(now), passes ? Reject::none : Reject::too_many_orders);
            filled -= passes ? token : 0;
            refused += passes ? 0U : 1U;
        }
        EXPECT_GT(refused, 0U);
        EXPECT_EQ(desk.send(now, 0, bob), Reject::none);
    }
}

TEST(Gates, equal_orders_in_a_row_are_counted_within_the_window_of_the_first) {
    Gated desk;
    desk.market.set_of_venue(Parameter::repeats_max, 2);
    desk.market.set_of_venue(Parameter::repeat_window, 10);
    constexpr std::int64_t milli = 1'000'000;
    EXPECT_EQ(desk.send(100 * milli, 7), Reject::none);
    EXPECT_EQ(desk.send(101 * milli, 7), Reject::none);
    EXPECT_EQ(desk.send(109 * milli, 7), Reject::repeated_order);
    EXPECT_EQ(desk.send(110 * milli - 1, 7), Reject::repeated_order);
    EXPECT_EQ(desk.send(110 * milli - 1, 7, bob), Reject::none);
    EXPECT_EQ(desk.send(110 * milli, 7), Reject::none);
    EXPECT_EQ(desk.send(110 * milli, 7), Reject::none);
    EXPECT_EQ(desk.send(110 * milli, 7), Reject::repeated_order);
    // Another one in between, and the row is over.
    EXPECT_EQ(desk.send(110 * milli, 8), Reject::none);
    EXPECT_EQ(desk.send(110 * milli, 7), Reject::none);
}

// ---- State ----

TEST(Gates, restored_under_other_limits_they_count_on) {
    Gated desk;
    desk.market.set_of_venue(Parameter::order_rate, 10);
    desk.market.set_of_venue(Parameter::order_burst, 2);
    desk.market.set_of_venue(Parameter::repeats_max, 1);
    EXPECT_EQ(desk.send(second_ns, 7), Reject::none);
    EXPECT_EQ(desk.send(second_ns, 8, bob), Reject::none);
    EXPECT_EQ(desk.send(second_ns, 9, bob), Reject::none);
    const std::vector<std::byte> bytes = desk.bytes();
    Limits more = desk_limits();
    more.accounts = 50;
    desk.gates = desk.new_gates(more);
    StateDecoder decoder(bytes);
    desk.gates->decode(decoder);
    EXPECT_EQ(decoder.fault(), "");
    EXPECT_TRUE(decoder.is_at_end());
    EXPECT_EQ(desk.bytes(), bytes);
    EXPECT_EQ(desk.send(second_ns, 7), Reject::repeated_order);
    EXPECT_EQ(desk.send(second_ns, 10, bob), Reject::too_many_orders);
    Limits fewer = desk_limits();
    fewer.accounts = 3;
    StateDecoder again(bytes);
    desk.new_gates(fewer)->decode(again);
    EXPECT_EQ(again.fault(), "limits.accounts is too small");
}

// Else one state had two snapshots.
TEST(Gates, an_account_is_told_of_once_in_its_place_and_only_where_there_is_something_to_tell) {
    constexpr std::size_t entry = 32;
    Gated desk;
    desk.market.set_of_venue(Parameter::order_rate, 10);
    EXPECT_EQ(desk.send(second_ns, 7), Reject::none);
    EXPECT_EQ(desk.send(second_ns, 8, bob), Reject::none);
    const std::vector<std::byte> bytes = desk.bytes();
    ASSERT_EQ(bytes.size(), 4 + 2 * entry);
    const auto fault_of = [&desk](const std::vector<std::byte>& changed) {
        StateDecoder decoder(changed);
        desk.new_gates()->decode(decoder);
        return std::string(decoder.fault());
    };
    const std::span<const std::byte> first = std::span(bytes).subspan(4, entry);
    std::vector<std::byte> twice = bytes;
    std::ranges::copy(first, std::span(twice).subspan(4 + entry).begin());
    EXPECT_EQ(fault_of(twice), "rates are not in the order of accounts");
    std::vector<std::byte> nothing = bytes;
    std::ranges::fill(std::span(nothing).subspan(4 + 4, entry - 4), std::byte{0});
    EXPECT_EQ(fault_of(nothing), "a rate says nothing of its account");
    EXPECT_EQ(fault_of(bytes), "");
}

}  // namespace
}  // namespace miletus::risk
