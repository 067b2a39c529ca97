// Parameters: what each row may have, what waits for its time, and its canonical bytes.
#include "base/byte_sink.hpp"
#include "base/prng.hpp"
#include "engine/instruments/instruments.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace miletus::instruments {
namespace {

using protocol::Parameter;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr UnderlyingId btc{0};
constexpr UnderlyingId eth{1};

Limits with_underlyings(std::uint32_t underlyings) {
    Limits limits;
    limits.underlyings = underlyings;
    return limits;
}

ParameterChange change(UnderlyingId underlying, Parameter parameter, std::int64_t value,
                       std::int64_t effective = 0) {
    return {.effective = UnixNanos(effective),
            .value = value,
            .underlying = underlying,
            .parameter = parameter};
}

Reject refusal(UnderlyingId underlying, Parameter parameter, std::int64_t value) {
    const Result<void> checked = check_parameter(change(underlying, parameter, value));
    return checked ? Reject::none : checked.error();
}

bool is_of_venue(Parameter parameter) {
    using enum Parameter;
    return parameter == order_rate || parameter == order_burst || parameter == repeat_window ||
           parameter == repeats_max;
}

std::vector<Parameter> all() {
    std::vector<Parameter> parameters;
    for (std::size_t at = 0; at < parameter_count; ++at) {
        parameters.push_back(static_cast<Parameter>(at));
    }
    return parameters;
}

struct Bytes final : ByteSink {
    std::vector<std::byte> all;
    void update(std::span<const std::byte> added) override {
        all.insert(all.end(), added.begin(), added.end());
    }
};

std::vector<std::byte> bytes_of(const ParameterBook& book) {
    Bytes bytes;
    {
        StateEncoder encoder(bytes);
        book.encode(encoder);
    }
    return bytes.all;
}

std::string fault_of(std::span<const std::byte> bytes, std::uint32_t underlyings) {
    ParameterBook book(with_underlyings(underlyings));
    StateDecoder decoder(bytes);
    book.decode(decoder);
    return std::string(decoder.fault());
}

// ---- Ranges ----

TEST(Parameters, every_one_of_the_protocol_has_a_range) {
    EXPECT_TRUE(protocol::is_valid(static_cast<Parameter>(parameter_count - 1)));
    EXPECT_FALSE(protocol::is_valid(static_cast<Parameter>(parameter_count)));
}

TEST(Parameters, each_belongs_to_underlyings_or_to_the_venue) {
    for (const Parameter parameter : all()) {
        const std::int64_t first = Parameters().of(parameter);
        const UnderlyingId own = is_of_venue(parameter) ? venue_itself : eth;
        const UnderlyingId other = is_of_venue(parameter) ? eth : venue_itself;
        EXPECT_EQ(refusal(own, parameter, first), Reject::none) << protocol::name(parameter);
        EXPECT_EQ(refusal(other, parameter, first), Reject::parameter_of_other_scope);
        EXPECT_EQ(refusal(other, parameter, most), Reject::parameter_of_other_scope);
    }
}

TEST(Parameters, ranges_have_two_ends_and_no_hole) {
    for (const Parameter parameter : all()) {
        const UnderlyingId row = is_of_venue(parameter) ? venue_itself : btc;
        const auto is_allowed = [&](std::int64_t value) {
            return refusal(row, parameter, value) == Reject::none;
        };
        EXPECT_EQ(refusal(row, parameter, most), Reject::parameter_out_of_range);
        EXPECT_EQ(refusal(row, parameter, -most - 1), Reject::parameter_out_of_range);
        // From the first value outwards, doubling: once refused, always refused.
        for (const std::int64_t sign : {-1, 1}) {
            bool was_allowed = true;
            for (std::int64_t away = 1; away < most / 4; away *= 2) {
                const bool allowed = is_allowed(Parameters().of(parameter) + sign * away);
                EXPECT_TRUE(was_allowed || !allowed) << protocol::name(parameter);
                was_allowed = allowed;
            }
        }
    }
}

TEST(Parameters, what_divides_or_bounds_a_loss_is_never_zero_and_only_makers_may_be_paid) {
    using enum Parameter;
    for (const Parameter parameter :
         {future_initial, future_maintenance, option_initial, option_initial_floor,
          option_maintenance, index_sources_min, index_source_age, index_velocity}) {
        EXPECT_EQ(refusal(btc, parameter, 0), Reject::parameter_out_of_range);
        EXPECT_EQ(refusal(btc, parameter, 1), Reject::none);
    }
    EXPECT_EQ(refusal(venue_itself, order_burst, 0), Reject::parameter_out_of_range);
    for (const Parameter parameter : all()) {
        const UnderlyingId row = is_of_venue(parameter) ? venue_itself : btc;
        EXPECT_EQ(refusal(row, parameter, -1) == Reject::none, parameter == maker_fee);
    }
    EXPECT_EQ(refusal(btc, maker_fee, -1000), Reject::none);
    EXPECT_EQ(refusal(btc, maker_fee, -1001), Reject::parameter_out_of_range);
    EXPECT_EQ(refusal(btc, collateral_haircut, millionths), Reject::none);
    EXPECT_EQ(refusal(btc, collateral_haircut, millionths + 1), Reject::parameter_out_of_range);
}

// ---- Rows ----

TEST(Parameters, each_underlying_has_its_own_and_the_venue_its_own) {
    ParameterBook book(with_underlyings(2));
    book.set(change(eth, Parameter::taker_fee, 700));
    book.set(change(venue_itself, Parameter::order_rate, 50));
    EXPECT_EQ(book.of(eth).of(Parameter::taker_fee), 700);
    EXPECT_EQ(book.of(btc).of(Parameter::taker_fee), 500);
    EXPECT_EQ(book.of_venue(Parameter::order_rate), 50);
    EXPECT_EQ(book.of(eth).of(Parameter::order_rate), 0);
}

// ---- Waiting ----

TEST(Parameters, waiting_ones_come_by_time_and_then_as_they_were_scheduled) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Prng prng(seed);
        ParameterBook book(with_underlyings(2));
        std::vector<ParameterChange> waiting;
        for (std::int64_t at = 0; at < 256; ++at) {
            ASSERT_TRUE(book.has_room());
            const ParameterChange next =
                change(btc, Parameter::impact_notional, at, prng.between(0, 20));
            book.schedule(next);
            waiting.push_back(next);
            if (prng.one_in(4)) {
                const auto first =
                    std::ranges::min_element(waiting, {}, &ParameterChange::effective);
                ASSERT_EQ(book.next_due(), first->effective);
                ASSERT_EQ(book.pop().value, first->value);
                waiting.erase(first);
            }
        }
        // Their values say in which order they came.
        std::ranges::sort(waiting, {}, [](const ParameterChange& one) {
            return std::pair(one.effective, one.value);
        });
        for (const ParameterChange& expected : waiting) {
            ASSERT_EQ(book.next_due(), expected.effective);
            ASSERT_EQ(book.pop().value, expected.value);
        }
        EXPECT_EQ(book.next_due(), std::nullopt);
    }
}

