// Clearing against a twin that remembers everything that ever happened and adds it all up again
// after every step: positions, their costs, results, funding, fees. And nothing is made or lost.
#include "base/prng.hpp"
#include "engine/clearing/clearing.hpp"
#include "engine/clearing/desk_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace miletus::clearing {
namespace {

using protocol::Parameter;
using Wide = int128;

// The greatest whole number that is not above, and the least that is not below.
Wide down(Wide dividend, Wide divisor) {
    Wide whole = dividend / divisor;
    return whole * divisor > dividend ? whole - 1 : whole;
}
Wide up(Wide dividend, Wide divisor) {
    return -down(-dividend, divisor);
}
Wide size_of(Wide value) {
    return value < 0 ? -value : value;
}

// ---- What happened ----

enum class What : std::uint8_t { fill, funding, mark_to_market, payment, closing, delivery };

struct Happened {
    What what{};
    AccountId account;
    InstrumentId instrument;
    std::int64_t lots = 0;   // negative where they are sold
    std::int64_t value = 0;  // of one lot; of funding, what one lot paid
    std::size_t order = 0;
    Wide exact_fee = 0;  // in millionths of a unit
};

// ---- What that comes to ----

struct Holding {
    Wide lots = 0;
    Wide cost = 0;
};
struct Purse {
    Wide cash = 0;
    Wide session = 0;
};

class Ledger {
  public:
    explicit Ledger(const Desk& desk) : desk_(desk) {}

    void add(const Happened& happened) {
        const Wide total = Wide{happened.lots} * happened.value;
        Holding& holding = holdings[{happened.account, happened.instrument}];
        switch (happened.what) {
            case What::fill:
            case What::closing:
                trade(happened, holding);
                break;
            case What::funding:
                for (auto& [key, held] : holdings) {
                    if (key.second == happened.instrument) {
                        purses[key.first].session -= held.lots * happened.value;
                    }
                }
                break;
            case What::mark_to_market:
                purses[happened.account].session += total - holding.cost;
                holding.cost = total;
                break;
            case What::payment:
                purses[happened.account].cash += std::exchange(purses[happened.account].session, 0);
                break;
            case What::delivery:
                purses[happened.account].cash += total;
                purses[happened.account].cash -= is_option(happened.instrument) ? 0 : holding.cost;
                charge(happened.account, up(happened.exact_fee, 1'000'000));
                holding = {};
                break;
        }
    }

    std::map<std::pair<AccountId, InstrumentId>, Holding> holdings;
    std::map<AccountId, Purse> purses;

  private:
    [[nodiscard]] bool is_option(InstrumentId instrument) const {
        return instrument == desk_.call || instrument == desk_.put;
    }
    void charge(AccountId account, Wide fee) {
        purses[account].cash -= fee;
        purses[house].cash += fee;
    }
    // Lots of the other sign close first, at their share of the cost; what is left opens.
    void trade(const Happened& happened, Holding& holding) {
        Wide left = happened.lots;
        Wide result = 0;
        if (holding.lots != 0 && (holding.lots < 0) != (left < 0)) {
            const Wide closed = std::min(size_of(left), size_of(holding.lots));
            const Wide gone = left < 0 ? -closed : closed;
            const Wide share = closed == size_of(holding.lots)
                                   ? holding.cost
                                   : down(holding.cost * closed, size_of(holding.lots));
            result = -gone * happened.value - share;
            holding.cost -= share;
            holding.lots += gone;
            left -= gone;
        }
        holding.lots += left;
        holding.cost += left * happened.value;
        Purse& purse = purses[happened.account];
        if (is_option(happened.instrument)) {
            purse.cash -= Wide{happened.lots} * happened.value;
        } else {
            purse.session += result;
        }
        if (happened.what == What::fill) {
            const Wide before = up(fees_[happened.order], 1'000'000);
            fees_[happened.order] += happened.exact_fee;
            charge(happened.account, up(fees_[happened.order], 1'000'000) - before);
        }
    }

