// The fold of accounts against the engine itself: what is asked of the one is asked of the other,
// over streams of commands of every kind, from the beginning and from the middle.
#include "edge/client_feed/client_feed.hpp"
#include "engine/command_stream.hpp"
#include "engine/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace miletus::simulation {
namespace {

using client_feed::Accounts;
using client_feed::AccountsSettings;
using client_feed::Order;
using client_feed::OrderStage;
using client_feed::OwnTrade;
using protocol::view;

AccountsSettings settings_for(const Limits& limits) {
    return {.accounts = limits.accounts,
            .assets = limits.assets,
            .positions = limits.positions,
            .open_orders = limits.orders,
            .closed_orders = 40,
            .closed_orders_per_account = 9,
            .trades = 64,
            .trades_per_account = 12,
            .transactions = 64,
            .transactions_per_account = 12,
            .settlements = 16,
            .settlements_per_account = 5};
}

// What the engine itself still knows of an open order.
using Known = std::tuple<std::uint64_t, std::uint64_t, std::string, std::uint64_t, InstrumentId,
                         protocol::Side, bool, bool, std::int64_t, std::int64_t, std::int64_t,
                         std::int64_t, std::int64_t>;
Known known_of(const Order& order) {
    const bool waits = order.stage == OrderStage::untriggered;
    return {order.id.value(),
            order.client_order.value(),
            std::string(order.label.view()),
            order.session.value(),
            order.instrument,
            order.side,
            order.reduce_only,
            waits,
            order.price.value(),
            order.quantity.value(),
            order.filled.value(),
            order.left.value(),
            waits ? order.trigger_price.value() : 0};
}

std::vector<Known> open_of(const Accounts& accounts, AccountId account) {
    std::vector<Known> open;
    accounts.visit_open_orders(account, [&open](const Order& order) {
        open.push_back(known_of(order));
        return true;
    });
    return open;
}

using Held = std::map<InstrumentId, std::pair<Lots, Amount>>;
Held held_by(const Accounts& accounts, AccountId account) {
    Held held;
    accounts.visit_positions(account, [&held](const client_feed::Position& position) {
        if (position.is_held()) {
            held[position.instrument] = {position.lots, position.cost};
        }
    });
    return held;
}

// Both know the same of what stands now.
void expect_same(const Accounts& one, const Accounts& other, const Limits& limits) {
    for (std::uint32_t at = 0; at < limits.accounts; ++at) {
        const AccountId account(at);
        ASSERT_EQ(one.is_open(account), other.is_open(account));
        EXPECT_EQ(one.owner(account), other.owner(account));
        EXPECT_EQ(one.state(account), other.state(account));
        EXPECT_EQ(open_of(one, account), open_of(other, account));
        EXPECT_EQ(held_by(one, account), held_by(other, account));
        for (std::uint16_t asset = 0; asset < limits.assets; ++asset) {
            EXPECT_EQ(one.balance(account, AssetId(asset)).total,
                      other.balance(account, AssetId(asset)).total);
            EXPECT_EQ(one.balance(account, AssetId(asset)).session,
                      other.balance(account, AssetId(asset)).session);
        }
    }
}

// Asks the engine, and compares what it answers.
class Questioner {
  public:
    explicit Questioner(const engine::Engine& engine) : engine_(engine) {}

