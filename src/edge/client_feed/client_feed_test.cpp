// Who hears what, and what is still there to be heard.
#include "edge/client_feed/client_feed.hpp"

#include "protocol/codec.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace miletus::client_feed {
namespace {

using native::EventPlace;
using native::Feed;
using native::whole_command;

template <class Event>
std::vector<Unit> encoded(Event event, std::uint64_t sequence = 1, std::uint32_t ordinal = 0) {
    event.header.sequence = Sequence(sequence);
    event.header.ordinal = ordinal;
    std::vector<Unit> units(protocol::units_of<Event>(0));
    protocol::encode(event, units);
    return units;
}

constexpr Listener answers_only{
    .session = SessionId(70), .account = AccountId(7), .feed = Feed::answers};
constexpr Listener seven{.session = SessionId(71), .account = AccountId(7), .feed = Feed::account};
constexpr Listener eight{.session = SessionId(80), .account = AccountId(8), .feed = Feed::account};
constexpr Listener namesake{
    .session = SessionId(70), .account = AccountId(8), .feed = Feed::answers};
constexpr Listener auditor{
    .session = SessionId(1), .account = AccountId(0), .feed = Feed::everything};

class AudienceTest : public testing::Test {
  protected:
    void SetUp() override {
        for (std::uint32_t slot = 0; slot < all.size(); ++slot) {
            audience.add(slot, all[slot]);
        }
    }
    // Slots that hear it, each as often as it does; both ways of asking must agree.
    template <class Event>
    std::map<std::uint32_t, int> hearers(const Event& event) {
        const std::vector<Unit> units = encoded(event);
        const Addressees addressees = addressees_of(units);
        std::map<std::uint32_t, int> heard;
        audience.visit(addressees, [&](std::uint32_t slot) { ++heard[slot]; });
        for (std::uint32_t slot = 0; slot < all.size(); ++slot) {
            EXPECT_EQ(may_hear(all[slot], addressees), heard.contains(slot)) << slot;
        }
        return heard;
    }

    std::vector<Listener> all{answers_only, seven, eight, auditor, namesake};
    Audience audience;
};

using Heard = std::map<std::uint32_t, int>;

TEST_F(AudienceTest, an_answer_is_for_its_session_and_the_operator) {
    EXPECT_EQ(hearers(protocol::Completed{.session = SessionId(70), .account = AccountId(7)}),
              (Heard{{0, 1}, {3, 1}}));
    EXPECT_EQ(hearers(protocol::Completed{.session = SessionId(1)}), (Heard{{3, 1}}));
    // Another account's session of the same number.
    EXPECT_EQ(hearers(protocol::Completed{.session = SessionId(70), .account = AccountId(8)}),
              (Heard{{4, 1}, {3, 1}}));
    EXPECT_EQ(hearers(protocol::Completed{.session = SessionId(99)}), (Heard{{3, 1}}));
}

TEST_F(AudienceTest, what_happens_to_an_account_is_for_those_who_asked_for_it) {
    EXPECT_EQ(hearers(protocol::OrderRested{.account = AccountId(7)}), (Heard{{1, 1}, {3, 1}}));
    EXPECT_EQ(hearers(protocol::BalanceChanged{.account = AccountId(8)}), (Heard{{2, 1}, {3, 1}}));
}

TEST_F(AudienceTest, a_trade_is_for_both_sides_once) {
    const protocol::Trade between{.maker_account = AccountId(7), .taker_account = AccountId(8)};
    EXPECT_EQ(hearers(between), (Heard{{1, 1}, {2, 1}, {3, 1}}));
    const protocol::Trade with_itself{.maker_account = AccountId(7), .taker_account = AccountId(7)};
    EXPECT_EQ(hearers(with_itself), (Heard{{1, 1}, {3, 1}}));
}

TEST_F(AudienceTest, what_names_no_account_is_public) {
    EXPECT_EQ(hearers(protocol::VenueStateChanged{}), (Heard{{1, 1}, {2, 1}, {3, 1}}));
}

TEST_F(AudienceTest, nobody_is_told_after_leaving) {
    audience.remove(1, seven);
    audience.remove(3, auditor);
    all[1] = {.session = SessionId(1000)};
    all[3] = {.session = SessionId(1001)};
    EXPECT_EQ(hearers(protocol::OrderRested{.account = AccountId(7)}), Heard());
    EXPECT_EQ(audience.slot_of(SessionId(71), AccountId(7)), std::nullopt);
    EXPECT_EQ(audience.slot_of(SessionId(80), AccountId(8)), 2U);
    EXPECT_EQ(audience.slot_of(SessionId(80), AccountId(7)), std::nullopt);
    audience.remove(4, namesake);
    EXPECT_EQ(audience.slot_of(SessionId(70), AccountId(7)), 0U);
}

TEST(AsSeenBy, the_other_side_of_a_trade_is_the_operators_to_know) {
    const auto trade = encoded(protocol::Trade{.maker = OrderId(100),
                                               .taker = OrderId(200),
                                               .price = Ticks(5),
                                               .maker_left = Lots(3),
                                               .taker_left = Lots(4),
                                               .maker_account = AccountId(7),
                                               .taker_account = AccountId(8)});
    std::vector<Unit> room(trade.size());
    const auto& maker_sees = protocol::view<protocol::Trade>(as_seen_by(seven, trade, room));
    EXPECT_EQ(maker_sees.maker, OrderId(100));
    EXPECT_EQ(maker_sees.maker_left, Lots(3));
    EXPECT_EQ(maker_sees.taker, OrderId());
    EXPECT_EQ(maker_sees.taker_account, AccountId());
    EXPECT_EQ(maker_sees.taker_left, Lots());
    EXPECT_EQ(maker_sees.price, Ticks(5));
    const auto& taker_sees = protocol::view<protocol::Trade>(as_seen_by(eight, trade, room));
    EXPECT_EQ(taker_sees.maker, OrderId());
    EXPECT_EQ(taker_sees.taker_account, AccountId(8));
    EXPECT_EQ(as_seen_by(auditor, trade, room).data(), trade.data());
}

// ---- History ----

class HistoryTest : public testing::Test {
  protected:
    // Commands of three events each.
    void append_commands(std::uint64_t first, std::uint64_t last) {
        for (std::uint64_t sequence = first; sequence <= last; ++sequence) {
            for (std::uint32_t ordinal = 0; ordinal < 3; ++ordinal) {
                history.append(encoded(protocol::OrderRested{}, sequence, ordinal));
            }
        }
    }
    // The place of the event that comes after, or nothing where it is gone.
    std::optional<EventPlace> next_after(std::uint64_t sequence, std::uint32_t ordinal) {
        const auto position =
            history.find_after({.sequence = Sequence(sequence), .ordinal = ordinal});
        if (!position || *position == history.end()) {
            return std::nullopt;
        }
        const auto& header = protocol::view<protocol::EventHeader>(history.at(*position));
        return EventPlace{.sequence = header.sequence, .ordinal = header.ordinal};
    }

