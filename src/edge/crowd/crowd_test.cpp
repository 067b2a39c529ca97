// The crowd's parts: prices that walk, what instruments are worth, and the way out.
#include "edge/crowd/crowd.hpp"

#include "edge/crowd/fair.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

namespace miletus::crowd {
namespace {

using protocol::InstrumentKind;

constexpr std::int64_t millionths = 1'000'000;
constexpr std::int64_t second = 1'000'000'000;
constexpr UnixNanos now{1'795'284'000 * second};
constexpr IndexPrice home{95'000 * millionths};

TEST(Walk, moves_as_much_as_its_volatility_says) {
    Prng prng(3);
    Walk walk(home, 600'000);
    double squares = 0;
    constexpr int steps = 20'000;
    for (int step = 0; step < steps; ++step) {
        const auto before = static_cast<double>(walk.price().value());
        walk.step(prng, Nanos(second / 4));
        const double moved = std::log(static_cast<double>(walk.price().value()) / before);
        squares += moved * moved;
    }
    const double years = steps / 4.0 / 86'400 / 365;
    EXPECT_NEAR(std::sqrt(squares / years), 0.6, 0.02);
}

TEST(Walk, stays_within_reach_of_home) {
    Prng prng(4);
    Walk walk(home, 3'000'000);
    for (int day = 0; day < 20'000; ++day) {
        walk.step(prng, Nanos(86'400 * second));
        EXPECT_GE(walk.price().value(), home.value() / 4);
        EXPECT_LE(walk.price().value(), home.value() * 4);
    }
    walk.resume_at(IndexPrice(1));
    EXPECT_EQ(walk.price().value(), home.value() / 4);
}

TEST(Walk, has_three_sources_that_nearly_agree) {
    Prng prng(5);
    Walk walk(home, 600'000);
    bool do_differ = false;
    for (int step = 0; step < 1000; ++step) {
        walk.step(prng, Nanos(second / 4));
        std::uint32_t number = 0;
        for (const protocol::SourcePrice& source : walk.quotes()) {
            EXPECT_EQ(source.source, number++);
            EXPECT_EQ(source.weight, 1U);
            const std::int64_t apart = std::abs((source.price - walk.price()).value());
            EXPECT_LT(apart, walk.price().value() / 2000);
            do_differ |= apart != 0;
        }
    }
    EXPECT_TRUE(do_differ);
}

TEST(Mood, wanders_and_comes_back) {
    Prng prng(6);
    Mood mood({.step = 40, .home = 240});
    std::int64_t crossings = 0;
    std::int64_t most = 0;
    std::int64_t last = 0;
    for (int step = 0; step < 100'000; ++step) {
        mood.step(prng);
        crossings += mood.value() * last < 0 ? 1 : 0;
        last = mood.value();
        most = std::max(most, std::abs(last));
    }
    EXPECT_GT(crossings, 100);
    EXPECT_GT(most, 400);
    EXPECT_LT(most, 3000);
}

class FairTest : public testing::Test {
  protected:
    [[nodiscard]] Fair fair(InstrumentKind kind, std::int64_t strike, Nanos left) const {
        const Instrument instrument{.underlying = UnderlyingId(0),
                                    .kind = kind,
                                    .expiry = now + left,
                                    .strike = IndexPrice(strike * millionths),
                                    .terms = {}};
        const auto found = fair_of(instrument, home, settings, {}, now);
        EXPECT_TRUE(found.has_value());
        return found.value_or(Fair{});
    }
    UnderlyingSettings settings = default_settings().underlyings[0];
    Nanos month = Nanos(30 * 86'400 * second);
};

TEST_F(FairTest, puts_and_calls_agree_with_the_future) {
    const double forward = static_cast<double>(fair(InstrumentKind::future, 0, month).price);
    EXPECT_NEAR(forward, 95'000e6 * std::exp(0.06 * 30 / 365), 2);
    for (const std::int64_t strike : {80'000, 95'000, 120'000}) {
        const auto call = static_cast<double>(fair(InstrumentKind::call, strike, month).price);
        const auto put = static_cast<double>(fair(InstrumentKind::put, strike, month).price);
        EXPECT_NEAR(call - put, forward - static_cast<double>(strike) * 1e6, 1e3);
        EXPECT_GT(put, 0);
    }
}

TEST_F(FairTest, is_worth_what_the_volatility_says) {
    const double price = static_cast<double>(fair(InstrumentKind::call, 95'000, month).price) / 1e6;
    EXPECT_NEAR(price, 95'000 * 0.4 * 0.55 * std::sqrt(30.0 / 365), 600);
}

TEST_F(FairTest, the_smile_leans_to_the_left) {
    // Farther puts are dearer than farther calls, by more than the forward explains.
    EXPECT_GT(fair(InstrumentKind::put, 80'000, month).price,
              fair(InstrumentKind::call, 114'000, month).price);
    settings.eta = 0;
    EXPECT_LT(fair(InstrumentKind::put, 80'000, month).price,
              fair(InstrumentKind::call, 114'000, month).price);
}

TEST_F(FairTest, what_has_expired_has_no_price) {
    const Instrument gone{.underlying = UnderlyingId(0),
                          .kind = InstrumentKind::future,
                          .expiry = now,
                          .strike = {},
                          .terms = {}};
    EXPECT_FALSE(fair_of(gone, home, settings, {}, now).has_value());
    EXPECT_FALSE(fair_of(gone, IndexPrice(0), settings, {}, now).has_value());
}

TEST(Outbox, sends_so_many_a_second_and_so_many_at_once) {
    protocol::Intake intake(1U << 14U);
    Outbox outbox(intake, {.per_second = 100, .at_once = 10});
    const auto send_all = [&] {
        int sent = 0;
        while (outbox.has_budget()) {
            EXPECT_TRUE(outbox.send(protocol::Tick{}, {.account = {}, .session = SessionId(1)}));
            ++sent;
        }
        return sent;
    };
    outbox.set_time(now);
    EXPECT_EQ(send_all(), 10);
    outbox.set_time(now + Nanos(second / 20));
    EXPECT_EQ(send_all(), 5);
    outbox.set_time(now + Nanos(60 * second));
    EXPECT_EQ(send_all(), 10);
}

TEST(Outbox, numbers_rise_with_the_time_and_never_fall) {
    protocol::Intake intake(1U << 14U);
    Outbox outbox(intake, {.per_second = 100, .at_once = 10});
    const Sender sender{.account = AccountId(3), .session = SessionId(1)};
    outbox.set_time(now);
    const auto first = outbox.send(protocol::Tick{}, sender);
    const auto second_one = outbox.send(protocol::Tick{}, sender);
    outbox.set_time(UnixNanos(5));
    const auto third = outbox.send(protocol::Tick{}, sender);
    ASSERT_TRUE(first.has_value() && second_one.has_value() && third.has_value());
    EXPECT_EQ(first->value(), static_cast<std::uint64_t>(now.value()));
    EXPECT_EQ(second_one->value(), first->value() + 1);
    EXPECT_EQ(third->value(), first->value() + 2);
}

TEST(Outbox, what_finds_no_room_was_not_sent) {
    protocol::Intake intake(std::bit_ceil(protocol::units_max()));
    Outbox outbox(intake, {.per_second = 1000, .at_once = 1000});
    outbox.set_time(now);
    const Sender sender{.account = AccountId(3), .session = SessionId(1)};
    std::uint64_t sent = 0;
    std::optional<ClientSequence> last;
    while (const auto number = outbox.send(protocol::Tick{}, sender)) {
        last = number;
        ++sent;
    }
    EXPECT_EQ(outbox.sent(), sent);
    outbox.publish();
    intake.poll([](std::span<const Unit>, bool) { return true; });
    const auto next = outbox.send(protocol::Tick{}, sender);
    ASSERT_TRUE(last.has_value() && next.has_value());
    EXPECT_EQ(next->value(), last->value() + 1);
}

TEST(CrowdSettings, the_usual_ones_are_sound_and_others_are_told_apart) {
    EXPECT_EQ(mistake_in(default_settings()), std::nullopt);
    const auto mistake_with = [](auto change) {
        Settings settings = default_settings();
        change(settings);
        return mistake_in(settings).value_or("");
    };
    EXPECT_EQ(mistake_with([](Settings& it) { it.underlyings.clear(); }),
              "a crowd trades one to sixteen underlyings");
    EXPECT_EQ(mistake_with([](Settings& it) { it.underlyings[1] = it.underlyings[0]; }),
              "BTC_USDC comes twice");
    EXPECT_EQ(mistake_with([](Settings& it) { it.underlyings[0].eta = 2 * millionths; }),
              "BTC_USDC: the smile would allow arbitrage");
    EXPECT_EQ(mistake_with([](Settings& it) { it.practice = it.makers; }),
              "everybody needs an account of their own, and account 0 is the operator's");
    EXPECT_EQ(mistake_with([](Settings& it) { it.session = it.setup_session; }),
              "there must be two sessions, and none of them zero");
    EXPECT_EQ(mistake_with([](Settings& it) { it.commands_per_second = 0; }),
              "commands_per_second must be 1 to 1000000, and commands_at_once above zero");
    EXPECT_EQ(mistake_with([](Settings& it) { it.look_interval = Nanos(0); }),
              "intervals must be a millisecond or more");
}

}  // namespace
}  // namespace miletus::crowd