    void compare(const Accounts& accounts, AccountId account, UnixNanos now) {
        const auto orders = ask<protocol::OrdersAnswer>(protocol::QueryOrders{}, account);
        std::vector<std::uint64_t> open;
        accounts.visit_open_orders(account, [&](const Order& order) {
            const bool is_overdue = order.expires != UnixNanos(0) && order.expires <= now;
            if (!is_overdue) {
                open.push_back(order.id.value());
            }
            return true;
        });
        ASSERT_EQ(open.size(), orders.size());
        for (std::size_t at = 0; at < orders.size(); ++at) {
            const protocol::OrderView& view = orders[at];
            EXPECT_EQ(view.order.value(), open[at]);
            const Order* order = accounts.find_order(view.order);
            ASSERT_NE(order, nullptr);
            const bool waits = order->stage == OrderStage::untriggered;
            EXPECT_EQ(view.state,
                      waits ? protocol::OrderState::waiting : protocol::OrderState::open);
            EXPECT_EQ(std::tuple(view.left, view.filled, view.price, view.side, view.post_only),
                      std::tuple(order->left, order->filled, order->price, order->side,
                                 order->post_only));
            EXPECT_EQ(view.reduce_only != 0, order->reduce_only);
            EXPECT_EQ(view.trigger_price, waits ? order->trigger_price : Ticks(0));
            orders_seen += 1;
            waiting_seen += waits ? 1U : 0U;
        }
        Held held;
        for (const protocol::PositionView& position :
             ask<protocol::PositionsAnswer>(protocol::QueryPositions{}, account)) {
            held[position.instrument] = {position.lots, position.cost};
            EXPECT_GE(position.initial, position.maintenance);
        }
        EXPECT_EQ(held_by(accounts, account), held);
        positions_seen += held.size();
        for (const protocol::BalanceView& balance :
             ask<protocol::AccountAnswer>(protocol::QueryAccount{}, account)) {
            EXPECT_EQ(accounts.balance(account, balance.asset).total, balance.balance);
            EXPECT_EQ(accounts.balance(account, balance.asset).session, balance.session);
        }
    }

    std::size_t orders_seen = 0;
    std::size_t waiting_seen = 0;
    std::size_t positions_seen = 0;

  private:
    template <class Answer, class Query>
    std::vector<typename Answer::Entry> ask(Query query, AccountId account) {
        query.header.account = account;
        engine_.answer(protocol::encode(query, units_), answers_);
        const auto answer = answers_.message_at(answers_.start());
        if (view<protocol::EventHeader>(answer).type != static_cast<std::uint8_t>(Answer::type)) {
            return {};
        }
        const auto entries = protocol::group<Answer>(answer);
        return {entries.begin(), entries.end()};
    }

    const engine::Engine& engine_;
    protocol::EventWriter answers_{1024};
    std::array<Unit, protocol::units_max()> units_{};
};

// All orders that are known, by id: nothing may change that no command is said to have changed.
class Watcher {
  public:
    // A resend is told the time of its first answer.
    void read(std::span<const Unit> event) {
        const auto type = view<protocol::EventHeader>(event).type;
        if (type == static_cast<std::uint8_t>(protocol::EventType::completed)) {
            time_ = std::max(time_, view<protocol::Completed>(event).time);
        }
    }
    void check(const Accounts& accounts, const Limits& limits) {
        std::map<std::uint64_t, Known> now;
        for (std::uint32_t at = 0; at < limits.accounts; ++at) {
            const auto keep = [&now](const Order& order) {
                now[order.id.value()] = known_of(order);
                return true;
            };
            accounts.visit_open_orders(AccountId(at), keep);
            accounts.visit_closed_orders(AccountId(at), keep);
        }
        for (const client_feed::AccountChanges& changes : accounts.changes()) {
            for (const OrderId id : changes.orders) {
                const Order* order = accounts.find_order(id);
                ASSERT_NE(order, nullptr);
                EXPECT_EQ(order->account, changes.account);
                EXPECT_EQ(order->updated, time_);
                before_[id.value()] = known_of(*order);
                ++changed;
            }
            for (const std::uint32_t place : changes.trades) {
                const OwnTrade& trade = accounts.trade(place);
                EXPECT_EQ(trade.account, changes.account);
                EXPECT_EQ(trade.time, time_);
                ++traded;
            }
        }
        for (const auto& [id, known] : now) {
            ASSERT_TRUE(before_.contains(id));
            EXPECT_EQ(before_[id], known);
        }
        before_ = std::move(now);
    }

