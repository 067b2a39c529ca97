// What may be listed: each refusal has its cause, and the units of what passes are exact.
#include "base/hash.hpp"
#include "base/prng.hpp"
#include "engine/instruments/catalogue_test.hpp"
#include "engine/instruments/instruments.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>

namespace miletus::instruments {
namespace {

using protocol::InstrumentKind;
using protocol::Name;
using protocol::TickStep;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

TEST(Listing, assets_are_named_by_tickers_and_bounded) {
    Instruments instruments(few());
    for (const std::string_view bad : {"", "usdc", "US DC", "US-DC", "U$"}) {
        EXPECT_EQ(instruments.add_asset(Name(bad), 6).error(), Reject::bad_name) << bad;
    }
    EXPECT_EQ(instruments.add_asset(Name("USDC"), 13).error(), Reject::decimals_out_of_range);
    EXPECT_EQ(*instruments.add_asset(Name("USDC"), 12), AssetId(0));
    EXPECT_EQ(instruments.add_asset(Name("USDC"), 6).error(), Reject::asset_exists);
    EXPECT_EQ(*instruments.add_asset(Name("A_9"), 0), AssetId(1));
    EXPECT_EQ(*instruments.add_asset(Name("ABCDEFGHIJKLMNOP"), 0), AssetId(2));
    EXPECT_EQ(instruments.add_asset(Name("X"), 0).error(), Reject::assets_full);
    EXPECT_EQ(instruments.asset_count(), 3U);
    EXPECT_EQ(instruments.asset(AssetId(0)).decimals, 12U);
}

TEST(Listing, underlyings_join_two_known_assets_and_are_bounded) {
    Catalogue catalogue;
    Instruments& instruments = catalogue.instruments;
    const AssetId ghost(2);
    EXPECT_EQ(instruments.add_underlying(Name("x"), catalogue.btc, catalogue.usdc).error(),
              Reject::bad_name);
    EXPECT_EQ(instruments.add_underlying(Name("X"), ghost, catalogue.usdc).error(),
              Reject::unknown_asset);
    EXPECT_EQ(instruments.add_underlying(Name("X"), catalogue.btc, ghost).error(),
              Reject::unknown_asset);
    EXPECT_EQ(instruments.add_underlying(Name("BTC_USDC"), catalogue.btc, catalogue.usdc).error(),
              Reject::underlying_exists);
    EXPECT_EQ(*instruments.add_underlying(Name("X"), catalogue.btc, catalogue.usdc),
              UnderlyingId(1));
    EXPECT_EQ(instruments.add_underlying(Name("Y"), catalogue.btc, catalogue.usdc).error(),
              Reject::underlyings_full);
    EXPECT_EQ(instruments.underlying(UnderlyingId(1)).name, Name("X"));
}

TEST(Listing, a_listing_in_good_order_passes) {
    Catalogue catalogue;
    EXPECT_EQ(catalogue.refusal(catalogue.future()), Reject::none);
    EXPECT_EQ(catalogue.refusal(catalogue.call()), Reject::none);
    const Result<Listing> listing = catalogue.instruments.draft(catalogue.call(), catalogue.now);
    EXPECT_EQ(listing->tick_value, LotValue(500));
    EXPECT_EQ(listing->strike_value, LotValue(100'000'000));
    EXPECT_EQ(listing->name.view(), "BTC_USDC-31JAN70-100000-C");
    EXPECT_EQ(value_per_lot(listing->tick_value, Ticks(-3)), LotValue(-1500));
}

// Changes one thing of a good request and expects one refusal.
template <class Change>
void expect_refused(Reject expected, Change change) {
    const Catalogue catalogue;
    ListingRequest request = catalogue.future();
    change(request);
    EXPECT_EQ(catalogue.refusal(request), expected) << name(catalogue.refusal(request));
}
template <class Change>
void expect_option_refused(Reject expected, Change change) {
    expect_refused(expected, [&](ListingRequest& request) {
        request = Catalogue().call();
        change(request);
    });
}

TEST(Listing, what_it_is_written_on_must_exist) {
    expect_refused(Reject::unknown_underlying,
                   [](auto& request) { request.underlying = UnderlyingId(1); });
}

TEST(Listing, expiries_lie_in_the_future_except_of_perpetuals) {
    for (const std::int64_t expiry : {std::int64_t{5}, std::int64_t{0}, least}) {
        expect_refused(Reject::expiry_not_in_future,
                       [&](auto& request) { request.expiry = UnixNanos(expiry); });
    }
    expect_refused(Reject::none, [](auto& request) { request.expiry = UnixNanos(6); });
    expect_refused(Reject::none, [](auto& request) {
        request.kind = InstrumentKind::perpetual;
        request.expiry = UnixNanos(0);
    });
}

TEST(Listing, ticks_and_lots_are_above_zero) {
    for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, least}) {
        expect_refused(Reject::tick_or_lot_out_of_range,
                       [&](auto& request) { request.terms.tick = IndexPrice(value); });
        expect_refused(Reject::tick_or_lot_out_of_range,
                       [&](auto& request) { request.terms.lot = Amount(value); });
    }
}

