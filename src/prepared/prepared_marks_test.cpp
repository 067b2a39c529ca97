// What is prepared is what the pure function makes, under a key in which every input counts.
#include "prepared/prepared.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <tuple>
#include <vector>

namespace miletus::prepared {
namespace {

constexpr std::int64_t usd = 1'000'000;
constexpr std::int64_t day = 86'400'000'000'000;
constexpr UnixNanos start{20'000 * day};

class PreparedMarksTest : public testing::Test {
  protected:
    [[nodiscard]] MarkInputs inputs() const {
        return {.underlying = underlying,
                .now = now,
                .index = index,
                .smiles = smiles,
                .options = options};
    }
    static ListedOption option(std::uint32_t number, std::int64_t strike, std::int32_t kind) {
        return {.expiry = start + Nanos(7 * day),
                .strike = IndexPrice(strike * usd),
                .tick = IndexPrice(usd / 2),
                .tick_value = LotValue(500'000),
                .instrument = InstrumentId(number),
                .kind = kind};
    }

    UnderlyingId underlying{1};
    UnixNanos now = start;
    IndexPrice index{100'000 * usd};
    std::vector<pricing::Smile> smiles{{.expiry = start + Nanos(7 * day),
                                        .forward = IndexPrice(100'500 * usd),
                                        .a = 5'000'000'000,
                                        .b = 1'000'000,
                                        .rho = 3,
                                        .m = 4,
                                        .sigma = 100'000'000'000}};
    std::vector<ListedOption> options{option(3, 90'000, pricing::put),
                                      option(7, 100'000, pricing::call)};
};

TEST_F(PreparedMarksTest, hold_what_the_function_makes) {
    PreparedMarks prepared(2);
    ASSERT_EQ(prepared.prepare(inputs()), pricing::MarkFault::none);
    const std::vector<pricing::MarkOption> plain{{.expiry = options[0].expiry,
                                                  .strike = options[0].strike,
                                                  .tick = options[0].tick,
                                                  .tick_value = options[0].tick_value,
                                                  .kind = pricing::put},
                                                 {.expiry = options[1].expiry,
                                                  .strike = options[1].strike,
                                                  .tick = options[1].tick,
                                                  .tick_value = options[1].tick_value,
                                                  .kind = pricing::call}};
    std::vector<pricing::Mark> marks(2);
    std::vector<std::int64_t> entries(2 * pricing::usual_scenarios_count);
    const pricing::Marks found{.marks = marks, .entries = entries};
    ASSERT_EQ(find_marks({.now = now, .index = index, .smiles = smiles}, plain, found),
              pricing::MarkFault::none);
    EXPECT_EQ(prepared.digest(), digest_of(found));
    EXPECT_EQ(prepared.underlying(), underlying);
    ASSERT_EQ(prepared.count(), 2U);
    EXPECT_EQ(prepared.instrument(0), InstrumentId(3));
    EXPECT_EQ(prepared.instrument(1), InstrumentId(7));
    EXPECT_EQ(prepared.mark(1), marks[1]);
    EXPECT_GT(marks[1].value, LotValue(0));
    EXPECT_EQ(prepared.forward(1), LotValue(100'500 * usd));  // a lot gains one by one
    const auto row = prepared.risk_array(1);
    EXPECT_TRUE(std::equal(row.begin(), row.end(), entries.begin() + std::ssize(row)));
    EXPECT_TRUE(prepared.is_of(key_of(inputs())));
}

TEST_F(PreparedMarksTest, are_known_by_every_input) {
    const Hash128 key = key_of(inputs());
    const auto changed = [&](const std::function<void()>& change) {
        const auto before = std::tuple(underlying, now, index, smiles, options);
        change();
        const Hash128 other = key_of(inputs());
        std::tie(underlying, now, index, smiles, options) = before;
        return other;
    };
    EXPECT_EQ(key, changed([] {}));
    const std::vector<std::function<void()>> changes{
        [&] { underlying = UnderlyingId(0); },
        [&] { now = now + Nanos(1); },
        [&] { index = IndexPrice(index.value() + 1); },
        [&] { smiles[0].expiry = smiles[0].expiry + Nanos(1); },
        [&] { smiles[0].forward = IndexPrice(1); },
        [&] { ++smiles[0].a; },
        [&] { ++smiles[0].b; },
        [&] { ++smiles[0].rho; },
        [&] { ++smiles[0].m; },
        [&] { ++smiles[0].sigma; },
        [&] { smiles.push_back(smiles[0]); },
        [&] { options.pop_back(); },
        [&] { std::swap(options[0], options[1]); },
        [&] { options[1].expiry = options[1].expiry + Nanos(1); },
        [&] { options[1].strike = IndexPrice(1); },
        [&] { options[1].tick = IndexPrice(1); },
        [&] { options[1].tick_value = LotValue(10); },
        [&] { options[1].instrument = InstrumentId(8); },
        [&] {
            options[1].kind = pricing::put;
        }};
    for (std::size_t at = 0; at < changes.size(); ++at) {
        EXPECT_NE(key, changed(changes[at])) << at;
    }
}

TEST_F(PreparedMarksTest, are_of_nothing_where_they_could_not_be_made) {
    PreparedMarks prepared(4);
    ASSERT_EQ(prepared.prepare(inputs()), pricing::MarkFault::none);
    options[1].tick_value = LotValue(11);
    EXPECT_EQ(prepared.prepare(inputs()), pricing::MarkFault::option_out_of_range);
    EXPECT_FALSE(prepared.is_of(key_of(inputs())));
}

TEST(Slices, are_smiles) {
    const protocol::SurfaceSlice slice{.expiry = UnixNanos(1),
                                       .forward = IndexPrice(2),
                                       .a = 3,
                                       .b = 4,
                                       .rho = 5,
                                       .m = 6,
                                       .sigma = 7};
    const pricing::Smile smile = smile_from(slice);
    EXPECT_EQ(smile, (pricing::Smile{.expiry = UnixNanos(1),
                                     .forward = IndexPrice(2),
                                     .a = 3,
                                     .b = 4,
                                     .rho = 5,
                                     .m = 6,
                                     .sigma = 7}));
    EXPECT_EQ(smile_from(slice_from(smile)), smile);
}

}  // namespace
}  // namespace miletus::prepared
