// What Risk says of an order against a judge who lets every subset of the open orders fill, one
// subset after the other, and looks at what the account would need then.
#include "base/prng.hpp"
#include "engine/risk/desk_test.hpp"
#include "engine/risk/risk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace miletus::risk {
namespace {

struct Held {
    std::int64_t lots = 0;
    std::int64_t sells = 0;
};
using Portfolio = std::map<InstrumentId, Held>;

struct Verdict {
    bool covers = false;  // equity less what is held bears every subset
    bool bears = true;    // whatever of it fills at its limit, and whatever that costs or brings
    bool is_safer = false;
};

class Judge {
  public:
    explicit Judge(Desk& desk) : desk_(desk) {}

    // What somebody without any open order would need for this.
    [[nodiscard]] Requirement required(const Portfolio& portfolio) {
        accounts::Positions& positions = desk_.accounts.positions();
        for (std::uint32_t at = 0; at < 6; ++at) {
            const InstrumentId instrument(at);
            const std::uint32_t slot = desk_.slot_for(ghost, instrument);
            const auto found = portfolio.find(instrument);
            const Held held = found != portfolio.end() ? found->second : Held{};
            positions.set_lots(slot, Lots(held.lots));
            positions.at(slot).open[1] = Lots(held.sells);
            positions.at(slot).orders = 1;  // keeps it there
        }
        return desk_.risk.standing(ghost).required();
    }

    [[nodiscard]] Verdict of(const Portfolio& before, std::vector<RestingOrder> orders,
                             const RestingOrder& wanted) {
        orders.push_back(wanted);
        const Standing now = desk_.risk.standing(wanted.account);
        const Amount equity = now.equity();
        Amount all_holds(0);
        for (const RestingOrder& order : orders) {
            all_holds += Amount(order.hold);
        }
        Verdict verdict;
        Amount worst(0);
        for (std::uint32_t subset = 0; subset < (1U << orders.size()); ++subset) {
            Portfolio after = before;
            Amount brought(0);
            for (std::size_t at = 0; at < orders.size(); ++at) {
                if (((subset >> at) & 1U) != 0) {
                    brought += fill(after, orders[at]);
                }
            }
            const Amount initial = required(after).initial;
            worst = std::max(worst, initial);
            verdict.bears = verdict.bears && equity + brought >= initial;
        }
        verdict.covers = equity - all_holds >= worst;
        verdict.is_safer = is_safer(before, orders, wanted);
        return verdict;
    }

  private:
    // Returns what it brings at its limit, at the mark of now.
    Amount fill(Portfolio& portfolio, const RestingOrder& order) const {
        const std::int64_t sign = order.side == Side::buy ? 1 : -1;
        portfolio[order.instrument].lots += sign * order.lots;
        const std::int64_t paid = order.price * tick;
        const std::int64_t worth =
            desk_.is_option(order.instrument) ? 0 : desk_.mark(order.instrument);
        return Amount(sign * order.lots * (worth - paid));
    }

    // With all of its side it closes at most what is held, needs no more initial margin, and frees
    // as much maintenance as it costs. Other instruments' sells are there as they were.
    [[nodiscard]] bool is_safer(Portfolio before, const std::vector<RestingOrder>& orders,
                                const RestingOrder& wanted) {
        std::int64_t closing = 0;
        for (const RestingOrder& order : orders) {
            const bool is_same = order.instrument == wanted.instrument;
            closing += is_same && order.side == wanted.side ? order.lots : 0;
            const bool sells_option = order.side == Side::sell && desk_.is_option(order.instrument);
            before[order.instrument].sells += !is_same && sells_option ? order.lots : 0;
        }
        const std::int64_t held = before[wanted.instrument].lots;
        if (closing > (wanted.side == Side::sell ? held : -held)) {
            return false;
        }
        const Requirement now = required(before);
        before[wanted.instrument].lots += wanted.side == Side::sell ? -wanted.lots : wanted.lots;
        const Requirement then = required(before);
        return then.initial <= now.initial &&
               now.maintenance - then.maintenance >= Amount(wanted.hold);
    }

    Desk& desk_;
};

// One account with some positions, to which orders come one by one.
class Case {
  public:
    explicit Case(std::uint64_t seed) : prng_(seed) {
        desk_.market.set(Parameter::future_slope, prng_.between(0, 5000));
        for (const InstrumentId option : desk_.options) {
            desk_.market.mark_option(option, LotValue(prng_.between(0, 4000) * tick));
        }
        desk_.risk.forget_all();
        for (std::uint64_t left = prng_.below(4); left != 0; --left) {
            const InstrumentId instrument = some_instrument();
            const std::int64_t lots = prng_.between(-4, 4);
            desk_.hold(bob, instrument, lots, desk_.mark(instrument) / tick);
            before_[instrument].lots = lots;
        }
        const std::int64_t needed = desk_.risk.standing(bob).required().initial.value();
        desk_.deposit(bob, std::max<std::int64_t>(needed + prng_.between(-40, 50) * usd, 1));
    }

    // Empty where Risk and the judge agree.
    std::string play() {
        for (int attempt = 0; attempt < 8 && orders_.size() < 5; ++attempt) {
            const RestingOrder order = some_order();
            const Verdict verdict = judge_.of(before_, orders_, order);
            const bool is_taken = desk_.risk.check_order(desk_.proposal(order)).has_value();
            if (is_taken != (verdict.covers || verdict.is_safer)) {
                return is_taken ? "it is taken" : "it is refused";
            }
            if (verdict.covers && !verdict.bears) {
                return "a subset that fills costs more than is left for it";
            }
            ++(verdict.covers ? covered : verdict.is_safer ? safer : refused);
            if (is_taken) {
                EXPECT_EQ(desk_.place(order), Reject::none);
                orders_.push_back(order);
                desk_.expect_fresh(bob);
            }
        }
        return "";
    }

    std::uint32_t covered = 0;
    std::uint32_t safer = 0;
    std::uint32_t refused = 0;

  private:
    [[nodiscard]] InstrumentId some_instrument() {
        return InstrumentId(static_cast<std::uint32_t>(prng_.below(6)));
    }
    [[nodiscard]] RestingOrder some_order() {
        const InstrumentId instrument = some_instrument();
        const std::int64_t mark = desk_.mark(instrument) / tick;
        const std::int64_t price = std::max<std::int64_t>(mark + prng_.between(-1000, 1000), 0);
        return desk_.order(bob, instrument, prng_.one_in(2) ? Side::buy : Side::sell,
                           prng_.between(1, 4), price);
    }

    Desk desk_;
    Judge judge_{desk_};
    Prng prng_;
    Portfolio before_;
    std::vector<RestingOrder> orders_;
};

TEST(RiskJudge, an_order_is_taken_if_and_only_if_every_subset_can_be_borne_or_it_makes_safer) {
    std::uint32_t covered = 0;
    std::uint32_t safer = 0;
    std::uint32_t refused = 0;
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
        Case one(seed);
        ASSERT_EQ(one.play(), "") << "seed " << seed;
        covered += one.covered;
        safer += one.safer;
        refused += one.refused;
    }
    EXPECT_GT(covered, 200U);
    EXPECT_GT(safer, 20U);
    EXPECT_GT(refused, 100U);
}

}  // namespace
}  // namespace miletus::risk
