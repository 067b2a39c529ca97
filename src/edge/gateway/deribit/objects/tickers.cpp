// A ticker's fields in the order of the table, each written where it is not as it was before.
#include "edge/gateway/deribit/objects/tickers.hpp"

#include "edge/gateway/deribit/objects/books.hpp"
#include "edge/gateway/deribit/objects/words.hpp"

namespace miletus::deribit {

namespace {

using market_data::DayStatistics;
using market_data::ForwardSource;
using market_data::interest_decimals;
using market_data::Level;
using market_data::OptionValues;
using market_data::price_decimals;
using market_data::Ticker;
using market_data::volatility_decimals;

// "SYN.BTC_USDC-25DEC26": a forward that no future stands for.
ShortText<64> underlying_name(const Markets& markets, const Listing& listing,
                              const OptionValues& values) {
    ShortText<64> name;
    const Market* future =
        values.source == ForwardSource::future ? markets.find(values.future) : nullptr;
    if (future != nullptr) {
        name.push(future->instrument().name.view());
        return name;
    }
    if (values.source == ForwardSource::index || listing.underlying == nullptr) {
        name.push("index_price");
        return name;
    }
    name.push("SYN.");
    name.push(listing.underlying->name.view());
    name.push('-');
    name.push(expiry_text(listing.instrument.expiry).view());
    return name;
}

class TickerFields {
  public:
    TickerFields(JsonWriter& writer, const Markets& markets, const Listing& listing,
                 const Ticker& now, const Ticker* before)
        : writer_(writer), markets_(markets), listing_(listing), now_(now), before_(before) {}

    // From the state on: all that a ticker and an order book share.
    void write_all() {
        if (moved([](const Ticker& ticker) { return ticker.state; })) {
            writer_.text("state", book_state_word(now_.state));
        }
        write_day();
        if (moved([](const Ticker& ticker) { return ticker.last; })) {
            write_price("last_price", now_.last);
        }
        if (moved([](const Ticker& ticker) { return ticker.bid; })) {
            write_level("best_bid_price", "best_bid_amount", now_.bid);
        }
        if (moved([](const Ticker& ticker) { return ticker.ask; })) {
            write_level("best_ask_price", "best_ask_amount", now_.ask);
        }
        write_prices();
        write_bounds();
        write_funding();
        write_option();
    }

