// Question after question; long lists in pieces.
#include "audit/statement.hpp"

#include "base/decimal.hpp"

#include <sstream>

namespace miletus::audit {

using protocol::view;

namespace {

// Puts queries to an engine, on one account.
class Asker {
  public:
    Asker(const engine::Engine& engine, AccountId account) : engine_(engine), account_(account) {}

    // Valid until the next question.
    template <class Query>
    [[nodiscard]] Result<std::span<const Unit>> ask(Query query) {
        query.header.account = account_;
        engine_.answer(protocol::encode(query, units_), answers_);
        const std::span<const Unit> answer = answers_.message_at(answers_.start());
        const auto type =
            static_cast<protocol::AnswerType>(view<protocol::EventHeader>(answer).type);
        if (type == protocol::AnswerType::refused) {
            return Refusal(view<protocol::Refused>(answer).reject);
        }
        return answer;
    }

    // All entries of an answer that holds so many at most. The account exists.
    template <class Answer, class Query>
    [[nodiscard]] std::vector<typename Answer::Entry> all() {
        std::vector<typename Answer::Entry> entries;
        std::size_t before = 0;
        do {
            before = entries.size();
            const auto answer = ask(Query{.skip = static_cast<std::uint32_t>(before)});
            ASSERT(answer.has_value());
            const auto more = protocol::group<Answer>(*answer);
            entries.insert(entries.end(), more.begin(), more.end());
        } while (entries.size() == before + Answer::group_max);
        return entries;
    }

  private:
    static constexpr std::uint32_t ring_units = 1024;

    const engine::Engine& engine_;
    AccountId account_;
    protocol::EventWriter answers_{ring_units};
    std::array<Unit, protocol::units_max()> units_{};
};

void learn_instrument(Asker& asker, InstrumentId instrument, Statement& statement) {
    if (!statement.instruments.contains(instrument)) {
        const auto answer = asker.ask(protocol::QueryInstrument{.instrument = instrument});
        ASSERT(answer.has_value());
        statement.instruments[instrument] = view<protocol::InstrumentAnswer>(*answer);
    }
}

void learn_names(Asker& asker, Statement& statement) {
    for (const protocol::BalanceView& balance : statement.balances) {
        const auto answer = asker.ask(protocol::QueryAsset{.asset = balance.asset});
        ASSERT(answer.has_value());
        statement.assets[balance.asset] = view<protocol::AssetAnswer>(*answer);
    }
    for (const protocol::PositionView& position : statement.positions) {
        learn_instrument(asker, position.instrument, statement);
    }
    for (const protocol::OrderView& order : statement.orders) {
        learn_instrument(asker, order.instrument, statement);
    }
}

// ---- An order that is thought of ----

// Archived instruments leave gaps between the ids of others.
std::optional<protocol::InstrumentAnswer> instrument_named(Asker& asker, std::string_view name,
                                                           std::uint32_t end) {
    for (std::uint32_t id = 0; id < end; ++id) {
        const auto answer = asker.ask(protocol::QueryInstrument{.instrument = InstrumentId(id)});
        if (answer && view<protocol::InstrumentAnswer>(*answer).name.view() == name) {
            return view<protocol::InstrumentAnswer>(*answer);
        }
    }
    return std::nullopt;
}

// In whole ticks, or not at all.
std::optional<Ticks> ticks_of(std::string_view price, IndexPrice tick) {
    constexpr std::uint32_t price_decimals = 6;
    const std::optional<std::int64_t> millionths = decimal_of(price, price_decimals);
    if (!millionths || *millionths % tick.value() != 0) {
        return std::nullopt;
    }
    return Ticks(*millionths / tick.value());
}

std::expected<protocol::QueryMargin, std::string> query_of(Asker& asker, const Inquiry& inquiry) {
    std::istringstream words(inquiry.order);
    std::string side;
    std::string lots;
    std::string name;
    std::string at;
    std::string price;
    std::string more;
    words >> side >> lots >> name >> at >> price;
    const auto wanted_side = protocol::value_named<protocol::Side>(side);
    const std::optional<std::int64_t> quantity = decimal_of(lots, 0);
    if (!wanted_side || !quantity || *quantity <= 0 || at != "@" || (words >> more)) {
        return std::unexpected("\"" + inquiry.order +
                               "\" is no order; write \"buy 5 BTC_USDC-PERPETUAL @ 100000\", with "
                               "a whole number of lots");
    }
    const auto instrument = instrument_named(asker, name, inquiry.instruments);
    if (!instrument) {
        return std::unexpected("nothing is listed as " + name);
    }
    const std::optional<Ticks> ticks = ticks_of(price, instrument->terms.tick);
    if (!ticks) {
        return std::unexpected(price + " is no price of " + name + ", whose tick is " +
                               decimal_text(instrument->terms.tick.value(), 6));
    }
    return protocol::QueryMargin{.price = *ticks,
                                 .quantity = Lots(*quantity),
                                 .instrument = instrument->instrument,
                                 .side = *wanted_side};
}

}  // namespace

std::expected<Statement, std::string> statement_of(const engine::Engine& engine,
                                                   const Inquiry& inquiry) {
    Asker asker(engine, inquiry.account);
    Statement statement;
    const auto margin = asker.ask(protocol::QueryMargin{});
    if (!margin) {
        return std::unexpected("there is no account " + std::to_string(inquiry.account.value()) +
                               " as of command " +
                               std::to_string(engine.events().sequence().value()));
    }
    statement.margin = view<protocol::MarginAnswer>(*margin);
    const auto known = asker.ask(protocol::QueryAccount{});
    ASSERT(known.has_value());
    statement.account = view<protocol::AccountAnswer>(*known);
    const auto balances = protocol::group<protocol::AccountAnswer>(*known);
    statement.balances.assign(balances.begin(), balances.end());
    statement.positions = asker.all<protocol::PositionsAnswer, protocol::QueryPositions>();
    statement.orders = asker.all<protocol::OrdersAnswer, protocol::QueryOrders>();
    statement.time = engine.events().time();
    learn_names(asker, statement);
    if (!inquiry.order.empty()) {
        const auto query = query_of(asker, inquiry);
        if (!query) {
            return std::unexpected(query.error());
        }
        const auto then = asker.ask(*query);
        ASSERT(then.has_value());
        statement.thought =
            Thought{.order = inquiry.order, .margin = view<protocol::MarginAnswer>(*then)};
    }
    return statement;
}

}  // namespace miletus::audit
