// What only the engine knows: margins, and what positions are worth to the unit.
#include "edge/gateway/deribit/gateway.hpp"
#include "edge/gateway/deribit/objects/objects.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace miletus::deribit {

using protocol::AnswerType;
using protocol::EventHeader;
using protocol::MarginAnswer;
using protocol::PositionsAnswer;
using protocol::view;

namespace {

// Told apart from what clients of other gateways ask under: they choose small numbers.
SessionId query_session(std::uint32_t epoch) {
    constexpr std::uint64_t family = 0xd4ULL << 56U;
    return SessionId(family | epoch);
}

template <class Answer>
Identity asker_in(const Answer& answer) {
    return {.account = answer.account, .session = answer.session, .number = answer.client_sequence};
}

// Who asked, of any answer.
Identity identity_of(std::span<const Unit> answer) {
    switch (static_cast<AnswerType>(view<EventHeader>(answer).type)) {
#define MESSAGE(number, Type, name, sentence) \
    case AnswerType::name:                    \
        return asker_in(view<protocol::Type>(answer));
#include "protocol/answers.def"
    }
    return {};
}

}  // namespace

// ---- Asking ----

template <class Message>
Ask& Gateway::query(const Request& request, Message message) {
    ++counters_.queries;
    Ask& ask = asks_.send_query(message, {.account = request.account(),
                                          .session = query_session(settings_.epoch),
                                          .number = asks_.next_number()});
    remember(ask, request);
    return ask;
}

Gateway::Handled Gateway::ask_margin(const Request& request) {
    const Parameters& parameters = request.call.parameters;
    const bool is_of_one = request.call.method == Method::private_get_account_summary;
    if (is_of_one && markets_.asset(parameters.text(Parameter::currency)) == nullptr) {
        return std::unexpected(wrong(Parameter::currency, "no such currency"));
    }
    Ask& ask = query(request, protocol::QueryMargin{});
    if (request.call.method == Method::private_get_subaccounts) {
        ask.is_detailed = parameters.flag(Parameter::with_portfolio);
        return Outcome::later;
    }
    ask.is_detailed = parameters.flag(Parameter::extended);
    if (is_of_one) {
        ask.subject.assign(parameters.text(Parameter::currency));
    }
    return Outcome::later;
}

// As many pages as the account's positions fill; the last one is returned, and answered.
Ask& Gateway::query_positions(const Request& request) {
    std::uint32_t held = 0;
    accounts_.visit_positions(request.account(), [&held](const client_feed::Position& position) {
        held += static_cast<std::uint32_t>(position.is_held());
    });
    constexpr std::uint32_t page = PositionsAnswer::group_max;
    std::uint32_t skip = 0;
    for (; skip + page < held; skip += page) {
        query(request, protocol::QueryPositions{.skip = skip}).is_last = false;
    }
    return query(request, protocol::QueryPositions{.skip = skip});
}

Gateway::Handled Gateway::ask_positions(const Request& request) {
    const Parameters& parameters = request.call.parameters;
    if (request.call.method == Method::private_get_position) {
        static_cast<void>(TRY(instrument_of(parameters, markets_)));
        query_positions(request).subject.assign(parameters.text(Parameter::instrument_name));
        return Outcome::later;
    }
    static_cast<void>(TRY(currency_asked(request.call, markets_)));
    Ask& ask = query_positions(request);
    ask.subject.assign(parameters.text(Parameter::currency));
    ask.kind = parameters.choice<choices::Kind>(Parameter::kind).value_or(choices::Kind::any);
    return Outcome::later;
}

// What it needs now, and with either order.
Gateway::Handled Gateway::ask_margins(const Request& request) {
    const Parameters& parameters = request.call.parameters;
    const auto* instrument = TRY(instrument_of(parameters, markets_));
    const auto lots = TRY(lots_of(parameters, *instrument, markets_));
    const auto price = TRY(ticks_of(parameters, Parameter::price, *instrument));
    if (!lots.has_value() || !price.has_value()) {
        return std::unexpected(
            wrong(lots.has_value() ? Parameter::price : Parameter::amount, "is required"));
    }
    protocol::QueryMargin question{};
    query(request, question).is_last = false;
    question.price = *price;
    question.quantity = *lots;
    question.instrument = instrument->instrument;
    question.side = protocol::Side::buy;
    query(request, question).is_last = false;
    question.side = protocol::Side::sell;
    query(request, question).subject.assign(instrument->name.view());
    return Outcome::later;
}

bool Gateway::ask_for_portfolios() {
    bool has_asked = false;
    channels_.visit_due_portfolios(now_, [&](AccountId account) {
        asks_.send_query(protocol::QueryMargin{}, {.account = account,
                                                   .session = query_session(settings_.epoch),
                                                   .number = asks_.next_number()});
        has_asked = true;
    });
    return has_asked;
}

// ---- Answers ----

void Gateway::finish_query(std::span<const Unit> answer) {
    Ask* ask = asks_.find_query(identity_of(answer));
    if (ask == nullptr) {
        return;
    }
    const auto type = static_cast<AnswerType>(view<EventHeader>(answer).type);
    if (ask->waiting.is_nobody) {
        if (type == AnswerType::margin_answer) {
            channels_.tell_portfolio(view<MarginAnswer>(answer), settlement_asset());
        } else {
            channels_.miss_portfolio(ask->account);
        }
    } else {
        answer_query(*ask, type, answer);
    }
    asks_.finish_query();
}

