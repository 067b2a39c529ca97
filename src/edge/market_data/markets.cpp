// One event at a time.
#include "edge/market_data/markets.hpp"

#include "protocol/codec.hpp"
#include "protocol/tick_value.hpp"

#include <algorithm>
#include <utility>

namespace miletus::market_data {

using protocol::EventType;
using protocol::InstrumentKind;
using protocol::InstrumentState;
using protocol::Side;
using protocol::view;

namespace {

// What a command changed of a market.
constexpr std::uint32_t of_book = 1;
constexpr std::uint32_t of_ticker = 2;
constexpr std::uint32_t of_mark = 4;
constexpr std::uint32_t of_funding = 8;
constexpr std::uint32_t of_birth = 16;

constexpr Nanos half_hour{1'800'000'000'000};

TickDirection direction_of(Ticks price, std::optional<Ticks> last, TickDirection before) {
    if (!last.has_value()) {
        return TickDirection::zero_plus;
    }
    if (price != *last) {
        return price > *last ? TickDirection::plus : TickDirection::minus;
    }
    const bool was_up = before == TickDirection::plus || before == TickDirection::zero_plus;
    return was_up ? TickDirection::zero_plus : TickDirection::zero_minus;
}

}  // namespace

Market::Market(const Rooms& rooms, std::uint64_t listing)
    : candles_(rooms.candles),
      trades_(rooms.trades_of_instrument),
      funding_(rooms.funding_points),
      listing_(listing) {}

Markets::Markets(const Rooms& rooms)
    : rooms_(rooms),
      markets_(1),
      archived_(rooms.archived),
      trades_(rooms.trades),
      settlements_(rooms.settlements),
      delivery_prices_(rooms.delivery_prices) {}

// What stands comes without an end of its command: the next command's first event is its end.
void Markets::read(std::span<const Unit> event) {
    const auto& header = view<protocol::EventHeader>(event);
    if (!is_reading_) {
        changes_.clear();
        is_reading_ = true;
    } else if (header.sequence != sequence_) {
        stand();
        is_reading_ = true;
    }
    sequence_ = header.sequence;
    if (static_cast<EventType>(header.type) == EventType::instrument_listed) {
        list(view<protocol::InstrumentListed>(event),
             protocol::group<protocol::InstrumentListed>(event));
        return;
    }
    switch (static_cast<EventType>(header.type)) {
#define MESSAGE(number, Type, name, sentence) \
    case EventType::name:                     \
        hear(view<protocol::Type>(event));    \
        break;
#include "protocol/events.def"
    }
}

void Markets::stand() {
    finish(sequence_, now_);
    changes_.clear();
}

void Markets::hear(const protocol::Completed& completed) {
    finish(completed.header.sequence, completed.time);
    for (const SettlementRecord& settlement : changes_.settlements) {
        settlements_.push(settlement);
    }
}

// ---- The end of a command ----

Market* Markets::touch(InstrumentId instrument, std::uint32_t how) {
    if (instrument.value() >= by_number_.size() || by_number_[instrument.value()] == 0) {
        return nullptr;
    }
    const std::uint32_t slot = by_number_[instrument.value()];
    Market& market = *markets_[slot];
    if (market.changed_ == 0) {
        touched_.push_back(slot);
        market.bid_ = market.book_.bids().best();
        market.ask_ = market.book_.asks().best();
    }
    market.changed_ |= how;
    return &market;
}

void Markets::finish(Sequence sequence, UnixNanos time) {
    sequence_ = sequence;
    now_ = std::max(now_, time);
    levels_.clear();
    level_ends_.clear();
    for (const std::uint32_t slot : touched_) {
        if (markets_[slot] != nullptr) {
            finish(*markets_[slot]);
        }
    }
    // Now that levels do not move any more.
    std::size_t start = 0;
    for (std::size_t at = 0; at != level_ends_.size(); ++at) {
        const std::size_t count = level_ends_[at] - start;
        changes_.books[at].levels = std::span(levels_).subspan(start, count);
        start = level_ends_[at];
    }
    for (LifeChange& life : changes_.lives) {
        life.time = now_;
    }
    touched_.clear();
    liquidated_.reset();
    changes_.sequence = sequence;
    changes_.time = now_;
    is_reading_ = false;
}

void Markets::finish(Market& market) {
    const InstrumentId instrument = market.instrument_.instrument;
    const std::uint32_t changed = std::exchange(market.changed_, 0);
    const Sequence previous = market.book_.change_id();
    if ((changed & of_book) != 0 && market.book_.complete(sequence_, now_, levels_)) {
        changes_.books.push_back({.instrument = instrument,
                                  .previous = previous,
                                  .change = sequence_,
                                  .time = now_,
                                  .levels = {}});
        level_ends_.push_back(levels_.size());
    }
    const bool is_other_quote =
        market.bid_ != market.book_.bids().best() || market.ask_ != market.book_.asks().best();
    if (is_other_quote) {
        changes_.quotes.push_back(instrument);
    }
    if (is_other_quote || (changed & ~of_book) != 0) {
        changes_.tickers.push_back(instrument);
    }
    if ((changed & of_mark) != 0) {
        changes_.marks.push_back(instrument);
    }
    if ((changed & of_funding) != 0) {
        const Underlying* underlying = this->underlying(market.instrument_.underlying);
        ASSERT(underlying != nullptr);
        market.funding_.add(now_, market.funding_rate_, underlying->index);
        changes_.funding.push_back(instrument);
    }
    if ((changed & of_birth) != 0) {
        market.instrument_.created = now_;
    }
}

// ---- What exists ----

void Markets::hear(const protocol::AssetAdded& added) {
    const std::size_t place = added.asset.value();
    if (place >= assets_.size()) {
        assets_.resize(place + 1);
    }
    assets_[place] = {.name = added.name, .asset = added.asset, .decimals = added.decimals};
}

void Markets::hear(const protocol::UnderlyingAdded& added) {
    const std::size_t place = added.underlying.value();
    while (place >= underlyings_.size()) {
        underlyings_.emplace_back();
        pairs_.push_back({.history = IndexHistory(rooms_.index_minutes, rooms_.index_hours),
                          .expiries = {},
                          .parameters = {}});
    }
    underlyings_[place] = {.name = added.name,
                           .underlying = added.underlying,
                           .base = added.base,
                           .quote = added.quote};
}

void Markets::list(const protocol::InstrumentListed& listed,
                   std::span<const protocol::TickStep> steps) {
    const Underlying* underlying = this->underlying(listed.underlying);
    const Asset* base = underlying == nullptr ? nullptr : asset(underlying->base);
    const Asset* quote = underlying == nullptr ? nullptr : asset(underlying->quote);
    if (base == nullptr || quote == nullptr) {
        return;
    }
    std::uint32_t slot = 0;
    if (free_.empty()) {
        slot = static_cast<std::uint32_t>(markets_.size());
        markets_.emplace_back();
    } else {
        slot = free_.back();
        free_.pop_back();
    }
    ++listings_;
    markets_[slot] = std::make_unique<Market>(rooms_, (std::uint64_t{listings_} << 32U) | slot);
    Instrument& instrument = markets_[slot]->instrument_;
    instrument.instrument = listed.instrument;
    instrument.name = listed.name;
    instrument.underlying = listed.underlying;
    instrument.kind = listed.kind;
    instrument.expiry = listed.expiry;
    instrument.strike = listed.strike;
    instrument.terms = listed.terms;
    instrument.step_count =
        static_cast<std::uint32_t>(std::min(steps.size(), instrument.steps.size()));
    std::ranges::copy(steps.first(instrument.step_count), instrument.steps.begin());
    instrument.tick_value = protocol::tick_value_of(listed.terms, base->decimals, quote->decimals)
                                .value_or(LotValue(0));

    const std::size_t number = listed.instrument.value();
    if (number >= by_number_.size()) {
        by_number_.resize(number + 1);
    }
    const std::uint32_t previous = std::exchange(by_number_[number], slot);
    markets_[slot]->previous_listing_ = previous == 0 ? 0 : markets_[previous]->listing();
    by_name_.insert_or_assign(std::string(listed.name.view()), slot);
    if (!instrument.is_perpetual()) {
        pairs_[listed.underlying.value()].expiries.add(instrument, slot);
    }
    static_cast<void>(touch(listed.instrument, of_birth | of_ticker));
    add_life(*markets_[slot], LifeStep::created);
}

void Markets::add_life(const Market& market, LifeStep step) {
    const Instrument& instrument = market.instrument();
    changes_.lives.push_back({.instrument = instrument.instrument,
                              .name = instrument.name,
                              .underlying = instrument.underlying,
                              .kind = instrument.kind,
                              .step = step,
                              .time = {}});
}

void Markets::hear(const protocol::InstrumentStateChanged& changed) {
    Market* market = touch(changed.instrument, of_ticker);
    if (market == nullptr) {
        return;
    }
    Instrument& instrument = market->instrument_;
    const InstrumentState before = std::exchange(instrument.state, changed.state);
    if (before == InstrumentState::pre_open && changed.state == InstrumentState::open) {
        add_life(*market, LifeStep::started);
    } else if (changed.state == InstrumentState::settling) {
        add_life(*market, LifeStep::settled);
    } else if (changed.state == InstrumentState::settled) {
        add_life(*market, LifeStep::closed);
        pairs_[instrument.underlying.value()].expiries.remove(instrument);
    }
}

void Markets::hear(const protocol::InstrumentArchived& archived) {
    Market* market = touch(archived.instrument, of_ticker);
    if (market == nullptr || market->instrument_.state == archived_state) {
        return;
    }
    market->instrument_.state = archived_state;
    pairs_[market->instrument_.underlying.value()].expiries.remove(market->instrument_);
    add_life(*market, LifeStep::terminated);
    if (archived_.is_full()) {
        forget(archived_[0]);
    }
    archived_.push(market->listing());
}

// Never one that this command touched: it was archived by an earlier one.
void Markets::forget(std::uint64_t listing) {
    const auto slot = static_cast<std::uint32_t>(listing);
    const Instrument& instrument = markets_[slot]->instrument();
    const auto named = by_name_.find(instrument.name.view());
    if (named != by_name_.end() && named->second == slot) {
        by_name_.erase(named);
    }
    std::uint32_t& numbered = by_number_[instrument.instrument.value()];
    numbered = numbered == slot ? 0 : numbered;
    markets_[slot].reset();
    free_.push_back(slot);
}

void Markets::hear(const protocol::BandChanged& changed) {
    if (Market* market = touch(changed.instrument, of_ticker)) {
        market->instrument_.band = Band{.low = changed.low, .high = changed.high};
    }
}

void Markets::hear(const protocol::ParameterChanged& changed) {
    if (changed.underlying.value() < pairs_.size()) {
        pairs_[changed.underlying.value()].parameters.set(changed.parameter, changed.value);
    }
}

void Markets::hear(const protocol::VenueStateChanged& changed) {
    venue_state_ = changed.state;
    changes_.venue = true;
}

// ---- Prices ----

void Markets::hear(const protocol::IndexChanged& changed) {
    const std::size_t place = changed.underlying.value();
    if (place >= underlyings_.size()) {
        return;
    }
    now_ = std::max(now_, changed.time);
    Underlying& underlying = underlyings_[place];
    underlying.state = changed.state;
    underlying.index_time = changed.time;
    if (changed.state != protocol::IndexState::none) {
        underlying.index = changed.price;
        Pair& pair = pairs_[place];
        for (Expiry& expiry : pair.expiries.all()) {
            const UnixNanos start = expiry.expiry + -half_hour;
            if (!expiry.integral.has_value() && start <= changed.time) {
                expiry.integral = pair.history.integral_at(start);
            }
        }
        pair.history.add(changed.time, changed.price);
    }
    if (std::ranges::find(changes_.indices, changed.underlying) == changes_.indices.end()) {
        changes_.indices.push_back(changed.underlying);
    }
}

void Markets::hear(const protocol::MarkChanged& changed) {
    if (Market* market = touch(changed.instrument, of_mark | of_ticker)) {
        market->state_.mark = changed.mark;
    }
}

void Markets::hear(const protocol::FundingChanged& changed) {
    if (Market* market = touch(changed.instrument, of_funding | of_ticker)) {
        market->funding_rate_ = changed.rate;
    }
}

// ---- Sessions and deliveries ----

// Kept once the command ends: what is told of as standing happened long ago, nobody knows when.
void Markets::add_settlement(const Market& market, SettlementRecord::Kind kind, UnixNanos time,
                             Grid price) {
    const Instrument& instrument = market.instrument();
    const Underlying* underlying = this->underlying(instrument.underlying);
    ASSERT(underlying != nullptr);
    const SettlementRecord record{.kind = kind,
                                  .time = time,
                                  .instrument = instrument.instrument,
                                  .name = instrument.name,
                                  .underlying = instrument.underlying,
                                  .instrument_kind = instrument.kind,
                                  .listing = market.listing(),
                                  .price = price,
                                  .index = underlying->index,
                                  .position = market.state().open_interest};
    changes_.settlements.push_back(record);
}

void Markets::hear(const protocol::DeliveryPriceSet& set) {
    Market* market = touch(set.instrument, of_ticker);
    if (market == nullptr) {
        return;
    }
    market->state_.delivery = set.price;
    const Instrument& instrument = market->instrument_;
    const bool is_early = set.average == IndexPrice(0);
    add_settlement(*market, SettlementRecord::Kind::delivery, is_early ? now_ : instrument.expiry,
                   set.price);
    // All that expires at one moment is delivered at one average, told one after the other.
    constexpr std::size_t near = 64;
    const std::size_t size = delivery_prices_.size();
    for (std::size_t at = size > near ? size - near : 0; at != size; ++at) {
        const DeliveryPrice& known = delivery_prices_[at];
        if (known.underlying == instrument.underlying && known.expiry == instrument.expiry) {
            return;
        }
    }
    if (!is_early) {
        delivery_prices_.push({.underlying = instrument.underlying,
                               .expiry = instrument.expiry,
                               .price = set.average});
    }
}

// Told once all accounts are settled, which takes a few commands: the marks are those of its end.
void Markets::hear(const protocol::SessionSettled& settled) {
    for (const std::uint32_t slot : by_number_) {
        if (slot == 0) {
            continue;
        }
        const Market& known = *markets_[slot];
        const std::optional<Grid> mark = known.state_.mark;
        if (known.instrument_.is_option() || !known.instrument_.is_alive() || !mark.has_value()) {
            continue;
        }
        if (Market* market = touch(known.instrument_.instrument, of_ticker)) {
            market->state_.settlement = mark;
            add_settlement(*market, SettlementRecord::Kind::settlement, settled.end, *mark);
        }
    }
}

void Markets::hear(const protocol::PositionChanged& changed) {
    Market* market = touch(changed.instrument, of_ticker);
    if (market == nullptr) {
        return;
    }
    const Lots before = positions_.set(changed.account, changed.instrument, changed.lots);
    const Lots growth = std::max(changed.lots, Lots(0)) - std::max(before, Lots(0));
    Lots& interest = market->state_.open_interest;
    interest = checked_sum(interest, growth).value_or(interest);
}

// ---- Books and trades ----

void Markets::set_level(InstrumentId instrument, Side side, Ticks price, Lots total) {
    if (Market* market = touch(instrument, of_book)) {
        market->book_.set(side, price, total);
    }
}

void Markets::hear(const protocol::OrderRested& order) {
    set_level(order.instrument, order.side, order.price, order.level_total);
}

void Markets::hear(const protocol::OrderReduced& order) {
    set_level(order.instrument, order.side, order.price, order.level_total);
}

void Markets::hear(const protocol::OrderRemoved& order) {
    set_level(order.instrument, order.side, order.price, order.level_total);
}

// What is traded in the same command goes to the book for it.
void Markets::hear(const protocol::LiquidationStep& step) {
    liquidated_ = step.account;
}

TradeRecord Markets::record_of(const Market& market, const protocol::Trade& trade) const {
    const Instrument& instrument = market.instrument();
    const Underlying* underlying = this->underlying(instrument.underlying);
    ASSERT(underlying != nullptr);
    TradeRecord record{
        .sequence = trade.header.sequence,
        .number = trade.number,
        .time = trade.time,
        .price = trade.price,
        .lots = trade.quantity,
        .index = underlying->index,
        .mark = market.state().mark,
        .listing = market.listing(),
        .ordinal = trade.header.ordinal,
        .instrument = trade.instrument,
        .taker_side = trade.taker_side,
        .tick_direction =
            direction_of(trade.price, market.state().last, market.state().tick_direction),
        .liquidated = liquidated_ == trade.taker_account ? Liquidated::taker : Liquidated::none};
    if (instrument.is_option()) {
        if (const auto forward = forward_of(instrument.underlying, instrument.expiry)) {
            record.forward = forward->price;
        }
    }
    return record;
}

// The level is the maker's.
void Markets::hear(const protocol::Trade& trade) {
    const Side side = trade.taker_side == Side::buy ? Side::sell : Side::buy;
    set_level(trade.instrument, side, trade.price, trade.level_total);
    Market* market = touch(trade.instrument, of_ticker);
    if (market == nullptr) {
        return;
    }
    const TradeRecord record = record_of(*market, trade);
    market->state_.last = trade.price;
    market->state_.tick_direction = record.tick_direction;
    market->candles_.add(trade.time, trade.price, trade.quantity);
    market->trades_.push(record);
    trades_.push({.listing = record.listing,
                  .number = record.number.value(),
                  .id = record.id(),
                  .time = record.time,
                  .underlying = market->instrument().underlying,
                  .is_option = market->instrument().is_option()});
    changes_.trades.push_back(record);
}

}  // namespace miletus::market_data
