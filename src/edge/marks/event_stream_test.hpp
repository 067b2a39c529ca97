// Events as a venue would tell them, written by hand: BTC in USDC, two expiries of options, books.
#pragma once

#include "pricing/pricing.hpp"
#include "protocol/codec.hpp"

#include <cmath>
#include <functional>
#include <vector>

namespace miletus::marks {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t day = 86'400 * second;
constexpr std::int64_t coin = 1'000'000;  // an index of one
constexpr UnixNanos start{1'800'000'000 * second};
constexpr UnderlyingId btc{3};
constexpr std::int64_t option_tick = 5 * coin;

class EventStream {
  public:
    explicit EventStream(std::function<void(std::span<const Unit>)> reader)
        : reader_(std::move(reader)) {}

    template <class Event>
    void tell(Event event) {
        event.header.sequence = Sequence(sequence_);
        event.header.ordinal = ordinal_++;
        std::vector<Unit> units(protocol::units_of<Event>(0));
        protocol::encode(event, units);
        reader_(units);
    }
    // The end of a command.
    void complete(UnixNanos time, const protocol::CommandHeader& asker = {},
                  Reject reject = Reject::none) {
        tell(protocol::Completed{.session = asker.session,
                                 .client_sequence = asker.client_sequence,
                                 .time = time,
                                 .reject = reject});
        ++sequence_;
        ordinal_ = 0;
    }
    [[nodiscard]] Sequence sequence() const { return Sequence(sequence_); }

    void tell_assets() {
        tell(protocol::AssetAdded{
            .name = protocol::Name("BTC"), .decimals = 8, .asset = AssetId(1)});
        tell(protocol::AssetAdded{
            .name = protocol::Name("USDC"), .decimals = 6, .asset = AssetId(2)});
        tell(protocol::UnderlyingAdded{.name = protocol::Name("BTC_USDC"),
                                       .underlying = btc,
                                       .base = AssetId(1),
                                       .quote = AssetId(2)});
    }
    void tell_index(std::int64_t price, protocol::IndexState state = protocol::IndexState::good) {
        tell(protocol::IndexChanged{.price = IndexPrice(price), .underlying = btc, .state = state});
    }
    // Open; a lot is a tenth of a coin.
    void list(std::uint32_t number, protocol::InstrumentKind kind, UnixNanos expiry,
              std::int64_t strike = 0) {
        protocol::InstrumentListed listed;
        listed.instrument = InstrumentId(number);
        listed.underlying = btc;
        listed.kind = kind;
        listed.expiry = expiry;
        listed.strike = IndexPrice(strike);
        listed.terms = {.tick = IndexPrice(option_tick), .lot = Amount(10'000'000)};
        tell(listed);
        set_state(number, protocol::InstrumentState::open);
    }
    void set_state(std::uint32_t number, protocol::InstrumentState state) {
        tell(protocol::InstrumentStateChanged{.instrument = InstrumentId(number), .state = state});
    }
    void rest(std::uint32_t number, protocol::Side side, std::int64_t ticks,
              std::int64_t total = 1) {
        tell(protocol::OrderRested{.price = Ticks(ticks),
                                   .level_total = Lots(total),
                                   .instrument = InstrumentId(number),
                                   .side = side});
    }

  private:
    std::function<void(std::span<const Unit>)> reader_;
    std::uint64_t sequence_ = 1;
    std::uint32_t ordinal_ = 0;
};

struct QuotedLevel {
    std::uint32_t number;
    protocol::Side side;
    std::int64_t ticks;
};

// Calls and puts from number `first` on, around the index, and quotes around what they are worth.
struct Chain {
    std::uint32_t first = 0;
    UnixNanos expiry;
    double forward = 100'000;
    double vol = 0.5;
    int strikes = 15;
    std::vector<QuotedLevel> levels{};

    [[nodiscard]] std::int64_t strike_at(int step) const {
        const double years = pricing::years_between(start, expiry);
        const double away = 0.5 * std::sqrt(years) * (step - strikes / 2) * 0.35;
        return std::llround(forward * std::exp(away) / 100) * 100 * coin;
    }
    void list(EventStream& stream) const {
        for (int step = 0; step < strikes; ++step) {
            const auto number = first + 2 * static_cast<std::uint32_t>(step);
            stream.list(number, protocol::InstrumentKind::call, expiry, strike_at(step));
            stream.list(number + 1, protocol::InstrumentKind::put, expiry, strike_at(step));
        }
    }
    // One level a side, which takes the place of what was quoted last.
    void quote(EventStream& stream, UnixNanos now) {
        withdraw(stream);
        for (int step = 0; step < strikes; ++step) {
            for (const std::int8_t kind : {pricing::call, pricing::put}) {
                const double price =
                    value_of(pricing::Forward{.forward = forward,
                                              .strike = static_cast<double>(strike_at(step)) / coin,
                                              .time = pricing::years_between(now, expiry),
                                              .vol = vol,
                                              .kind = kind})
                        .price;
                const auto below = static_cast<std::int64_t>(std::floor(price * 0.98 / 5));
                const auto above = static_cast<std::int64_t>(std::ceil(price * 1.02 / 5)) + 1;
                const auto number = first + 2 * static_cast<std::uint32_t>(step) +
                                    (kind == pricing::call ? 0U : 1U);
                quote_one(stream, number, below, above);
            }
        }
    }
    void withdraw(EventStream& stream) {
        for (const auto& level : levels) {
            stream.rest(level.number, level.side, level.ticks, 0);
        }
        levels.clear();
    }

    void quote_one(EventStream& stream, std::uint32_t number, std::int64_t bid, std::int64_t ask) {
        if (bid > 0) {
            stream.rest(number, protocol::Side::buy, bid);
            levels.push_back({number, protocol::Side::buy, bid});
        }
        stream.rest(number, protocol::Side::sell, ask);
        levels.push_back({number, protocol::Side::sell, ask});
    }
};

}  // namespace miletus::marks
