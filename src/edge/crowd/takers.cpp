// Who, what, which side, how much: all drawn.
#include "edge/crowd/takers.hpp"

#include <algorithm>
#include <vector>

namespace miletus::crowd {

using protocol::EventType;
using protocol::InstrumentKind;
using protocol::Side;
using protocol::view;

namespace {

constexpr std::int64_t millionths = 1'000'000;
constexpr std::int64_t least_worth = 100 * millionths;
constexpr int doublings_max = 8;
constexpr std::int64_t position_worth_max = 300'000 * millionths;

InstrumentKind drawn_kind(Prng& prng) {
    const std::uint64_t draw = prng.below(10);
    if (draw < 6) {
        return InstrumentKind::perpetual;
    }
    if (draw < 8) {
        return InstrumentKind::future;
    }
    return draw == 8 ? InstrumentKind::call : InstrumentKind::put;
}

}  // namespace

void Takers::read(std::span<const Unit> event) {
    const auto type = static_cast<EventType>(view<protocol::EventHeader>(event).type);
    if (type == EventType::position_changed) {
        const auto& changed = view<protocol::PositionChanged>(event);
        if (std::ranges::find(settings_.takers, changed.account) != settings_.takers.end()) {
            positions_[{changed.account, changed.instrument}] = changed.lots;
        }
    } else if (type == EventType::instrument_archived) {
        const InstrumentId gone = view<protocol::InstrumentArchived>(event).instrument;
        std::erase_if(positions_, [gone](const auto& held) { return held.first.second == gone; });
    }
}

bool Takers::do_work(const Market& market, Outbox& outbox, Prng& prng, UnixNanos now) {
    if (now < due_ || settings_.takers.empty() || !outbox.has_budget()) {
        return false;
    }
    const std::int64_t interval = settings_.taker_interval.value();
    due_ = now + Nanos(prng.between(interval / 4, 2 * interval - interval / 4));
    const AccountId account = settings_.takers[prng.below(settings_.takers.size())];
    const auto* chosen = choose(market, prng);
    if (chosen == nullptr) {
        return false;
    }
    const auto& [id, instrument] = *chosen;
    const std::int64_t worth = least_worth * prng.between(10, 19) / 10
                               << prng.between(0, doublings_max);
    const Lots lots = market.lots_worth(instrument, worth);
    const Lots most = market.lots_worth(instrument, position_worth_max);
    return outbox
        .send(protocol::PlaceOrder{.quantity = lots,
                                   .instrument = id,
                                   .side = side_for(account, id, most, prng),
                                   .order_type = protocol::OrderType::market,
                                   .time_in_force = protocol::TimeInForce::immediate_or_cancel},
              {.account = account, .session = settings_.session})
        .has_value();
}

// Of the kind that was drawn, where something of it trades.
const std::pair<const InstrumentId, Instrument>* Takers::choose(const Market& market, Prng& prng) {
    const InstrumentKind kind = drawn_kind(prng);
    std::vector<const std::pair<const InstrumentId, Instrument>*> trading;
    for (const auto& entry : market.instruments()) {
        if (entry.second.kind == kind && entry.second.is_trading()) {
            trading.push_back(&entry);
        }
    }
    return trading.empty() ? nullptr : trading[prng.below(trading.size())];
}

Side Takers::side_for(AccountId account, InstrumentId instrument, Lots most, Prng& prng) const {
    const bool buys = prng.one_in(2);
    const auto held = positions_.find({account, instrument});
    if (held != positions_.end() && magnitude(held->second) >= most) {
        return held->second > Lots(0) ? Side::sell : Side::buy;
    }
    return buys ? Side::buy : Side::sell;
}

}  // namespace miletus::crowd
