// What is asked of the fold.
#include "base/division.hpp"
#include "edge/market_data/markets.hpp"

#include <algorithm>
#include <array>

namespace miletus::market_data {

using protocol::InstrumentKind;
using protocol::Side;

namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t half_hour = 1800 * second;
constexpr std::int64_t millionths = 1'000'000;

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_same_name(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, lower, lower);
}

}  // namespace

// ---- What exists ----

const Asset* Markets::asset(AssetId asset) const {
    const std::size_t place = asset.value();
    const bool exists = place < assets_.size() && !assets_[place].name.view().empty();
    return exists ? &assets_[place] : nullptr;
}

const Asset* Markets::asset(std::string_view name) const {
    const auto found = std::ranges::find_if(
        assets_, [name](const Asset& asset) { return is_same_name(asset.name.view(), name); });
    return found != assets_.end() && !name.empty() ? &*found : nullptr;
}

const Underlying* Markets::underlying(UnderlyingId underlying) const {
    const std::size_t place = underlying.value();
    const bool exists = place < underlyings_.size() && !underlyings_[place].name.view().empty();
    return exists ? &underlyings_[place] : nullptr;
}

const Underlying* Markets::underlying(std::string_view name) const {
    const auto found = std::ranges::find_if(underlyings_, [name](const Underlying& underlying) {
        return is_same_name(underlying.name.view(), name);
    });
    return found != underlyings_.end() && !name.empty() ? &*found : nullptr;
}

const Market* Markets::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found != by_name_.end() ? markets_[found->second].get() : nullptr;
}

const Market* Markets::find(InstrumentId instrument) const {
    const std::size_t number = instrument.value();
    return number < by_number_.size() ? markets_[by_number_[number]].get() : nullptr;
}

const Market* Markets::find_listing(std::uint64_t listing) const {
    const auto slot = static_cast<std::uint32_t>(listing);
    const Market* market = slot < markets_.size() ? markets_[slot].get() : nullptr;
    return market != nullptr && market->listing() == listing ? market : nullptr;
}

// From one to the next older one of the same number: archived ones are forgotten oldest first.
const Market* Markets::find_at(InstrumentId instrument, UnixNanos time) const {
    const Market* const now = find(instrument);
    for (const Market* market = now; market != nullptr;
         market = find_listing(market->previous_listing())) {
        if (market->instrument().created <= time) {
            return market;
        }
    }
    return now;
}

const Markets::Pair* Markets::pair_of(UnderlyingId underlying) const {
    return underlying.value() < pairs_.size() ? &pairs_[underlying.value()] : nullptr;
}

bool Markets::is_selected(const Instrument& instrument, const Selection& selection) const {
    if (!(instrument.is_option() ? selection.options : selection.futures)) {
        return false;
    }
    const Underlying* underlying = this->underlying(instrument.underlying);
    if (underlying == nullptr) {
        return false;
    }
    return underlying->underlying == selection.underlying.value_or(underlying->underlying) &&
           underlying->base == selection.base.value_or(underlying->base) &&
           underlying->quote == selection.quote.value_or(underlying->quote);
}

Fees Markets::fees_of(const Instrument& instrument) const {
    const Pair* pair = pair_of(instrument.underlying);
    const Parameters parameters = pair != nullptr ? pair->parameters : Parameters();
    if (instrument.is_option()) {
        return {.maker = Rate(parameters.option_fee),
                .taker = Rate(parameters.option_fee),
                .cap = Rate(parameters.option_fee_cap)};
    }
    return {.maker = Rate(parameters.maker_fee), .taker = Rate(parameters.taker_fee)};
}

// ---- Tickers ----

