// The queues against a twin in plain words, a list that is searched from end to end: after every
// change both release the same orders in the same order, and a restored copy goes on the same way.
#include "engine/triggers/triggers.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace miletus::triggers {
namespace {

using protocol::Side;
using protocol::TriggerKind;
using protocol::TriggerReference;

Limits few() {
    Limits limits;
    limits.orders = 60;
    limits.instruments = 3;
    limits.waiting_orders = 40;
    return limits;
}

Terms waiting_for(std::int64_t price, Side side = Side::buy, TriggerKind kind = TriggerKind::stop) {
    return {.trigger_price = Ticks(price),
            .instrument = InstrumentId(0),
            .side = side,
            .kind = kind,
            .reference = TriggerReference::last};
}

void last_trade(Triggers& triggers, std::int64_t price) {
    triggers.reach(InstrumentId(0), TriggerReference::last,
                   {.floor = Ticks(price), .ceil = Ticks(price)});
}

// Takes out what is released, in its order.
std::vector<std::uint32_t> released(Triggers& triggers) {
    std::vector<std::uint32_t> slots;
    for (std::uint32_t slot = triggers.next(); slot != 0; slot = triggers.next()) {
        slots.push_back(slot);
        triggers.remove(slot);
        triggers.check_invariants();
    }
    return slots;
}

using Slots = std::vector<std::uint32_t>;

// ---- By hand ----

TEST(Triggers, stops_wait_for_a_worse_price_and_takes_for_a_better_one) {
    for (const auto& [side, kind, low, high] :
         {std::tuple(Side::buy, TriggerKind::stop, false, true),
          std::tuple(Side::sell, TriggerKind::stop, true, false),
          std::tuple(Side::buy, TriggerKind::take, true, false),
          std::tuple(Side::sell, TriggerKind::take, false, true)}) {
        Triggers triggers(few());
        triggers.add(1, waiting_for(100, side, kind));
        last_trade(triggers, low ? 101 : 99);
        EXPECT_EQ(released(triggers), Slots{});
        last_trade(triggers, 100);
        EXPECT_EQ(released(triggers), Slots{1});
        triggers.add(2, waiting_for(100, side, kind));
        last_trade(triggers, high ? 107 : 93);
        EXPECT_EQ(released(triggers), Slots{2});
    }
}

TEST(Triggers, a_price_between_two_ticks_is_at_neither) {
    Triggers triggers(few());
    triggers.add(1, waiting_for(101));
    triggers.add(2, waiting_for(100, Side::sell));
    triggers.reach(InstrumentId(0), TriggerReference::last,
                   {.floor = Ticks(100), .ceil = Ticks(101)});
    EXPECT_EQ(triggers.next(), 0U);
}

TEST(Triggers, the_nearest_goes_first_then_the_oldest) {
    Triggers triggers(few());
    triggers.add(5, waiting_for(102));
    triggers.add(4, waiting_for(101));
    triggers.add(3, waiting_for(102));
    triggers.add(2, waiting_for(101));
    triggers.add(1, waiting_for(104));
    last_trade(triggers, 103);
    EXPECT_EQ(released(triggers), (Slots{4, 2, 5, 3}));
    EXPECT_EQ(triggers.count(), 1U);
    EXPECT_EQ(triggers.count_of(InstrumentId(0)), 1U);
}

TEST(Triggers, a_price_that_was_there_stays_reached_though_it_has_gone_back) {
    Triggers triggers(few());
    triggers.add(1, waiting_for(103));
    triggers.add(2, waiting_for(105));
    last_trade(triggers, 104);
    last_trade(triggers, 90);
    EXPECT_TRUE(triggers.is_under_way(waiting_for(200)));
    EXPECT_FALSE(triggers.is_under_way(waiting_for(1, Side::sell)));
    EXPECT_EQ(released(triggers), Slots{1});
    EXPECT_FALSE(triggers.is_under_way(waiting_for(200)));
}

TEST(Triggers, queues_are_released_in_the_order_in_which_they_were_reached) {
    Triggers triggers(few());
    Terms mark = waiting_for(50, Side::sell);
    mark.reference = TriggerReference::mark;
    Terms other = mark;
    other.instrument = InstrumentId(2);
    triggers.add(1, waiting_for(100));
    triggers.add(2, mark);
    triggers.add(3, other);
    triggers.add(4, waiting_for(110));
    triggers.reach(InstrumentId(2), TriggerReference::mark,
                   {.floor = Ticks(50), .ceil = Ticks(50)});
    last_trade(triggers, 100);
    triggers.reach(InstrumentId(0), TriggerReference::mark,
                   {.floor = Ticks(49), .ceil = Ticks(49)});
    // What is on the line already goes further in its own place.
    last_trade(triggers, 110);
    EXPECT_EQ(released(triggers), (Slots{3, 1, 4, 2}));
}

TEST(Triggers, what_is_held_goes_on_when_it_is_resumed) {
    Triggers triggers(few());
    triggers.add(1, waiting_for(100));
    triggers.add(2, waiting_for(101));
    last_trade(triggers, 100);
    ASSERT_EQ(triggers.next(), 1U);
    triggers.hold();
    EXPECT_EQ(triggers.next(), 0U);
    triggers.check_invariants();
    last_trade(triggers, 101);
    EXPECT_EQ(triggers.next(), 0U);
    triggers.resume(InstrumentId(1));
    EXPECT_EQ(triggers.next(), 0U);
    triggers.resume(InstrumentId(0));
    triggers.resume(InstrumentId(0));
    EXPECT_EQ(released(triggers), (Slots{1, 2}));
}

TEST(Triggers, a_queue_whose_reached_orders_are_gone_is_held_no_longer) {
    Triggers triggers(few());
    triggers.add(1, waiting_for(100));
    triggers.add(2, waiting_for(110));
    last_trade(triggers, 100);
    ASSERT_EQ(triggers.next(), 1U);
    triggers.hold();
    triggers.remove(1);
    EXPECT_FALSE(triggers.is_under_way(waiting_for(100)));
    triggers.resume(InstrumentId(0));
    EXPECT_EQ(triggers.first_due(), 0U);
}

TEST(Triggers, a_moved_order_is_the_youngest_at_its_price) {
    Triggers triggers(few());
    triggers.add(1, waiting_for(100));
    triggers.add(2, waiting_for(105));
    triggers.move(1, Ticks(105));
    last_trade(triggers, 100);
    EXPECT_EQ(triggers.next(), 0U);
    last_trade(triggers, 105);
    EXPECT_EQ(released(triggers), (Slots{2, 1}));
}

TEST(Triggers, no_more_than_the_limit_wait) {
    Triggers triggers(few());
    for (std::uint32_t slot = 1; slot <= 40; ++slot) {
        EXPECT_FALSE(triggers.is_full());
        triggers.add(slot, waiting_for(100));
    }
    EXPECT_TRUE(triggers.is_full());
    EXPECT_EQ(triggers[triggers.any_of(InstrumentId(0))].trigger_price, Ticks(100));
}

// ---- Against the twin ----

// A list of orders, oldest first, and a list of what was reached.
class NaiveTriggers {
  public:
    struct Order {
        std::uint32_t slot;
        Terms terms;
    };
    using Key = std::tuple<InstrumentId, TriggerReference, bool>;

