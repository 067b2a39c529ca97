// What everybody may read of the past.
#include "edge/gateway/deribit/objects/objects.hpp"
#include "edge/gateway/deribit/objects/pages.hpp"
#include "edge/gateway/deribit/objects/public_answers.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace miletus::deribit {

namespace {

constexpr std::int64_t hour_ns = 3'600'000'000'000;
constexpr std::int64_t day_ns = 24 * hour_ns;

using market_data::IndexPoint;
using market_data::SettlementRecord;
using market_data::TradePage;

// ---- Trades ----

std::optional<std::uint64_t> number_asked(const Call& call, Parameter parameter) {
    const auto number = call.parameters.integer(parameter);
    return number.has_value()
               ? std::optional(static_cast<std::uint64_t>(std::max<std::int64_t>(*number, 0)))
               : std::nullopt;
}

Checked<market_data::TradeQuery> trades_asked(const PublicQuestion& question) {
    const Call& call = question.call;
    const Span span = span_asked(call, UnixNanos(std::numeric_limits<std::int64_t>::max()));
    market_data::TradeQuery query;
    query.count = TRY(count_asked(call));
    query.start = span.start;
    query.end = span.end;
    query.first_number = number_asked(call, Parameter::start_seq);
    query.last_number = number_asked(call, Parameter::end_seq);
    query.first_id = number_in_id(call.parameters.text(Parameter::start_id));
    query.last_id = number_in_id(call.parameters.text(Parameter::end_id));
    query.sorting = is_newest_first(call) ? market_data::Sorting::newest_first
                                          : market_data::Sorting::oldest_first;
    return query;
}

void write_trade_page(JsonWriter& writer, const Markets& markets, const TradePage& page) {
    writer.begin_object();
    writer.key("trades");
    write_public_trades(writer, markets, page.trades);
    writer.boolean("has_more", page.has_more);
    writer.end_object();
}

}  // namespace

Answered answer_trades_by_instrument(const PublicQuestion& question, JsonWriter& writer) {
    const Market* market = TRY(market_asked(question.call, question.markets));
    const auto query = TRY(trades_asked(question));
    write_trade_page(writer, question.markets, question.markets.trades(*market, query));
    return {};
}

Answered answer_trades_by_currency(const PublicQuestion& question, JsonWriter& writer) {
    const auto currency = TRY(currency_asked(question.call, question.markets));
    const auto query = TRY(trades_asked(question));
    const auto selection = selection_of(question.markets, currency, kind_asked(question.call));
    write_trade_page(
        writer, question.markets,
        selection.has_value() ? question.markets.trades(*selection, query) : TradePage{});
    return {};
}

// ---- Candles ----

Answered answer_chart(const PublicQuestion& question, JsonWriter& writer) {
    constexpr std::uint32_t candles_max = 5000;
    const Market* market = TRY(market_asked(question.call, question.markets));
    const auto resolution =
        question.call.parameters.choice<choices::Resolution>(Parameter::resolution);
    const Span span = span_asked(question.call, question.now);
    const std::vector<market_data::Candle> candles = market->candles().between(
        resolution_of(resolution.value_or(choices::Resolution::minutes_1)), span.start,
        std::min(span.end, std::max(question.now, question.markets.now())), candles_max);
    write_chart(writer, question.markets, *market, candles);
    return {};
}

// ---- Funding ----

namespace {

constexpr std::uint32_t funding_hours_max = 744;  // a month

}  // namespace

Answered answer_funding_value(const PublicQuestion& question, JsonWriter& writer) {
    const Market* market = TRY(perpetual_asked(question.call, question.markets));
    const Span span = span_asked(question.call, question.now);
    const std::int64_t interest =
        span.start < span.end ? market->funding().interest_between(span.start, span.end) : 0;
    writer.decimal(interest, market_data::interest_decimals);
    return {};
}

Answered answer_funding_history(const PublicQuestion& question, JsonWriter& writer) {
    const Market* market = TRY(perpetual_asked(question.call, question.markets));
    const Span span = span_asked(question.call, question.now);
    writer.begin_array();
    for (const market_data::FundingHour& hour :
         market->funding().hours_between(span.start, span.end, funding_hours_max)) {
        write_funding_hour(writer, hour);
    }
    writer.end_array();
    return {};
}

