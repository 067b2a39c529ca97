// A venue plays a stream to one kind of books and tells all that came of each step.
#pragma once

#include "base/hash.hpp"
#include "engine/instruments/instruments.hpp"
#include "engine/matching/matching.hpp"
#include "engine/matching/streams_test.hpp"
#include "protocol/event_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::matching {

// Objects to orders whose slot has a bit in the mask, for one reason or another; of some, one lot
// or two may trade.
struct Doubts {
    std::uint8_t mask = 0;
    [[nodiscard]] Allowance allowance(std::uint32_t slot) const {
        if (((mask >> (slot % 4U)) & 1U) == 0) {
            return {};
        }
        return {.lots = slot % 2 == 0 ? 0 : slot / 4U % 3U,
                .reason = slot % 2 == 0 ? protocol::RemovalReason::margin
                                        : protocol::RemovalReason::nothing_to_reduce};
    }
};

// All that came of one step.
struct Outcome {
    Reject reject = Reject::none;
    OrderId order;
    std::vector<Unit> events;
    std::uint32_t event_count = 0;
    Hash128 state;
    Hash128 answers;
    std::optional<Ticks> reach;
    std::string fault;  // a broken promise of these books, whatever the others did
    bool repriced = false;
};

template <class Book>
class Venue {
  public:
    explicit Venue(const World& world)
        : world_(world),
          instruments_(world.limits),
          events_(world.limits.event_units),
          book_(world.limits, instruments_, events_) {
        list_all();
        constexpr std::array<std::uint32_t, 6> owners = {1, 1, 2, 2, 3, 4};
        for (std::uint32_t at = 0; at < owners.size(); ++at) {
            book_.enroll(AccountId(at + 1), OwnerId(owners.at(at)));
        }
    }

    [[nodiscard]] Outcome play(const Step& step) {
        outcome_ = {};
        now_ = now_ + Nanos(step.wait >> 14U);
        sequence_ = Sequence(sequence_.value() + 1);
        events_.begin(sequence_, now_);
        dispatch(step);
        book_.check_invariants();
        collect_events();
        outcome_.state = state();
        outcome_.answers = answers();
        return outcome_;
    }

    [[nodiscard]] const Book& book() const { return book_; }
    [[nodiscard]] const World& world() const { return world_; }
    [[nodiscard]] UnixNanos now() const { return now_; }

  private:
    struct Issued {
        OrderId order;
        AccountId account;
    };

    void list_all() {
        static_cast<void>(instruments_.add_asset(protocol::Name("BASE"), 0));
        static_cast<void>(instruments_.add_asset(protocol::Name("QUOTE"), 6));
        static_cast<void>(
            instruments_.add_underlying(protocol::Name("BASE_QUOTE"), AssetId(0), AssetId(1)));
        std::int64_t day = 0;
        for (const Range& range : world_.ranges) {
            const protocol::ListingTerms terms{.tick = IndexPrice(10),
                                               .lot = Amount(1),
                                               .price_low = Ticks(range.low),
                                               .price_high = Ticks(range.high),
                                               .lots_max = Lots(1000)};
            const auto listing =
                instruments_.draft({.kind = protocol::InstrumentKind::future,
                                    .underlying = UnderlyingId(0),
                                    .expiry = UnixNanos(++day * 86'400'000'000'000),
                                    .strike = {},
                                    .terms = terms,
                                    .steps = range.steps},
                                   now_);
            ASSERT(listing.has_value());
            ASSERT(book_.admit_books(terms, 1).has_value());
            const InstrumentId instrument = instruments_.list(*listing);
            book_.open_book(instrument, terms);
            instruments_.set_state(instrument, protocol::InstrumentState::open);
        }
    }

    void dispatch(const Step& step) {
        const std::uint32_t action = step.action % 32U;
        if (action < 14) {
            place(step);
        } else if (action < 19) {
            cancel(step);
        } else if (action < 25) {
            amend(step);
        } else if (action < 27) {
            now_ = now_ + Nanos(step.wait % 32U);
        } else if (action < 29) {
            book_.drop_expired(instrument_of(step), side_of(step), now_);
        } else if (action < 30) {
            set_band(step);
        } else if (action < 31) {
            set_state(step);
        } else {
            ask_for_more_books(step);
        }
    }

    // ---- What the bytes mean ----

