// Acts on one stage: the venue, the makers, a sweep, a busy minute with funding, options on margin,
// a margin call, the end of the session; then the proof.
#include "sim/demo/demo.hpp"

#include "base/prng.hpp"
#include "sim/demo/board.hpp"

#include <algorithm>
#include <chrono>
#include <ostream>

namespace miletus::demo {

using protocol::PlaceOrder;
using protocol::Side;
using protocol::TimeInForce;
using protocol::view;

namespace {

constexpr std::array<std::string_view, 27> opening = {
    "asset USDC 6",
    "asset BTC 8",
    "underlying BTC_USDC BTC USDC",
    "perpetual BTC_USDC tick=0.5 lot=0.001 low=0 high=400000 max=100000",
    "future BTC_USDC expiry=2026-03-27T08:00 tick=0.5 lot=0.001 high=400000 max=100000",
    "series BTC_USDC expiry=2026-03-27T08:00 tick=5 lot=0.01 high=20000 "
    "strikes=90000,100000,110000",
    "state PERPETUAL open",
    "state USDC-27MAR26 open",
    "state 100000-C open",
    "index BTC_USDC 97000 97010 96990",
    "surface BTC_USDC 2026-03-27T08:00,97400,0.012,0.03,-0.3,0,0.15",
    "marks BTC_USDC",
    "account mira 1 1",
    "account noor 2 2",
    "account otto 3 3",
    "account pia 4 4",
    "account rita 5 5",
    "account fund 6 6",
    "insurance fund",
    "deposit mira 2000000 USDC",
    "deposit noor 2000000 USDC",
    "deposit otto 1000000 USDC",
    "deposit pia 1000000 USDC",
    "deposit mira 5 BTC",
    "deposit noor 5 BTC",
    "deposit rita 5000 USDC",
    "deposit fund 100000 USDC",
};

constexpr Scale perpetual_scale{
    .tick = IndexPrice(500'000), .lot = Amount(100'000), .lot_decimals = 8};
constexpr Scale option_scale{
    .tick = IndexPrice(5'000'000), .lot = Amount(1'000'000), .lot_decimals = 8};

// The market while the story runs.
class Market {
  public:
    Market(std::ostream& out, std::uint64_t seed) : out_(out), prng_(seed) {
        for (const std::string_view line : opening) {
            ASSERT(scenario_.play(line).has_value());
        }
        perpetual_ = instrument("PERPETUAL");
        call_ = instrument("100000-C");
    }

    void tell_venue();
    void tell_makers();
    void tell_sweep();
    void tell_busy_minute();
    void tell_options();
    void tell_margin_call();
    void tell_session();
    void tell_refusals();
    bool tell_proof();

  private:
    [[nodiscard]] InstrumentId instrument(std::string_view name) const {
        return scenario_.names().find_instrument(name).value_or(InstrumentId());
    }
    void line(std::string_view text);
    // Plays a line, and tells only what has one of these words in it.
    void line_about(std::string_view text, std::span<const std::string_view> words);
    void set_index(std::int64_t half_dollars);
    void quote(AccountId maker, std::int64_t mid);
    void take();
    void send(AccountId account, const PlaceOrder& order);
    void collect_trades();
    [[nodiscard]] AccountId maker() {
        return AccountId(1 + static_cast<std::uint32_t>(prng_.below(2)));
    }
    [[nodiscard]] AccountId taker() {
        return AccountId(3 + static_cast<std::uint32_t>(prng_.below(2)));
    }

