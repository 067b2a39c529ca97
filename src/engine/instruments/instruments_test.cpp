// Instruments in use: prices and their ticks, the life-cycle, bands, canonical bytes.
#include "engine/instruments/instruments.hpp"

#include "base/byte_sink.hpp"
#include "base/hash.hpp"
#include "base/prng.hpp"
#include "engine/instruments/catalogue_test.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace miletus::instruments {
namespace {

using protocol::InstrumentState;
using protocol::TickStep;

struct Bytes final : ByteSink {
    std::vector<std::byte> all;
    void update(std::span<const std::byte> added) override {
        all.insert(all.end(), added.begin(), added.end());
    }
};

std::vector<std::byte> bytes_of(const Instruments& instruments) {
    Bytes bytes;
    {
        StateEncoder encoder(bytes);
        instruments.encode(encoder);
    }
    return bytes.all;
}

Hash128 hash_of(const Instruments& instruments) {
    Xxh3 hash;
    {
        StateEncoder encoder(hash);
        instruments.encode(encoder);
    }
    return hash.digest();
}

// Valid prices by their definition: multiples of the last step's tick that begins at or below.
bool is_valid_price(std::span<const TickStep> steps, std::int64_t price) {
    std::int64_t multiple = 1;
    for (const TickStep& step : steps) {
        multiple = price >= step.from.value() ? step.multiple.value() : multiple;
    }
    return price % multiple == 0;
}

TEST(Instruments, prices_lie_in_the_range_with_both_ends) {
    Catalogue catalogue;
    const InstrumentId instrument = catalogue.list(catalogue.future());
    const auto check = [&](std::int64_t price) {
        return catalogue.instruments.check_price(instrument, Ticks(price));
    };
    EXPECT_EQ(check(-1000), Reject::none);
    EXPECT_EQ(check(400'000), Reject::none);
    EXPECT_EQ(check(-1001), Reject::price_out_of_range);
    EXPECT_EQ(check(400'001), Reject::price_out_of_range);
    EXPECT_EQ(check(std::numeric_limits<std::int64_t>::min()), Reject::price_out_of_range);
}

TEST(Instruments, rounding_finds_the_nearest_valid_price_on_either_side) {
    Prng prng(2);
    for (int round = 0; round < 50; ++round) {
        Catalogue catalogue;
        std::vector<TickStep> steps;
        std::int64_t from = prng.between(-200, 0);
        for (std::uint64_t left = prng.below(5); left != 0; --left) {
            const std::int64_t multiple = prng.between(2, 40);
            from += multiple - (from % multiple + multiple) % multiple;
            steps.push_back({.from = Ticks(from), .multiple = Ticks(multiple)});
            from += prng.between(1, 100);
        }
        ListingRequest request = catalogue.future();
        request.steps = steps;
        const InstrumentId instrument = catalogue.list(request);
        const Instruments& instruments = catalogue.instruments;
        for (std::int64_t price = -300; price < 500; ++price) {
            std::int64_t down = price;
            std::int64_t up = price;
            while (!is_valid_price(steps, down)) {
                --down;
            }
            while (!is_valid_price(steps, up)) {
                ++up;
            }
            ASSERT_EQ(instruments.rounded_down(instrument, Ticks(price)), Ticks(down));
            ASSERT_EQ(instruments.rounded_up(instrument, Ticks(price)), Ticks(up));
            ASSERT_EQ(instruments.check_price(instrument, Ticks(price)),
                      down == price ? Reject::none : Reject::price_off_tick);
        }
    }
}

TEST(Instruments, below_zero_rounding_goes_down_and_up_not_towards_zero) {
    Catalogue catalogue;
    const std::array steps = {TickStep{.from = Ticks(-500), .multiple = Ticks(10)}};
    ListingRequest request = catalogue.future();
    request.steps = steps;
    const InstrumentId instrument = catalogue.list(request);
    EXPECT_EQ(catalogue.instruments.rounded_down(instrument, Ticks(-1)), Ticks(-10));
    EXPECT_EQ(catalogue.instruments.rounded_up(instrument, Ticks(-19)), Ticks(-10));
    EXPECT_EQ(catalogue.instruments.rounded_up(instrument, Ticks(-501)), Ticks(-501));
    EXPECT_EQ(catalogue.instruments.rounded_down(instrument, Ticks(-10)), Ticks(-10));
}

TEST(Instruments, states_follow_the_table) {
    using enum InstrumentState;
    const std::map<InstrumentState, std::set<InstrumentState>> reachable = {
        {pre_open, {open, halted, settling}},
        {open, {reduce_only, halted, settling}},
        {reduce_only, {open, halted, settling}},
        {halted, {pre_open, open, reduce_only, settling}},
        {settling, {settled}},
        {settled, {}}};
    Catalogue catalogue;
    const InstrumentId instrument = catalogue.list(catalogue.future());
    EXPECT_EQ(catalogue.instruments.rules(instrument).state, pre_open);
    for (const auto& [from, targets] : reachable) {
        catalogue.instruments.set_state(instrument, from);
        // That takes a command of its own.
        EXPECT_EQ(catalogue.instruments.check_transition(instrument, archived).error(),
                  Reject::state_not_reachable);
        for (const auto& [to, ignored] : reachable) {
            const auto allowed = catalogue.instruments.check_transition(instrument, to);
            EXPECT_EQ(allowed.has_value(), targets.contains(to))
                << protocol::name(from) << " to " << protocol::name(to);
            if (!allowed) {
                EXPECT_EQ(allowed.error(), Reject::state_not_reachable);
            }
        }
    }
}

TEST(Instruments, orders_are_taken_before_the_halt_and_the_end) {
    using enum InstrumentState;
    for (const InstrumentState state : {pre_open, open, reduce_only}) {
        EXPECT_TRUE(takes_orders(state));
    }
    for (const InstrumentState state : {halted, settling, settled}) {
        EXPECT_FALSE(takes_orders(state));
    }
}

TEST(Instruments, a_band_lies_in_the_range) {
    Catalogue catalogue;
    Instruments& instruments = catalogue.instruments;
    const InstrumentId instrument = catalogue.list(catalogue.future());
    const Hash128 before = hash_of(instruments);
    EXPECT_EQ(instruments.set_band(instrument, Ticks(6), Ticks(5)).error(),
              Reject::band_out_of_range);
    EXPECT_EQ(instruments.set_band(instrument, Ticks(-1001), Ticks(5)).error(),
              Reject::band_out_of_range);
    EXPECT_EQ(instruments.set_band(instrument, Ticks(5), Ticks(400'001)).error(),
              Reject::band_out_of_range);
    EXPECT_FALSE(instruments.rules(instrument).has_band);
    EXPECT_EQ(hash_of(instruments), before);
    EXPECT_TRUE(instruments.set_band(instrument, Ticks(-1000), Ticks(400'000)).has_value());
    EXPECT_TRUE(instruments.set_band(instrument, Ticks(5), Ticks(5)).has_value());
    EXPECT_EQ(instruments.rules(instrument).band_high(), Ticks(5));
    EXPECT_NE(hash_of(instruments), before);
}

TEST(Instruments, what_is_not_listed_is_unknown) {
    Catalogue catalogue;
    Instruments& instruments = catalogue.instruments;
    const InstrumentId listed = catalogue.list(catalogue.future());
    EXPECT_TRUE(instruments.check_exists(listed).has_value());
    for (const InstrumentId ghost : {InstrumentId(1), InstrumentId(0xFFFFFFFFU)}) {
        EXPECT_EQ(instruments.check_exists(ghost).error(), Reject::unknown_instrument);
        EXPECT_EQ(instruments.check_transition(ghost, InstrumentState::open).error(),
                  Reject::unknown_instrument);
        EXPECT_EQ(instruments.set_band(ghost, Ticks(0), Ticks(0)).error(),
                  Reject::unknown_instrument);
    }
}

// An archived instrument's name was listed again under a lower number, and the snapshot was refused
// for having it twice.
TEST(Instruments, an_archived_one_is_restored_beside_a_live_one_of_its_name) {
    Catalogue catalogue;
    const InstrumentId wide = catalogue.list(catalogue.future());
    const InstrumentId narrow = catalogue.list(catalogue.call());
    catalogue.instruments.archive(wide);
    catalogue.instruments.archive(narrow);
    ListingRequest small = catalogue.future();
    small.terms.price_low = Ticks(1);
    EXPECT_EQ(catalogue.list(small), narrow);
    catalogue.instruments.archive(narrow);
    EXPECT_EQ(catalogue.list(catalogue.future()), wide);
    const std::vector<std::byte> bytes = bytes_of(catalogue.instruments);
    Instruments read(few());
    StateDecoder decoder(bytes);
    read.decode(decoder);
    EXPECT_EQ(decoder.fault(), "");
    EXPECT_EQ(bytes_of(read), bytes);
    EXPECT_EQ(read.find("BTC_USDC-31JAN70"), wide);
    EXPECT_EQ(read.reusable(small.terms), 1U);
}

TEST(Instruments, every_term_shows_in_the_canonical_bytes) {
    const auto hash_with = [](auto change) {
        Catalogue catalogue;
        ListingRequest request = catalogue.call();
        change(request);
        catalogue.list(request);
        return hash_of(catalogue.instruments);
    };
    const std::array steps = {TickStep{.from = Ticks(0), .multiple = Ticks(5)}};
    const std::set<Hash128> hashes = {
        hash_with([](auto&) {}),
        hash_with([](auto& request) { request.kind = protocol::InstrumentKind::put; }),
        hash_with([](auto& request) { request.expiry = request.expiry + Nanos(1); }),
        hash_with([](auto& request) { request.strike = IndexPrice(99'000 * one); }),
        hash_with([](auto& request) { request.terms.tick = IndexPrice(one); }),
        hash_with([](auto& request) { request.terms.lot = Amount(200'000); }),
        hash_with([](auto& request) { request.terms.price_low = Ticks(2); }),
        hash_with([](auto& request) { request.terms.price_high = Ticks(399'999); }),
        hash_with([](auto& request) { request.terms.lots_max = Lots(999); }),
        hash_with([&](auto& request) { request.steps = steps; })};
    EXPECT_EQ(hashes.size(), 10U);
    EXPECT_EQ(hash_with([](auto&) {}), hash_with([](auto&) {}));
}

TEST(Instruments, only_what_may_fall_below_zero_has_depth) {
    Catalogue catalogue;
    const InstrumentId future = catalogue.list(catalogue.future());
    const InstrumentId call = catalogue.list(catalogue.call());
    EXPECT_EQ(catalogue.instruments.listing(future).depth, LotValue(500'000));
    EXPECT_EQ(catalogue.instruments.listing(call).depth, LotValue(0));
}

TEST(Instruments, a_lot_is_worth_most_at_the_end_of_the_range_further_from_zero) {
    Catalogue catalogue;
    EXPECT_EQ(catalogue.instruments.listing(catalogue.list(catalogue.future())).largest,
              LotValue(400'000 * 500));
    ListingRequest deep = catalogue.future();
    deep.expiry = deep.expiry + Nanos(day_ns);
    deep.terms.price_low = Ticks(-400'001);
    EXPECT_EQ(catalogue.instruments.listing(catalogue.list(deep)).largest, LotValue(400'001 * 500));
}

TEST(Instruments, a_strike_is_worth_its_price_for_a_lot) {
    Catalogue catalogue;
    EXPECT_EQ(catalogue.instruments.listing(catalogue.list(catalogue.call())).strike_value,
              LotValue(100'000 * one / 1000));
    EXPECT_EQ(catalogue.instruments.listing(catalogue.list(catalogue.future())).strike_value,
              LotValue(0));
}

TEST(Instruments, a_tenth_of_a_tick_is_a_tenth_of_its_value) {
    Catalogue catalogue;
    const Listing& listing = catalogue.instruments.listing(catalogue.list(catalogue.future()));
    EXPECT_EQ(grid_value_per_lot(listing, Grid(1)), LotValue(50));
    EXPECT_EQ(grid_value_per_lot(listing, Grid(-37)), LotValue(-37 * 50));
    EXPECT_EQ(grid_value_per_lot(listing, Grid(70)), value_per_lot(listing.tick_value, Ticks(7)));
}

TEST(Instruments, all_settles_in_the_first_underlyings_quote_and_coins_have_a_price_by_the_first) {
    Catalogue catalogue;
    Instruments& instruments = catalogue.instruments;
    EXPECT_EQ(instruments.settlement_asset(), catalogue.usdc);
    EXPECT_EQ(instruments.underlying_of(catalogue.btc), catalogue.pair);
    EXPECT_EQ(instruments.underlying_of(catalogue.usdc), std::nullopt);
    EXPECT_TRUE(instruments.add_underlying(protocol::Name("BTC2"), catalogue.btc, catalogue.usdc)
                    .has_value());
    EXPECT_EQ(instruments.underlying_of(catalogue.btc), catalogue.pair);
    EXPECT_EQ(instruments.whole(catalogue.btc).value(), 100'000'000);
    EXPECT_EQ(instruments.whole(catalogue.usdc).value(), 1'000'000);
}

TEST(InstrumentsDeathTest, a_value_beyond_its_integer_trips) {
    EXPECT_DEATH(static_cast<void>(value_per_lot(LotValue(std::int64_t{1} << 62U), Ticks(2))),
                 "ASSERT");
}

}  // namespace
}  // namespace miletus::instruments
