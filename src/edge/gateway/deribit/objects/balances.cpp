// Accounts in one currency, and the owner's accounts.
#include "edge/gateway/deribit/objects/balances.hpp"

#include "edge/gateway/deribit/objects/risk_sums.hpp"
#include "edge/gateway/deribit/objects/words.hpp"

#include <algorithm>

namespace miletus::deribit {

namespace {

using client_feed::Balance;

// What a currency shows of margins: those of the settlement asset, and nothing in the others.
struct Margins {
    Amount equity{};
    Amount available{};
    Amount withdrawable{};
    Amount initial{};
    Amount maintenance{};
    Amount session{};
    Amount unrealised{};
};

// Of another asset as much may go as its share of the collateral that is free.
Amount withdrawable_of(const protocol::MarginAnswer& margin, Amount balance) {
    const Amount available = std::max(margin.equity - margin.initial, Amount(0));
    if (available >= margin.collateral) {
        return balance;
    }
    return Amount(static_cast<std::int64_t>(int128{balance.value()} * available.value() /
                                            margin.collateral.value()));
}

Margins margins_of(const AccountView& view, AssetId asset, const Balance& balance) {
    const protocol::MarginAnswer& margin = view.margin;
    if (asset == view.settlement) {
        return {.equity = margin.equity,
                .available = std::max(margin.equity - margin.initial, Amount(0)),
                .withdrawable = margin.withdrawable,
                .initial = margin.initial,
                .maintenance = margin.maintenance,
                .session = margin.session_result,
                .unrealised = margin.unrealised};
    }
    const Amount free = withdrawable_of(margin, balance.total);
    return {.equity = balance.total, .available = free, .withdrawable = free};
}

void write_results(JsonWriter& writer, const Margins& margins, const RiskSums& sums,
                   std::uint32_t decimals) {
    const auto money = [&](std::string_view name, Amount amount) {
        writer.decimal(name, amount.value(), decimals);
    };
    money("total_pl", margins.session + margins.unrealised + sums.options_result());
    money("session_rpl", margins.session);
    money("session_upl", margins.unrealised);
    money("futures_pl", margins.session + margins.unrealised);
    money("futures_session_rpl", margins.session);
    money("futures_session_upl", margins.unrealised);
    money("options_pl", sums.options_result());
    money("options_session_rpl", Amount(0));
    money("options_session_upl", sums.options_result());
    money("options_value", sums.options_value());
}

template <class Value>
void write_map(JsonWriter& writer, const Markets& markets, std::string_view name,
               const RiskSums& sums, Value value) {
    writer.key(name);
    writer.begin_object();
    for (const RiskSums::OfIndex& each : sums.by_index()) {
        writer.key(index_name_of(markets.underlying(each.underlying)).view());
        writer.decimal(value(each), risk_decimals);
    }
    writer.end_object();
}

void write_greeks(JsonWriter& writer, const Markets& markets, const RiskSums& sums) {
    const RiskSums::OfIndex total = sums.total();
    writer.decimal("options_delta", total.options_delta, risk_decimals);
    writer.decimal("options_gamma", total.gamma, risk_decimals);
    writer.decimal("options_vega", total.vega, risk_decimals);
    writer.decimal("options_theta", total.theta, risk_decimals);
    using OfIndex = RiskSums::OfIndex;
    write_map(writer, markets, "options_delta_map", sums,
              [](const OfIndex& each) { return each.options_delta; });
    write_map(writer, markets, "options_gamma_map", sums,
              [](const OfIndex& each) { return each.gamma; });
    write_map(writer, markets, "options_vega_map", sums,
              [](const OfIndex& each) { return each.vega; });
    write_map(writer, markets, "options_theta_map", sums,
              [](const OfIndex& each) { return each.theta; });
    writer.decimal("delta_total", total.delta, risk_decimals);
    write_map(writer, markets, "delta_total_map", sums,
              [](const OfIndex& each) { return each.delta; });
    writer.decimal("projected_delta_total", total.delta, risk_decimals);
}

// The stable coin that everything settles in counts for a dollar.
void write_totals(JsonWriter& writer, const Markets& markets, const AccountView& view,
                  const RiskSums& sums) {
    const std::uint32_t decimals = currency_of(markets, view.settlement).decimals;
    writer.decimal("total_equity_usd", view.margin.equity.value(), decimals);
    writer.decimal("total_initial_margin_usd", view.margin.initial.value(), decimals);
    writer.decimal("total_maintenance_margin_usd", view.margin.maintenance.value(), decimals);
    writer.decimal("total_margin_balance_usd", view.margin.equity.value(), decimals);
    writer.decimal("total_delta_total_usd", sums.delta_value(), risk_decimals + index_decimals);
}

void write_account_fields(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                          const AccountView& view, AssetId asset) {
    const Currency currency = currency_of(markets, asset);
    const bool is_settlement = asset == view.settlement;
    const Balance balance = accounts.balance(view.margin.account, asset);
    const Margins margins = margins_of(view, asset, balance);
    const RiskSums sums =
        is_settlement ? RiskSums(markets, accounts, view.margin.account) : RiskSums();
    const auto money = [&](std::string_view name, Amount amount) {
        writer.decimal(name, amount.value(), currency.decimals);
    };
    writer.text("currency", currency.name);
    money("balance", is_settlement ? view.margin.cash : balance.total);
    money("equity", margins.equity);
    money("margin_balance", margins.equity);
    money("available_funds", margins.available);
    money("available_withdrawal_funds", margins.withdrawable);
    money("initial_margin", margins.initial);
    money("maintenance_margin", margins.maintenance);
    money("projected_initial_margin", margins.initial);
    money("projected_maintenance_margin", margins.maintenance);
    write_results(writer, margins, sums, currency.decimals);
    write_greeks(writer, markets, sums);
    writer.integer("fee_balance", 0);
    writer.integer("spot_reserve", 0);
    writer.integer("additional_reserve", 0);
    writer.integer("locked_balance", 0);
    writer.text("margin_model", "cross_sm");
    writer.boolean("portfolio_margining_enabled", false);
    writer.boolean("cross_collateral_enabled", true);
    if (is_settlement) {
        write_totals(writer, markets, view, sums);
    }
    writer.key("limits");
    write_limits(writer, view.limits);
}

// What the two of get_account_summary and get_account_summaries say of the account as such.
void write_names(JsonWriter& writer, const AccountNames& names) {
    writer.integer("id", names.account.value());
    writer.text("username", names.username);
    writer.text("email", names.email);
    writer.text("system_name", names.system_name);
    writer.text("type", names.is_main ? "main" : "subaccount");
}

void write_rate(JsonWriter& writer, std::string_view name, const RateLimit& limit) {
    writer.key(name);
    writer.begin_object();
    writer.integer("rate", limit.rate);
    writer.integer("burst", limit.burst);
    writer.end_object();
}

struct FeeRow {
    std::string_view currency;
    const market_data::Underlying& underlying;
    std::string_view kind;
    market_data::Fees fees;
};

void write_fee(JsonWriter& writer, const FeeRow& row) {
    const market_data::Fees& fees = row.fees;
    writer.begin_object();
    writer.text("currency", row.currency);
    writer.text("instrument_type", row.kind);
    writer.text("fee_type", "relative");
    writer.decimal("maker_fee", fees.maker.value(), rate_decimals);
    writer.decimal("taker_fee", fees.taker.value(), rate_decimals);
    writer.text("kind", row.kind);
    writer.text("index_name", index_name_of(&row.underlying).view());
    writer.key("value");
    writer.begin_object();
    writer.key("default");
    writer.begin_object();
    writer.text("type", "relative");
    writer.decimal("maker", fees.maker.value(), rate_decimals);
    writer.decimal("taker", fees.taker.value(), rate_decimals);
    writer.end_object();
    writer.decimal("block_trade", fees.taker.value(), rate_decimals);
    writer.end_object();
    writer.end_object();
}

}  // namespace

void write_account(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                   const AccountView& view, AssetId asset) {
    writer.begin_object();
    write_account_fields(writer, markets, accounts, view, asset);
    writer.end_object();
}

void write_extended_account(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                            const AccountView& view, AssetId asset, const AccountNames& names) {
    writer.begin_object();
    write_account_fields(writer, markets, accounts, view, asset);
    write_names(writer, names);
    writer.boolean("login_enabled", true);
    writer.boolean("mmp_enabled", false);
    writer.boolean("interuser_transfers_enabled", false);
    writer.text("self_trading_reject_mode", "reject_taker");
    writer.text("self_trading_extended_to_subaccounts", "true");
    writer.integer("creation_timestamp", milliseconds(names.created));
    writer.key("fees");
    write_fees(writer, markets, asset);
    writer.end_object();
}

void write_account_summaries(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                             const AccountView& view, const AccountNames& names, bool is_extended) {
    writer.begin_object();
    write_names(writer, names);
    writer.integer("creation_timestamp", milliseconds(names.created));
    writer.boolean("login_enabled", true);
    writer.boolean("mmp_enabled", false);
    writer.boolean("interuser_transfers_enabled", false);
    writer.boolean("security_keys_enabled", false);
    writer.text("self_trading_reject_mode", "reject_taker");
    writer.text("self_trading_extended_to_subaccounts", "true");
    writer.null("referrer_id");
    writer.key("summaries");
    writer.begin_array();
    for (const market_data::Asset& asset : markets.assets()) {
        if (asset.name.view().empty()) {
            continue;
        }
        writer.begin_object();
        write_account_fields(writer, markets, accounts, view, asset.asset);
        if (is_extended) {
            writer.key("fees");
            write_fees(writer, markets, asset.asset);
        }
        writer.end_object();
    }
    writer.end_array();
    writer.end_object();
}

void write_subaccount(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                      const AccountNames& names, const std::optional<AccountView>& view) {
    writer.begin_object();
    writer.integer("id", names.account.value());
    writer.text("username", names.username);
    writer.text("type", names.is_main ? "main" : "subaccount");
    writer.text("system_name", names.system_name);
    writer.text("email", names.email);
    writer.boolean("login_enabled", true);
    writer.boolean("is_password", true);
    writer.boolean("receive_notifications", false);
    writer.boolean("security_keys_enabled", false);
    writer.text("margin_model", "cross_sm");
    if (view.has_value()) {
        writer.key("portfolio");
        writer.begin_object();
        for (const market_data::Asset& asset : markets.assets()) {
            if (!asset.name.view().empty()) {
                writer.key(lower_case(asset.name.view()).view());
                write_account(writer, markets, accounts, *view, asset.asset);
            }
        }
        writer.end_object();
    }
    writer.end_object();
}

void write_limits(JsonWriter& writer, const AccountLimits& limits) {
    writer.begin_object();
    write_rate(writer, "non_matching_engine", limits.non_matching);
    writer.key("matching_engine");
    writer.begin_object();
    writer.key("trading");
    writer.begin_object();
    write_rate(writer, "total", limits.matching);
    writer.end_object();
    write_rate(writer, "spot", limits.matching);
    write_rate(writer, "quotes", limits.quotes);
    write_rate(writer, "max_quotes", limits.quotes);
    write_rate(writer, "guaranteed_quotes", limits.quotes);
    write_rate(writer, "cancel_all", limits.cancel_all);
    writer.end_object();
    writer.boolean("limits_per_currency", false);
    writer.end_object();
}

void write_fees(JsonWriter& writer, const Markets& markets, AssetId asset) {
    using protocol::InstrumentKind;
    struct Kind {
        InstrumentKind kind;
        std::string_view word;
    };
    constexpr std::array<Kind, 3> kinds{{{InstrumentKind::perpetual, "perpetual"},
                                         {InstrumentKind::future, "future"},
                                         {InstrumentKind::call, "option"}}};
    writer.begin_array();
    for (const market_data::Underlying& underlying : markets.underlyings()) {
        if (underlying.quote != asset || underlying.name.view().empty()) {
            continue;
        }
        for (const Kind& kind : kinds) {
            market_data::Instrument instrument;
            instrument.underlying = underlying.underlying;
            instrument.kind = kind.kind;
            write_fee(writer, {.currency = currency_of(markets, asset).name,
                               .underlying = underlying,
                               .kind = kind.word,
                               .fees = markets.fees_of(instrument)});
        }
    }
    writer.end_array();
}

void write_user_lock(JsonWriter& writer, std::string_view currency, protocol::AccountState state) {
    writer.begin_object();
    writer.text("currency", currency);
    writer.boolean("enabled", state == protocol::AccountState::stopped);
    writer.end_object();
}

}  // namespace miletus::deribit