void Gateway::answer_query(const Ask& ask, AnswerType type, std::span<const Unit> answer) {
    const Way way = way_of(ask);
    if (ask.method == Method::private_get_margins && type == AnswerType::margin_answer) {
        answer_margins(ask, view<MarginAnswer>(answer));
        return;
    }
    if (type == AnswerType::refused) {
        if (!ask.is_last) {
            return;  // the last of its request says so
        }
        initials_.clear();
        positions_.clear();
        fail(way, ask.waiting.id, failure_of(view<protocol::Refused>(answer).reject));
        return;
    }
    const bool is_of_positions =
        ask.method == Method::private_get_positions || ask.method == Method::private_get_position;
    if (type != (is_of_positions ? AnswerType::positions_answer : AnswerType::margin_answer)) {
        fail(way, ask.waiting.id, {.code = ErrorCode::other_error, .reason = {}, .param = {}});
        return;
    }
    if (is_of_positions) {
        std::ranges::copy(protocol::group<PositionsAnswer>(answer), std::back_inserter(positions_));
        if (!ask.is_last) {
            return;
        }
    }
    // The instrument may have gone since the question.
    if (ask.method == Method::private_get_position && markets_.find(ask.subject) == nullptr) {
        positions_.clear();
        fail(way, ask.waiting.id, wrong(Parameter::instrument_name, "instrument not found"));
        return;
    }
    begin_answer(ask.waiting.id);
    JsonWriter writer(answer_);
    if (is_of_positions) {
        write_positions(writer, ask);
        positions_.clear();
    } else if (type == AnswerType::margin_answer) {
        write_margin(writer, ask, view<MarginAnswer>(answer));
    }
    end_answer(way);
}

void Gateway::write_positions(JsonWriter& writer, const Ask& ask) const {
    if (ask.method == Method::private_get_position) {
        const market_data::Market* market = markets_.find(ask.subject);
        ASSERT(market != nullptr);
        const InstrumentId wanted = market->instrument().instrument;
        const auto found =
            std::ranges::find(positions_, wanted, &protocol::PositionView::instrument);
        if (found == positions_.end()) {
            write_no_position(writer, markets_, *market);
        } else {
            write_position(writer, markets_, *found, accounts_.find_position(ask.account, wanted));
        }
        return;
    }
    const CurrencyChoice currency =
        currency_named(markets_, ask.subject).value_or(CurrencyChoice());
    writer.begin_array();
    for (const protocol::PositionView& position : positions_) {
        const market_data::Market* market = markets_.find(position.instrument);
        const bool is_chosen = market != nullptr && currency.has(markets_, market->instrument()) &&
                               is_of_kind(market->instrument(), ask.kind);
        if (is_chosen) {
            write_position(writer, markets_, position,
                           accounts_.find_position(ask.account, position.instrument));
        }
    }
    writer.end_array();
}

void Gateway::answer_margins(const Ask& ask, const MarginAnswer& margin) {
    initials_.push_back(margin.initial);
    if (!ask.is_last) {
        return;
    }
    const std::vector<Amount> initials = std::exchange(initials_, {});
    const market_data::Asset* asset = markets_.asset(settlement_asset());
    const market_data::Market* market = markets_.find(ask.subject);
    const Way way = way_of(ask);
    constexpr std::size_t questions = 3;
    if (initials.size() != questions || asset == nullptr || market == nullptr) {
        fail(way, ask.waiting.id, wrong(Parameter::instrument_name, "instrument not found"));
        return;
    }
    begin_answer(ask.waiting.id);
    JsonWriter writer(answer_);
    const auto more = [&](Amount with) {
        return std::max(with - initials[0], Amount(0)).value();
    };
    writer.begin_object();
    writer.decimal("buy", more(initials[1]), asset->decimals);
    writer.decimal("sell", more(initials[2]), asset->decimals);
    const auto limits = markets_.ticker(*market).limits;
    if (limits.has_value()) {
        writer.decimal("min_price", market_data::price_of(market->instrument(), limits->low),
                       market_data::price_decimals);
        writer.decimal("max_price", market_data::price_of(market->instrument(), limits->high),
                       market_data::price_decimals);
    }
    writer.end_object();
    end_answer(way);
}

// The first release settles in one: the quote of any underlying.
AssetId Gateway::settlement_asset() const {
    return markets_.underlyings().empty() ? AssetId() : markets_.underlyings().front().quote;
}

AccountNames Gateway::names_of(AccountId account) const {
    return {.account = account,
            .username = {},
            .system_name = {},
            .email = {},
            .is_main = true,
            .created = {}};
}

void Gateway::write_margin(JsonWriter& writer, const Ask& ask, const MarginAnswer& margin) const {
    const AccountView view{
        .margin = margin, .settlement = settlement_asset(), .limits = settings_.account_limits};
    const AccountNames names = names_of(ask.account);
    if (ask.method == Method::private_get_account_summaries) {
        write_account_summaries(writer, markets_, accounts_, view, names, ask.is_detailed);
        return;
    }
    if (ask.method == Method::private_get_subaccounts) {
        writer.begin_array();
        write_subaccount(writer, markets_, accounts_, names,
                         ask.is_detailed ? std::optional(view) : std::nullopt);
        writer.end_array();
        return;
    }
    const market_data::Asset* asset = markets_.asset(ask.subject);
    ASSERT(asset != nullptr);
    if (ask.is_detailed) {
        write_extended_account(writer, markets_, accounts_, view, asset->asset, names);
    } else {
        write_account(writer, markets_, accounts_, view, asset->asset);
    }
}

}  // namespace miletus::deribit
