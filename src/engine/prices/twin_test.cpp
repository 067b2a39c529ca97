// Random days on the board and on its twin in plain words: the same prices after every step, also
// where a snapshot takes the board's place in the middle. And what was told, folded, is what is.
#include "engine/prices/naive_prices_test.hpp"

namespace miletus::prices {
namespace {

using enum protocol::InstrumentKind;
using protocol::Parameter;
using protocol::SourcePrice;

class Day {
  public:
    explicit Day(std::uint64_t seed) : prng_(seed) {
        add(perpetual, 0, 0, coin / 1000);
        add(future, start_second + 2400, 0, coin / 10'000);
        add(future, start_second + 200'000, 0, coin / 1000, -2000);
        for (const std::int64_t strike : {90, 100, 110}) {
            add(call, start_second + 2400, strike, coin);
            add(put, start_second + 2400, strike, coin);
            add(call, start_second + 100'000, strike, coin / 10);
        }
    }

    void run(int steps) {
        for (int step = 0; step < steps; ++step) {
            act();
            compare();
            if (testing::Test::HasFailure()) {
                return;
            }
        }
        board_.prices->check_invariants();
    }

    [[nodiscard]] int told_marks() const { return told_marks_; }
    [[nodiscard]] int told_bounded() const { return told_bounded_; }
    [[nodiscard]] int deliveries() const { return deliveries_; }

  private:
    void add(protocol::InstrumentKind kind, std::int64_t expiry, std::int64_t strike,
             std::int64_t lot, std::int64_t low = 0) {
        board_.begin();
        const InstrumentId number = board_.list(kind, expiry, strike, lot, low);
        if (!instruments::is_option(kind)) {
            board_.prices->mark_new(number);
        }
        naive_.list(number, board_.instruments.listing(number));
        settled_.push_back(false);
    }

    void act() {
        switch (prng_.below(12)) {
            case 0:
                trade();
                break;
            case 1:
                install();
                break;
            case 2:
                EXPECT_EQ(board_.restore(board_.bytes()), "");
                break;
            case 3:
                prng_.one_in(3) ? list_another() : change_parameter();
                break;
            case 4:
            case 5:
            case 6:
                tell_index();
                break;
            default:
                pass();
        }
    }

    // A future of a later day each time.
    void list_another() {
        constexpr std::int64_t others_max = 8;
        if (others_ != others_max) {
            ++others_;
            add(protocol::InstrumentKind::future, start_second + (10 + others_) * 86'400, 0, coin);
        }
    }

    void trade() {
        const InstrumentId number(static_cast<std::uint32_t>(prng_.below(settled_.size())));
        if (settled_[number.value()]) {
            return;
        }
        const Ticks price(prng_.between(-50, 400));
        board_.begin();
        board_.prices->trade(number, price);
        naive_.at(number).last = price;
    }

    void install() {
        board_.begin();
        if (board_.state() == protocol::IndexState::none) {
            return;
        }
        sample_options();
        const std::int64_t base = board_.index() + prng_.between(-usd, usd);
        std::vector<OptionMark> marks;
        for (NaiveInstrument& one : naive_.instruments) {
            if (!instruments::is_option(one.listing.kind) || prng_.one_in(4)) {
                continue;
            }
            const auto forward = static_cast<std::int64_t>(naive_.lot_value(one, base));
            const std::int64_t delta = prng_.between(0, 1'000'000'000);
            const bool is_call = one.listing.kind == call;
            marks.push_back({.instrument = one.number,
                             .value = LotValue(prng_.between(0, forward)),
                             .forward = LotValue(forward + prng_.between(0, usd)),
                             .delta = is_call ? delta : -delta,
                             .gamma = prng_.between(0, 100'000'000'000)});
            one.surface = marks.back();
            one.surface->value = LotValue(static_cast<std::int64_t>(
                naive_.within_books(one, one.surface->value.value(), base)));
            told_bounded_ += one.surface->value != marks.back().value ? 1 : 0;
            one.surface_index = base;
            naive_.mark_option(one);
        }
        board_.prices->install(btc, IndexPrice(base), marks);
    }

    void sample_options() {
        std::vector<BookSample> books;
        for (NaiveInstrument& one : naive_.instruments) {
            if (instruments::is_option(one.listing.kind)) {
                const std::int64_t bid = prng_.between(-1, 60);
                BookSample& book = books.emplace_back();
                book.bid = prng_.one_in(8) ? std::nullopt : std::optional(Ticks(bid));
                book.ask = Ticks(bid + prng_.between(prng_.one_in(20) ? -2 : 0, 30));
                one.books.emplace_back(1, book);
            }
        }
        board_.prices->sample_options(btc, books);
    }

    void change_parameter() {
        const std::array<std::pair<Parameter, std::array<std::int64_t, 3>>, 6> choices = {{
            {Parameter::index_sources_min, {1, 2, 4}},
            {Parameter::index_clamp, {0, 5000, 100'000}},
            {Parameter::mark_clamp_perpetual, {0, 5000, 50'000}},
            {Parameter::mark_clamp_future, {1000, 15'000, 1'000'000}},
            {Parameter::funding_damp, {0, 250, 1000}},
            {Parameter::option_spread, {1000, 50'000, 1'000'000}},
        }};
        const auto& [parameter, values] = choices[prng_.below(choices.size())];
        board_.begin();
        board_.set(parameter, values[prng_.below(values.size())]);
    }

    void tell_index() {
        level_ = std::clamp(level_ + prng_.between(-usd, usd), 50 * usd, 200 * usd);
        std::vector<SourcePrice> sources;
        for (std::uint32_t number = 0; number < 5; ++number) {
            if (prng_.one_in(3)) {
                continue;
            }
            const bool is_absurd = prng_.one_in(40);
            const std::int64_t price =
                is_absurd ? prng_.between(1, 1'000'000 * usd) : level_ + prng_.between(0, usd);
            sources.push_back(
                {.price = IndexPrice(price),
                 .time = at_second(board_.second - prng_.between(0, 14)),
                 .source = number,
                 .weight = static_cast<std::uint32_t>(prng_.between(prng_.one_in(10) ? 0 : 1, 9))});
        }
        if (board_.update(sources)) {
            naive_.update(sources, at_second(board_.second));
        }
    }

    void pass() {
        const std::int64_t seconds = prng_.one_in(30) ? prng_.between(2, 400) : 1;
        std::vector<BookSample> books;
        board_.prices->visit_linear(btc, [&](InstrumentId) { books.push_back(random_book()); });
        board_.pass(seconds, books);
        naive_.sample(at_second(board_.second), seconds, books);
        compare_deliveries();
    }

    BookSample random_book() {
        BookSample book;
        const std::int64_t level = level_ * 2 / usd + prng_.between(-3, 5);
        if (!prng_.one_in(15)) {
            book.bid = Ticks(prng_.one_in(30) ? prng_.between(-2000, 900'000) : level);
        }
        if (!prng_.one_in(15)) {
            book.ask = Ticks(level + prng_.between(prng_.one_in(20) ? -4 : 0, 4));
        }
        return book;
    }

    void compare() {
        const Reading naive{.price = IndexPrice(static_cast<std::int64_t>(naive_.index)),
                            .state = naive_.state,
                            .sources = static_cast<std::uint8_t>(naive_.sources)};
        EXPECT_EQ(board_.prices->index(btc), naive.price);
        EXPECT_EQ(board_.state(), naive.state);
        for (const NaiveInstrument& one : naive_.instruments) {
            const Quote& quote = board_.prices->quote(one.number);
            ASSERT_EQ(quote.has_mark, one.mark.has_value()) << one.listing.name.view();
            if (one.mark) {
                EXPECT_EQ(quote.mark.value(), static_cast<std::int64_t>(*one.mark))
                    << one.listing.name.view();
            }
            EXPECT_EQ(quote.index_value.value(),
                      static_cast<std::int64_t>(naive_.lot_value(one, naive_.index)));
            EXPECT_EQ(quote.funding.value(),
                      static_cast<std::int64_t>(floored(one.owed, funding_divisor)));
            EXPECT_EQ(board_.prices->last_trade(one.number), one.last);
        }
        fold(naive);
    }

    // What was told makes up the same table; and nothing is told that was so already.
    void fold(const Reading& now) {
        const auto told = board_.told<protocol::IndexChanged>();
        const Reading before = reading_;
        for (const protocol::IndexChanged& change : told) {
            reading_ = {.price = change.price, .state = change.state, .sources = change.sources};
        }
        EXPECT_EQ(reading_, now);
        EXPECT_EQ(told.empty(), before == now);
        for (const protocol::MarkChanged& change : board_.told<protocol::MarkChanged>()) {
            ++told_marks_;
            const auto known = marks_.find(change.instrument);
            EXPECT_TRUE(known == marks_.end() || known->second != change.mark);
            marks_[change.instrument] = change.mark;
        }
        for (const NaiveInstrument& one : naive_.instruments) {
            if (one.mark) {
                EXPECT_EQ(marks_[one.number], board_.prices->mark(one.number));
            }
        }
        board_.begin();
    }

    void compare_deliveries() {
        for (const NaiveInstrument& one : std::vector(naive_.instruments)) {
            const auto expected = naive_.delivery(one);
            const std::optional<Delivery> got = board_.prices->delivery(one.number);
            ASSERT_EQ(got.has_value(), expected.has_value()) << one.listing.name.view();
            if (!got) {
                continue;
            }
            ++deliveries_;
            EXPECT_EQ(got->price.value(), static_cast<std::int64_t>((*expected)[0]));
            EXPECT_EQ(got->average.value(), static_cast<std::int64_t>((*expected)[1]));
            EXPECT_EQ(got->samples, static_cast<std::uint64_t>((*expected)[2]));
            if (prng_.one_in(20)) {
                board_.prices->settle(one.number, got->price);
                settled_[one.number.value()] = true;
                naive_.drop(one.number);
            }
        }
    }

    Prng prng_;
    Board board_;
    NaivePrices naive_{board_.parameters};
    std::int64_t level_ = 100 * usd;
    std::vector<bool> settled_;
    std::map<InstrumentId, Grid> marks_;
    Reading reading_;
    int told_marks_ = 0;
    int told_bounded_ = 0;
    int deliveries_ = 0;
    std::int64_t others_ = 0;
};

TEST(Twin, AgreesAfterEveryStepOfRandomDays) {
    int told_marks = 0;
    int told_bounded = 0;
    int deliveries = 0;
    for (std::uint64_t seed = 0; seed < 12 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE(seed);
        Day day(seed);
        day.run(3000);
        told_marks += day.told_marks();
        told_bounded += day.told_bounded();
        deliveries += day.deliveries();
    }
    EXPECT_GT(told_marks, 10'000);
    EXPECT_GT(told_bounded, 100);
    EXPECT_GT(deliveries, 100);
}

}  // namespace
}  // namespace miletus::prices