    static Key key_of(const Terms& terms) {
        return {terms.instrument, terms.reference, terms.is_rising()};
    }

    void add(std::uint32_t slot, const Terms& terms) { orders_.push_back({slot, terms}); }
    void remove(std::uint32_t slot) {
        std::erase_if(orders_, [slot](const Order& order) { return order.slot == slot; });
    }
    void move(std::uint32_t slot, Ticks price) {
        Terms terms = std::ranges::find(orders_, slot, &Order::slot)->terms;
        terms.trigger_price = price;
        remove(slot);
        add(slot, terms);
    }

    void reach(InstrumentId instrument, TriggerReference reference, Reach price) {
        for (const bool is_rising : {true, false}) {
            const Key key(instrument, reference, is_rising);
            const Ticks at = is_rising ? price.floor : price.ceil;
            if (!first_of(key, at)) {
                continue;
            }
            const auto known = std::ranges::find(lines_, key, &Line::key);
            if (known == lines_.end()) {
                lines_.push_back({.key = key, .reached = at});
            } else {
                known->reached =
                    is_rising ? std::max(known->reached, at) : std::min(known->reached, at);
            }
        }
    }

    std::uint32_t next() {
        while (!lines_.empty()) {
            if (const auto slot = first_of(lines_.front().key, lines_.front().reached)) {
                return *slot;
            }
            lines_.pop_front();
        }
        return 0;
    }
    [[nodiscard]] bool is_under_way(const Terms& terms) const {
        return std::ranges::find(lines_, key_of(terms), &Line::key) != lines_.end();
    }
    [[nodiscard]] const std::vector<Order>& orders() const { return orders_; }

