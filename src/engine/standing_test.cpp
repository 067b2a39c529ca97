// Whoever is told what stands knows as much as one who read every event.
#include "engine/command_stream.hpp"
#include "engine/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace miletus::engine {
namespace {

using protocol::EventType;
using protocol::Side;
using protocol::view;

struct KnownInstrument {
    std::string name;
    UnderlyingId underlying;
    UnixNanos expiry;
    IndexPrice strike;
    Ticks price_high;
    std::size_t steps = 0;
    protocol::InstrumentState state = protocol::InstrumentState::pre_open;
    std::optional<std::pair<Ticks, Ticks>> band{};
    std::map<std::pair<Side, Ticks>, Lots> levels{};
    friend bool operator==(const KnownInstrument&, const KnownInstrument&) = default;
};

// What a reader keeps of the events, in plain maps.
class Reader {
  public:
    void read(std::span<const Unit> event) {
        const auto type = static_cast<EventType>(view<protocol::EventHeader>(event).type);
        if (type == EventType::asset_added) {
            const auto& added = view<protocol::AssetAdded>(event);
            assets_[added.asset] = {std::string(added.name.view()), added.decimals};
        } else if (type == EventType::underlying_added) {
            const auto& added = view<protocol::UnderlyingAdded>(event);
            underlyings_[added.underlying] = {std::string(added.name.view()), added.base,
                                              added.quote};
        } else if (type == EventType::index_changed) {
            const auto& changed = view<protocol::IndexChanged>(event);
            indices_[changed.underlying] = {changed.price, changed.state, changed.sources};
        } else {
            read_instrument(type, event);
        }
    }
    [[nodiscard]] std::size_t instruments() const { return instruments_.size(); }
    [[nodiscard]] std::size_t levels() const {
        std::size_t count = 0;
        for (const auto& [number, instrument] : instruments_) {
            count += instrument.levels.size();
        }
        return count;
    }
    friend bool operator==(const Reader&, const Reader&) = default;

  private:
    void read_instrument(EventType type, std::span<const Unit> event) {
        if (type == EventType::instrument_listed) {
            const auto& listed = view<protocol::InstrumentListed>(event);
            instruments_[listed.instrument] = {.name = std::string(listed.name.view()),
                                               .underlying = listed.underlying,
                                               .expiry = listed.expiry,
                                               .strike = listed.strike,
                                               .price_high = listed.terms.price_high,
                                               .steps = listed.group_count};
        } else if (type == EventType::instrument_state_changed) {
            const auto& changed = view<protocol::InstrumentStateChanged>(event);
            instruments_[changed.instrument].state = changed.state;
        } else if (type == EventType::instrument_archived) {
            instruments_.erase(view<protocol::InstrumentArchived>(event).instrument);
        } else if (type == EventType::band_changed) {
            const auto& changed = view<protocol::BandChanged>(event);
            instruments_[changed.instrument].band = {changed.low, changed.high};
        } else {
            read_book(type, event);
        }
    }
    void read_book(EventType type, std::span<const Unit> event) {
        if (type == EventType::order_rested) {
            set_level(view<protocol::OrderRested>(event));
        } else if (type == EventType::order_reduced) {
            set_level(view<protocol::OrderReduced>(event));
        } else if (type == EventType::order_removed) {
            set_level(view<protocol::OrderRemoved>(event));
        } else if (type == EventType::trade) {
            protocol::OrderRested maker;
            const auto& trade = view<protocol::Trade>(event);
            maker.instrument = trade.instrument;
            maker.side = trade.taker_side == Side::buy ? Side::sell : Side::buy;
            maker.price = trade.price;
            maker.level_total = trade.level_total;
            set_level(maker);
        }
    }
    template <class Event>
    void set_level(const Event& event) {
        auto& levels = instruments_[event.instrument].levels;
        const std::pair place(event.side, event.price);
        if (event.level_total == Lots(0)) {
            levels.erase(place);
        } else {
            levels[place] = event.level_total;
        }
    }