    [[nodiscard]] InstrumentId instrument_of(const Step& step) const {
        return InstrumentId(static_cast<std::uint32_t>(step.instrument % world_.ranges.size()));
    }
    [[nodiscard]] static protocol::Side side_of(const Step& step) {
        return step.side % 2 == 0 ? protocol::Side::buy : protocol::Side::sell;
    }
    [[nodiscard]] static Lots quantity_of(const Step& step) {
        constexpr std::array<std::int64_t, 6> odd = {
            0, -3, 1000, 1001, 5'000'000'000, std::numeric_limits<std::int64_t>::min()};
        return step.quantity >= 250 ? Lots(odd.at(step.quantity - 250U))
                                    : Lots(1 + step.quantity % 10);
    }
    [[nodiscard]] protocol::TimeInForce time_in_force_of(const Step& step) const {
        using enum protocol::TimeInForce;
        constexpr std::array<protocol::TimeInForce, 8> table = {
            good_til_canceled, good_til_canceled, good_til_canceled,   good_til_day,
            good_til_time,     good_til_time,     immediate_or_cancel, fill_or_kill};
        return table.at(step.time_in_force % table.size());
    }

    [[nodiscard]] Ticks price_of(const Step& step, InstrumentId instrument,
                                 protocol::Side side) const {
        const Range& range = world_.ranges.at(instrument.value());
        const std::int64_t low_bits = step.price & 0x1FFF;
        std::int64_t price = range.middle + (low_bits & 15) - 8;
        switch (step.price >> 13U) {
            case 4:
                price = range.middle + (low_bits & 255) - 128;
                break;
            case 5:
                price = range.low + low_bits * (range.high - range.low) / 0x1FFF;
                break;
            case 6: {
                const std::optional<Ticks> touch = book_.best(instrument, opposite(side));
                price = touch.value_or(Ticks(range.middle)).value() + (low_bits & 3) - 1;
                break;
            }
            case 7:
                return edge_price(range, low_bits);
            default:
                break;
        }
        const bool is_in_range = price >= range.low && price <= range.high;
        return is_in_range && !step.has(leave_unrounded)
                   ? instruments_.rounded_down(instrument, Ticks(price))
                   : Ticks(price);
    }

    [[nodiscard]] static Ticks edge_price(const Range& range, std::int64_t which) {
        const std::array<std::int64_t, 8> edges = {
            range.low,     range.high,     range.low + 1, range.high - 1,
            range.low - 1, range.high + 1, 1LL << 40,     std::numeric_limits<std::int64_t>::min()};
        return Ticks(edges.at(static_cast<std::size_t>(which) % edges.size()));
    }

    [[nodiscard]] NewOrder order_of(const Step& step) const {
        constexpr std::array<protocol::PostOnly, 8> post_only = {
            protocol::PostOnly::off,     protocol::PostOnly::off,    protocol::PostOnly::off,
            protocol::PostOnly::off,     protocol::PostOnly::off,    protocol::PostOnly::reject,
            protocol::PostOnly::reprice, protocol::PostOnly::reprice};
        NewOrder order{.instrument = instrument_of(step),
                       .account = AccountId(1U + step.account % 6U),
                       .side = side_of(step),
                       .order_type = protocol::OrderType::limit,
                       .time_in_force = time_in_force_of(step),
                       .post_only = post_only.at(step.post_only % post_only.size()),
                       .self_trade = static_cast<protocol::SelfTrade>(step.self_trade % 4),
                       .price = price_of(step, instrument_of(step), side_of(step)),
                       .quantity = quantity_of(step),
                       .expires = {}};
        if (order.time_in_force == protocol::TimeInForce::good_til_time ||
            order.time_in_force == protocol::TimeInForce::good_til_day) {
            order.expires = now_ + Nanos(step.wait % 32 - 1);
        }
        if (step.order_type % 8 == 7) {
            order.order_type = protocol::OrderType::market;
            if (step.has(with_end)) {
                const Range& range = world_.ranges.at(order.instrument.value());
                order.worst = std::clamp(order.price, Ticks(range.low), Ticks(range.high));
            }
            order.price = step.has(with_price) ? order.price : Ticks(0);
        }
        return order;
    }

    // A quarter of the steps doubts some of the makers.
    [[nodiscard]] static Doubts doubts_of(const Step& step) {
        const bool doubts = step.instrument / 4U % 4U == 3;
        return {.mask = static_cast<std::uint8_t>(doubts ? step.instrument / 16U : 0U)};
    }

    // An id given before, mostly of late; in the end one that was never given.
    [[nodiscard]] Issued target_of(const Step& step) const {
        const AccountId stranger(1U + step.account % 6U);
        if (issued_.empty() || step.pick % 16 == 15) {
            return {
                .order = OrderId(step.pick / 16U % (world_.limits.orders + 3), step.quantity % 4U),
                .account = stranger};
        }
        Issued target = issued_.at(issued_.size() - 1 - step.pick / 16U % issued_.size());
        target.account = step.has(as_stranger) ? stranger : target.account;
        return target;
    }

    // ---- The steps ----

    void place(const Step& step) {
        const NewOrder order = order_of(step);
        const Hash128 before = drop_expired_for(step, order.instrument, order.side);
        const Doubts doubts = doubts_of(step);
        const Result<Ticks> price = book_.admit(order, now_, doubts);
        if (!price) {
            refuse(price.error(), before);
            return;
        }
        outcome_.repriced = order.order_type == protocol::OrderType::limit && *price != order.price;
        const OrderId promised = book_.next_order_id();
        outcome_.reach = book_.reach(order, *price, now_, doubts);
        outcome_.order = book_.place(order, *price, doubts);
        expect(traded_to(order.quantity) == outcome_.reach, "reach is not where it traded to");
        expect(outcome_.order == promised, "the id is not the one that was promised");
        issued_.push_back({.order = outcome_.order, .account = order.account});
        if (issued_.size() > 64) {
            issued_.erase(issued_.begin());
        }
    }

    // The last price at which the step traded, if that made up the whole quantity.
    [[nodiscard]] std::optional<Ticks> traded_to(Lots quantity) const {
        Lots left = quantity;
        Ticks last;
        events_.visit_from(events_.start(), [&](std::span<const Unit> units) {
            if (protocol::view<protocol::EventHeader>(units).type ==
                static_cast<std::uint8_t>(protocol::EventType::trade)) {
                left -= protocol::view<protocol::Trade>(units).quantity;
                last = protocol::view<protocol::Trade>(units).price;
            }
        });
        return left == Lots(0) ? std::optional(last) : std::nullopt;
    }

    void cancel(const Step& step) {
        using enum protocol::RemovalReason;
        constexpr std::array<protocol::RemovalReason, 4> reasons = {client, mass_cancel,
                                                                    instrument_closed, disconnect};
        const Issued target = target_of(step);
        const Result<OrderView> found = book_.find(target.order, target.account);
        if (!found) {
            refuse(found.error(), state());
            return;
        }
        book_.cancel(target.order, reasons.at(step.quantity % reasons.size()));
    }

    void amend(const Step& step) {
        const Issued target = target_of(step);
        const Result<OrderView> found = book_.find(target.order, target.account);
        if (!found) {
            refuse(found.error(), state());
            return;
        }
        if (found->expires != UnixNanos(0) && found->expires <= now_) {
            book_.cancel(target.order, protocol::RemovalReason::expired);
            return;
        }
        const bool keeps_price = step.has(same_price);
        const Amendment amendment{
            .order = target.order,
            .price = keeps_price ? found->price : price_of(step, found->instrument, found->side),
            .left = step.has(one_less) ? found->left - Lots(step.quantity % 3) : quantity_of(step)};
        const Hash128 before = drop_expired_for(step, found->instrument, found->side);
        const Result<Ticks> price = book_.admit_amend(amendment, now_);
        if (!price) {
            refuse(price.error(), before);
            return;
        }
        outcome_.repriced = *price != amendment.price;
        book_.amend(amendment, *price, doubts_of(step));
    }

    void set_band(const Step& step) {
        const InstrumentId instrument = instrument_of(step);
        const Range& range = world_.ranges.at(instrument.value());
        // The first book has a band only late in a long stream.
        if (instrument == InstrumentId(0) && step.pick % 8 != 7) {
            return;
        }
        const bool is_wide = step.side % 2 == 0;
        const Ticks low(is_wide ? range.low : range.middle - step.price % 32);
        const Ticks high(is_wide ? range.high : range.middle + step.pick % 32);
        const auto done = instruments_.set_band(instrument, low, high);
        outcome_.reject = done ? Reject::none : done.error();
    }

    void set_state(const Step& step) {
        using enum protocol::InstrumentState;
        constexpr std::array<protocol::InstrumentState, 8> states = {
            open, open, open, open, open, pre_open, reduce_only, halted};
        instruments_.set_state(instrument_of(step), states.at(step.side % states.size()));
    }

    void ask_for_more_books(const Step& step) {
        const protocol::ListingTerms terms{.tick = {},
                                           .lot = {},
                                           .price_low = Ticks(0),
                                           .price_high = Ticks(step.price % 256),
                                           .lots_max = {}};
        const auto room = book_.admit_books(terms, 1);
        outcome_.reject = room ? Reject::none : room.error();
    }

    // The state that a refusal must leave behind.
    [[nodiscard]] Hash128 drop_expired_for(const Step& step, InstrumentId instrument,
                                           protocol::Side side) {
        if (!step.has(keep_expired)) {
            book_.drop_expired(instrument, opposite(side), now_);
        }
        return state();
    }

    void refuse(Reject reject, Hash128 before) {
        outcome_.reject = reject;
        expect(state() == before, "a refused command changed the state");
    }

    void expect(bool is_kept, std::string_view promise) {
        if (!is_kept && outcome_.fault.empty()) {
            outcome_.fault = promise;
        }
    }

    // ---- What came of it ----

    void collect_events() {
        events_.visit_from(events_.start(), [&](std::span<const Unit> units) {
            outcome_.events.insert(outcome_.events.end(), units.begin(), units.end());
            ++outcome_.event_count;
            expect(protocol::decode_event(units).has_value(), "an event does not decode");
        });
    }

    [[nodiscard]] Hash128 state() const {
        Xxh3 hash;
        {
            StateEncoder encoder(hash);
            book_.encode(encoder);
        }
        return hash.digest();
    }

    // Everything a reader may ask.
    [[nodiscard]] Hash128 answers() const {
        Xxh3 hash;
        {
            StateEncoder encoder(hash);
            for (std::uint32_t at = 0; at < world_.ranges.size(); ++at) {
                const InstrumentId instrument(at);
                encoder.add(book_.last_trade(instrument));
                encoder.add(book_.open_orders(instrument));
                if (book_.open_orders(instrument) != 0) {
                    encoder.add(book_.any_order(instrument));
                }
                add_side(encoder, instrument, protocol::Side::buy);
                add_side(encoder, instrument, protocol::Side::sell);
            }
            for (std::uint32_t account = 1; account <= 6; ++account) {
                encoder.add(book_.open_orders_of(AccountId(account)));
            }
        }
        return hash.digest();
    }

    void add_side(StateEncoder& encoder, InstrumentId instrument, protocol::Side side) const {
        const std::optional<Ticks> best = book_.best(instrument, side);
        encoder.add(best.has_value());
        encoder.add(best.value_or(Ticks(0)));
        const auto add_level = [&](const protocol::LevelView& level) {
            encoder.add(level.price);
            encoder.add(level.total);
            encoder.add(level.side);
        };
        book_.visit_levels(instrument, side, 2, add_level);
        book_.visit_levels(instrument, side, std::numeric_limits<std::uint32_t>::max(), add_level);
    }

    World world_;
    instruments::Instruments instruments_;
    protocol::EventWriter events_;
    Book book_;
    UnixNanos now_{1000};
    Sequence sequence_;
    std::vector<Issued> issued_;
    Outcome outcome_;
};

// What two outcomes of the same step disagree about; empty where they agree and keep their
// promises.
[[nodiscard]] inline std::string difference(const Outcome& left, const Outcome& right) {
    if (!left.fault.empty() || !right.fault.empty()) {
        return left.fault.empty() ? right.fault : left.fault;
    }
    if (left.reject != right.reject) {
        return std::string(name(left.reject)) + " against " + std::string(name(right.reject));
    }
    if (left.order != right.order || left.reach != right.reach) {
        return left.order != right.order ? "the order ids differ" : "the reaches differ";
    }
    const auto bytes = [](const Outcome& outcome) {
        return std::as_bytes(std::span(outcome.events));
    };
    if (!std::ranges::equal(bytes(left), bytes(right))) {
        return "the events differ";
    }
    if (left.state != right.state) {
        return "the states differ";
    }
    return left.answers == right.answers ? "" : "the answers differ";
}

}  // namespace miletus::matching
