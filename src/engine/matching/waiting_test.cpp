// Orders that wait outside the books share slots, ids and the bound of their account with those
// inside, and nothing else.
#include "engine/matching/matching.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace miletus::matching {
namespace {

using protocol::OrderType;
using protocol::Side;

constexpr InstrumentId instrument{0};
constexpr UnixNanos now{1000};

Limits few() {
    Limits limits;
    limits.assets = 2;
    limits.underlyings = 1;
    limits.instruments = 1;
    limits.accounts = 4;
    limits.orders = 4;
    limits.level_pages = 8;
    limits.directory_entries = 64;
    limits.orders_per_account = 3;
    return limits;
}

NewOrder buy(std::int64_t price, std::uint32_t account = 1) {
    return {.instrument = instrument,
            .account = AccountId(account),
            .side = Side::buy,
            .price = Ticks(price),
            .quantity = Lots(5),
            .expires = UnixNanos(0)};
}

// One open book.
struct Venue {
    Venue() {
        static_cast<void>(instruments.add_asset(protocol::Name("BASE"), 0));
        static_cast<void>(instruments.add_asset(protocol::Name("QUOTE"), 6));
        static_cast<void>(
            instruments.add_underlying(protocol::Name("BASE_QUOTE"), AssetId(0), AssetId(1)));
        const protocol::ListingTerms terms{.tick = IndexPrice(10),
                                           .lot = Amount(1),
                                           .price_low = Ticks(1),
                                           .price_high = Ticks(500),
                                           .lots_max = Lots(100)};
        const auto listing = instruments.draft({.kind = protocol::InstrumentKind::perpetual,
                                                .underlying = UnderlyingId(0),
                                                .expiry = {},
                                                .strike = {},
                                                .terms = terms,
                                                .steps = {}},
                                               now);
        ASSERT(listing.has_value());
        instruments.list(*listing);
        instruments.set_state(instrument, protocol::InstrumentState::open);
    }

    void open_book() { matching.open_book(instrument, instruments.listing(instrument).terms); }
    OrderId place(const NewOrder& order) {
        const Result<Ticks> price = matching.admit(order, now);
        ASSERT(price.has_value());
        return matching.place(order, *price);
    }
    [[nodiscard]] Reject refusal(const NewOrder& order) const {
        const Result<void> admitted = matching.admit_waiting(order, now);
        return admitted ? Reject::none : admitted.error();
    }

    instruments::Instruments instruments{few()};
    protocol::EventWriter events{few().event_units};
    Matching matching{few(), instruments, events};
};

class Waiting : public testing::Test {
  protected:
    Waiting() { venue_.open_book(); }
    Venue venue_;
    Matching& matching_ = venue_.matching;
};

TEST_F(Waiting, it_has_an_id_and_an_owner_and_is_in_no_book) {
    const OrderId id = matching_.park(buy(100));
    EXPECT_TRUE(matching_.is_parked(id));
    EXPECT_EQ(matching_.check_owner(id, AccountId(1)), Reject::none);
    EXPECT_EQ(matching_.check_owner(id, AccountId(2)), Reject::not_your_order);
    EXPECT_EQ(matching_.open_orders(instrument), 0U);
    EXPECT_EQ(matching_.open_orders_of(AccountId(1)), 1U);
    EXPECT_EQ(matching_.best(instrument, Side::buy), std::nullopt);
    const Result<OrderView> found = matching_.find(id, AccountId(1));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->price, Ticks(100));
    EXPECT_EQ(found->left, Lots(5));
    EXPECT_FALSE(matching_.is_parked(venue_.place(buy(100, 2))));
    matching_.check_invariants();
}

TEST_F(Waiting, it_takes_room_of_its_account_and_of_the_venue) {
    for (int count = 0; count < 3; ++count) {
        EXPECT_EQ(venue_.refusal(buy(100)), Reject::none);
        matching_.park(buy(100));
    }
    EXPECT_EQ(venue_.refusal(buy(100)), Reject::account_orders_full);
    matching_.park(buy(100, 2));
    EXPECT_EQ(venue_.refusal(buy(100, 2)), Reject::order_slots_full);
}