TEST(Parameters, as_many_wait_as_there_is_room_for) {
    ParameterBook book(with_underlyings(1));
    std::uint32_t count = 0;
    for (; book.has_room(); ++count) {
        book.schedule(change(btc, Parameter::taker_fee, 1, 1000 - count));
    }
    EXPECT_EQ(count, 256U);
    EXPECT_EQ(book.next_due(), UnixNanos(1000 - 255));
    EXPECT_DEATH(book.schedule(change(btc, Parameter::taker_fee, 1)), "has_room");
    EXPECT_EQ(book.pop().effective, UnixNanos(1000 - 255));
    EXPECT_TRUE(book.has_room());
}

TEST(Parameters, what_waits_changes_nothing_yet) {
    ParameterBook book(with_underlyings(1));
    book.schedule(change(btc, Parameter::taker_fee, 1, 10));
    EXPECT_EQ(book.of(btc).of(Parameter::taker_fee), 500);
    EXPECT_EQ(book.pop().value, 1);
    EXPECT_EQ(book.of(btc).of(Parameter::taker_fee), 500);
}

// ---- State ----

TEST(Parameters, restored_under_other_limits_they_are_the_same) {
    ParameterBook written(with_underlyings(2));
    written.set(change(eth, Parameter::maker_fee, -100));
    written.set(change(btc, Parameter::collar_option, 0));
    written.set(change(venue_itself, Parameter::repeats_max, 7));
    written.schedule(change(eth, Parameter::taker_fee, 1, 10));
    written.schedule(change(venue_itself, Parameter::order_rate, 2, 10));
    written.schedule(change(btc, Parameter::taker_fee, 3, 5));
    const std::vector<std::byte> bytes = bytes_of(written);
    ParameterBook read(with_underlyings(9));
    StateDecoder decoder(bytes);
    read.decode(decoder);
    EXPECT_EQ(decoder.fault(), "");
    EXPECT_TRUE(decoder.is_at_end());
    EXPECT_EQ(bytes_of(read), bytes);
    EXPECT_EQ(read.of(eth).of(Parameter::maker_fee), -100);
    EXPECT_EQ(read.of(btc).of(Parameter::collar_option), 0);
    EXPECT_EQ(read.of_venue(Parameter::repeats_max), 7);
    for (const std::int64_t value : {3, 1, 2}) {
        EXPECT_EQ(read.pop().value, value);
    }
    EXPECT_EQ(fault_of(bytes, 1), "limits.underlyings is too small");
}

TEST(Parameters, every_change_shows_in_the_bytes_and_a_change_back_does_not) {
    ParameterBook book(with_underlyings(2));
    const std::vector<std::byte> first = bytes_of(book);
    std::set<std::vector<std::byte>> seen = {first};
    for (const Parameter parameter : all()) {
        const UnderlyingId row = is_of_venue(parameter) ? venue_itself : eth;
        const std::int64_t value = Parameters().of(parameter);
        const bool can_grow = refusal(row, parameter, value + 1) == Reject::none;
        book.set(change(row, parameter, can_grow ? value + 1 : value - 1));
        EXPECT_TRUE(seen.insert(bytes_of(book)).second) << protocol::name(parameter);
        book.set(change(row, parameter, value));
        EXPECT_EQ(bytes_of(book), first);
    }
    book.schedule(change(eth, Parameter::taker_fee, 500, 1));
    EXPECT_NE(bytes_of(book), first);
}

TEST(Parameters, what_cannot_be_is_not_restored) {
    ParameterBook outside(with_underlyings(1));
    outside.set(change(btc, Parameter::maker_fee, -1001));
    EXPECT_EQ(fault_of(bytes_of(outside), 1), "a parameter cannot be");
    ParameterBook misplaced(with_underlyings(1));
    misplaced.set(change(btc, Parameter::order_rate, 5));
    EXPECT_EQ(fault_of(bytes_of(misplaced), 1), "a parameter cannot be");
    ParameterBook waiting(with_underlyings(1));
    waiting.schedule(change(btc, Parameter::taker_fee, -1, 5));
    EXPECT_EQ(fault_of(bytes_of(waiting), 1), "a parameter cannot be");
    std::vector<std::byte> cut = bytes_of(waiting);
    cut.pop_back();
    EXPECT_NE(fault_of(cut, 1), "");
}

}  // namespace
}  // namespace miletus::instruments
