// What a call asks about.
#include "edge/gateway/deribit/objects/questions.hpp"

#include "edge/gateway/deribit/objects/trades.hpp"
#include "edge/gateway/deribit/objects/words.hpp"

#include <algorithm>
#include <array>

namespace miletus::deribit {

namespace {

// What this interface settles in elsewhere: asking for it is no mistake.
bool is_currency_elsewhere(std::string_view name) {
    constexpr std::array<std::string_view, 9> known{"btc", "eth", "usdc", "usdt", "eurr",
                                                    "sol", "xrp", "usde", "usyc"};
    return std::ranges::find(known, lower_case(name).view()) != known.end();
}

}  // namespace

Checked<const Market*> market_asked(const Call& call, const Markets& markets) {
    const Market* market = markets.find(call.parameters.text(Parameter::instrument_name));
    if (market == nullptr) {
        return std::unexpected(wrong(Parameter::instrument_name, "instrument not found"));
    }
    return market;
}

Checked<const Market*> perpetual_asked(const Call& call, const Markets& markets) {
    const Market* market = TRY(market_asked(call, markets));
    if (!market->instrument().is_perpetual()) {
        return std::unexpected(wrong(Parameter::instrument_name, "must be a perpetual"));
    }
    return market;
}

Checked<const market_data::Underlying*> index_asked(const Call& call, const Markets& markets) {
    const auto* underlying = markets.underlying(call.parameters.text(Parameter::index_name));
    if (underlying == nullptr) {
        return std::unexpected(wrong(Parameter::index_name, "index not found"));
    }
    return underlying;
}

bool CurrencyChoice::has(const Markets& markets, const market_data::Instrument& instrument) const {
    if (is_any) {
        return true;
    }
    const market_data::Underlying* underlying = markets.underlying(instrument.underlying);
    return underlying != nullptr && has(*underlying);
}

bool CurrencyChoice::has(const market_data::Underlying& underlying) const {
    return is_any || asset == underlying.base || asset == underlying.quote;
}

std::optional<CurrencyChoice> currency_named(const Markets& markets, std::string_view name) {
    if (name.empty() || is_word(name, "any")) {
        return CurrencyChoice{};
    }
    const market_data::Asset* asset = markets.asset(name);
    if (asset != nullptr) {
        return CurrencyChoice{.is_any = false, .asset = asset->asset};
    }
    return is_currency_elsewhere(name) ? std::optional(CurrencyChoice{.is_any = false})
                                       : std::nullopt;
}

Checked<CurrencyChoice> currency_asked(const Call& call, const Markets& markets) {
    const auto choice = currency_named(markets, call.parameters.text(Parameter::currency));
    if (!choice.has_value()) {
        return std::unexpected(wrong(Parameter::currency, "currency not found"));
    }
    return *choice;
}

bool is_of_kind(const market_data::Instrument& instrument, choices::Kind kind) {
    switch (kind) {
        case choices::Kind::any:
            return true;
        case choices::Kind::future:
            return !instrument.is_option();
        case choices::Kind::option:
            return instrument.is_option();
        case choices::Kind::spot:
        case choices::Kind::future_combo:
        case choices::Kind::option_combo:
        case choices::Kind::combo:
            return false;
    }
    return false;
}

choices::Kind kind_asked(const Call& call) {
    return call.parameters.choice<choices::Kind>(Parameter::kind).value_or(choices::Kind::any);
}

std::optional<market_data::Selection> selection_of(const Markets& markets,
                                                   const CurrencyChoice& currency,
                                                   choices::Kind kind) {
    market_data::Selection selection;
    selection.futures = kind == choices::Kind::any || kind == choices::Kind::future;
    selection.options = kind == choices::Kind::any || kind == choices::Kind::option;
    if (!selection.futures && !selection.options) {
        return std::nullopt;
    }
    if (currency.is_any) {
        return selection;
    }
    if (!currency.asset.has_value()) {
        return std::nullopt;
    }
    // One that something is settled in stands for that.
    const bool is_settled_in =
        std::ranges::any_of(markets.underlyings(), [&](const auto& underlying) {
            return !underlying.name.view().empty() && underlying.quote == *currency.asset;
        });
    (is_settled_in ? selection.quote : selection.base) = currency.asset;
    return selection;
}

UnixNanos moment_of(std::int64_t ms) {
    constexpr std::int64_t ms_max = std::numeric_limits<std::int64_t>::max() / 1'000'000 - 1;
    return UnixNanos(std::clamp<std::int64_t>(ms, 0, ms_max) * 1'000'000);
}

Span span_asked(const Call& call, UnixNanos now) {
    const auto start = call.parameters.integer(Parameter::start_timestamp);
    const auto end = call.parameters.integer(Parameter::end_timestamp);
    // To the end of its millisecond: what is told as that moment lies within.
    constexpr Nanos rest(999'999);
    return {.start = start.has_value() ? moment_of(*start) : UnixNanos(0),
            .end = end.has_value() ? moment_of(*end) + rest : std::max(now, UnixNanos(0))};
}

namespace {

Checked<std::uint32_t> small_number(const Call& call, Parameter parameter, std::int64_t least,
                                    std::int64_t most) {
    const std::int64_t number = call.parameters.integer(parameter).value_or(least);
    if (number < least) {
        return std::unexpected(wrong(parameter, "too small"));
    }
    return static_cast<std::uint32_t>(std::min(number, most));
}

}  // namespace

Checked<std::uint32_t> count_asked(const Call& call) {
    return small_number(call, Parameter::count, 1, count_max);
}

Checked<std::uint32_t> offset_asked(const Call& call) {
    return small_number(call, Parameter::offset, 0, std::numeric_limits<std::uint32_t>::max());
}

bool is_newest_first(const Call& call) {
    const Parameters& parameters = call.parameters;
    const auto sorting = parameters.choice<choices::Sorting>(Parameter::sorting);
    if (sorting == choices::Sorting::asc) {
        return false;
    }
    if (sorting == choices::Sorting::desc) {
        return true;
    }
    const auto is_sent = [&](Parameter parameter) {
        return parameters.has(parameter);
    };
    const bool has_start = is_sent(Parameter::start_timestamp) || is_sent(Parameter::start_id) ||
                           is_sent(Parameter::start_seq);
    const bool has_end = is_sent(Parameter::end_timestamp) || is_sent(Parameter::end_id) ||
                         is_sent(Parameter::end_seq);
    return !has_start || has_end;
}

market_data::Resolution resolution_of(choices::Resolution resolution) {
    using market_data::Resolution;
    switch (resolution) {
        case choices::Resolution::minutes_1:
            return Resolution::one;
        case choices::Resolution::minutes_3:
            return Resolution::three;
        case choices::Resolution::minutes_5:
            return Resolution::five;
        case choices::Resolution::minutes_10:
            return Resolution::ten;
        case choices::Resolution::minutes_15:
            return Resolution::quarter;
        case choices::Resolution::minutes_30:
            return Resolution::half;
        case choices::Resolution::minutes_60:
            return Resolution::hour;
        case choices::Resolution::minutes_120:
            return Resolution::two_hours;
        case choices::Resolution::minutes_180:
            return Resolution::three_hours;
        case choices::Resolution::minutes_360:
            return Resolution::six_hours;
        case choices::Resolution::minutes_720:
            return Resolution::half_day;
        case choices::Resolution::days_1:
            return Resolution::day;
    }
    return Resolution::one;
}

std::optional<std::uint64_t> number_in_id(std::string_view id) {
    const std::size_t dash = id.rfind('-');
    const std::string_view digits = dash == std::string_view::npos ? id : id.substr(dash + 1);
    if (digits.empty() || digits.size() > 20) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9' || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, static_cast<std::uint64_t>(digit - '0'), &number)) {
            return std::nullopt;
        }
    }
    return number;
}

namespace {

Failure order_not_found() {
    return {.code = ErrorCode::order_not_found,
            .reason = {},
            .param = deribit::name(Parameter::order_id)};
}

}  // namespace

Checked<OrderId> order_id_asked(const Call& call) {
    const std::uint64_t number =
        number_in_id(call.parameters.text(Parameter::order_id)).value_or(0);
    if (number == 0) {
        return std::unexpected(order_not_found());
    }
    return OrderId(number);
}

Checked<const client_feed::Order*> order_asked(const Call& call, AccountId account,
                                               const Markets& markets,
                                               const client_feed::Accounts& accounts) {
    const OrderId id = TRY(order_id_asked(call));
    const client_feed::Order* order = accounts.find_order(id);
    if (order == nullptr || order->account != account || market_of(markets, *order) == nullptr) {
        return std::unexpected(order_not_found());
    }
    return order;
}

}  // namespace miletus::deribit