Ticker Markets::ticker(const Market& market) const {
    const Instrument& instrument = market.instrument();
    const MarketState& state = market.state();
    const Underlying* underlying = this->underlying(instrument.underlying);
    Ticker ticker{.time = now_,
                  .instrument = instrument.instrument,
                  .state = instrument.state,
                  .bid = market.book().bids().best(),
                  .ask = market.book().asks().best(),
                  .last = state.last,
                  .mark = state.mark,
                  .index = underlying != nullptr ? underlying->index : std::nullopt,
                  .settlement = state.settlement,
                  .delivery = state.delivery,
                  .limits = limits_of(market),
                  .open_interest = state.open_interest,
                  .day = day_of(market),
                  .option = option_values(market)};
    if (const auto estimated = estimated_delivery(instrument.underlying, instrument.expiry)) {
        ticker.estimated_delivery = estimated->price;
    }
    if (instrument.is_perpetual()) {
        ticker.funding = Funding{
            .current = market.funding().current(),
            .eight_hours = market.funding().interest_between(now_ + Nanos(-16 * half_hour), now_),
            .interest = market.funding().interest_between(UnixNanos(0), now_)};
    }
    return ticker;
}

DayStatistics Markets::day_of(const Market& market) const {
    const Candles::Day& day = market.candles().day(now_);
    if (!day.traded.has_value()) {
        return {};
    }
    const Candle& traded = *day.traded;
    const Ticks before = day.before.value_or(traded.open);
    return {.high = traded.high,
            .low = traded.low,
            .lots = traded.lots,
            .tick_lots = traded.tick_lots,
            .price_change = relative_change(before.value(), traded.close.value())};
}

// As the engine reckons it: a share of what a lot of the index is worth, rounded down, away from
// what a lot is worth at its mark; the tick that holds the end; and what a price may be at all.
std::optional<PriceLimits> Markets::limits_of(const Market& market) const {
    const Instrument& instrument = market.instrument();
    const Underlying* underlying = this->underlying(instrument.underlying);
    const Pair* pair = pair_of(instrument.underlying);
    const std::optional<Grid> mark = market.state().mark;
    const std::int64_t tick = instrument.tick_value.value();
    if (!mark.has_value() || underlying == nullptr || !underlying->index.has_value() ||
        pair == nullptr || tick <= 0 || instrument.terms.tick <= IndexPrice(0)) {
        return std::nullopt;
    }
    const int128 index = int128{underlying->index->value()} * tick / instrument.terms.tick.value();
    const int128 width = index * pair->parameters.collar_of(instrument.kind) / millionths;
    const int128 value = int128{mark->value()} * tick / 10;
    Ticks low = std::max(Ticks(floor_div(value - width, int128{tick})), instrument.terms.price_low);
    Ticks high =
        std::min(Ticks(-floor_div(-(value + width), int128{tick})), instrument.terms.price_high);
    if (instrument.band.has_value()) {
        low = std::max(low, instrument.band->low);
        high = std::min(high, instrument.band->high);
    }
    return PriceLimits{.low = instrument.rounded_up(low), .high = instrument.rounded_down(high)};
}

// ---- Options ----

std::optional<Grid> Markets::mark_of(std::uint32_t slot) const {
    return slot != 0 && markets_[slot] != nullptr ? markets_[slot]->state().mark : std::nullopt;
}

// strike + call - put.
std::optional<int128> Markets::parity_at(const Strike& strike) const {
    const std::optional<Grid> call = mark_of(strike.call);
    const std::optional<Grid> put = mark_of(strike.put);
    if (!call.has_value() || !put.has_value()) {
        return std::nullopt;
    }
    return int128{strike.strike.value()} * 10 +
           price_of(markets_[strike.call]->instrument(), *call) -
           price_of(markets_[strike.put]->instrument(), *put);
}

// Of the strike nearest the index where both have a mark; of two as near, the lower one.
std::optional<int128> Markets::parity_of(const Expiry& expiry, IndexPrice index) const {
    const auto middle = std::ranges::lower_bound(expiry.strikes, index, {}, &Strike::strike);
    auto above = middle;
    auto below = middle;
    while (above != expiry.strikes.end() || below != expiry.strikes.begin()) {
        const bool is_below =
            below != expiry.strikes.begin() &&
            (above == expiry.strikes.end() || index - (below - 1)->strike <= above->strike - index);
        const Strike& strike = is_below ? *--below : *above++;
        if (const std::optional<int128> forward = parity_at(strike)) {
            return forward;
        }
    }
    return std::nullopt;
}