TEST(Listing, a_tenth_of_a_tick_of_a_lot_is_whole) {
    // 0.000001 of 1e-8 BTC is nothing USDC could pay.
    expect_refused(Reject::tick_not_whole, [](auto& request) {
        request.terms.tick = IndexPrice(1);
        request.terms.lot = Amount(1);
    });
    // 505 units are whole, but a tenth of them is not.
    expect_refused(Reject::tick_not_whole,
                   [](auto& request) { request.terms.tick = IndexPrice(505'000); });
    expect_refused(Reject::none, [](auto& request) { request.terms.tick = IndexPrice(510'000); });
    expect_refused(Reject::tick_not_whole, [](auto& request) {
        request.terms.tick = IndexPrice(most);
        request.terms.lot = Amount(most);
    });
}

TEST(Listing, the_largest_order_fits_its_32_bits) {
    for (const std::int64_t lots : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 32U}) {
        expect_refused(Reject::lots_max_out_of_range,
                       [&](auto& request) { request.terms.lots_max = Lots(lots); });
    }
    expect_refused(Reject::none, [](auto& request) { request.terms.lots_max = Lots(1); });
    expect_refused(Reject::none,
                   [](auto& request) { request.terms.lots_max = Lots(4'294'967'295); });
}

TEST(Listing, the_price_range_is_bounded_in_width_and_place) {
    struct Range {
        std::int64_t low;
        std::int64_t high;
        Reject expected;
    };
    constexpr std::int64_t width = std::int64_t{1} << 24U;
    constexpr std::int64_t far = std::int64_t{1} << 30U;
    constexpr Reject refused = Reject::price_range_out_of_range;
    for (const Range range :
         {Range{1, 0, refused}, Range{0, width, refused}, Range{0, width - 1, Reject::none},
          Range{far, far, Reject::none}, Range{far, far + 1, refused},
          Range{-far, -far, Reject::none}, Range{-far - 1, -far, refused},
          Range{least, most, refused}, Range{7, 7, Reject::none}}) {
        expect_refused(range.expected, [&](auto& request) {
            request.terms.price_low = Ticks(range.low);
            request.terms.price_high = Ticks(range.high);
        });
    }
}

TEST(Listing, the_value_of_the_furthest_price_fits) {
    // One tick of one lot is worth 1e13, so that 2^20 of them overflow and 2^19 do not.
    const auto request_up_to = [](std::int64_t low, std::int64_t high) {
        return [=](auto& request) {
            request.terms.tick = IndexPrice(1'000'000 * one);
            request.terms.lot = Amount(1'000'000'000);
            request.terms.price_low = Ticks(low);
            request.terms.price_high = Ticks(high);
        };
    };
    expect_refused(Reject::none, request_up_to(0, 1 << 19));
    expect_refused(Reject::price_range_out_of_range, request_up_to(0, 1 << 20));
    expect_refused(Reject::price_range_out_of_range, request_up_to(-(1 << 20), 0));
}

TEST(Listing, tick_steps_rise_and_begin_on_their_own_tick) {
    const auto with = [](std::span<const TickStep> steps) {
        return [=](auto& request) {
            request.steps = steps;
        };
    };
    const auto step = [](std::int64_t from, std::int64_t multiple) {
        return TickStep{.from = Ticks(from), .multiple = Ticks(multiple)};
    };
    const std::array good = {step(-100, 5), step(0, 2), step(10, 10), step(1000, 250)};
    expect_refused(Reject::none, with(good));
    for (const TickStep bad : {step(10, 1), step(10, 0), step(10, -5), step(11, 5), step(10, least),
                               step(0, (1 << 24) + 1)}) {
        const std::array steps = {bad};
        expect_refused(Reject::tick_steps_not_rising, with(steps));
    }
    const std::array falling = {step(10, 2), step(8, 4)};
    expect_refused(Reject::tick_steps_not_rising, with(falling));
    const std::array standing = {step(10, 2), step(10, 5)};
    expect_refused(Reject::tick_steps_not_rising, with(standing));
}

TEST(Listing, strikes_are_positive_bounded_and_whole) {
    for (const std::int64_t strike :
         {std::int64_t{0}, std::int64_t{-1}, least, std::int64_t{1'000'000'000} * one, most}) {
        expect_option_refused(Reject::strike_not_positive,
                              [&](auto& request) { request.strike = IndexPrice(strike); });
    }
    // 0.0005 USDC times a thousandth of a BTC is half a unit.
    expect_option_refused(Reject::strike_not_whole,
                          [](auto& request) { request.strike = IndexPrice(500); });
    expect_option_refused(Reject::none, [](auto& request) { request.strike = IndexPrice(1000); });
    expect_refused(Reject::none, [](auto& request) { request.strike = IndexPrice(0); });
}

TEST(Listing, an_option_costs_no_less_than_nothing) {
    expect_option_refused(Reject::price_range_out_of_range,
                          [](auto& request) { request.terms.price_low = Ticks(-1); });
    expect_option_refused(Reject::none, [](auto& request) { request.terms.price_low = Ticks(0); });
}

TEST(Listing, one_name_is_listed_once) {
    Catalogue catalogue;
    const InstrumentId listed = catalogue.list(catalogue.call());
    EXPECT_EQ(catalogue.refusal(catalogue.call()), Reject::instrument_exists);
    ListingRequest put = catalogue.call();
    put.kind = InstrumentKind::put;
    EXPECT_EQ(catalogue.refusal(put), Reject::none);
    EXPECT_EQ(catalogue.instruments.find("BTC_USDC-31JAN70-100000-C"), listed);
    EXPECT_EQ(catalogue.instruments.find("BTC_USDC-31JAN70-100000-P"), std::nullopt);
}

TEST(Listing, room_is_counted) {
    Catalogue catalogue;
    EXPECT_EQ(catalogue.instruments.room_for(catalogue.call().terms), 4U);
    for (std::uint32_t at = 0; at < 4; ++at) {
        ListingRequest request = catalogue.call();
        request.strike = IndexPrice((at + 1) * one);
        EXPECT_EQ(catalogue.list(request), InstrumentId(at));
    }
    EXPECT_EQ(catalogue.instruments.count(), 4U);
    EXPECT_EQ(catalogue.instruments.room_for(catalogue.call().terms), 0U);
}

TEST(Listing, the_first_archived_number_whose_book_reaches_as_far_is_used_again) {
    Catalogue catalogue;
    Instruments& instruments = catalogue.instruments;
    ListingRequest request = catalogue.call();
    const auto list = [&](std::int64_t strike) {
        request.strike = IndexPrice(strike * one);
        return catalogue.list(request);
    };
    const InstrumentId future = catalogue.list(catalogue.future());
    const InstrumentId first = list(1);
    const InstrumentId second = list(2);
    for (const InstrumentId gone : {future, second, first}) {
        instruments.archive(gone);
        EXPECT_EQ(instruments.check_exists(gone).error(), Reject::unknown_instrument);
    }
    EXPECT_EQ(instruments.find("BTC_USDC-31JAN70-1-C"), std::nullopt);
    EXPECT_EQ(instruments.reusable(request.terms), 2U);
    EXPECT_EQ(instruments.room_for(request.terms), 3U);
    EXPECT_EQ(list(2), first);
    EXPECT_EQ(list(1), second);
    EXPECT_EQ(list(3), InstrumentId(3));
    EXPECT_EQ(instruments.room_for(request.terms), 0U);
    EXPECT_EQ(instruments.room_for(catalogue.future().terms), 1U);
    EXPECT_EQ(catalogue.list(catalogue.future()), future);
    EXPECT_EQ(instruments.find("BTC_USDC-31JAN70-1-C"), second);
}

// The listing rule in one formula, where nothing overflows 128 bits.
std::int64_t exact_tick_value(std::int64_t tick, std::int64_t lot, std::uint32_t base,
                              std::uint32_t quote) {
    int128 product = int128{tick} * lot;
    int128 divisor = 1'000'000;
    for (std::uint32_t digit = 0; digit < quote; ++digit) {
        product *= 10;
    }
    for (std::uint32_t digit = 0; digit < base; ++digit) {
        divisor *= 10;
    }
    return product % divisor == 0 ? static_cast<std::int64_t>(product / divisor) : 0;
}

TEST(Listing, the_value_of_a_tick_is_exact_for_all_decimals) {
    Prng prng(1);
    int listed = 0;
    for (int round = 0; round < 3000; ++round) {
        Instruments instruments(few());
        const auto base = static_cast<std::uint32_t>(prng.below(13));
        const auto quote = static_cast<std::uint32_t>(prng.below(13));
        const AssetId first = *instruments.add_asset(Name("A"), base);
        const AssetId second = *instruments.add_asset(Name("B"), quote);
        ListingRequest request = Catalogue().future();
        request.underlying = *instruments.add_underlying(Name("A_B"), first, second);
        std::int64_t tick = prng.between(1, 9);
        std::int64_t lot = prng.between(1, 9);
        for (std::uint64_t digits = prng.below(6); digits != 0; --digits) {
            tick *= 10;
            lot *= 10;
        }
        request.terms.tick = IndexPrice(tick);
        request.terms.lot = Amount(lot);
        request.terms.price_low = Ticks(0);
        request.terms.price_high = Ticks(1);
        const std::int64_t exact = exact_tick_value(tick, lot, base, quote);
        const Result<Listing> listing = instruments.draft(request, UnixNanos(0));
        ASSERT_EQ(listing.has_value(), exact != 0 && exact % 10 == 0);
        if (listing) {
            ++listed;
            ASSERT_EQ(listing->tick_value, LotValue(exact));
        }
    }
    EXPECT_GT(listed, 300);
}

}  // namespace
}  // namespace miletus::instruments