    std::map<AssetId, std::pair<std::string, std::uint32_t>> assets_;
    std::map<UnderlyingId, std::tuple<std::string, AssetId, AssetId>> underlyings_;
    std::map<UnderlyingId, std::tuple<IndexPrice, protocol::IndexState, std::uint8_t>> indices_;
    std::map<InstrumentId, KnownInstrument> instruments_;
};

// What a reader keeps of accounts and their orders.
struct KnownOrder {
    AccountId account;
    InstrumentId instrument;
    ClientOrderId client_order;
    SessionId session;
    std::string label;
    Side side{};
    bool reduce_only = false;
    protocol::PostOnly post_only{};
    protocol::SelfTrade self_trade{};
    UnixNanos expires;
    Ticks price;
    Lots left;
    Lots filled;
    std::optional<std::tuple<Ticks, protocol::TriggerKind, protocol::TriggerReference>> awaited{};
    friend bool operator==(const KnownOrder&, const KnownOrder&) = default;
};

class Bookkeeper {
  public:
    void read(std::span<const Unit> event) {
        using enum EventType;
        const auto type = static_cast<EventType>(view<protocol::EventHeader>(event).type);
        if (type == underlying_added) {
            const auto& added = view<protocol::UnderlyingAdded>(event);
            quotes_[added.underlying] = added.quote;
        } else if (type == instrument_listed) {
            const auto& listed = view<protocol::InstrumentListed>(event);
            instruments_[listed.instrument] = {quotes_.at(listed.underlying), listed.kind};
            marks_.erase(listed.instrument);
        } else if (type == mark_changed) {
            const auto& changed = view<protocol::MarkChanged>(event);
            marks_[changed.instrument] = changed.mark;
        } else if (type == instrument_archived) {
            marks_.erase(view<protocol::InstrumentArchived>(event).instrument);
            instruments_.erase(view<protocol::InstrumentArchived>(event).instrument);
        } else if (type == venue_state_changed) {
            venue_state_ = view<protocol::VenueStateChanged>(event).state;
        } else if (type == rules_changed) {
            rules_ = view<protocol::RulesChanged>(event).rules;
        } else if (type == parameter_changed) {
            read_parameter(view<protocol::ParameterChanged>(event));
        } else {
            read_account(type, event);
        }
    }
    [[nodiscard]] std::size_t orders() const { return orders_.size(); }
    [[nodiscard]] std::size_t waiting() const {
        return static_cast<std::size_t>(std::ranges::count_if(
            orders_, [](const auto& entry) { return entry.second.awaited.has_value(); }));
    }
    [[nodiscard]] std::size_t positions() const { return positions_.size(); }
    // Which of what it keeps is not the same.
    [[nodiscard]] std::string difference(const Bookkeeper& other) const {
        std::string what;
        what += quotes_ == other.quotes_ && instruments_ == other.instruments_ ? "" : " listings";
        what += marks_ == other.marks_ ? "" : " marks";
        what += parameters_ == other.parameters_ ? "" : " parameters";
        what += accounts_ == other.accounts_ ? "" : " accounts";
        what += totals_ == other.totals_ ? "" : " balances";
        what += results_ == other.results_ ? "" : " results";
        what += positions_ == other.positions_ ? "" : " positions";
        what += orders_ == other.orders_ ? "" : " orders";
        what += venue_state_ == other.venue_state_ && rules_ == other.rules_ ? "" : " venue";
        return what;
    }