std::optional<Forward> Markets::forward_of(UnderlyingId underlying, UnixNanos expiry) const {
    const Underlying* known = this->underlying(underlying);
    if (known == nullptr || !known->index.has_value()) {
        return std::nullopt;
    }
    const Expiry* all = pairs_[underlying.value()].expiries.find(expiry);
    if (const std::optional<Grid> mark = all != nullptr ? mark_of(all->future) : std::nullopt) {
        const Instrument& future = markets_[all->future]->instrument();
        if (const auto price = narrow(price_of(future, *mark))) {
            return Forward{
                .price = *price, .source = ForwardSource::future, .future = future.instrument};
        }
    }
    const std::optional<int128> parity =
        all != nullptr ? parity_of(*all, *known->index) : std::nullopt;
    const std::optional<std::int64_t> price = parity.has_value() ? narrow(*parity) : std::nullopt;
    if (price.has_value() && *price > 0) {
        return Forward{.price = *price, .source = ForwardSource::parity, .future = {}};
    }
    const std::optional<std::int64_t> index = narrow(int128{known->index->value()} * 10);
    return index.has_value() ? std::optional(Forward{
                                   .price = *index, .source = ForwardSource::index, .future = {}})
                             : std::nullopt;
}

std::optional<OptionValues> Markets::option_values(const Market& market) const {
    const Instrument& option = market.instrument();
    if (!option.is_option() || !market.state().mark.has_value()) {
        return std::nullopt;
    }
    const std::optional<Forward> forward = forward_of(option.underlying, option.expiry);
    if (!forward.has_value()) {
        return std::nullopt;
    }
    const auto price = [](const std::optional<Level>& level) {
        return level.has_value() ? std::optional(level->price) : std::nullopt;
    };
    const OptionInputs inputs{.forward = *forward,
                              .mark = market.state().mark,
                              .bid = price(market.book().bids().best()),
                              .ask = price(market.book().asks().best()),
                              .minute = start_of(now_, Resolution::one)};
    if (inputs != market.values_.inputs) {
        market.values_ = {.inputs = inputs, .values = values_of(option, inputs)};
    }
    return market.values_.values;
}

std::optional<std::int64_t> Markets::volatility_of(const TradeRecord& trade) const {
    const Market* market = find_listing(trade.listing);
    if (market == nullptr || !market->instrument().is_option() || !trade.forward.has_value()) {
        return std::nullopt;
    }
    return implied_volatility(market->instrument(), *trade.forward, trade.price, trade.time);
}

// ---- Trades ----

TradePage Markets::trades(const Market& market, const TradeQuery& query) const {
    const Window<TradeRecord>& all = market.trades();
    const auto before = [&all](auto bound, auto key) {
        return all.first_not([&](const TradeRecord& trade) { return key(trade) < bound; });
    };
    const auto upto = [&all](auto bound, auto key) {
        return all.first_not([&](const TradeRecord& trade) { return key(trade) <= bound; });
    };
    const auto number = [](const TradeRecord& trade) {
        return trade.number.value();
    };
    const auto id = [](const TradeRecord& trade) {
        return trade.id();
    };
    const auto time = [](const TradeRecord& trade) {
        return trade.time;
    };
    const std::size_t first = std::max({before(query.first_number.value_or(0), number),
                                        before(query.first_id.value_or(0), id),
                                        query.start ? before(*query.start, time) : 0});
    const std::size_t last =
        std::min({query.last_number ? upto(*query.last_number, number) : all.size(),
                  query.last_id ? upto(*query.last_id, id) : all.size(),
                  query.end ? upto(*query.end, time) : all.size()});
    TradePage page;
    const std::size_t found = first < last ? last - first : 0;
    const std::size_t count = std::min<std::size_t>(found, query.count);
    for (std::size_t at = 0; at != count; ++at) {
        page.trades.push_back(
            all[query.sorting == Sorting::oldest_first ? first + at : last - 1 - at]);
    }
    page.has_more = found > count;
    return page;
}