  private:
    template <class Read>
    [[nodiscard]] bool moved(Read read) const {
        return before_ == nullptr || read(now_) != read(*before_);
    }
    template <class Price>
    void write_price(std::string_view name, const std::optional<Price>& price) {
        if (price.has_value()) {
            writer_.decimal(name, listing_.price_of(*price), price_decimals);
        } else {
            writer_.null(name);
        }
    }
    void write_index(std::string_view name, const std::optional<IndexPrice>& price) {
        writer_.decimal(name, price.value_or(IndexPrice(0)).value(), index_decimals);
    }
    void write_level(std::string_view price, std::string_view amount,
                     const std::optional<Level>& level) {
        if (level.has_value()) {
            writer_.decimal(price, listing_.price_of(level->price), price_decimals);
            writer_.decimal(amount, listing_.amount_of(level->total), listing_.base.decimals);
        } else {
            writer_.null(price);
            writer_.integer(amount, 0);
        }
    }
    void write_day() {
        if (!moved([](const Ticker& ticker) { return ticker.day.high; }) &&
            !moved([](const Ticker& ticker) { return ticker.day.low; }) &&
            !moved([](const Ticker& ticker) { return ticker.day.lots; }) &&
            !moved([](const Ticker& ticker) { return ticker.day.tick_lots; }) &&
            !moved([](const Ticker& ticker) { return ticker.day.price_change; })) {
            return;
        }
        const DayStatistics& day = now_.day;
        writer_.key("stats");
        writer_.begin_object();
        write_price("high", day.high);
        write_price("low", day.low);
        if (day.price_change.has_value()) {
            writer_.decimal("price_change", *day.price_change, market_data::change_decimals);
        } else {
            writer_.null("price_change");
        }
        const int128 cost = market_data::cost_of(listing_.instrument, day.tick_lots);
        writer_.decimal("volume", listing_.amount_of(day.lots), listing_.base.decimals);
        writer_.decimal("volume_usd", cost, listing_.quote.decimals);
        writer_.decimal("volume_notional", cost, listing_.quote.decimals);
        writer_.end_object();
    }
    void write_prices() {
        if (moved([](const Ticker& ticker) { return ticker.mark; })) {
            writer_.decimal("mark_price", listing_.price_of(now_.mark.value_or(Grid(0))),
                            price_decimals);
        }
        if (moved([](const Ticker& ticker) { return ticker.index; })) {
            write_index("index_price", now_.index);
        }
        if (now_.settlement.has_value() &&
            moved([](const Ticker& ticker) { return ticker.settlement; })) {
            write_price("settlement_price", now_.settlement);
        }
        if (moved([](const Ticker& ticker) { return delivery_of(ticker); })) {
            write_index("estimated_delivery_price", delivery_of(now_));
        }
        if (now_.delivery.has_value() &&
            moved([](const Ticker& ticker) { return ticker.delivery; })) {
            write_price("delivery_price", now_.delivery);
        }
    }
    [[nodiscard]] static std::optional<IndexPrice> delivery_of(const Ticker& ticker) {
        return ticker.estimated_delivery.has_value() ? ticker.estimated_delivery : ticker.index;
    }
    // Without a mark there is no collar: what the listing allows bounds an order then.
    [[nodiscard]] market_data::PriceLimits limits_of(const Ticker& ticker) const {
        const protocol::ListingTerms& terms = listing_.instrument.terms;
        return ticker.limits.value_or(
            market_data::PriceLimits{.low = terms.price_low, .high = terms.price_high});
    }
    void write_bounds() {
        if (moved([this](const Ticker& ticker) { return limits_of(ticker).low; })) {
            writer_.decimal("min_price", listing_.price_of(limits_of(now_).low), price_decimals);
        }
        if (moved([this](const Ticker& ticker) { return limits_of(ticker).high; })) {
            writer_.decimal("max_price", listing_.price_of(limits_of(now_).high), price_decimals);
        }
        if (moved([](const Ticker& ticker) { return ticker.open_interest; })) {
            writer_.decimal("open_interest", listing_.amount_of(now_.open_interest),
                            listing_.base.decimals);
        }
    }
    // Calls write(value) where it is there and not as it was.
    template <class Part, class Read, class Write>
    void if_moved(std::optional<Part> Ticker::* part, Read read, Write write) const {
        const std::optional<Part>& now = now_.*part;
        if (!now.has_value()) {
            return;
        }
        if (before_ != nullptr) {
            const std::optional<Part>& before = before_->*part;
            if (before.has_value() && read(*before) == read(*now)) {
                return;
            }
        }
        write(read(*now));
    }
    void write_funding() {
        using market_data::Funding;
        const auto write = [this](std::string_view name) {
            return [this, name](std::int64_t rate) {
                writer_.decimal(name, rate, interest_decimals);
            };
        };
        if_moved(
            &Ticker::funding, [](const Funding& funding) { return funding.current; },
            write("current_funding"));
        if_moved(
            &Ticker::funding, [](const Funding& funding) { return funding.eight_hours; },
            write("funding_8h"));
        if_moved(
            &Ticker::funding, [](const Funding& funding) { return funding.interest; },
            write("interest_value"));
    }
    void write_option() {
        const auto write = [this](std::string_view name, std::uint32_t decimals) {
            return [this, name, decimals](std::int64_t value) {
                writer_.decimal(name, value, decimals);
            };
        };
        if_moved(
            &Ticker::option, [](const OptionValues& values) { return values.bid_vol; },
            write("bid_iv", volatility_decimals));
        if_moved(
            &Ticker::option, [](const OptionValues& values) { return values.ask_vol; },
            write("ask_iv", volatility_decimals));
        if_moved(
            &Ticker::option, [](const OptionValues& values) { return values.mark_vol; },
            write("mark_iv", volatility_decimals));
        if_moved(
            &Ticker::option, [](const OptionValues& values) { return values.forward; },
            write("underlying_price", price_decimals));
        if_moved(
            &Ticker::option, [](const OptionValues& values) { return values.source; },
            [this](ForwardSource) {
                writer_.text("underlying_index",
                             underlying_name(markets_, listing_, *now_.option).view());
            });
        if (now_.option.has_value() && before_ == nullptr) {
            writer_.integer("interest_rate", 0);
        }
        if_moved(
            &Ticker::option, [](const OptionValues& values) { return values.greeks; },
            [this](const market_data::Greeks& greeks) { write_greeks(greeks); });
    }
    void write_greeks(const market_data::Greeks& greeks) {
        constexpr std::uint32_t decimals = market_data::greek_decimals;
        writer_.key("greeks");
        writer_.begin_object();
        writer_.decimal("delta", greeks.delta, decimals);
        writer_.decimal("gamma", greeks.gamma, decimals);
        writer_.decimal("vega", greeks.vega, decimals);
        writer_.decimal("theta", greeks.theta, decimals);
        writer_.decimal("rho", greeks.rho, decimals);
        writer_.end_object();
    }