TEST_F(Waiting, terms_that_cannot_be_are_refused_at_once) {
    NewOrder order = buy(501);
    EXPECT_EQ(venue_.refusal(order), Reject::price_out_of_range);
    order.order_type = OrderType::market;
    EXPECT_EQ(venue_.refusal(order), Reject::price_not_allowed);
    order.price = Ticks(0);
    EXPECT_EQ(venue_.refusal(order), Reject::none);
    order.quantity = Lots(0);
    EXPECT_EQ(venue_.refusal(order), Reject::quantity_not_positive);
    order.quantity = Lots(101);
    EXPECT_EQ(venue_.refusal(order), Reject::quantity_too_large);
}

TEST_F(Waiting, released_it_is_placed_under_its_id) {
    const OrderId id = matching_.park(buy(100));
    venue_.place(buy(90, 2));
    matching_.unpark(id);
    EXPECT_EQ(matching_.open_orders_of(AccountId(1)), 0U);
    EXPECT_EQ(venue_.place(buy(100)), id);
    EXPECT_FALSE(matching_.is_parked(id));
    EXPECT_EQ(matching_.best(instrument, Side::buy), Ticks(100));
    matching_.cancel(id, protocol::RemovalReason::client);
    EXPECT_EQ(matching_.next_order_id(), OrderId(id.slot(), id.generation() + 1));
}

TEST_F(Waiting, a_full_venue_has_room_for_what_it_releases) {
    const OrderId id = matching_.park(buy(100));
    for (const std::uint32_t account : {2U, 2U, 3U}) {
        venue_.place(buy(90, account));
    }
    matching_.unpark(id);
    EXPECT_EQ(venue_.place(buy(100)), id);
}

TEST_F(Waiting, an_id_that_was_refused_or_dropped_is_given_no_more) {
    const OrderId id = matching_.park(buy(100));
    matching_.unpark(id);
    matching_.retire_next();
    EXPECT_EQ(matching_.next_order_id(), OrderId(id.slot(), 1));
    const OrderId second = matching_.park(buy(100));
    matching_.drop_parked(second);
    EXPECT_EQ(matching_.next_order_id(), OrderId(id.slot(), 2));
    EXPECT_EQ(matching_.check_owner(second, AccountId(1)), Reject::unknown_order);
    EXPECT_EQ(matching_.open_orders_of(AccountId(1)), 0U);
}

TEST_F(Waiting, amended_it_has_another_price_and_quantity) {
    NewOrder order = buy(100);
    order.expires = UnixNanos(5000);
    const OrderId id = matching_.park(order);
    matching_.amend_parked({.order = id, .price = Ticks(120), .left = Lots(7)});
    const NewOrder parked = matching_.parked(id);
    EXPECT_EQ(parked.price, Ticks(120));
    EXPECT_EQ(parked.quantity, Lots(7));
    EXPECT_EQ(parked.expires, UnixNanos(5000));
    EXPECT_TRUE(matching_.has_expired(id, UnixNanos(5000)));
}

struct Collector final : ByteSink {
    std::vector<std::byte> bytes;
    void update(std::span<const std::byte> added) override {
        bytes.insert(bytes.end(), added.begin(), added.end());
    }
};

std::vector<std::byte> bytes_of(const Matching& matching) {
    Collector collector;
    {
        StateEncoder encoder(collector);
        matching.encode_parked(encoder);
        matching.encode(encoder);
    }
    return collector.bytes;
}

std::string fault_of(Venue& venue, std::span<const std::byte> bytes) {
    StateDecoder decoder(bytes);
    venue.matching.decode_parked(decoder);
    venue.matching.decode(decoder);
    decoder.require(decoder.is_at_end(), "bytes follow");
    return std::string(decoder.fault());
}

TEST_F(Waiting, restored_it_waits_on) {
    const OrderId gone = matching_.park(buy(100));
    NewOrder order = buy(101);
    order.expires = UnixNanos(5000);
    const OrderId kept = matching_.park(order);
    venue_.place(buy(90, 2));
    matching_.drop_parked(gone);
    const std::vector<std::byte> bytes = bytes_of(matching_);
    Venue other;
    ASSERT_EQ(fault_of(other, bytes), "");
    EXPECT_EQ(bytes_of(other.matching), bytes);
    EXPECT_TRUE(other.matching.is_parked(kept));
    EXPECT_EQ(other.matching.open_orders_of(AccountId(1)), 1U);
    EXPECT_EQ(other.matching.next_order_id(), matching_.next_order_id());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        Venue another;
        EXPECT_NE(fault_of(another, std::span<const std::byte>(bytes).first(size)), "") << size;
    }
}

}  // namespace
}  // namespace miletus::matching