Answered answer_funding_chart(const PublicQuestion& question, JsonWriter& writer) {
    const Market* market = TRY(perpetual_asked(question.call, question.markets));
    const auto length = question.call.parameters.choice<choices::FundingLength>(Parameter::length);
    std::int64_t span_ns = 8 * hour_ns;
    if (length == choices::FundingLength::hours_24) {
        span_ns = day_ns;
    } else if (length == choices::FundingLength::months_1) {
        span_ns = 31 * day_ns;
    }
    const UnixNanos now = question.markets.now();
    const market_data::FundingHistory& funding = market->funding();
    writer.begin_object();
    writer.decimal("current_interest", funding.current(), market_data::interest_decimals);
    writer.decimal("interest_8h", funding.interest_between(now + Nanos(-8 * hour_ns), now),
                   market_data::interest_decimals);
    writer.key("data");
    writer.begin_array();
    for (const market_data::FundingHour& hour :
         funding.hours_between(now + Nanos(-span_ns), now, funding_hours_max)) {
        write_funding_point(writer, hour);
    }
    writer.end_array();
    writer.end_object();
    return {};
}

// ---- Settlements and deliveries ----

Answered answer_delivery_prices(const PublicQuestion& question, JsonWriter& writer) {
    const auto* underlying = TRY(index_asked(question.call, question.markets));
    const std::uint32_t count = TRY(count_asked(question.call));
    const std::uint32_t offset = TRY(offset_asked(question.call));
    const auto& all = question.markets.delivery_prices();
    // Calls visit(price), newest first.
    const auto visit_all = [&](auto visit) {
        for (std::size_t at = all.size(); at != 0; --at) {
            if (all[at - 1].underlying == underlying->underlying) {
                visit(all[at - 1]);
            }
        }
    };
    std::int64_t total = 0;
    visit_all([&](const market_data::DeliveryPrice&) { ++total; });
    writer.begin_object();
    writer.integer("records_total", total);
    writer.key("data");
    writer.begin_array();
    std::int64_t found = 0;
    visit_all([&](const market_data::DeliveryPrice& price) {
        if (found >= offset && found - offset < count) {
            writer.begin_object();
            writer.text("date", date_text(price.expiry).view());
            writer.decimal("delivery_price", price.price.value(), index_decimals);
            writer.end_object();
        }
        ++found;
    });
    writer.end_array();
    writer.end_object();
    return {};
}

namespace {

bool is_of_type(const SettlementRecord& settlement,
                const std::optional<choices::SettlementType>& type) {
    if (!type.has_value()) {
        return true;
    }
    switch (*type) {
        case choices::SettlementType::settlement:
            return settlement.kind == SettlementRecord::Kind::settlement;
        case choices::SettlementType::delivery:
            return settlement.kind == SettlementRecord::Kind::delivery;
        case choices::SettlementType::bankruptcy:
            return false;
    }
    return false;
}

// Newest first, of what `is_wanted`.
template <class IsWanted>
Answered answer_settlements(const PublicQuestion& question, JsonWriter& writer,
                            IsWanted is_wanted) {
    const Parameters& parameters = question.call.parameters;
    const auto type = parameters.choice<choices::SettlementType>(Parameter::type);
    const std::uint32_t count = TRY(count_asked(question.call));
    const auto latest = parameters.integer(Parameter::search_start_timestamp);
    Page page(count, page_place(parameters.text(Parameter::continuation)));
    const auto& all = question.markets.settlements();
    writer.begin_object();
    writer.key("settlements");
    writer.begin_array();
    for (std::size_t at = all.size(); at != 0 && !page.is_full(); --at) {
        const SettlementRecord& settlement = all[at - 1];
        const bool is_late = latest.has_value() && milliseconds(settlement.time) > *latest;
        if (!is_late && is_of_type(settlement, type) && is_wanted(settlement) &&
            page.takes(settlement.time)) {
            write_settlement(writer, question.markets, settlement);
        }
    }
    writer.end_array();
    write_continuation(writer, page.next());
    writer.end_object();
    return {};
}

}  // namespace