// None where its instrument is forgotten, or keeps it no longer.
const TradeRecord* Markets::record_at(const TradePlace& place) const {
    const Market* market = find_listing(place.listing);
    if (market == nullptr || market->trades().is_empty()) {
        return nullptr;
    }
    const std::uint64_t oldest = market->trades()[0].number.value();
    const bool is_kept = place.number >= oldest && place.number - oldest < market->trades().size();
    return is_kept ? &market->trades()[place.number - oldest] : nullptr;
}

std::vector<std::array<bool, 2>> Markets::selected(const Selection& selection) const {
    std::vector<std::array<bool, 2>> all;
    for (const Underlying& underlying : underlyings_) {
        Instrument instrument;
        instrument.underlying = underlying.underlying;
        instrument.kind = InstrumentKind::future;
        const bool futures = is_selected(instrument, selection);
        instrument.kind = InstrumentKind::call;
        all.push_back({futures, is_selected(instrument, selection)});
    }
    return all;
}

TradePage Markets::trades(const Selection& selection, const TradeQuery& query) const {
    const std::uint64_t first_id = query.first_id.value_or(0);
    const UnixNanos start = query.start.value_or(UnixNanos(0));
    const std::size_t first = trades_.first_not(
        [&](const TradePlace& place) { return place.id < first_id || place.time < start; });
    const std::size_t last = trades_.first_not([&](const TradePlace& place) {
        return (!query.last_id || place.id <= *query.last_id) &&
               (!query.end || place.time <= *query.end);
    });
    const auto wanted = selected(selection);
    TradePage page;
    for (std::size_t step = first; step < last; ++step) {
        const std::size_t at =
            query.sorting == Sorting::oldest_first ? step : last - 1 - (step - first);
        const TradePlace& place = trades_[at];
        const std::size_t underlying = place.underlying.value();
        const TradeRecord* const trade =
            wanted[underlying][place.is_option ? 1 : 0] ? record_at(place) : nullptr;
        if (trade == nullptr) {
            continue;
        }
        if (page.trades.size() == query.count) {
            page.has_more = true;
            break;
        }
        page.trades.push_back(*trade);
    }
    return page;
}

// ---- Indices ----

const IndexHistory* Markets::index_history(UnderlyingId underlying) const {
    const Pair* pair = pair_of(underlying);
    return pair != nullptr ? &pair->history : nullptr;
}

std::optional<IndexStatistics> Markets::index_statistics(UnderlyingId underlying) const {
    const Pair* pair = pair_of(underlying);
    return pair != nullptr ? pair->history.statistics(now_) : std::nullopt;
}

std::optional<EstimatedDelivery> Markets::estimated_delivery(UnderlyingId underlying) const {
    const Pair* pair = pair_of(underlying);
    if (pair == nullptr) {
        return std::nullopt;
    }
    const auto& all = pair->expiries.all();
    const auto next =
        std::ranges::find_if(all, [this](const Expiry& expiry) { return expiry.expiry > now_; });
    return estimated_delivery(underlying, next != all.end() ? next->expiry : UnixNanos(0));
}

std::optional<EstimatedDelivery> Markets::estimated_delivery(UnderlyingId underlying,
                                                             UnixNanos expiry) const {
    const Underlying* known = this->underlying(underlying);
    if (known == nullptr || !known->index.has_value()) {
        return std::nullopt;
    }
    EstimatedDelivery estimated{.price = *known->index, .expiry = expiry};
    if (expiry == UnixNanos(0)) {
        return estimated;
    }
    estimated.seconds = std::max((expiry - now_).value() / second, std::int64_t{0});
    const UnixNanos start = expiry + Nanos(-half_hour);
    const UnixNanos end = std::min(now_, expiry);
    const Pair& pair = pairs_[underlying.value()];
    const Expiry* window = pair.expiries.find(expiry);
    if (window == nullptr || end <= start) {
        return estimated;
    }
    const int128 begun = window->integral.value_or(pair.history.integral_at(start));
    const int128 mean = (pair.history.integral_at(end) - begun) / (end - start).value();
    estimated.price = IndexPrice(narrow(mean).value_or(estimated.price.value()));
    estimated.is_estimated = true;
    return estimated;
}

}  // namespace miletus::market_data