    HistoryTest() { history.begin_after(Sequence(100)); }

    History history{4096};
};

TEST_F(HistoryTest, a_new_one_goes_on_from_its_beginning_only) {
    EXPECT_EQ(history.find_after({.sequence = Sequence(100), .ordinal = whole_command}), 0U);
    EXPECT_EQ(history.find_after({.sequence = Sequence(100), .ordinal = 2}), std::nullopt);
    EXPECT_EQ(history.find_after({.sequence = Sequence(99), .ordinal = whole_command}),
              std::nullopt);
}

TEST_F(HistoryTest, finds_what_follows_any_event) {
    append_commands(101, 500);
    EXPECT_EQ(history.last(), Sequence(500));
    for (std::uint64_t sequence = 101; sequence < 500; ++sequence) {
        EXPECT_EQ(next_after(sequence, 0), (EventPlace{Sequence(sequence), 1}));
        EXPECT_EQ(next_after(sequence, 2), (EventPlace{Sequence(sequence + 1), 0}));
        EXPECT_EQ(next_after(sequence, whole_command), (EventPlace{Sequence(sequence + 1), 0}));
    }
    EXPECT_EQ(history.find_after({.sequence = Sequence(500), .ordinal = 2}), history.end());
}

TEST_F(HistoryTest, forgets_the_oldest_and_says_so) {
    append_commands(101, 5000);
    const std::uint64_t oldest = history.oldest().value();
    EXPECT_GT(oldest, 100U);
    // At least half of what fits is still there, at one unit or more an event.
    EXPECT_LT(oldest, 5000U - 4096 / 3 / 2);
    EXPECT_EQ(next_after(oldest, whole_command), (EventPlace{Sequence(oldest + 1), 0}));
    EXPECT_EQ(next_after(oldest, 1), std::nullopt);
    EXPECT_EQ(next_after(oldest - 1, whole_command), std::nullopt);
    EXPECT_TRUE(history.holds(history.end() - 4096));
    EXPECT_FALSE(history.holds(history.end() - 4097));
}

TEST_F(HistoryTest, begins_with_the_first_event_that_it_is_given) {
    History recovered(4096);
    recovered.append(encoded(protocol::OrderRested{}, 40, 0));
    recovered.begin_after(Sequence(99));
    EXPECT_EQ(recovered.oldest(), Sequence(39));
    EXPECT_EQ(recovered.last(), Sequence(40));
}

TEST_F(HistoryTest, a_command_that_fills_all_of_it_leaves_what_comes_after) {
    for (std::uint32_t ordinal = 0; ordinal < 9000; ++ordinal) {
        history.append(encoded(protocol::OrderRested{}, 101, ordinal));
    }
    EXPECT_EQ(next_after(100, whole_command), std::nullopt);
    append_commands(102, 110);
    EXPECT_EQ(next_after(101, whole_command), (EventPlace{Sequence(102), 0}));
    EXPECT_EQ(next_after(103, 1), (EventPlace{Sequence(103), 2}));
}

}  // namespace
}  // namespace miletus::client_feed