  private:
    // What nobody changed is as usual.
    void read_parameter(const protocol::ParameterChanged& changed) {
        if (changed.value == instruments::Parameters().of(changed.parameter)) {
            parameters_.erase({changed.underlying, changed.parameter});
        } else {
            parameters_[{changed.underlying, changed.parameter}] = changed.value;
        }
    }
    void read_account(EventType type, std::span<const Unit> event) {
        using enum EventType;
        if (type == account_opened) {
            const auto& opened = view<protocol::AccountOpened>(event);
            accounts_[opened.account] = {opened.owner, protocol::AccountState::normal};
        } else if (type == account_state_changed) {
            const auto& changed = view<protocol::AccountStateChanged>(event);
            accounts_[changed.account].second = changed.state;
        } else if (type == balance_changed) {
            const auto& changed = view<protocol::BalanceChanged>(event);
            totals_[{changed.account, changed.asset}] = changed.balance;
            if (changed.reason == protocol::BalanceReason::settlement) {
                results_.erase({changed.account, changed.asset});
            }
        } else if (type == result_booked) {
            const auto& booked = view<protocol::ResultBooked>(event);
            results_[{booked.account, booked.asset}] = booked.session;
        } else if (type == position_changed) {
            read_position(view<protocol::PositionChanged>(event));
        } else {
            read_order(type, event);
        }
        std::erase_if(totals_, [](const auto& entry) { return entry.second == Amount(0); });
        std::erase_if(results_, [](const auto& entry) { return entry.second == Amount(0); });
    }
    void read_position(const protocol::PositionChanged& changed) {
        const auto [asset, kind] = instruments_.at(changed.instrument);
        const bool is_option = kind >= protocol::InstrumentKind::call;
        totals_[{changed.account, asset}] -= changed.fee;
        totals_[{AccountId(0), asset}] += changed.fee;
        if (!is_option && changed.reason != protocol::PositionReason::delivery) {
            results_[{changed.account, asset}] += changed.realised;
        }
        positions_[{changed.account, changed.instrument}] = {changed.lots, changed.cost};
        if (changed.lots == Lots(0)) {
            positions_.erase({changed.account, changed.instrument});
        }
    }
    void read_order(EventType type, std::span<const Unit> event) {
        using enum EventType;
        if (type == order_accepted) {
            add(view<protocol::OrderAccepted>(event), event);
        } else if (type == order_waits) {
            const auto& waits = view<protocol::OrderWaits>(event);
            add(waits, event);
            orders_[waits.order].awaited =
                std::tuple(waits.trigger_price, waits.trigger, waits.reference);
        } else if (type == order_triggered) {
            const auto& triggered = view<protocol::OrderTriggered>(event);
            orders_[triggered.order].awaited.reset();
            orders_[triggered.order].price = triggered.price;
            orders_[triggered.order].left = triggered.quantity;
        } else if (type == waiting_amended) {
            const auto& amended = view<protocol::WaitingAmended>(event);
            KnownOrder& order = orders_[amended.order];
            order.price = amended.price;
            order.left = amended.quantity;
            std::get<0>(*order.awaited) = amended.trigger_price;
        } else if (type == waiting_removed) {
            orders_.erase(view<protocol::WaitingRemoved>(event).order);
        } else if (type == order_amended) {
            const auto& amended = view<protocol::OrderAmended>(event);
            KnownOrder& order = orders_[amended.order];
            order.price = amended.price;
            order.left = amended.quantity - amended.filled;
            order.filled = amended.filled;
        } else {
            read_book(type, event);
        }
    }
    void read_book(EventType type, std::span<const Unit> event) {
        using enum EventType;
        if (type == order_rested) {
            const auto& rested = view<protocol::OrderRested>(event);
            EXPECT_EQ(orders_.at(rested.order).left, rested.quantity);
            EXPECT_EQ(orders_.at(rested.order).price, rested.price);
        } else if (type == order_reduced) {
            const auto& reduced = view<protocol::OrderReduced>(event);
            orders_[reduced.order].left = reduced.quantity;
        } else if (type == order_removed) {
            const auto& removed = view<protocol::OrderRemoved>(event);
            if (removed.reason != protocol::RemovalReason::amended) {
                orders_.erase(removed.order);
            }
        } else if (type == remainder_canceled) {
            const auto& canceled = view<protocol::RemainderCanceled>(event);
            take(canceled.order, canceled.quantity);
        } else if (type == trade) {
            const auto& trade = view<protocol::Trade>(event);
            for (const OrderId order : {trade.maker, trade.taker}) {
                orders_[order].filled += trade.quantity;
                take(order, trade.quantity);
            }
        }
    }
    void take(OrderId order, Lots lots) {
        orders_[order].left -= lots;
        if (orders_[order].left == Lots(0)) {
            orders_.erase(order);
        }
    }
    template <class Event>
    void add(const Event& event, std::span<const Unit> units) {
        orders_[event.order] = {.account = event.account,
                                .instrument = event.instrument,
                                .client_order = event.client_order,
                                .session = event.session,
                                .label = std::string(protocol::text<Event>(units)),
                                .side = event.side,
                                .reduce_only = event.reduce_only != 0,
                                .post_only = event.post_only,
                                .self_trade = event.self_trade,
                                .expires = event.expires,
                                .price = event.price,
                                .left = event.quantity,
                                .filled = {}};
    }

