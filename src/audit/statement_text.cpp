// A statement as lines, and as JSON. Sums of amounts are taken in 128 bits; an average price is the
// only number that is rounded: down, to a millionth.
#include "audit/command_text.hpp"
#include "audit/statement.hpp"
#include "base/decimal.hpp"

#include <utility>

namespace miletus::audit {

namespace {

using protocol::MarginAnswer;

constexpr std::uint32_t price_decimals = 6;
constexpr std::size_t label_width = 16;

// ---- Numbers ----

std::string amount_text(const Statement& statement, int128 amount, AssetId asset) {
    const auto known = statement.assets.find(asset);
    return decimal_text(amount, known != statement.assets.end() ? known->second.decimals : 0);
}

std::string settled(const Statement& statement, int128 amount) {
    return amount_text(statement, amount, statement.account.settlement);
}
std::string settled(const Statement& statement, Amount amount) {
    return settled(statement, amount.value());
}

std::string name_of(const Statement& statement, AssetId asset) {
    const auto known = statement.assets.find(asset);
    return known != statement.assets.end() ? std::string(known->second.name.view()) : "";
}

// In units of the quote asset.
std::string price_text(const protocol::InstrumentAnswer& instrument, Ticks price) {
    return decimal_text(int128{price.value()} * instrument.terms.tick.value(), price_decimals);
}
std::string price_text(const protocol::InstrumentAnswer& instrument, Grid price) {
    return decimal_text(int128{price.value()} * instrument.terms.tick.value(), price_decimals + 1);
}

std::string average_text(const protocol::InstrumentAnswer& instrument,
                         const protocol::PositionView& position) {
    int128 cost = int128{position.cost.value()} * instrument.terms.tick.value();
    int128 size = int128{position.lots.value()} * instrument.tick_value.value();
    if (size < 0) {
        cost = -cost;
        size = -size;
    }
    const int128 whole = cost / size;
    return decimal_text(whole - (whole * size > cost ? 1 : 0), price_decimals);
}

std::string coins_text(const Statement& statement, const protocol::InstrumentAnswer& instrument,
                       Lots lots) {
    return amount_text(statement, int128{lots.value()} * instrument.terms.lot.value(),
                       instrument.base);
}

bool is_option(const protocol::InstrumentAnswer& instrument) {
    return instrument.kind == protocol::InstrumentKind::call ||
           instrument.kind == protocol::InstrumentKind::put;
}

// Of options at their marks: what they cost, and what that has become.
int128 option_value(const Statement& statement) {
    int128 sum = 0;
    for (const protocol::PositionView& position : statement.positions) {
        if (is_option(statement.instruments.at(position.instrument))) {
            sum += int128{position.cost.value()} + position.unrealised.value();
        }
    }
    return sum;
}

std::string liquidation_text(const MarginAnswer& margin) {
    if (margin.state == protocol::AccountState::in_liquidation) {
        return "under way: positions are being closed";
    }
    if (margin.equity < margin.maintenance) {
        return "due: equity is below maintenance";
    }
    return margin.equity < margin.initial ? "none, but equity is below initial: only less risk"
                                          : "none: equity covers initial";
}

// ---- Lines ----

void line(std::ostream& out, std::string_view label, const std::string& value) {
    out << label << std::string(label_width - label.size(), ' ') << value << "\n";
}

void tell_balances(std::ostream& out, const Statement& statement) {
    out << "balances\n";
    const std::string settlement = name_of(statement, statement.account.settlement);
    for (const protocol::BalanceView& balance : statement.balances) {
        const auto text = [&](Amount amount) {
            return amount_text(statement, amount.value(), balance.asset);
        };
        line(out, "  " + name_of(statement, balance.asset),
             text(balance.balance) + " total, " + text(balance.held) + " held, " +
                 text(balance.session) + " session, counts for " +
                 settled(statement, balance.worth) + " " + settlement);
    }
}

void tell_requirement(std::ostream& out, const Statement& statement, const MarginAnswer& margin) {
    const auto text = [&](auto amount) {
        return settled(statement, amount);
    };
    line(out, "  equity", text(margin.equity));
    line(out, "  initial",
         text(margin.initial) + ": futures " + text(margin.initial_futures) + ", options " +
             text(margin.initial_options) + ", held by orders " + text(margin.held));
    line(out, "  maintenance", text(margin.maintenance));
    line(out, "  free",
         text(int128{margin.equity.value()} - margin.initial.value()) + " above initial, " +
             text(int128{margin.equity.value()} - margin.maintenance.value()) +
             " above maintenance");
}

void tell_margin(std::ostream& out, const Statement& statement) {
    const MarginAnswer& margin = statement.margin;
    const auto text = [&](auto amount) {
        return settled(statement, amount);
    };
    line(out, "equity",
         text(margin.equity) + " " + name_of(statement, statement.account.settlement));
    line(out, "  settled", text(margin.cash));
    line(out, "  session", text(margin.session_result) + ", paid when the session is settled");
    line(out, "  unrealised", text(margin.unrealised) + ", of futures at their marks");
    line(out, "  collateral", text(margin.collateral) + ", other assets after their haircuts");
    line(out, "options", text(option_value(statement)) + " at their marks, not part of equity");
    out << "requirement\n";
    tell_requirement(out, statement, margin);
    line(out, "  withdrawable", text(margin.withdrawable));
    line(out, "liquidation", liquidation_text(margin));
    if (margin.worst_index > protocol::IndexState::good) {
        line(out, "index", "one is " + std::string(name(margin.worst_index)));
    }
}

void tell_positions(std::ostream& out, const Statement& statement) {
    out << "positions" << (statement.positions.empty() ? "       none" : "") << "\n";
    for (const protocol::PositionView& position : statement.positions) {
        const protocol::InstrumentAnswer& of = statement.instruments.at(position.instrument);
        const auto text = [&](Amount amount) {
            return amount_text(statement, amount.value(), of.quote);
        };
        out << "  " << of.name.view() << "  " << position.lots.value() << " lots ("
            << coins_text(statement, of, position.lots) << " " << name_of(statement, of.base)
            << "), average " << average_text(of, position) << ", mark "
            << price_text(of, position.mark) << ", cost " << text(position.cost) << ", unrealised "
            << text(position.unrealised) << ", by itself needs " << text(position.initial)
            << " initial, " << text(position.maintenance) << " maintenance\n";
    }
}

bool waits(const protocol::OrderView& order) {
    return order.state == protocol::OrderState::waiting;
}

// The price that it waits for, and from which side.
std::string awaited_text(const protocol::InstrumentAnswer& of, const protocol::OrderView& order) {
    const bool is_rising =
        (order.trigger == protocol::TriggerKind::stop) == (order.side == protocol::Side::buy);
    return std::string(name(order.reference)) + (is_rising ? " >= " : " <= ") +
           price_text(of, order.trigger_price);
}

void tell_orders(std::ostream& out, const Statement& statement) {
    out << "orders" << (statement.orders.empty() ? "          none" : "") << "\n";
    for (const protocol::OrderView& order : statement.orders) {
        const protocol::InstrumentAnswer& of = statement.instruments.at(order.instrument);
        const bool is_market = order.order_type == protocol::OrderType::market;
        out << "  " << order.order.value() << "  " << name(order.side) << " " << order.left.value()
            << " of " << of.name.view()
            << (is_market ? " at market" : " @ " + price_text(of, order.price)) << ", ";
        if (waits(order)) {
            out << "waits for " << awaited_text(of, order);
        } else {
            out << order.filled.value() << " filled";
        }
        out << (order.post_only != protocol::PostOnly::off ? ", post only" : "")
            << (order.reduce_only != 0 ? ", reduce only" : "");
        if (order.client_order != ClientOrderId(0)) {
            out << ", id " << order.client_order.value();
        }
        out << "\n";
    }
}

// ---- JSON ----

using Fields = std::vector<std::pair<std::string_view, std::string>>;  // values as JSON

std::string quoted(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

std::string object(const Fields& fields) {
    std::string text = "{";
    for (const auto& [name, value] : fields) {
        text += (text.size() == 1 ? "" : ", ") + quoted(name) + ": " + value;
    }
    return text + "}";
}

// What `make` makes of each.
template <class Entry, class Make>
std::string array(const std::vector<Entry>& entries, Make make) {
    std::string text = "[";
    for (const Entry& entry : entries) {
        text += (text.size() == 1 ? "" : ", ") + make(entry);
    }
    return text + "]";
}

std::string balance_json(const Statement& statement, const protocol::BalanceView& balance) {
    const auto text = [&](Amount amount) {
        return quoted(amount_text(statement, amount.value(), balance.asset));
    };
    return object({{"asset", quoted(name_of(statement, balance.asset))},
                   {"total", text(balance.balance)},
                   {"held", text(balance.held)},
                   {"session", text(balance.session)},
                   {"counts_for", quoted(settled(statement, balance.worth))}});
}

Fields margin_fields(const Statement& statement, const MarginAnswer& margin) {
    const auto text = [&](auto amount) {
        return quoted(settled(statement, amount));
    };
    return {{"equity", text(margin.equity)},
            {"settled", text(margin.cash)},
            {"session", text(margin.session_result)},
            {"unrealised", text(margin.unrealised)},
            {"collateral", text(margin.collateral)},
            {"initial", text(margin.initial)},
            {"initial_futures", text(margin.initial_futures)},
            {"initial_options", text(margin.initial_options)},
            {"held", text(margin.held)},
            {"maintenance", text(margin.maintenance)},
            {"withdrawable", text(margin.withdrawable)},
            {"worst_index", quoted(name(margin.worst_index))}};
}

std::string position_json(const Statement& statement, const protocol::PositionView& position) {
    const protocol::InstrumentAnswer& of = statement.instruments.at(position.instrument);
    const auto text = [&](Amount amount) {
        return quoted(amount_text(statement, amount.value(), of.quote));
    };
    return object({{"instrument", quoted(of.name.view())},
                   {"lots", std::to_string(position.lots.value())},
                   {"coins", quoted(coins_text(statement, of, position.lots))},
                   {"average_price", quoted(average_text(of, position))},
                   {"mark_price", quoted(price_text(of, position.mark))},
                   {"cost", text(position.cost)},
                   {"unrealised", text(position.unrealised)},
                   {"initial", text(position.initial)},
                   {"maintenance", text(position.maintenance)}});
}

std::string order_json(const Statement& statement, const protocol::OrderView& order) {
    const protocol::InstrumentAnswer& of = statement.instruments.at(order.instrument);
    Fields fields = {{"order", std::to_string(order.order.value())},
                     {"client_order", std::to_string(order.client_order.value())},
                     {"instrument", quoted(of.name.view())},
                     {"side", quoted(name(order.side))},
                     {"type", quoted(name(order.order_type))},
                     {"price", quoted(price_text(of, order.price))},
                     {"left", std::to_string(order.left.value())},
                     {"filled", std::to_string(order.filled.value())},
                     {"state", quoted(name(order.state))},
                     {"post_only", quoted(name(order.post_only))},
                     {"reduce_only", order.reduce_only != 0 ? "true" : "false"}};
    if (waits(order)) {
        fields.emplace_back("trigger", quoted(name(order.trigger)));
        fields.emplace_back("reference", quoted(name(order.reference)));
        fields.emplace_back("trigger_price", quoted(price_text(of, order.trigger_price)));
    }
    return object(fields);
}

std::string thought_json(const Statement& statement, const Thought& thought) {
    Fields fields = {{"order", quoted(thought.order)},
                     {"reject", quoted(name(thought.margin.reject))}};
    const Fields margin = margin_fields(statement, thought.margin);
    fields.insert(fields.end(), margin.begin(), margin.end());
    return object(fields);
}

}  // namespace

void tell(std::ostream& out, const Statement& statement) {
    out << "account " << statement.account.account.value() << " of owner "
        << statement.account.owner.value() << ", as of command "
        << statement.account.header.sequence.value() << ", " << text_of(statement.time) << "\n";
    line(out, "state", std::string(name(statement.margin.state)));
    tell_balances(out, statement);
    tell_margin(out, statement);
    tell_positions(out, statement);
    tell_orders(out, statement);
    if (statement.thought) {
        const MarginAnswer& then = statement.thought->margin;
        out << "if " << statement.thought->order << "\n";
        line(out, "  answer",
             then.reject == Reject::none
                 ? "it would be taken"
                 : "it would be refused: " + std::string(name(then.reject)));
        tell_requirement(out, statement, then);
    }
}

void tell_json(std::ostream& out, const Statement& statement) {
    Fields fields = {
        {"account", std::to_string(statement.account.account.value())},
        {"owner", std::to_string(statement.account.owner.value())},
        {"as_of", std::to_string(statement.account.header.sequence.value())},
        {"time", quoted(text_of(statement.time))},
        {"state", quoted(name(statement.margin.state))},
        {"asset", quoted(name_of(statement, statement.account.settlement))},
        {"balances", array(statement.balances,
                           [&](const auto& entry) { return balance_json(statement, entry); })},
        {"margin", object(margin_fields(statement, statement.margin))},
        {"options_value", quoted(settled(statement, option_value(statement)))},
        {"positions", array(statement.positions,
                            [&](const auto& entry) { return position_json(statement, entry); })},
        {"orders",
         array(statement.orders, [&](const auto& entry) { return order_json(statement, entry); })}};
    if (statement.thought) {
        fields.emplace_back("if", thought_json(statement, *statement.thought));
    }
    out << object(fields) << "\n";
}

}  // namespace miletus::audit