Answered answer_settlements_by_currency(const PublicQuestion& question, JsonWriter& writer) {
    const auto currency = TRY(currency_asked(question.call, question.markets));
    return answer_settlements(question, writer, [&](const SettlementRecord& settlement) {
        const auto* underlying = question.markets.underlying(settlement.underlying);
        return underlying != nullptr && currency.has(*underlying);
    });
}

Answered answer_settlements_by_instrument(const PublicQuestion& question, JsonWriter& writer) {
    const Market* market = TRY(market_asked(question.call, question.markets));
    return answer_settlements(question, writer, [&](const SettlementRecord& settlement) {
        return settlement.listing == market->listing();
    });
}

// ---- Indexes over time ----

namespace {

void write_point(JsonWriter& writer, const IndexPoint& point) {
    writer.begin_array();
    writer.integer(milliseconds(point.time));
    writer.decimal(point.price.value(), index_decimals);
    writer.end_array();
}

std::int64_t length_of(choices::IndexRange range) {
    switch (range) {
        case choices::IndexRange::hours_1:
            return hour_ns;
        case choices::IndexRange::days_1:
            return day_ns;
        case choices::IndexRange::days_2:
            return 2 * day_ns;
        case choices::IndexRange::months_1:
            return 31 * day_ns;
        case choices::IndexRange::years_1:
        case choices::IndexRange::all:
            return 366 * day_ns;
    }
    return hour_ns;
}

// Logarithms of what followed one another: one less than there are hours.
std::vector<double> steps_of(std::span<const IndexPoint> hours) {
    std::vector<double> steps;
    for (std::size_t at = 1; at < hours.size(); ++at) {
        steps.push_back(std::log(static_cast<double>(hours[at].price.value()) /
                                 static_cast<double>(hours[at - 1].price.value())));
    }
    return steps;
}

// Their deviation, put to a year.
double yearly_volatility(std::span<const double> steps) {
    constexpr double hours_of_year = 24 * 365;
    double sum = 0;
    double squares = 0;
    for (const double step : steps) {
        sum += step;
        squares += step * step;
    }
    const auto count = static_cast<double>(steps.size());
    const double mean = sum / count;
    return std::sqrt(std::max(squares / count - mean * mean, 0.0) * hours_of_year);
}

}  // namespace

Answered answer_index_chart(const PublicQuestion& question, JsonWriter& writer) {
    const auto* underlying = TRY(index_asked(question.call, question.markets));
    const auto range = question.call.parameters.choice<choices::IndexRange>(Parameter::range)
                           .value_or(choices::IndexRange::hours_1);
    const market_data::IndexHistory* history =
        question.markets.index_history(underlying->underlying);
    const UnixNanos now = question.markets.now();
    const UnixNanos start = now + Nanos(-length_of(range));
    writer.begin_array();
    if (history != nullptr) {
        const bool is_short = length_of(range) <= 2 * day_ns;
        for (const IndexPoint& point :
             is_short ? history->minutes_between(start, now) : history->hours_between(start, now)) {
            write_point(writer, point);
        }
    }
    writer.end_array();
    return {};
}

// An hour's value looks fifteen days back, as far as there are hours.
Answered answer_volatility_history(const PublicQuestion& question, JsonWriter& writer) {
    constexpr std::size_t hours_back = 15 * 24;
    const auto currency = TRY(currency_asked(question.call, question.markets));
    std::vector<IndexPoint> hours;
    for (const market_data::Underlying& underlying : question.markets.underlyings()) {
        const auto* history = question.markets.index_history(underlying.underlying);
        if (history != nullptr && !underlying.name.view().empty() &&
            (currency.is_any || currency.asset == underlying.base)) {
            const UnixNanos now = question.markets.now();
            hours = history->hours_between(now + Nanos(-30 * day_ns), now);
            break;
        }
    }
    const std::vector<double> steps = steps_of(hours);
    writer.begin_array();
    const std::size_t first = hours.size() > hours_back ? hours.size() - hours_back : 0;
    for (std::size_t at = std::max<std::size_t>(first, 2); at < hours.size(); ++at) {
        const std::size_t begin = at > hours_back ? at - hours_back : 0;
        writer.begin_array();
        writer.integer(milliseconds(hours[at].time));
        writer.real(100 * yearly_volatility(std::span(steps).subspan(begin, at - begin)), 10);
        writer.end_array();
    }
    writer.end_array();
    return {};
}

