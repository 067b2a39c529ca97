// Canonical bytes: a board restored in the middle of everything goes on as the other does, and
// bytes that cannot be are refused.
#include "engine/prices/board_test.hpp"

namespace miletus::prices {
namespace {

using enum protocol::InstrumentKind;

// A quarter of an hour before an expiry, 20 seconds into a minute, with a basis, a carry, a last
// trade, and options of a surface that is not of this index.
struct Busy : Board {
    explicit Busy(Limits limits_given = few()) : Board(limits_given) {
        const std::int64_t expiry = start_second + 3600;
        swap = perpetual(coin / 1000);
        future = list(protocol::InstrumentKind::future, expiry);
        const InstrumentId gone = list(protocol::InstrumentKind::future, expiry + 86'400);
        option = list(call, expiry, 100);
        static_cast<void>(list(put, expiry, 100));
        agree_on(100 * usd);
        begin();
        prices->install(btc, IndexPrice(99 * usd),
                        std::vector{OptionMark{.instrument = option,
                                               .value = LotValue(3 * usd / 1000),
                                               .forward = LotValue(99 * usd / 1000),
                                               .delta = billionths / 2,
                                               .gamma = billionths}});
        prices->trade(future, Ticks(203));
        prices->settle(gone, Grid(2000));
        while (second < start_second + 2700 || second % 60 != 20) {
            go_on();
        }
    }
    void go_on() {
        std::vector<BookSample> books;
        prices->visit_linear(btc, [&](InstrumentId) {
            books.push_back({.bid = Ticks(199 + second % 5), .ask = Ticks(204 + second % 3)});
        });
        second += 1;
        agree_on(100 * usd + second % 7);
        second -= 1;
        pass(1, books);
    }

    InstrumentId swap;
    InstrumentId future;
    InstrumentId option;
};

TEST(State, RestoredInTheMiddleOfFundingAndWindowGoesOnTheSame) {
    Busy one;
    Busy other;
    ASSERT_EQ(other.restore(other.bytes()), "");
    other.prices->check_invariants();
    for (int step = 0; step < 1000; ++step) {
        one.go_on();
        other.go_on();
        ASSERT_EQ(one.bytes(), other.bytes());
        ASSERT_EQ(one.events.position(), other.events.position());
        if (one.second % 100 == 0) {
            ASSERT_EQ(other.restore(other.bytes()), "");
        }
    }
    ASSERT_TRUE(one.prices->delivery(one.future).has_value());
    EXPECT_EQ(one.prices->delivery(one.future)->average,
              other.prices->delivery(one.future)->average);
    EXPECT_EQ(one.prices->funding(one.swap), other.prices->funding(one.swap));
    EXPECT_NE(one.prices->funding(one.swap), LotValue(0));
}

TEST(State, DoesNotDependOnLimits) {
    Limits wide = few();
    wide.instruments = 200;
    wide.underlyings = 9;
    EXPECT_EQ(Busy().bytes(), Busy(wide).bytes());
}

TEST(State, OfEveryShorterLengthIsRefused) {
    Busy board;
    const std::vector<std::byte> bytes = board.bytes();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        ASSERT_NE(board.restore(std::span(bytes).first(size)), "") << size;
    }
}

// Whatever one byte becomes, it is refused, or it is the state of other prices.
TEST(State, OfAnyOtherByteIsRefusedOrSoundAndSaysTheSameAgain) {
    Busy board;
    const std::vector<std::byte> bytes = board.bytes();
    int refused = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        for (const int flip : {1, 0x80, 0xFF}) {
            std::vector<std::byte> other = bytes;
            other[at] ^= static_cast<std::byte>(flip);
            if (board.restore(other).empty()) {
                board.prices->check_invariants();
                ASSERT_EQ(board.bytes(), other) << at;
            } else {
                ++refused;
            }
        }
    }
    EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace miletus::prices