    JsonWriter& writer_;
    const Markets& markets_;
    const Listing& listing_;
    const Ticker& now_;
    const Ticker* before_;
};

void write_ticker_as(JsonWriter& writer, const Markets& markets, const Market& market,
                     const Ticker& now, const Ticker* before, std::string_view type) {
    const Listing listing = listing_of(markets, market);
    writer.begin_object();
    writer.integer("timestamp", milliseconds(now.time));
    if (!type.empty()) {
        writer.text("type", type);
    }
    writer.text("instrument_name", listing.instrument.name.view());
    TickerFields(writer, markets, listing, now, before).write_all();
    writer.end_object();
}

}  // namespace

void write_ticker(JsonWriter& writer, const Markets& markets, const Market& market) {
    write_ticker_as(writer, markets, market, markets.ticker(market), nullptr, "");
}

void write_ticker_snapshot(JsonWriter& writer, const Markets& markets, const Market& market,
                           const Ticker& now) {
    write_ticker_as(writer, markets, market, now, nullptr, "snapshot");
}

void write_ticker_change(JsonWriter& writer, const Markets& markets, const Market& market,
                         const Ticker& now, const Ticker& before) {
    write_ticker_as(writer, markets, market, now, &before, "change");
}

void write_order_book(JsonWriter& writer, const Markets& markets, const Market& market,
                      std::size_t depth) {
    const Ticker now = markets.ticker(market);
    const Listing listing = listing_of(markets, market);
    writer.begin_object();
    writer.integer("timestamp", milliseconds(now.time));
    writer.text("instrument_name", listing.instrument.name.view());
    writer.integer("change_id", static_cast<std::int64_t>(market.book().change_id().value()));
    write_levels(writer, "bids", listing, market.book().bids(), depth);
    write_levels(writer, "asks", listing, market.book().asks(), depth);
    TickerFields(writer, markets, listing, now, nullptr).write_all();
    writer.end_object();
}

namespace {

// The lower part of a summary: what only perpetuals, or only options, have.
void write_summary_values(JsonWriter& writer, const Markets& markets, const Listing& listing,
                          const Ticker& now) {
    if (now.funding.has_value()) {
        writer.decimal("current_funding", now.funding->current, interest_decimals);
        writer.decimal("funding_8h", now.funding->eight_hours, interest_decimals);
    }
    if (now.option.has_value()) {
        writer.decimal("mark_iv", now.option->mark_vol, volatility_decimals);
        writer.decimal("underlying_price", now.option->forward, price_decimals);
        writer.text("underlying_index", underlying_name(markets, listing, *now.option).view());
        writer.integer("interest_rate", 0);
    }
}

}  // namespace

void write_book_summary(JsonWriter& writer, const Markets& markets, const Market& market) {
    const Ticker now = markets.ticker(market);
    const Listing listing = listing_of(markets, market);
    const auto price = [&](std::string_view name, const std::optional<Ticks>& ticks) {
        if (ticks.has_value()) {
            writer.decimal(name, listing.price_of(*ticks), price_decimals);
        } else {
            writer.null(name);
        }
    };
    writer.begin_object();
    writer.text("instrument_name", listing.instrument.name.view());
    writer.text("base_currency", listing.base.name);
    writer.text("quote_currency", listing.quote.name);
    price("bid_price", now.bid.has_value() ? std::optional(now.bid->price) : std::nullopt);
    price("ask_price", now.ask.has_value() ? std::optional(now.ask->price) : std::nullopt);
    if (now.bid.has_value() && now.ask.has_value()) {
        writer.decimal("mid_price", listing.price_of(now.bid->price + now.ask->price) / 2,
                       price_decimals);
    } else {
        writer.null("mid_price");
    }
    writer.decimal("mark_price", listing.price_of(now.mark.value_or(Grid(0))), price_decimals);
    price("last", now.last);
    price("high", now.day.high);
    price("low", now.day.low);
    const int128 cost = market_data::cost_of(listing.instrument, now.day.tick_lots);
    writer.decimal("volume", listing.amount_of(now.day.lots), listing.base.decimals);
    writer.decimal("volume_usd", cost, listing.quote.decimals);
    writer.decimal("volume_notional", cost, listing.quote.decimals);
    if (now.day.price_change.has_value()) {
        writer.decimal("price_change", *now.day.price_change, market_data::change_decimals);
    } else {
        writer.null("price_change");
    }
    writer.decimal("open_interest", listing.amount_of(now.open_interest), listing.base.decimals);
    writer.integer("creation_timestamp", milliseconds(now.time));
    const std::optional<IndexPrice> delivery =
        now.estimated_delivery.has_value() ? now.estimated_delivery : now.index;
    writer.decimal("estimated_delivery_price", delivery.value_or(IndexPrice(0)).value(),
                   index_decimals);
    write_summary_values(writer, markets, listing, now);
    writer.end_object();
}

void write_quote(JsonWriter& writer, const Markets& markets, const Market& market) {
    const Listing listing = listing_of(markets, market);
    const auto level = [&](std::string_view price, std::string_view amount,
                           const std::optional<Level>& best) {
        if (best.has_value()) {
            writer.decimal(price, listing.price_of(best->price), price_decimals);
            writer.decimal(amount, listing.amount_of(best->total), listing.base.decimals);
        } else {
            writer.null(price);
            writer.integer(amount, 0);
        }
    };
    writer.begin_object();
    writer.integer("timestamp", milliseconds(market.book().time()));
    writer.text("instrument_name", listing.instrument.name.view());
    level("best_bid_price", "best_bid_amount", market.book().bids().best());
    level("best_ask_price", "best_ask_amount", market.book().asks().best());
    writer.end_object();
}

void write_funding_now(JsonWriter& writer, const Markets& markets, const Market& market) {
    const Listing listing = listing_of(markets, market);
    writer.begin_object();
    writer.integer("timestamp", milliseconds(markets.now()));
    writer.decimal("interest", market.funding().current(), interest_decimals);
    writer.decimal("index_price", listing.index().value_or(IndexPrice(0)).value(), index_decimals);
    writer.end_object();
}

void write_option_marks(JsonWriter& writer, const Markets& markets, UnderlyingId underlying) {
    writer.begin_array();
    markets.visit_listed([&](const Market& market) {
        const market_data::Instrument& instrument = market.instrument();
        if (instrument.underlying != underlying || !instrument.is_option() ||
            !instrument.is_alive() || !market.state().mark.has_value()) {
            return;
        }
        const Listing listing = listing_of(markets, market);
        const std::optional<OptionValues> values = markets.option_values(market);
        writer.begin_object();
        writer.text("instrument_name", instrument.name.view());
        writer.decimal("mark_price", listing.price_of(*market.state().mark), price_decimals);
        // A fraction here, where tickers have percents.
        writer.decimal("iv", values.has_value() ? values->mark_vol : 0, volatility_decimals + 2);
        writer.integer("timestamp", milliseconds(markets.now()));
        writer.end_object();
    });
    writer.end_array();
}

bool is_other_ticker(const Ticker& now, const Ticker& before) {
    const auto funding = [](const Ticker& ticker) {
        return ticker.funding.value_or(market_data::Funding{});
    };
    const auto option = [](const Ticker& ticker) {
        return ticker.option.value_or(OptionValues{});
    };
    const auto limits = [](const Ticker& ticker) {
        return ticker.limits.value_or(market_data::PriceLimits{});
    };
    return now.state != before.state || now.bid != before.bid || now.ask != before.ask ||
           now.last != before.last || now.mark != before.mark || now.index != before.index ||
           now.settlement != before.settlement || now.delivery != before.delivery ||
           now.estimated_delivery != before.estimated_delivery ||
           limits(now).low != limits(before).low || limits(now).high != limits(before).high ||
           now.open_interest != before.open_interest || now.day.high != before.day.high ||
           now.day.low != before.day.low || now.day.lots != before.day.lots ||
           now.day.tick_lots != before.day.tick_lots ||
           now.day.price_change != before.day.price_change ||
           funding(now).current != funding(before).current ||
           funding(now).eight_hours != funding(before).eight_hours ||
           funding(now).interest != funding(before).interest ||
           option(now).forward != option(before).forward ||
           option(now).source != option(before).source ||
           option(now).mark_vol != option(before).mark_vol ||
           option(now).bid_vol != option(before).bid_vol ||
           option(now).ask_vol != option(before).ask_vol ||
           option(now).greeks != option(before).greeks;
}

}  // namespace miletus::deribit