    std::size_t changed = 0;
    std::size_t traded = 0;

  private:
    std::map<std::uint64_t, Known> before_;
    UnixNanos time_;
};

// What each trade cost and brought adds up to what its position was told.
class Adder {
  public:
    void read(std::span<const Unit> event) {
        const auto type = view<protocol::EventHeader>(event).type;
        if (type == static_cast<std::uint8_t>(protocol::EventType::position_changed)) {
            const auto& changed = view<protocol::PositionChanged>(event);
            if (changed.reason == protocol::PositionReason::trade) {
                auto& [fee, realised] = told_[{changed.account, changed.instrument}];
                fee += changed.fee;
                realised += changed.realised;
            }
        }
    }
    void check(const Accounts& accounts) {
        std::map<std::pair<AccountId, InstrumentId>, std::pair<Amount, Amount>> added;
        for (const client_feed::AccountChanges& changes : accounts.changes()) {
            for (const std::uint32_t place : changes.trades) {
                const OwnTrade& trade = accounts.trade(place);
                auto& [fee, realised] = added[{trade.account, trade.instrument}];
                fee += trade.fee;
                realised += trade.realised;
            }
        }
        EXPECT_EQ(added, told_);
        told_.clear();
    }

  private:
    std::map<std::pair<AccountId, InstrumentId>, std::pair<Amount, Amount>> told_;
};

TEST(AccountsFold, knows_what_the_engine_knows) {
    const Limits limits = engine::stream_limits();
    std::size_t orders_seen = 0;
    std::size_t waiting_seen = 0;
    std::size_t positions_seen = 0;
    std::size_t traded = 0;
    for (std::uint64_t seed = 1; seed <= 8 && !testing::Test::HasFailure(); ++seed) {
        engine::CommandStream stream(seed);
        engine::Engine engine(limits);
        Accounts accounts(settings_for(limits));
        std::unique_ptr<Accounts> late;
        Watcher watcher;
        Adder adder;
        Questioner questioner(engine);
        engine.tell_standing([&](std::span<const Unit> event) { accounts.read(event); });
        for (std::size_t at = 0; at < 3000 && !testing::Test::HasFailure(); ++at) {
            SCOPED_TRACE("seed " + std::to_string(seed) + ", command " + std::to_string(at));
            engine.apply(stream.next());
            bool is_completed = false;
            engine.events().visit_from(engine.events().start(), [&](std::span<const Unit> event) {
                stream.learn(event);
                adder.read(event);
                watcher.read(event);
                EXPECT_FALSE(is_completed);
                is_completed = accounts.read(event);
                if (late != nullptr) {
                    late->read(event);
                }
            });
            EXPECT_TRUE(is_completed);
            watcher.check(accounts, limits);
            adder.check(accounts);
            if (at % 50 != 0) {
                continue;
            }
            for (std::uint32_t account = 0; account < limits.accounts; ++account) {
                questioner.compare(accounts, AccountId(account), engine.events().time());
            }
            Accounts anew(settings_for(limits));
            engine.tell_standing([&](std::span<const Unit> event) { anew.read(event); });
            expect_same(accounts, anew, limits);
            if (late != nullptr) {
                expect_same(accounts, *late, limits);
            }
            if (at % 500 == 0) {
                late = std::make_unique<Accounts>(settings_for(limits));
                engine.tell_standing([&](std::span<const Unit> event) { late->read(event); });
            }
        }
        orders_seen += questioner.orders_seen;
        waiting_seen += questioner.waiting_seen;
        positions_seen += questioner.positions_seen;
        traded += watcher.traded;
    }
    EXPECT_GT(orders_seen, 500U);
    EXPECT_GT(waiting_seen, 20U);
    EXPECT_GT(positions_seen, 100U);
    EXPECT_GT(traded, 500U);
}

}  // namespace
}  // namespace miletus::simulation
