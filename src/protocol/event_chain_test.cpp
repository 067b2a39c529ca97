// The chain follows every bit of every event, closes with completions, and judges claims.
#include "protocol/event_chain.hpp"

#include "protocol/event_writer.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace miletus::protocol {
namespace {

using Claim = EventChain::Claim;
using Point = EventChain::Point;

// Commands, each an event that tells its state and a completion, and perhaps a claim.
class History {
  public:
    explicit History(std::uint64_t interval) : chain_(interval, {}) {}

    Claim add(VenueState state) {
        begin();
        writer_.emit(VenueStateChanged{.state = state});
        return complete();
    }
    Claim attest(const Point& claim) {
        begin();
        writer_.emit(Attested{.upto = claim.upto,
                              .digest = {.high = claim.digest.high, .low = claim.digest.low}});
        return complete();
    }
    [[nodiscard]] const EventChain& chain() const { return chain_; }

  private:
    void begin() { writer_.begin(Sequence(++sequence_), UnixNanos(5)); }
    Claim complete() {
        writer_.emit(Completed{.time = UnixNanos(5)});
        Claim last = Claim::none;
        writer_.visit_from(writer_.start(), [&](std::span<const Unit> event) {
            const Claim claim = chain_.read(event);
            last = claim != Claim::none ? claim : last;
        });
        return last;
    }

    EventWriter writer_{64};
    EventChain chain_;
    std::uint64_t sequence_ = 0;
};

TEST(EventChain, the_same_events_give_the_same_digest_and_others_another) {
    History one(100);
    History same(100);
    History other(100);
    for (int at = 0; at < 10; ++at) {
        EXPECT_EQ(one.add(VenueState::normal), Claim::none);
        EXPECT_EQ(same.add(VenueState::normal), Claim::none);
        EXPECT_EQ(other.add(at == 4 ? VenueState::halted : VenueState::normal), Claim::none);
        EXPECT_EQ(one.chain().last().upto, Sequence(static_cast<std::uint64_t>(at) + 1));
        EXPECT_EQ(one.chain().last(), same.chain().last());
        EXPECT_EQ(one.chain().last() == other.chain().last(), at < 4);
    }
}

TEST(EventChain, a_command_counts_once_it_is_complete) {
    EventWriter writer(64);
    writer.begin(Sequence(1), UnixNanos(5));
    writer.emit(VenueStateChanged{});
    EventChain chain(1, {});
    writer.visit_from(writer.start(), [&](std::span<const Unit> event) {
        EXPECT_EQ(chain.read(event), Claim::none);
    });
    EXPECT_EQ(chain.last(), Point());
    EXPECT_EQ(chain.kept(), Point());
}

TEST(EventChain, the_value_at_a_multiple_of_the_interval_is_kept_until_the_next_one) {
    History history(3);
    std::vector<Point> points = {Point()};
    for (std::size_t at = 1; at <= 10; ++at) {
        EXPECT_EQ(history.add(VenueState::normal), Claim::none);
        points.push_back(history.chain().last());
        EXPECT_EQ(history.chain().kept(), points[at / 3 * 3]);
    }
}

TEST(EventChain, a_claim_agrees_differs_or_is_about_a_value_not_kept) {
    History history(2);
    for (int at = 0; at < 5; ++at) {
        EXPECT_EQ(history.add(VenueState::normal), Claim::none);
    }
    const Point kept = history.chain().kept();
    EXPECT_EQ(kept.upto, Sequence(4));
    EXPECT_EQ(history.attest(kept), Claim::agrees);
    // The claim's own command was the sixth, so that now its value is the one kept.
    EXPECT_EQ(history.attest(kept), Claim::not_known);
    Point wrong = history.chain().kept();
    EXPECT_EQ(wrong.upto, Sequence(6));
    wrong.digest.low ^= 1U;
    EXPECT_EQ(history.attest(wrong), Claim::differs);
    wrong = history.chain().kept();
    wrong.digest.high ^= 1U;
    EXPECT_EQ(history.attest(wrong), Claim::differs);
}

TEST(EventChain, a_reader_may_begin_behind_any_command) {
    History history(4);
    for (int at = 0; at < 3; ++at) {
        EXPECT_EQ(history.add(VenueState::normal), Claim::none);
    }
    EventChain later(4, history.chain().last());
    EventWriter writer(64);
    writer.begin(Sequence(4), UnixNanos(5));
    writer.emit(VenueStateChanged{.state = VenueState::halted});
    writer.emit(Completed{.time = UnixNanos(5)});
    writer.visit_from(writer.start(), [&](std::span<const Unit> event) {
        EXPECT_EQ(later.read(event), Claim::none);
    });
    EXPECT_EQ(history.add(VenueState::halted), Claim::none);
    EXPECT_EQ(later.last(), history.chain().last());
    EXPECT_EQ(later.kept(), history.chain().kept());
}

TEST(EventChainDeathTest, a_gap_trips) {
    EventWriter writer(64);
    writer.begin(Sequence(2), UnixNanos(5));
    writer.emit(Completed{});
    EventChain chain(4, {});
    EXPECT_DEATH(static_cast<void>(chain.read(writer.message_at(writer.start()))), "ASSERT");
}

}  // namespace
}  // namespace miletus::protocol
