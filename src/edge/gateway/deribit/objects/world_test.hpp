// A small venue told by hand, to both folds: BTC in USDC, a perpetual, a future, two options, two
// accounts that trade; and what is written of it, as text.
#pragma once

#include "edge/gateway/deribit/objects/objects.hpp"
#include "protocol/codec.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::deribit {

constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t second = 1000 * ms;
constexpr std::int64_t hour = 3600 * second;
constexpr UnixNanos noon{1'772'366'400 * second};    // 2026-03-01T12:00
constexpr UnixNanos expiry{1'774'598'400 * second};  // 2026-03-27T08:00, a last Friday
constexpr std::int64_t whole = 1'000'000;            // an index of one
constexpr AssetId usdc{0};
constexpr AssetId btc{1};
constexpr UnderlyingId btc_usdc{0};
constexpr InstrumentId perpetual{1};
constexpr InstrumentId future{2};
constexpr InstrumentId call{3};
constexpr InstrumentId put{4};
constexpr AccountId maker{1};
constexpr AccountId taker{2};

// What `write` writes.
template <class Write>
[[nodiscard]] std::string json(Write write) {
    std::string text;
    JsonWriter writer(text);
    write(writer);
    return text;
}

class World {
  public:
    World() : markets(market_data::Rooms{}), accounts(settings()) {
        tell_what_exists();
        tell_instruments();
        complete();
    }

    template <class Event>
    void tell(Event event) {
        event.header.sequence = Sequence(sequence);
        event.header.ordinal = ordinal++;
        units_.assign(protocol::units_of<Event>(0), Unit{});
        protocol::encode(event, units_);
        read();
    }
    template <class Event>
    void tell_with(Event event, std::span<const typename Event::Entry> entries) {
        event.header.sequence = Sequence(sequence);
        event.header.ordinal = ordinal++;
        units_.assign(protocol::units_of<Event>(static_cast<std::uint32_t>(entries.size())),
                      Unit{});
        protocol::encode(event, entries, units_);
        read();
    }
    // The end of a command; the next one comes a second later.
    void complete() {
        tell(protocol::Completed{.time = now});
        ++sequence;
        ordinal = 0;
        now = now + Nanos(second);
    }

    // ---- Orders ----
    void accept(OrderId order, AccountId account, InstrumentId instrument, protocol::Side side,
                std::int64_t price, std::int64_t lots, std::string_view label = "",
                protocol::OrderType type = protocol::OrderType::limit) {
        tell_with(protocol::OrderAccepted{.order = order,
                                          .price = Ticks(price),
                                          .quantity = Lots(lots),
                                          .time = now,
                                          .instrument = instrument,
                                          .account = account,
                                          .side = side,
                                          .order_type = type},
                  std::span<const char>(label));
    }
    void rest(OrderId order, AccountId account, InstrumentId instrument, protocol::Side side,
              std::int64_t price, std::int64_t lots, std::int64_t total) {
        tell(protocol::OrderRested{.order = order,
                                   .price = Ticks(price),
                                   .quantity = Lots(lots),
                                   .level_total = Lots(total),
                                   .instrument = instrument,
                                   .account = account,
                                   .side = side});
    }
    // One that is accepted, and rests alone on its level.
    void place(OrderId order, AccountId account, InstrumentId instrument, protocol::Side side,
               std::int64_t price, std::int64_t lots, std::string_view label = "") {
        accept(order, account, instrument, side, price, lots, label);
        rest(order, account, instrument, side, price, lots, lots);
        complete();
    }
    void remove(OrderId order, AccountId account, InstrumentId instrument, protocol::Side side,
                std::int64_t price, std::int64_t lots,
                protocol::RemovalReason reason = protocol::RemovalReason::client) {
        tell(protocol::OrderRemoved{.order = order,
                                    .price = Ticks(price),
                                    .quantity = Lots(lots),
                                    .instrument = instrument,
                                    .account = account,
                                    .side = side,
                                    .reason = reason});
        complete();
    }

    // Maker 11 offers ten lots at 140,000 ticks; taker 12 takes four of them at the market.
    void trade_perpetual() {
        using protocol::Side;
        place(OrderId(11), maker, perpetual, Side::sell, 140'000, 10, "first");
        accept(OrderId(12), taker, perpetual, Side::buy, 147'000, 4, "",
               protocol::OrderType::market);
        tell(protocol::Trade{.maker = OrderId(11),
                             .taker = OrderId(12),
                             .price = Ticks(140'000),
                             .quantity = Lots(4),
                             .level_total = Lots(6),
                             .number = TradeNumber(++trades_),
                             .maker_left = Lots(6),
                             .taker_left = Lots(0),
                             .time = now,
                             .instrument = perpetual,
                             .maker_account = maker,
                             .taker_account = taker,
                             .taker_side = Side::buy});
        hold(maker, perpetual, -4, -280'000'000, 0, 0);
        hold(taker, perpetual, 4, 280'000'000, 0, 140'000);
        complete();
    }
    void hold(AccountId account, InstrumentId instrument, std::int64_t lots, std::int64_t cost,
              std::int64_t realised, std::int64_t fee) {
        tell(protocol::PositionChanged{.lots = Lots(lots),
                                       .cost = Amount(cost),
                                       .realised = Amount(realised),
                                       .fee = Amount(fee),
                                       .account = account,
                                       .instrument = instrument,
                                       .reason = protocol::PositionReason::trade});
    }
    void mark(InstrumentId instrument, std::int64_t tenths) {
        tell(protocol::MarkChanged{.mark = Grid(tenths), .instrument = instrument});
    }
    void set_state(InstrumentId instrument, protocol::InstrumentState state) {
        tell(protocol::InstrumentStateChanged{.instrument = instrument, .state = state});
    }
    void list(InstrumentId instrument, std::string_view name, protocol::InstrumentKind kind,
              UnixNanos expires, std::int64_t strike) {
        const std::vector<protocol::TickStep> steps{{.from = Ticks(10'000), .multiple = Ticks(2)}};
        const bool is_option =
            kind == protocol::InstrumentKind::call || kind == protocol::InstrumentKind::put;
        tell_with(protocol::InstrumentListed{.name = protocol::InstrumentName(name),
                                             .expiry = expires,
                                             .strike = IndexPrice(strike * whole),
                                             .terms = {.tick = IndexPrice(500'000),
                                                       .lot = Amount(100'000),
                                                       .price_low = Ticks(1),
                                                       .price_high = Ticks(1'000'000),
                                                       .lots_max = Lots(1'000'000)},
                                             .instrument = instrument,
                                             .underlying = btc_usdc,
                                             .kind = kind},
                  std::span(steps).first(is_option ? 1 : 0));
        set_state(instrument, protocol::InstrumentState::open);
    }

    [[nodiscard]] const Market& market(InstrumentId instrument) const {
        return *markets.find(instrument);
    }
    [[nodiscard]] const client_feed::Order& order(OrderId id) const {
        return *accounts.find_order(id);
    }
    // An account's new trades, by the last command.
    [[nodiscard]] std::vector<client_feed::OwnTrade> new_trades(AccountId account) const {
        std::vector<client_feed::OwnTrade> trades;
        for (const client_feed::AccountChanges& changes : accounts.changes()) {
            for (const std::uint32_t place : changes.trades) {
                if (changes.account == account) {
                    trades.push_back(accounts.trade(place));
                }
            }
        }
        return trades;
    }

    market_data::Markets markets;
    client_feed::Accounts accounts;
    std::uint64_t sequence = 1;
    std::uint32_t ordinal = 0;
    UnixNanos now = noon;

  private:
    [[nodiscard]] static client_feed::AccountsSettings settings() {
        return {.accounts = 8,
                .assets = 4,
                .positions = 64,
                .open_orders = 256,
                .closed_orders = 256,
                .closed_orders_per_account = 100,
                .trades = 256,
                .trades_per_account = 100,
                .transactions = 256,
                .transactions_per_account = 100,
                .settlements = 64,
                .settlements_per_account = 32};
    }
    void read() {
        markets.read(units_);
        accounts.read(units_);
    }
    void tell_what_exists() {
        tell(protocol::AssetAdded{.name = protocol::Name("USDC"), .decimals = 6, .asset = usdc});
        tell(protocol::AssetAdded{.name = protocol::Name("BTC"), .decimals = 8, .asset = btc});
        tell(protocol::UnderlyingAdded{.name = protocol::Name("BTC_USDC"),
                                       .underlying = btc_usdc,
                                       .base = btc,
                                       .quote = usdc});
        for (const AccountId account : {maker, taker}) {
            tell(protocol::AccountOpened{.owner = OwnerId(account.value()), .account = account});
            tell(protocol::BalanceChanged{.change = Amount(5'000 * whole),
                                          .balance = Amount(5'000 * whole),
                                          .account = account,
                                          .asset = usdc,
                                          .reason = protocol::BalanceReason::deposit});
        }
        tell(protocol::IndexChanged{.price = IndexPrice(70'000'123'456),
                                    .time = now,
                                    .underlying = btc_usdc,
                                    .state = protocol::IndexState::good,
                                    .sources = 3});
    }
    void tell_instruments() {
        using protocol::InstrumentKind;
        list(perpetual, "BTC_USDC-PERPETUAL", InstrumentKind::perpetual, UnixNanos(0), 0);
        list(future, "BTC_USDC-27MAR26", InstrumentKind::future, expiry, 0);
        list(call, "BTC_USDC-27MAR26-70000-C", InstrumentKind::call, expiry, 70'000);
        list(put, "BTC_USDC-27MAR26-70000-P", InstrumentKind::put, expiry, 70'000);
        mark(perpetual, 1'400'001);
        mark(future, 1'404'000);
        mark(call, 60'000);
        mark(put, 56'000);
    }

    std::vector<Unit> units_;
    std::uint64_t trades_ = 0;
};

// The answer to a call, or the code of its failure and why.
class Asking {
  public:
    explicit Asking(const World& world) : world_(world) {}

    [[nodiscard]] std::string ask(std::string_view method, std::string_view parameters = "{}",
                                  AccountId account = maker) {
        const std::string body = R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) +
                                 R"(","params":)" + std::string(parameters) + "}";
        const auto asked = reader_.read_json(body);
        if (!asked.has_value()) {
            return told(asked.error());
        }
        std::string text;
        JsonWriter writer(text);
        const auto answered = is_public_reading(asked->method)
                                  ? answer_public(*asked, world_.markets, world_.now, writer)
                                  : answer_private(*asked, account, world_.markets, world_.accounts,
                                                   world_.now, writer);
        if (answered.has_value()) {
            return text;
        }
        return text + told(answered.error());
    }

  private:
    [[nodiscard]] static std::string told(const Failure& failure) {
        return std::to_string(static_cast<std::int32_t>(failure.code)) + " " +
               std::string(failure.param) + " " + std::string(failure.reason);
    }

    const World& world_;
    CallReader reader_{CallLimits{}};
};

}  // namespace miletus::deribit