// This interface has rows only for the options of a volatility index, and there is no such index.
Answered answer_mark_history(const PublicQuestion& question, JsonWriter& writer) {
    const Market* market = TRY(market_asked(question.call, question.markets));
    writer.begin_array();
    static_cast<void>(market);
    writer.end_array();
    return {};
}

// ---- Volumes ----

namespace {

struct Volumes {
    int128 calls = 0;
    int128 puts = 0;
    int128 futures = 0;

    void add(const market_data::Instrument& instrument, int128 lots) {
        const int128 amount = market_data::amount_of(instrument, lots);
        switch (instrument.kind) {
            case protocol::InstrumentKind::call:
                calls += amount;
                break;
            case protocol::InstrumentKind::put:
                puts += amount;
                break;
            case protocol::InstrumentKind::perpetual:
            case protocol::InstrumentKind::future:
                futures += amount;
                break;
        }
    }
};

struct VolumeRow {
    Volumes day;
    Volumes week;
    Volumes month;
};

// By asset, in one walk over all markets.
std::vector<VolumeRow> volumes_of(const Markets& markets, bool is_extended) {
    std::vector<VolumeRow> rows(markets.assets().size());
    const UnixNanos now = markets.now();
    const auto add = [&](const Market& market) {
        const market_data::Instrument& instrument = market.instrument();
        const auto* underlying = markets.underlying(instrument.underlying);
        if (underlying == nullptr || underlying->base.value() >= rows.size()) {
            return;
        }
        VolumeRow& row = rows[underlying->base.value()];
        row.day.add(instrument, markets.day_of(market).lots);
        if (is_extended) {
            const market_data::Candles& candles = market.candles();
            row.week.add(instrument, candles.lots_since(now + Nanos(-7 * day_ns)));
            row.month.add(instrument, candles.lots_since(now + Nanos(-30 * day_ns)));
        }
    };
    markets.visit_listed(add);
    markets.visit_archived(add);
    return rows;
}

void write_volumes(JsonWriter& writer, const Volumes& volumes, std::uint32_t decimals,
                   std::string_view suffix) {
    const auto volume = [&](std::string_view kind, int128 amount) {
        ShortText<32> name;
        name.push(kind);
        name.push(suffix);
        writer.decimal(name.view(), amount, decimals);
    };
    volume("calls_volume", volumes.calls);
    volume("puts_volume", volumes.puts);
    volume("futures_volume", volumes.futures);
    volume("spot_volume", 0);
}

}  // namespace

Answered answer_trade_volumes(const PublicQuestion& question, JsonWriter& writer) {
    const Markets& markets = question.markets;
    const bool is_extended = question.call.parameters.flag(Parameter::extended);
    const std::vector<VolumeRow> rows = volumes_of(markets, is_extended);
    writer.begin_array();
    for (const market_data::Asset& asset : markets.assets()) {
        const bool is_base = std::ranges::any_of(markets.underlyings(), [&](const auto& known) {
            return !known.name.view().empty() && known.base == asset.asset;
        });
        if (asset.name.view().empty() || !is_base) {
            continue;
        }
        const VolumeRow& row = rows[asset.asset.value()];
        writer.begin_object();
        writer.text("currency", asset.name.view());
        write_volumes(writer, row.day, asset.decimals, "");
        if (is_extended) {
            write_volumes(writer, row.week, asset.decimals, "_7d");
            write_volumes(writer, row.month, asset.decimals, "_30d");
        }
        writer.end_object();
    }
    writer.end_array();
    return {};
}

}  // namespace miletus::deribit