    using Place = std::pair<AccountId, AssetId>;
    std::map<UnderlyingId, AssetId> quotes_;
    std::map<InstrumentId, std::pair<AssetId, protocol::InstrumentKind>> instruments_;
    std::map<InstrumentId, Grid> marks_;
    std::map<std::pair<UnderlyingId, protocol::Parameter>, std::int64_t> parameters_;
    std::map<AccountId, std::pair<OwnerId, protocol::AccountState>> accounts_;
    std::map<Place, Amount> totals_;
    std::map<Place, Amount> results_;
    std::map<std::pair<AccountId, InstrumentId>, std::pair<Lots, Amount>> positions_;
    std::map<OrderId, KnownOrder> orders_;
    protocol::VenueState venue_state_{};
    std::uint32_t rules_ = 1;
};

TEST(Standing, tells_as_much_as_every_event_did) {
    std::size_t instruments_most = 0;
    std::size_t levels_most = 0;
    std::size_t orders_most = 0;
    std::size_t waiting_most = 0;
    std::size_t positions_most = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CommandStream stream(seed);
        Engine engine(stream_limits());
        Reader of_all;
        Bookkeeper of_all_accounts;
        for (std::size_t at = 0; at < 3000; ++at) {
            engine.apply(stream.next());
            engine.events().visit_from(engine.events().start(), [&](std::span<const Unit> event) {
                stream.learn(event);
                of_all.read(event);
                of_all_accounts.read(event);
            });
            if (at % 100 != 0) {
                continue;
            }
            Reader of_standing;
            Bookkeeper of_standing_accounts;
            engine.tell_standing([&](std::span<const Unit> event) {
                ASSERT_TRUE(protocol::decode_event(event).has_value());
                of_standing.read(event);
                of_standing_accounts.read(event);
            });
            ASSERT_EQ(of_standing, of_all) << "seed " << seed << ", command " << at;
            ASSERT_EQ(of_standing_accounts.difference(of_all_accounts), "")
                << "seed " << seed << ", command " << at;
            orders_most = std::max(orders_most, of_all_accounts.orders());
            waiting_most = std::max(waiting_most, of_all_accounts.waiting());
            positions_most = std::max(positions_most, of_all_accounts.positions());
            instruments_most = std::max(instruments_most, of_all.instruments());
            levels_most = std::max(levels_most, of_all.levels());
        }
    }
    EXPECT_GT(instruments_most, 3U);
    EXPECT_GT(levels_most, 10U);
    EXPECT_GT(orders_most, 10U);
    EXPECT_GT(waiting_most, 1U);
    EXPECT_GT(positions_most, 3U);
}

}  // namespace
}  // namespace miletus::engine