    std::ostream& out_;
    Prng prng_;
    scenario::Scenario scenario_;
    InstrumentId perpetual_;
    InstrumentId call_;
    std::int64_t mid_ = 194'000;  // 97,000 USDC
    std::uint64_t commands_ = 0;
    std::vector<TapeEntry> tape_;
};

void Market::tell_venue() {
    out_ << "\n1. The venue lists\n";
    for (const scenario::InstrumentEntry& instrument : scenario_.names().instruments) {
        out_ << "     " << instrument.name << "\n";
    }
}

void Market::quote(AccountId maker, std::int64_t mid) {
    scenario_.send(maker, protocol::MassCancel{.instrument = perpetual_, .filters = 2});
    ++commands_;
    for (std::int64_t step = 1; step <= 6; ++step) {
        for (const Side side : {Side::buy, Side::sell}) {
            const std::int64_t away = step * 3 - 2 + prng_.between(0, 2);
            send(maker, {.price = Ticks(side == Side::buy ? mid - away : mid + away),
                         .quantity = Lots(prng_.between(20, 120) * step),
                         .instrument = perpetual_,
                         .side = side,
                         .post_only = protocol::PostOnly::reprice});
        }
    }
}

// Three sources that differ by ten dollars.
void Market::set_index(std::int64_t half_dollars) {
    std::array<protocol::SourcePrice, 3> sources{};
    std::uint32_t number = 0;
    std::int64_t price = half_dollars - 20;
    for (protocol::SourcePrice& source : sources) {
        source = {.price = IndexPrice(price * 500'000), .time = {}, .source = number, .weight = 1};
        ++number;
        price += 20;
    }
    scenario_.send(accounts::operator_account, protocol::UpdateIndex{.underlying = UnderlyingId(0)},
                   std::span<const protocol::SourcePrice>(sources));
    ++commands_;
}

// Draws in named statements: arguments are evaluated in an order of the compiler's choice.
void Market::take() {
    const AccountId account = taker();
    const Lots quantity(prng_.between(5, 400));
    const Side side = prng_.one_in(2) ? Side::buy : Side::sell;
    send(account, {.price = Ticks(0),
                   .quantity = quantity,
                   .instrument = perpetual_,
                   .side = side,
                   .order_type = protocol::OrderType::market});
}

void Market::send(AccountId account, const PlaceOrder& order) {
    scenario_.send(account, order);
    ++commands_;
    collect_trades();
}

void Market::collect_trades() {
    const protocol::EventWriter& events = scenario_.engine().events();
    events.visit_from(events.start(), [this](std::span<const Unit> event) {
        if (view<protocol::EventHeader>(event).type !=
            static_cast<std::uint8_t>(protocol::EventType::trade)) {
            return;
        }
        const auto& trade = view<protocol::Trade>(event);
        const bool is_buy = trade.taker_side == Side::buy;
        const scenario::Names& names = scenario_.names();
        tape_.push_back(
            {.time = trade.time,
             .number = trade.number.value(),
             .price = trade.price,
             .quantity = trade.quantity,
             .taker = trade.taker_side,
             .buyer = names.account(is_buy ? trade.taker_account : trade.maker_account),
             .seller = names.account(is_buy ? trade.maker_account : trade.taker_account)});
    });
}

void Market::tell_makers() {
    out_ << "\n2. Two makers quote around 97,000\n";
    quote(AccountId(1), mid_);
    quote(AccountId(2), mid_ + 1);
    print_book(out_, scenario_, perpetual_, perpetual_scale, 5);
}

void Market::tell_sweep() {
    out_ << "\n3. Otto buys 1.2 BTC at the market, and eats through the book\n\n";
    send(AccountId(3), {.price = Ticks(0),
                        .quantity = Lots(1200),
                        .instrument = perpetual_,
                        .order_type = protocol::OrderType::market});
    print_tape(out_, perpetual_scale, tape_, 12);
    print_book(out_, scenario_, perpetual_, perpetual_scale, 5);
}

void Market::tell_busy_minute() {
    const auto began = std::chrono::steady_clock::now();
    const std::uint64_t before = commands_;
    const std::size_t trades = tape_.size();
    for (int moment = 0; moment < 600; ++moment) {
        scenario_.advance(Nanos(100'000'000));
        mid_ += prng_.between(-3, 3);
        if (moment % 10 == 0) {
            set_index(mid_ - mid_ / 1000);  // the book stands a tenth of a percent above it
        }
        if (prng_.one_in(3)) {
            quote(maker(), mid_);
        }
        if (prng_.one_in(2)) {
            take();
        }
    }
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
    out_ << "\n4. A busy minute: " << commands_ - before << " commands, " << tape_.size() - trades
         << " trades. The last of the tape:\n\n";
    print_tape(out_, perpetual_scale, tape_, 10);
    print_book(out_, scenario_, perpetual_, perpetual_scale, 5);
    out_
        << "\n     ("
        << static_cast<int>(took.count() * 1000 / static_cast<double>(commands_ - before))
        << " ns a command, with the telling of every event)\n\n"
        << "     The perpetual stands above its index: longs pay shorts, when their position next\n"
        << "     changes or the session ends.\n";
}

void Market::line(std::string_view text) {
    out_ << "     > " << text << "\n";
    const auto told = scenario_.play(text);
    ASSERT(told.has_value());
    for (const std::string& words : *told) {
        out_ << "         " << words << "\n";
    }
}

void Market::line_about(std::string_view text, std::span<const std::string_view> words) {
    out_ << "     > " << text << "\n";
    const auto told = scenario_.play(text);
    ASSERT(told.has_value());
    for (const std::string& sentence : *told) {
        if (std::ranges::any_of(words, [&](std::string_view word) {
                return sentence.find(word) != std::string::npos;
            })) {
            out_ << "         " << sentence << "\n";
        }
    }
}

void Market::tell_options() {
    out_ << "\n5. A call: the buyer pays the premium, the seller needs margin\n\n";
    line("mira margin sell 50 100000-C @ 760");
    line("mira sell 50 100000-C @ 760 label=written");
    line("otto buy 20 100000-C @ 760");
    print_book(out_, scenario_, call_, option_scale, 3);
}

// The index falls half a percent at a time, and the makers follow it.
void Market::tell_margin_call() {
    out_ << "\n6. Rita buys 2 BTC with 5,000 USDC, and the market falls\n\n";
    set_index(mid_);
    quote(AccountId(1), mid_);
    quote(AccountId(2), mid_);
    line("rita buy 2000 PERPETUAL");
    line("rita margin");
    constexpr std::array<std::string_view, 2> words = {"rita", "fund"};
    for (int fall = 0; fall < 5; ++fall) {
        mid_ -= mid_ / 200;
        quote(AccountId(1), mid_);
        quote(AccountId(2), mid_);
        const std::string price = std::to_string(mid_ / 2);
        line_about("index BTC_USDC " + price + " " + price + " " + price, words);
        line_about("wait 1s", words);
    }
    for (int second = 0; second < 6; ++second) {
        set_index(mid_);
        line_about("wait 1s", words);
    }
    line("rita margin");
}

void Market::tell_session() {
    out_ << "\n8. At 08:00 the session is settled: results become money\n\n";
    line("otto balances");
    constexpr std::array<std::string_view, 2> words = {"session", "otto"};
    line_about("wait until 2026-03-01T08:00", words);
    line_about("wait 1s", words);
    line("otto balances");
}

void Market::tell_refusals() {
    out_ << "\n7. Every refusal has a name\n\n";
    line("pia buy 1 PERPETUAL @ 300000");
    line("pia buy 100001 PERPETUAL");
    line("withdraw rita 100000 USDC");
    line("pia cancel o99");
    line("mira cancel label=written");
}

bool Market::tell_proof() {
    out_ << "\n9. The accounts\n\n";
    print_accounts(out_, scenario_);
    scenario_.engine().check_invariants();
    const Hash128 live = scenario_.engine().state_hash();
    const Hash128 again = scenario::replayed(scenario_.log(), scenario_.limits());
    out_ << "\n10. Same log, same bits\n\n"
         << "     state after the market   " << hex(live) << "\n"
         << "     state after its replay   " << hex(again) << "\n"
         << "     every balance adds up to what was paid in, to the unit\n\n";
    return live == again;
}

}  // namespace

bool run(std::ostream& out, std::uint64_t seed) {
    Market market(out, seed);
    out << "Miletus: a small market on the real engine (seed " << seed << ")\n";
    market.tell_venue();
    market.tell_makers();
    market.tell_sweep();
    market.tell_busy_minute();
    market.tell_options();
    market.tell_margin_call();
    market.tell_refusals();
    market.tell_session();
    return market.tell_proof();
}

}  // namespace miletus::demo