  private:
    struct Line {
        Key key;
        Ticks reached;
    };

    [[nodiscard]] std::optional<std::uint32_t> first_of(const Key& key, Ticks price) const {
        const Order* first = nullptr;
        for (const Order& order : orders_) {
            if (key_of(order.terms) != key ||
                !order.terms.is_reached({.floor = price, .ceil = price})) {
                continue;
            }
            const bool is_nearer =
                first == nullptr ||
                (std::get<bool>(key) ? order.terms.trigger_price < first->terms.trigger_price
                                     : order.terms.trigger_price > first->terms.trigger_price);
            first = is_nearer ? &order : first;
        }
        return first != nullptr ? std::optional(first->slot) : std::nullopt;
    }

    std::vector<Order> orders_;
    std::deque<Line> lines_;
};

struct Bytes final : ByteSink {
    std::vector<std::byte> bytes;
    void update(std::span<const std::byte> added) override {
        bytes.insert(bytes.end(), added.begin(), added.end());
    }
};

std::vector<std::byte> bytes_of(const Triggers& triggers) {
    Bytes sink;
    {
        StateEncoder encoder(sink);
        triggers.encode(encoder);
    }
    return sink.bytes;
}

// Both, side by side; the fast one now and then from its own bytes.
class Pair {
  public:
    explicit Pair(std::uint64_t seed) : prng_(seed) {}

    void step() {
        const std::uint64_t draw = prng_.below(10);
        const auto& orders = naive_.orders();
        if (draw < 4 && !fast_->is_full()) {
            add();
        } else if (draw == 4 && !orders.empty()) {
            const std::uint32_t slot = orders[prng_.below(orders.size())].slot;
            fast_->remove(slot);
            naive_.remove(slot);
        } else if (draw == 5 && !orders.empty()) {
            const auto& order = orders[prng_.below(orders.size())];
            const Ticks price(prng_.between(-9, 9));
            if (!naive_.is_under_way(order.terms)) {
                fast_->move(order.slot, price);
                naive_.move(order.slot, price);
            }
        } else if (draw < 8) {
            const InstrumentId instrument(static_cast<std::uint32_t>(prng_.below(3)));
            const auto reference = static_cast<TriggerReference>(prng_.below(3));
            const Ticks floor(prng_.between(-9, 9));
            const Reach price{.floor = floor, .ceil = floor + Ticks(prng_.between(0, 1))};
            fast_->reach(instrument, reference, price);
            naive_.reach(instrument, reference, price);
        } else {
            release(prng_.below(6));
        }
        fast_->check_invariants();
        if (prng_.one_in(20)) {
            restore();
        }
    }

