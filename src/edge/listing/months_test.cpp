// Months on a venue whose index moves, two underlyings: every morning the right instruments are
// open, nothing was ever listed twice, and what is over is gone. A second agent, which begins anew
// every few days and reads all from the start, asks for the same all the time.
#include "base/hash.hpp"
#include "base/prng.hpp"
#include "edge/listing/listing.hpp"
#include "edge/listing/venue_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace miletus::listing {
namespace {

using protocol::InstrumentKind;
using protocol::InstrumentState;

// Tuesday, 15 December 2026, 07:00 UTC.
constexpr UnixNanos start{1'797'318'000 * second_ns};

struct Coin {
    UnderlyingId underlying;
    std::int64_t index;  // in 1e-6
};

class Months : public testing::Test {
  protected:
    void SetUp() override {
        venue.add_underlying("BTC_USDC", 8);
        venue.add_underlying("ETH_USDC", 12);
        begin_anew();
    }

    void begin_anew() {
        second = Agent(settings);
        for (const Venue::Units& event : venue.events()) {
            second.read(event);
        }
    }

    void hear() {
        for (; heard < venue.events().size(); ++heard) {
            first.read(venue.events()[heard]);
            if (heard >= heard_by_second) {
                second.read(venue.events()[heard]);
            }
        }
        heard_by_second = heard;
    }

    void run() {
        hear();
        for (;;) {
            const std::span<const Unit> command = first.next_command();
            const std::vector<Unit> copy(command.begin(), command.end());
            ASSERT_TRUE(std::ranges::equal(std::as_bytes(second.next_command()),
                                           std::as_bytes(std::span(copy))));
            if (copy.empty()) {
                return;
            }
            hash.update(std::as_bytes(std::span(copy)));
            first.mark_submitted();
            second.mark_submitted();
            venue.apply(copy);
            if (random.one_in(4000)) {
                begin_anew();
                ++restarts;
                heard_by_second = venue.events().size();
            }
            hear();
        }
    }

    // Some 4 % a day.
    void move() {
        for (Coin& coin : coins) {
            coin.index += coin.index / 10'000 * random.between(-250, 250) / 10;
            venue.set_index(coin.underlying, IndexPrice(coin.index));
        }
    }

    // Every one to four hours, and at eight sharp.
    void pass_some_time() {
        constexpr std::int64_t eight = 8 * hour_ns;
        const std::int64_t now = venue.now().value();
        const std::int64_t next_eight = (now - eight) / day_ns * day_ns + day_ns + eight;
        const std::int64_t soon = now + random.between(hour_ns, 4 * hour_ns);
        move();
        venue.pass_to(UnixNanos(std::min(soon, next_eight)));
        run();
        if (soon >= next_eight) {
            look_at(next_eight);
        }
    }

    void look_at(std::int64_t morning) {
        ++mornings;
        ASSERT_EQ(venue.refused(), 0U);
        ASSERT_FALSE(first.take_note().has_value());
        for (std::size_t at = 0; at < coins.size(); ++at) {
            look_at_coin(coins[at], settings.underlyings[at], UnixNanos(morning));
        }
        for (const auto& [id, book] : venue.books()) {
            if (book.state == InstrumentState::settled) {
                ASSERT_LT(venue.now() - book.settled, settings.keep_settled + settings.refresh);
            } else if (book.name.expiry != UnixNanos(morning)) {
                ASSERT_EQ(book.state, InstrumentState::open);
            }
        }
    }

    void look_at_coin(const Coin& coin, const UnderlyingSettings& with, UnixNanos morning) {
        std::set<UnixNanos> futures;
        std::map<UnixNanos, std::set<IndexPrice>> calls;
        std::map<UnixNanos, std::set<IndexPrice>> puts;
        for (const auto& [id, book] : venue.books()) {
            if (book.name.underlying == coin.underlying && book.state == InstrumentState::open) {
                if (book.name.strike == IndexPrice(0)) {
                    ASSERT_TRUE(futures.insert(book.name.expiry).second);
                } else {
                    (book.name.kind == InstrumentKind::call ? calls : puts)[book.name.expiry]
                        .insert(book.name.strike);
                }
            }
        }
        std::set<UnixNanos> wanted{UnixNanos(0)};
        for (const UnixNanos expiry : expiries(morning, with.futures)) {
            wanted.insert(expiry);
        }
        ASSERT_EQ(futures, wanted);
        ASSERT_EQ(calls, puts);
        ASSERT_EQ(calls.size(), expiries(morning, with.options).size());
        for (const UnixNanos expiry : expiries(morning, with.options)) {
            look_at_strikes(calls[expiry], coin, with, expiry);
        }
    }

    void look_at_strikes(const std::set<IndexPrice>& strikes, const Coin& coin,
                         const UnderlyingSettings& with, UnixNanos expiry) {
        ASSERT_GE(strikes.size(), 8U);
        ASSERT_LE(strikes.size(), with.strikes_max);
        most_strikes = std::max(most_strikes, strikes.size());
        const double years = static_cast<double>((expiry - venue.now()).value()) / (365.0 * day_ns);
        const double deviation = static_cast<double>(with.volatility) / 1e6 * std::sqrt(years);
        const auto delta = [&](IndexPrice strike) {
            const double moneyness =
                static_cast<double>(coin.index) / static_cast<double>(strike.value());
            const double d1 = std::log(moneyness) / deviation + deviation / 2;
            return std::erfc(-d1 / std::sqrt(2.0)) / 2;
        };
        ASSERT_GT(delta(*strikes.begin()), 0.9 - 1e-6);
        ASSERT_LT(delta(*strikes.rbegin()), 0.1 + 1e-6);
        IndexPrice last = *strikes.begin();
        for (const IndexPrice strike : strikes) {
            const bool is_covered = delta(last) < 0.9 && delta(strike) > 0.1;
            ASSERT_TRUE(!is_covered || delta(last) - delta(strike) < 0.15);
            last = strike;
        }
    }

    Settings settings = default_settings();
    Venue venue{start};
    Agent first{settings};
    Agent second{settings};
    std::size_t heard = 0;
    std::size_t heard_by_second = 0;
    Prng random{2026};
    std::vector<Coin> coins{{.underlying = UnderlyingId(0), .index = 100'000 * quote_unit},
                            {.underlying = UnderlyingId(1), .index = 4'000 * quote_unit}};
    Xxh3 hash;
    int mornings = 0;
    int restarts = 0;
    std::size_t most_strikes = 0;
};

TEST_F(Months, are_listed_opened_and_archived_as_the_calendar_has_it) {
    heard_by_second = venue.events().size();
    constexpr int days = 110;
    while (mornings < days && !HasFatalFailure()) {
        pass_some_time();
    }
    EXPECT_GT(restarts, 3);
    EXPECT_GT(most_strikes, 40U);
    EXPECT_LT(venue.ids(), 2048U);
    // The same commands, to the bit, whatever the compiler. They change when what is listed does.
    EXPECT_EQ(hex(hash.digest()), "fcb7547240444d503c289dea3f90d97c");
}

}  // namespace
}  // namespace miletus::listing
