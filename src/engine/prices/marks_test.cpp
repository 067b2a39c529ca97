// Marks of perpetuals and futures: what moves them, what does not, and where they stop.
#include "engine/prices/board_test.hpp"

namespace miletus::prices {
namespace {

using protocol::Parameter;

BookSample book(std::int64_t bid, std::int64_t ask) {
    return {.bid = Ticks(bid), .ask = Ticks(ask)};
}

// An index of 1000: 2000 ticks, 20,000 in grid; a perpetual's clamp is 100 of them.
struct One : Board {
    explicit One(bool is_perpetual = true)
        : instrument(is_perpetual ? perpetual() : future(start_second + 1'000'000)) {}

    void stand(const BookSample& sample, std::int64_t seconds) {
        for (std::int64_t passed = 0; passed < seconds; ++passed) {
            second += 1;
            agree_on(1000 * usd);
            second -= 1;
            pass(1, std::vector{sample});
        }
    }
    [[nodiscard]] std::int64_t mark() const { return Board::mark(instrument); }

    InstrumentId instrument;
};

TEST(Marks, FollowTheIndexWhereThereIsNoBook) {
    One board;
    EXPECT_FALSE(board.prices->has_mark(board.instrument));
    board.agree_on(1000 * usd);
    EXPECT_TRUE(board.prices->has_mark(board.instrument));
    EXPECT_EQ(board.mark(), 20'000);
    EXPECT_EQ(board.prices->mark_value(board.instrument), LotValue(usd));  // a thousandth
    EXPECT_EQ(board.prices->index_value(board.instrument), LotValue(usd));
    board.agree_on(1000 * usd + 99'999);  // two more on the grid, floored
    EXPECT_EQ(board.mark(), 20'001);
    EXPECT_EQ(board.prices->mark_value(board.instrument), LotValue(usd + 50));
    EXPECT_EQ(board.prices->index_value(board.instrument), LotValue(usd + 99));
}

TEST(Marks, AreToldOnlyWhereTheyChange) {
    One board;
    board.agree_on(1000 * usd);
    EXPECT_EQ(board.told<protocol::MarkChanged>().size(), 1U);
    const std::uint64_t version = board.prices->version();
    board.agree_on(1000 * usd);
    EXPECT_TRUE(board.told<protocol::MarkChanged>().empty());
    EXPECT_EQ(board.prices->version(), version);
    board.agree_on(1000 * usd + 1);
    EXPECT_TRUE(board.told<protocol::MarkChanged>().empty());
    EXPECT_EQ(board.prices->version(), version + 1);
}

TEST(Marks, AreTheMedianOfFastBasisBookAndSlowBasis) {
    One board;
    board.stand(book(2002, 2004), 2000);  // both means have arrived at 30 above
    EXPECT_EQ(board.mark(), 20'030);
    board.stand(book(2006, 2006), 30);
    // The book says 20,060; the slow mean has hardly moved; the fast one is between.
    EXPECT_GT(board.mark(), 20'050);
    EXPECT_LT(board.mark(), 20'060);
    board.stand(book(1990, 1990), 2);
    EXPECT_LT(board.mark(), 20'045);  // the slow one
    EXPECT_GT(board.mark(), 20'030);
}

TEST(Marks, TakeTheLastTradeWithinTheBookOnly) {
    One board;
    board.stand(book(2000, 2020), 3000);
    ASSERT_EQ(board.mark(), 20'050);  // the ask counts up to the clamp: 20,100
    // A low print counts as the bid, and is outvoted by both means.
    board.prices->trade(board.instrument, Ticks(1));
    board.stand(book(2000, 2020), 1);
    EXPECT_EQ(board.mark(), 20'050);
    EXPECT_EQ(board.prices->last_trade(board.instrument), Ticks(1));
    Linear linear;
    linear.fast = std::int64_t{100} << basis_digits;
    linear.book.standing_bid = Ticks(2000);
    linear.book.standing_ask = Ticks(2009);
    linear.book.has_standing = true;
    const Band band{.index = 20'000, .reach = 1000};
    EXPECT_EQ(linear_mark(linear, band, std::nullopt), Grid(20'045));
    EXPECT_EQ(linear_mark(linear, band, Ticks(2003)), Grid(20'030));
    EXPECT_EQ(linear_mark(linear, band, Ticks(5)), Grid(20'000));
    EXPECT_EQ(linear_mark(linear, band, Ticks(5000)), Grid(20'090));
}

// What is not there at both ends of a second counts for nothing.
TEST(Marks, AreNotMovedByWhatFlickersAtTheSample) {
    One board;
    board.stand(book(1999, 2001), 600);
    const std::int64_t mark = board.mark();
    EXPECT_EQ(mark, 20'000);
    for (int second = 0; second < 600; ++second) {
        // A bid far above comes and goes; the ask is cleared for it and comes back.
        board.stand(second % 2 == 0 ? book(2050, 2060) : book(1999, 2001), 1);
        EXPECT_LE(std::abs(board.mark() - mark), 60);
        board.stand(book(1999, 2001), 1);
    }
    Linear linear;
    take_sample(linear.book, book(10, 12));
    EXPECT_FALSE(linear.book.has_standing);
    take_sample(linear.book, book(11, 13));
    EXPECT_TRUE(linear.book.has_standing);
    EXPECT_EQ(linear.book.standing_bid, Ticks(10));
    EXPECT_EQ(linear.book.standing_ask, Ticks(13));
}

TEST(Marks, KeepTheirBasisWhileASideIsMissing) {
    One board;
    board.stand(book(2004, 2004), 2000);
    const std::int64_t mark = board.mark();
    ASSERT_EQ(mark, 20'040);
    for (const BookSample& sample :
         {BookSample{.bid = Ticks(2100), .ask = {}}, BookSample{.bid = {}, .ask = Ticks(1000)},
          BookSample{}, book(2100, 1900)}) {
        board.stand(sample, 100);
        EXPECT_EQ(board.mark(), mark);
    }
}

TEST(Marks, OfAPerpetualStayNearTheIndexWhateverIsQuoted) {
    One board;
    board.stand(book(999'999, 1'000'000), 5000);
    EXPECT_EQ(board.mark(), 20'100);
    board.stand(book(1, 1), 5000);
    EXPECT_EQ(board.mark(), 19'900);
}

// A future two months out may stand 6 % above; the band goes there with its slow basis.
TEST(Marks, OfAFutureReachItsUsualPremium) {
    One board(false);
    board.stand(book(2120, 2120), 3000);
    EXPECT_NEAR(static_cast<double>(board.mark()), 21'200, 2);
    // From there a flash goes no further than a clamp, and an absurd market no further than eight.
    board.stand(book(999'999, 1'000'000), 2);
    EXPECT_LE(board.mark(), 21'200 + 300);
    board.stand(book(999'999, 1'000'000), 20'000);
    EXPECT_LE(board.mark(), 20'000 + 9 * 300);
}

TEST(Marks, TakeAGapAsSoManySecondsOfTheBookThatStood) {
    One slow;
    One fast;
    slow.stand(book(2004, 2004), 2);
    fast.stand(book(2004, 2004), 2);
    slow.stand(book(2004, 2004), 100);
    fast.second += 100;
    fast.agree_on(1000 * usd);
    fast.second -= 100;
    fast.pass(100, std::vector{book(2004, 2004)});
    EXPECT_EQ(slow.mark(), fast.mark());
}

TEST(Marks, GoBelowZeroOnlyWherePricesMay) {
    Linear linear;
    linear.book.standing_bid = Ticks(-31);
    linear.book.standing_ask = Ticks(-30);
    linear.book.has_standing = true;
    linear.slow = -(std::int64_t{400} << basis_digits) - 1;
    const Band band{.index = 20, .reach = 1000};
    EXPECT_EQ(linear_mark(linear, band, std::nullopt), Grid(-305));
    EXPECT_EQ(linear_mark(linear, band, Ticks(-30)), Grid(-300));
    linear.book.has_standing = false;
    linear.fast = linear.slow;
    EXPECT_EQ(linear_mark(linear, band, std::nullopt), Grid(-381));  // floored

    // An index that falls away below its basis.
    Board board;
    const InstrumentId plain = board.list(protocol::InstrumentKind::future, start_second + 999'999);
    const InstrumentId spread =
        board.list(protocol::InstrumentKind::future, start_second + 899'999, 0, coin / 1000, -1000);
    board.set(Parameter::index_velocity, 10 * usd);
    board.set(Parameter::mark_clamp_future, usd / 10);
    const std::vector books{book(1000, 1000), book(1000, 1000)};
    for (int second = 0; second < 2000; ++second) {
        board.agree_on(1000 * usd);
        board.pass(1, books);
    }
    board.agree_on(10 * usd);
    EXPECT_EQ(board.mark(plain), 0);
    EXPECT_LT(board.mark(spread), 0);
    EXPECT_EQ(board.prices->mark_value(spread).value(), board.mark(spread) * 50);
}

// P2: wherever the book goes, the mark is within its clamp of index and slow basis; and where the
// index goes, the mark goes at once.
TEST(Marks, StayWithinTheirClamp) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        Prng prng(seed);
        One board;
        for (int step = 0; step < 400; ++step) {
            const std::int64_t level = prng.between(1900, 2100);
            board.agree_on(prng.between(950, 1050) * usd);
            board.pass(prng.between(1, 3), std::vector{book(level, level + prng.between(-3, 40))});
            const std::int64_t index = board.index() / (usd / 20);
            EXPECT_LE(std::abs(board.mark() - index), 2 * (index / 200) + 1);
        }
    }
}

TEST(Marks, OfWhatIsTooLargeForAnySumAreRefusedAtTheListing) {
    Board board;
    instruments::ListingRequest request{.kind = protocol::InstrumentKind::perpetual,
                                        .underlying = btc,
                                        .expiry = {},
                                        .strike = {},
                                        .terms = {.tick = IndexPrice(usd),
                                                  .lot = Amount(1000 * coin),
                                                  .price_low = Ticks(0),
                                                  .price_high = Ticks(100),
                                                  .lots_max = Lots(1)},
                                        .steps = {}};
    EXPECT_EQ(board.prices->check_listing(*board.instruments.draft(request, UnixNanos(1))).error(),
              Reject::price_range_out_of_range);
    request.terms.lot = Amount(100 * coin);
    EXPECT_TRUE(board.prices->check_listing(*board.instruments.draft(request, UnixNanos(1))));
}

// Prices end at 500,000: marks at eight millions, and a delivery with them, so that sums fit.
TEST(Marks, FollowTheIndexToSixteenTimesTheHighestPrice) {
    Board board;
    const InstrumentId perpetual = board.perpetual();
    board.agree_on(7'999'999 * usd);
    EXPECT_EQ(board.mark(perpetual), 20 * std::int64_t{7'999'999});
    board.second += 3600;
    board.agree_on(8'000'001 * usd);
    EXPECT_EQ(board.mark(perpetual), 20 * std::int64_t{8'000'000});
}

TEST(Marks, LastAreWhatWasDelivered) {
    Board board;
    const InstrumentId first = board.perpetual();
    const InstrumentId future = board.future(start_second + 100'000);
    const InstrumentId last = board.future(start_second + 200'000);
    board.agree_on(1000 * usd);
    board.begin();
    board.prices->settle(future, Grid(7));
    EXPECT_EQ(board.mark(future), 7);
    EXPECT_EQ(board.told<protocol::MarkChanged>().size(), 1U);
    std::vector<InstrumentId> left;
    board.prices->visit_linear(btc, [&](InstrumentId instrument) { left.push_back(instrument); });
    EXPECT_EQ(left, (std::vector{first, last}));
    const LotValue index_value = board.prices->index_value(future);
    board.agree_on(1001 * usd);
    EXPECT_EQ(board.mark(future), 7);
    EXPECT_EQ(board.prices->index_value(future), index_value);  // its fees are taken by it
    EXPECT_EQ(index_value, LotValue(usd));
    board.prices->archive(future);
    board.prices->list(future);  // its number is used again
    EXPECT_FALSE(board.prices->has_mark(future));
    left.clear();
    board.prices->visit_linear(btc, [&](InstrumentId instrument) { left.push_back(instrument); });
    EXPECT_EQ(left, (std::vector{first, last, future}));
    board.prices->check_invariants();
}

TEST(Marks, OfWhatNeverHadAPositionCanBeForgottenWithoutADelivery) {
    Board board;
    const InstrumentId future = board.future(start_second + 1000);
    const InstrumentId option = board.list(protocol::InstrumentKind::call, start_second + 1000, 7);
    board.agree_on(1000 * usd);
    board.run(10, 1000 * usd);  // their window is open
    board.prices->archive(option);
    board.prices->check_invariants();
    board.prices->archive(future);
    board.prices->check_invariants();
    board.run(2000, 1000 * usd);
    board.prices->check_invariants();
}

// ---- First and last marks ----

TEST(Marks, OfANewListingAreTheIndexWhereThereIsOne) {
    Board board;
    const InstrumentId early = board.perpetual();
    board.begin();
    board.prices->mark_new(early);
    EXPECT_FALSE(board.prices->has_mark(early));
    board.agree_on(100 * usd);
    const InstrumentId late = board.future(start_second + 86'400);
    EXPECT_FALSE(board.prices->has_mark(late));
    const std::uint64_t before = board.prices->version();
    board.begin();
    board.prices->mark_new(late);
    EXPECT_EQ(board.mark(late), 2000);
    EXPECT_EQ(board.prices->index_value(late), LotValue(usd / 10));
    EXPECT_EQ(board.told<protocol::MarkChanged>().size(), 1U);
    EXPECT_GT(board.prices->version(), before);
}

TEST(Marks, AreNotMadeUpForWhatIsSettledWithoutOne) {
    Board board;
    const InstrumentId option =
        board.list(protocol::InstrumentKind::call, start_second + 86'400, 90);
    board.begin();
    board.prices->settle(option);
    EXPECT_FALSE(board.prices->has_mark(option));
    EXPECT_TRUE(board.told<protocol::MarkChanged>().empty());
    EXPECT_EQ(board.restore(board.bytes()), "");
    board.prices->check_invariants();
}

}  // namespace
}  // namespace miletus::prices