  private:
    void add() {
        std::uint32_t slot = 1;
        while (std::ranges::find(naive_.orders(), slot, &NaiveTriggers::Order::slot) !=
               naive_.orders().end()) {
            ++slot;
        }
        const Terms terms{.trigger_price = Ticks(prng_.between(-9, 9)),
                          .instrument = InstrumentId(static_cast<std::uint32_t>(prng_.below(3))),
                          .side = static_cast<Side>(prng_.below(2)),
                          .kind = static_cast<TriggerKind>(prng_.below(2)),
                          .reference = static_cast<TriggerReference>(prng_.below(3))};
        ASSERT_EQ(fast_->is_under_way(terms), naive_.is_under_way(terms));
        if (!naive_.is_under_way(terms)) {
            fast_->add(slot, terms);
            naive_.add(slot, terms);
        }
    }

    void release(std::uint64_t most) {
        for (; most != 0; --most) {
            const std::uint32_t slot = naive_.next();
            ASSERT_EQ(fast_->next(), slot);
            if (slot == 0) {
                return;
            }
            fast_->remove(slot);
            naive_.remove(slot);
        }
    }

    void restore() {
        const std::vector<std::byte> bytes = bytes_of(*fast_);
        fast_.emplace(few());
        StateDecoder decoder(bytes);
        fast_->decode(decoder, 3);
        ASSERT_TRUE(decoder.is_sound() && decoder.is_at_end()) << decoder.fault();
        fast_->check_invariants();
        ASSERT_EQ(bytes_of(*fast_), bytes);
    }

    Prng prng_;
    std::optional<Triggers> fast_{std::in_place, few()};
    NaiveTriggers naive_;
};

TEST(Triggers, release_what_a_list_searched_from_end_to_end_releases) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Pair pair(seed);
        for (std::uint32_t step = 0; step < 1500; ++step) {
            pair.step();
            ASSERT_FALSE(testing::Test::HasFatalFailure()) << "seed " << seed << " step " << step;
        }
    }
}

// ---- State ----

TEST(Triggers, bytes_cut_short_or_changed_are_refused_or_are_another_sound_state) {
    Triggers triggers(few());
    triggers.add(7, waiting_for(100));
    triggers.add(3, waiting_for(101));
    triggers.add(9, waiting_for(90, Side::sell));
    last_trade(triggers, 100);
    last_trade(triggers, 90);
    const std::vector<std::byte> bytes = bytes_of(triggers);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const std::span<const std::byte> shorter = std::span(bytes).first(at);
        StateDecoder cut(shorter);
        Triggers(few()).decode(cut, 3);
        EXPECT_FALSE(cut.is_sound()) << at;
        for (const std::byte mask : {std::byte{0x01}, std::byte{0x80}, std::byte{0xFF}}) {
            std::vector<std::byte> changed = bytes;
            changed[at] ^= mask;
            StateDecoder decoder(changed);
            Triggers restored(few());
            restored.decode(decoder, 3);
            if (decoder.is_sound() && decoder.is_at_end()) {
                restored.check_invariants();
                EXPECT_EQ(bytes_of(restored), changed) << at;
            }
        }
    }
}

TEST(Triggers, limits_that_are_too_small_are_named) {
    Triggers triggers(few());
    triggers.add(7, waiting_for(100));
    triggers.add(3, waiting_for(101));
    const std::vector<std::byte> bytes = bytes_of(triggers);
    const auto fault_under = [&bytes](Limits limits) {
        Triggers restored(limits);
        StateDecoder decoder(bytes);
        restored.decode(decoder, 3);
        return std::string(decoder.fault());
    };
    Limits limits = few();
    limits.waiting_orders = 1;
    EXPECT_EQ(fault_under(limits), "limits.waiting_orders is too small");
    limits = few();
    limits.orders = 5;
    EXPECT_EQ(fault_under(limits), "limits.orders is too small");
}

}  // namespace
}  // namespace miletus::triggers