    const Desk& desk_;
    std::map<std::size_t, Wide> fees_;  // by order, exactly
};

// ---- The stream ----

struct Resting {
    OpenOrder order;
    std::size_t number = 0;
};

class Session {
  public:
    explicit Session(std::uint64_t seed) : prng_(seed) {
        desk_.market.set(Parameter::funding_damp, 0);
        desk_.market.set(Parameter::funding_cap, 100'000);
    }
    ~Session() {
        for (Resting& resting : orders_) {
            desk_.cancel(resting.order);
        }
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void step() {
        const std::uint64_t draw = prng_.below(40);
        if (draw < 14) {
            place();
        } else if (draw < 28) {
            cross();
        } else if (draw < 30) {
            cancel();
        } else if (draw < 34) {
            let_time_pass();
        } else if (draw < 35) {
            change_fees();
        } else if (draw < 37) {
            end_session();
        } else if (draw < 39) {
            reassign();
        } else {
            cross_whole();
        }
    }

    // The first thing that is not as the history has it.
    [[nodiscard]] std::string difference() const {
        Ledger ledger(desk_);
        for (const Happened& happened : history_) {
            ledger.add(happened);
        }
        std::map<AccountId, Wide> due;
        for (const auto& [key, holding] : ledger.holdings) {
            const Position position = desk_.position(key.first, key.second);
            if (position.lots.value() != holding.lots || position.cost.value() != holding.cost) {
                return "a position differs";
            }
            due[key.first] +=
                holding.lots * (desk_.market.prices.funding(key.second) - position.funding).value();
        }
        for (const AccountId account : {house, alice, bob, carol}) {
            const Purse purse = ledger.purses[account];
            if (desk_.paid(account) != purse.cash) {
                return "a balance differs";
            }
            if (desk_.session(account) - due[account] != purse.session) {
                return "a session differs";
            }
            Wide held = 0;
            for (const Resting& resting : orders_) {
                held += resting.order.account == account
                            ? Wide{resting.order.hold_per_lot.value()} * resting.order.left
                            : 0;
            }
            if (desk_.held(account) != held) {
                return "a hold differs";
            }
        }
        for (const InstrumentId instrument : instruments_) {
            Wide net = 0;
            for (const AccountId account : {alice, bob, carol}) {
                net += ledger.holdings[{account, instrument}].lots;
            }
            const bool is_ending = delivered_ && delivered_->first == instrument;
            if (net != 0 && !is_ending) {
                return "longs and shorts differ";
            }
        }
        if (desk_.paid(house) < 0) {
            return "the house paid more in rebates than it earned";
        }
        desk_.accounts.check_invariants();
        return is_conserved() ? "" : "money was made or lost";
    }

    // The dated ones end, one position at a time.
    std::string deliver_all() {
        for (const InstrumentId instrument : {desk_.future, desk_.call, desk_.put}) {
            std::erase_if(orders_, [&](Resting& resting) {
                const bool is_of_it = resting.order.instrument == instrument;
                if (is_of_it) {
                    desk_.cancel(resting.order);
                }
                return is_of_it;
            });
            const std::int64_t low = instrument == desk_.future ? -3'000'000 : 0;
            const Grid price(prng_.between(low, 3'000'000));
            desk_.market.prices.settle(instrument, price);
            delivered_ = {instrument, price};
            for (const AccountId account : {alice, bob, carol}) {
                if (desk_.slot(account, instrument) != 0) {
                    deliver(account, instrument, price);
                    if (std::string found = difference(); !found.empty()) {
                        return found;
                    }
                }
            }
            delivered_.reset();
        }
        return difference();
    }

    std::map<What, std::uint32_t> counts;

  private:
    [[nodiscard]] bool is_conserved() const {
        return delivered_ ? desk_.is_conserved(delivered_->first, delivered_->second)
                          : desk_.is_conserved();
    }
    void note(const Happened& happened) {
        history_.push_back(happened);
        ++counts[happened.what];
    }
    [[nodiscard]] bool is_option(InstrumentId instrument) const {
        return instrument == desk_.call || instrument == desk_.put;
    }
    [[nodiscard]] std::int64_t rate(Parameter parameter) const {
        return desk_.market.parameters.of(SmallMarket::underlying).of(parameter);
    }

    void place() {
        const AccountId account(static_cast<std::uint32_t>(prng_.between(1, 3)));
        const InstrumentId instrument = instruments_.at(prng_.below(4));
        const Side side = prng_.one_in(2) ? Side::buy : Side::sell;
        const auto lots = static_cast<std::uint32_t>(prng_.between(1, 12));
        if (orders_.size() < 12 &&
            desk_.clearing.check_room(account, instrument, side, Lots(lots))) {
            orders_.push_back(
                {.order = desk_.open(account, instrument, side, lots, prng_.between(0, 1000)),
                 .number = next_order_++});
        }
    }

    // A buy and a sell of one instrument, of two accounts.
    [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> some_pair() {
        for (std::size_t buy = 0; buy < orders_.size(); ++buy) {
            for (std::size_t sell = 0; sell < orders_.size(); ++sell) {
                const OpenOrder& left = orders_[buy].order;
                const OpenOrder& right = orders_[sell].order;
                if (left.side == Side::buy && right.side == Side::sell &&
                    left.account != right.account && left.instrument == right.instrument &&
                    !prng_.one_in(3)) {
                    return std::pair(buy, sell);
                }
            }
        }
        return std::nullopt;
    }
    void cross() {
        if (const auto pair = some_pair()) {
            const std::uint32_t most =
                std::min(orders_[pair->first].order.left, orders_[pair->second].order.left);
            cross(*pair, static_cast<std::uint32_t>(prng_.between(1, most)));
        }
    }
    void cross_whole() {
        if (const auto pair = some_pair()) {
            cross(*pair,
                  std::min(orders_[pair->first].order.left, orders_[pair->second].order.left));
        }
    }
    void cross(std::pair<std::size_t, std::size_t> pair, std::uint32_t lots) {
        const InstrumentId instrument = orders_[pair.first].order.instrument;
        const std::int64_t low = instrument == desk_.future ? -300'000 : 0;
        const std::int64_t price =
            is_option(instrument) ? prng_.between(0, 2000) : prng_.between(low, 300'000);
        const bool buyer_takes = prng_.one_in(2);
        fill(orders_[pair.first], price, lots, buyer_takes);
        fill(orders_[pair.second], price, lots, !buyer_takes);
        std::erase_if(orders_, [](const Resting& resting) { return resting.order.left == 0; });
    }
    void fill(Resting& resting, std::int64_t price, std::uint32_t lots, bool takes) {
        const InstrumentId instrument = resting.order.instrument;
        const Wide traded = size_of(Wide{price} * tick * lots);
        const Wide of_index = Wide{desk_.market.prices.index_value(instrument).value()} * lots *
                              rate(Parameter::option_fee);
        const std::int64_t maker =
            std::max(rate(Parameter::maker_fee), -rate(Parameter::taker_fee));
        note({.what = What::fill,
              .account = resting.order.account,
              .instrument = instrument,
              .lots = resting.order.side == Side::buy ? std::int64_t{lots} : -std::int64_t{lots},
              .value = price * tick,
              .order = resting.number,
              .exact_fee = is_option(instrument)
                               ? std::min(of_index, traded * rate(Parameter::option_fee_cap))
                               : traded * (takes ? rate(Parameter::taker_fee) : maker)});
        desk_.fill(resting.order, price, lots, takes);
    }

    void cancel() {
        if (!orders_.empty()) {
            Resting& resting = orders_[prng_.below(orders_.size())];
            desk_.clearing.unwind(resting.order,
                                  static_cast<std::uint32_t>(prng_.between(1, resting.order.left)));
            if (resting.order.left == 0) {
                desk_.clearing.close(resting.order);
            }
            std::erase_if(orders_, [](const Resting& other) { return other.order.left == 0; });
        }
    }

    void let_time_pass() {
        std::map<InstrumentId, LotValue> before;
        for (const InstrumentId instrument : instruments_) {
            before[instrument] = desk_.market.prices.funding(instrument);
        }
        const Ticks book(prng_.between(190'000, 210'000));
        desk_.market.set_index(prng_.between(95'000 * dollar, 105'000 * dollar));
        desk_.market.pass(prng_.between(1, 8), book, book);
        for (const InstrumentId instrument : instruments_) {
            const LotValue paid = desk_.market.prices.funding(instrument) - before[instrument];
            if (paid != LotValue(0)) {
                note({.what = What::funding,
                      .account = house,
                      .instrument = instrument,
                      .value = paid.value()});
            }
        }
    }

    void change_fees() {
        desk_.market.set(Parameter::maker_fee, prng_.between(-1000, 500));
        desk_.market.set(Parameter::taker_fee, prng_.between(0, 1000));
        desk_.market.set(Parameter::option_fee, prng_.between(0, 1000));
        desk_.market.set(Parameter::option_fee_cap, prng_.between(0, 300'000));
        desk_.market.set(Parameter::future_delivery_fee, prng_.between(0, 777));
        desk_.market.set(Parameter::option_delivery_fee, prng_.between(0, 777));
    }

    // As often as not only some positions are settled: the rest keeps its results.
    void end_session() {
        const bool is_whole = prng_.one_in(2);
        for (const AccountId account : {alice, bob, carol}) {
            for (const InstrumentId instrument : {desk_.perpetual, desk_.future}) {
                const Position position = desk_.position(account, instrument);
                if (position.is_held() && (is_whole || prng_.one_in(2))) {
                    note({.what = What::mark_to_market,
                          .account = account,
                          .instrument = instrument,
                          .lots = position.lots.value(),
                          .value = desk_.market.prices.mark_value(instrument).value()});
                    desk_.clearing.settle_position(desk_.slot(account, instrument));
                }
            }
        }
        if (is_whole) {
            for (const AccountId account : {alice, bob, carol}) {
                note({.what = What::payment, .account = account, .instrument = desk_.perpetual});
                desk_.clearing.settle_account(account, usdc);
            }
        }
    }

    void reassign() {
        const InstrumentId instrument = instruments_.at(prng_.below(4));
        for (const AccountId leaving : {alice, bob, carol}) {
            for (const AccountId against : {alice, bob, carol}) {
                const std::int64_t held = desk_.position(leaving, instrument).lots.value();
                const std::int64_t other = desk_.position(against, instrument).lots.value();
                if (held * other < 0) {
                    const std::int64_t lots =
                        prng_.between(1, std::min(std::abs(held), std::abs(other)));
                    const Grid price(prng_.between(0, 2'000'000));
                    for (const auto& [account, sign] :
                         {std::pair(leaving, held), std::pair(against, other)}) {
                        note({.what = What::closing,
                              .account = account,
                              .instrument = instrument,
                              .lots = sign > 0 ? -lots : lots,
                              .value = price.value() * tick / 10});
                    }
                    desk_.clearing.reassign(desk_.slot(leaving, instrument),
                                            desk_.slot(against, instrument), Lots(lots), price);
                    return;
                }
            }
        }
    }

    void deliver(AccountId account, InstrumentId instrument, Grid price) {
        const std::int64_t lots = desk_.position(account, instrument).lots.value();
        const std::int64_t value = price.value() * tick / 10;
        const Wide paid = size_of(Wide{lots} * value);
        const Wide of_index = size_of(lots) * desk_.market.prices.index_value(instrument).value() *
                              rate(Parameter::option_delivery_fee);
        note({.what = What::delivery,
              .account = account,
              .instrument = instrument,
              .lots = lots,
              .value = value,
              .exact_fee = is_option(instrument)
                               ? std::min(of_index, paid * rate(Parameter::option_fee_cap))
                               : paid * rate(Parameter::future_delivery_fee)});
        desk_.clearing.deliver(desk_.slot(account, instrument), price);
    }

    Desk desk_;
    std::array<InstrumentId, 4> instruments_ = {desk_.perpetual, desk_.future, desk_.call,
                                                desk_.put};
    Prng prng_;
    std::vector<Resting> orders_;
    std::size_t next_order_ = 1;
    std::vector<Happened> history_;
    std::optional<std::pair<InstrumentId, Grid>> delivered_;
};

TEST(ClearingTwin, whatever_happens_all_is_as_its_history_adds_up) {
    std::map<What, std::uint32_t> counts;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        Session session(seed);
        for (int step = 0; step < 400; ++step) {
            session.step();
            ASSERT_EQ(session.difference(), "") << "seed " << seed << ", step " << step;
        }
        ASSERT_EQ(session.deliver_all(), "") << "seed " << seed;
        for (const auto& [what, count] : session.counts) {
            counts[what] += count;
        }
    }
    using enum What;
    for (const What what : {fill, funding, mark_to_market, payment, closing, delivery}) {
        EXPECT_GT(counts[what], 50U);
    }
}

}  // namespace
}  // namespace miletus::clearing
