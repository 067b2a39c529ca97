// What should rest at each place, and the one command that brings it there.
#include "edge/crowd/makers.hpp"

#include "base/division.hpp"

#include <algorithm>
#include <array>

namespace miletus::crowd {

using protocol::EventType;
using protocol::InstrumentKind;
using protocol::RemovalReason;
using protocol::Side;
using protocol::view;

namespace {

constexpr std::int64_t millionths = 1'000'000;
constexpr std::size_t levels_max = 8;
constexpr std::uint64_t places_max = 2 * levels_max;
constexpr Nanos pause{1'000'000'000};
// Whoever stands in the way moves soon.
constexpr Nanos short_pause{100'000'000};

// The first maker quotes everything; others stand a little behind, on fewer levels of options.
std::size_t levels_of(InstrumentKind kind, std::size_t maker) {
    switch (kind) {
        case InstrumentKind::perpetual:
            return maker == 0 ? 6 : 5;
        case InstrumentKind::future:
            return maker == 0 ? 4 : 2;
        case InstrumentKind::call:
        case InstrumentKind::put:
            break;
    }
    return maker == 0 ? 1 : 0;
}

// Even places buy.
Side side_of(std::size_t at) {
    return at % 2 == 0 ? Side::buy : Side::sell;
}

ClientOrderId client_order(InstrumentId instrument, std::size_t at) {
    return ClientOrderId(instrument.value() * places_max + at + 1);
}

// Around so much of the quote asset is quoted on the first level.
std::int64_t worth_of(InstrumentKind kind) {
    switch (kind) {
        case InstrumentKind::perpetual:
            return 30'000 * millionths;
        case InstrumentKind::future:
            return 40'000 * millionths;
        case InstrumentKind::call:
        case InstrumentKind::put:
            break;
    }
    return 150'000 * millionths;
}

}  // namespace

Makers::Makers(const Settings& settings) : settings_(settings), quotes_(settings.makers.size()) {}

// ---- What the events tell ----

void Makers::read(std::span<const Unit> event) {
    switch (static_cast<EventType>(view<protocol::EventHeader>(event).type)) {
#define MESSAGE(number, Type, name, sentence) \
    case EventType::name:                     \
        hear(view<protocol::Type>(event));    \
        break;
#include "protocol/events.def"
    }
}

void Makers::hear(const protocol::OrderAccepted& accepted) {
    const auto place = place_of(accepted.account, accepted.instrument, accepted.client_order);
    if (!place) {
        return;
    }
    by_order_[accepted.order] = *place;
    Quote& quote = at(*place);
    quote.order = accepted.order;
    quote.price = accepted.price;
    quote.left = accepted.quantity;
    quote.filled = Lots(0);
}

void Makers::hear(const protocol::OrderRested& rested) {
    if (Quote* quote = find(rested.order)) {
        quote->price = rested.price;
        quote->left = rested.quantity;
    }
}

void Makers::hear(const protocol::OrderAmended& amended) {
    if (Quote* quote = find(amended.order)) {
        quote->price = amended.price;
        quote->left = amended.quantity - amended.filled;
    }
}

void Makers::hear(const protocol::OrderReduced& reduced) {
    if (Quote* quote = find(reduced.order)) {
        quote->left = reduced.quantity;
    }
}

void Makers::hear(const protocol::OrderRemoved& removed) {
    if (removed.reason != RemovalReason::amended) {
        forget(removed.order);
    }
}

void Makers::hear(const protocol::RemainderCanceled& canceled) {
    forget(canceled.order);
}

void Makers::hear(const protocol::Trade& trade) {
    take_trade(trade.maker, trade.quantity, trade.maker_left);
    take_trade(trade.taker, trade.quantity, trade.taker_left);
}

void Makers::hear(const protocol::InstrumentArchived& archived) {
    for (auto& quotes : quotes_) {
        quotes.erase(archived.instrument);
    }
}

std::optional<Makers::Place> Makers::place_of(AccountId account, InstrumentId instrument,
                                              ClientOrderId id) const {
    const auto maker = std::ranges::find(settings_.makers, account);
    if (maker == settings_.makers.end()) {
        return std::nullopt;
    }
    const auto number = static_cast<std::size_t>(maker - settings_.makers.begin());
    const std::uint64_t first = client_order(instrument, 0).value();
    const auto quotes = quotes_[number].find(instrument);
    if (quotes == quotes_[number].end() || id.value() < first ||
        id.value() - first >= quotes->second.size()) {
        return std::nullopt;
    }
    return Place{.maker = number, .instrument = instrument, .at = id.value() - first};
}

Makers::Quote& Makers::at(const Place& place) {
    return quotes_[place.maker].at(place.instrument)[place.at];
}

Makers::Quote* Makers::find(OrderId order) {
    const auto found = by_order_.find(order);
    return found == by_order_.end() ? nullptr : &at(found->second);
}

void Makers::forget(OrderId order) {
    if (Quote* quote = find(order)) {
        quote->order = OrderId();
        quote->filled = Lots(0);
        by_order_.erase(order);
    }
}

void Makers::take_trade(OrderId order, Lots quantity, Lots left) {
    Quote* quote = find(order);
    if (quote == nullptr) {
        return;
    }
    quote->filled += quantity;
    quote->left = left;
    if (left == Lots(0)) {
        forget(order);
    }
}

void Makers::hear(const protocol::Completed& completed) {
    const auto asked = asked_.find(completed.client_sequence);
    if (completed.session != settings_.session || asked == asked_.end()) {
        return;
    }
    const Place place = asked->second;
    asked_.erase(asked);
    if (!quotes_[place.maker].contains(place.instrument)) {
        return;  // archived meanwhile
    }
    Quote& quote = at(place);
    quote.asked = ClientSequence();
    if (completed.reject != Reject::none) {
        const bool is_short = completed.reject == Reject::post_only_would_take ||
                              completed.reject == Reject::unknown_order;
        quote.wait_until = completed.time + (is_short ? short_pause : pause);
    }
}

bool Makers::is_quoted(InstrumentId instrument) const {
    const auto is_there = [&](const auto& of_maker, Side side) {
        const auto found = of_maker.find(instrument);
        if (found == of_maker.end()) {
            return false;
        }
        for (std::size_t at = side == Side::buy ? 0 : 1; at < found->second.size(); at += 2) {
            if (found->second[at].order != OrderId()) {
                return true;
            }
        }
        return false;
    };
    return std::ranges::any_of(quotes_,
                               [&](const auto& each) { return is_there(each, Side::buy); }) &&
           std::ranges::any_of(quotes_,
                               [&](const auto& each) { return is_there(each, Side::sell); });
}

// ---- Quoting ----

bool Makers::introduce(Outbox& outbox) {
    while (introduced_ < settings_.makers.size()) {
        if (!outbox.send(
                protocol::SetSession{.cancel_on_disconnect = 1},
                {.account = settings_.makers[introduced_], .session = settings_.session})) {
            return false;
        }
        ++introduced_;
    }
    return true;
}

// The side that prices move away from goes first, so that nobody's own quotes are in the way.
bool Makers::quote(InstrumentId id, const Instrument& instrument, const Fair& fair,
                   const Market& market, Outbox& outbox, Prng& prng, UnixNanos now) {
    for (std::size_t maker = 0; maker < settings_.makers.size(); ++maker) {
        const std::size_t places = 2 * levels_of(instrument.kind, maker);
        if (places == 0) {
            continue;
        }
        Quotes& quotes = quotes_[maker][id];
        quotes.resize(places);
        const Wish bid =
            wish_for({.maker = maker, .instrument = id, .at = 0}, instrument, fair, market, prng);
        const bool rises = quotes[0].order != OrderId() && bid.price > quotes[0].price;
        for (const Side side : {rises ? Side::sell : Side::buy, rises ? Side::buy : Side::sell}) {
            for (std::size_t at = side == Side::buy ? 0 : 1; at < places; at += 2) {
                const Place place{.maker = maker, .instrument = id, .at = at};
                const Wish wish = wish_for(place, instrument, fair, market, prng);
                if (!follow(place, wish, outbox, now)) {
                    return false;
                }
            }
        }
    }
    return true;
}

// Each level stands as far from the next as the first from what the instrument is worth.
Makers::Wish Makers::wish_for(const Place& place, const Instrument& instrument, const Fair& fair,
                              const Market& market, Prng& prng) const {
    const auto level = static_cast<std::int64_t>(place.at / 2);
    const auto behind = static_cast<std::int64_t>(place.maker);
    const std::int64_t tick = instrument.terms.tick.value();
    const std::int64_t half = std::max(fair.half_spread, tick / 2);
    const std::int64_t away = half * (10 + 10 * level + 4 * behind) / 10;
    const Side side = side_of(place.at);
    const std::int64_t price =
        side == Side::buy ? floor_div(fair.price - away, tick) : ceil_div(fair.price + away, tick);
    const std::int64_t worth = worth_of(instrument.kind) * (level + 1);
    const bool is_possible = instrument.is_trading() && price >= 1 &&
                             Ticks(price) >= instrument.terms.price_low &&
                             Ticks(price) <= instrument.terms.price_high;
    return {.side = side,
            .price = Ticks(price),
            .lots = is_possible ? market.lots_worth(instrument, prng.between(worth / 2, worth))
                                : Lots(0),
            .tolerance = Ticks(half * 7 / 10 / tick)};
}

bool Makers::follow(const Place& place, const Wish& wish, Outbox& outbox, UnixNanos now) {
    Quote& quote = at(place);
    const bool is_there = quote.order != OrderId();
    if (quote.asked != ClientSequence() || now < quote.wait_until ||
        (!is_there && wish.lots == Lots(0))) {
        return true;
    }
    const Ticks off = magnitude(quote.price - wish.price);
    const bool is_near = off <= wish.tolerance && quote.left + quote.left + quote.left >= wish.lots;
    if (is_there && wish.lots != Lots(0) && is_near) {
        return true;
    }
    if (!outbox.has_budget()) {
        return false;
    }
    const std::optional<ClientSequence> number = ask(place, quote, wish, outbox);
    if (number) {
        quote.asked = *number;
        asked_[*number] = place;
    }
    return number.has_value();
}

std::optional<ClientSequence> Makers::ask(const Place& place, const Quote& quote, const Wish& wish,
                                          Outbox& outbox) const {
    const Sender sender{.account = settings_.makers[place.maker], .session = settings_.session};
    if (quote.order == OrderId()) {
        return outbox.send(
            protocol::PlaceOrder{.price = wish.price,
                                 .quantity = wish.lots,
                                 .client_order = client_order(place.instrument, place.at),
                                 .instrument = place.instrument,
                                 .side = wish.side,
                                 .post_only = protocol::PostOnly::reject},
            sender);
    }
    if (wish.lots == Lots(0)) {
        return outbox.send(protocol::CancelOrder{.order = quote.order}, sender);
    }
    return outbox.send(
        protocol::AmendOrder{
            .order = quote.order, .price = wish.price, .quantity = quote.filled + wish.lots},
        sender);
}

}  // namespace miletus::crowd
