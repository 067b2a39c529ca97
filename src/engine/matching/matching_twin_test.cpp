// The fast books against the naive ones: streams that shrink, and long ones from seeds. After every
// command both must have said the same, hold the same, and answer the same.
#include "base/prng.hpp"
#include "engine/matching/coverage_test.hpp"
#include "engine/matching/matching.hpp"
#include "engine/matching/naive_matching.hpp"
#include "engine/matching/streams_test.hpp"
#include "engine/matching/venue_test.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::matching {
namespace {

using StepBytes = std::array<std::uint8_t, Step::size>;

// Multiplies how long the tests search.
std::uint32_t scale() {
    const char* text = std::getenv("MILETUS_TEST_SCALE");
    return text == nullptr ? 1 : static_cast<std::uint32_t>(std::stoul(text));
}

StepBytes random_step(Prng& prng) {
    StepBytes bytes{};
    for (std::uint8_t& byte : bytes) {
        byte = static_cast<std::uint8_t>(prng.next());
    }
    return bytes;
}

// Plays one seed to both books; returns the first difference, with its place.
std::string play_seed(const World& world, std::uint64_t seed, std::uint32_t steps,
                      Coverage& coverage) {
    Prng prng(seed);
    Venue<Matching> fast(world);
    Venue<NaiveMatching> naive(world);
    for (std::uint32_t at = 0; at < steps; ++at) {
        const Step step = step_of(random_step(prng));
        const Outcome outcome = fast.play(step);
        const std::string found = difference(outcome, naive.play(step));
        if (!found.empty()) {
            return "seed " + std::to_string(seed) + ", step " + std::to_string(at) + ": " + found;
        }
        coverage.count(step, outcome, naive.book().level_pages_in_use());
    }
    return "";
}

TEST(MatchingTwin, any_stream_gives_the_same_events_state_and_answers) {
    const auto agrees = [](const std::vector<StepBytes>& stream) {
        Venue<Matching> fast(tiny_world());
        Venue<NaiveMatching> naive(tiny_world());
        for (const StepBytes& bytes : stream) {
            const Step step = step_of(bytes);
            const std::string found = difference(fast.play(step), naive.play(step));
            RC_ASSERT(found == "");
        }
    };
    for (std::uint32_t round = 0; round < 10 * scale(); ++round) {
        EXPECT_TRUE(rc::check("the twins agree", agrees));
    }
}

TEST(MatchingTwin, long_streams_with_near_bounds_agree_and_reach_every_case) {
    Coverage coverage;
    for (std::uint64_t seed = 1; seed <= 20 * scale(); ++seed) {
        ASSERT_EQ(play_seed(tiny_world(), seed, 5000, coverage), "");
    }
    EXPECT_EQ(coverage.missing(), "");
}

TEST(MatchingTwin, a_book_of_half_a_million_prices_agrees) {
    Coverage coverage;
    for (std::uint64_t seed = 1; seed <= scale(); ++seed) {
        ASSERT_EQ(play_seed(wide_world(), seed, 4000, coverage), "");
    }
    EXPECT_GT(coverage.pages_retaken, 0U);
    EXPECT_GT(coverage.trades, 0U);
}

TEST(MatchingTwin, hints_change_nothing) {
    Prng prng(5);
    Venue<Matching> hinted(tiny_world());
    Venue<Matching> plain(tiny_world());
    for (std::uint32_t at = 0; at < 2000; ++at) {
        const Step step = step_of(random_step(prng));
        const Ticks price(static_cast<std::int64_t>(prng.next() >> prng.below(64)));
        const OrderId order(prng.next() >> prng.below(64));
        const InstrumentId instrument(static_cast<std::uint32_t>(prng.below(6)));
        for (const protocol::Side side : {protocol::Side::buy, protocol::Side::sell}) {
            hinted.book().hint_entry(instrument, side, price);
            hinted.book().hint_level(instrument, side, price);
            hinted.book().hint_tail(instrument, side, price);
        }
        hinted.book().hint_book(instrument);
        hinted.book().hint_order(order);
        hinted.book().hint_neighbours(order);
        ASSERT_EQ(difference(hinted.play(step), plain.play(step)), "") << "step " << at;
    }
}

}  // namespace
}  // namespace miletus::matching
