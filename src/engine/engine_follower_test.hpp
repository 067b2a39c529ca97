// A follower knows the engine's events and nothing else. It rebuilds books, balances, positions and
// trade numbers from them, keeps what they promise, and compares with what the engine answers.
#pragma once

#include "engine/engine.hpp"
#include "engine/resting_orders_test.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>

namespace miletus::engine {

class Follower {
  public:
    // The events of one command, of this session and number.
    void begin(std::span<const Unit> command) {
        const auto& header = protocol::view<protocol::CommandHeader>(command);
        sequence_ = header.sequence;
        session_ = header.session;
        client_sequence_ = header.client_sequence;
        ordinal_ = 0;
        is_completed_ = false;
        traded_.clear();
        swept_only_ = true;
        orders_.begin();
    }

    void follow(std::span<const Unit> event) {
        const Result<protocol::EventType> type = protocol::decode_event(event);
        expect(type.has_value(), "every event decodes");
        if (!type) {
            return;
        }
        const auto& header = protocol::view<protocol::EventHeader>(event);
        expect(header.sequence == sequence_, "events carry their command's number");
        expect(header.ordinal == ordinal_++, "events are numbered within their command");
        expect(!is_completed_, "nothing follows the completion");
        types_.insert(*type);
        read_book(*type, event);
        orders_.follow(*type, event);
        read_money(*type, event);
        swept_only_ &= is_sweep(*type, event);
    }

    void end(std::span<const Unit> command) {
        expect(is_completed_, "a command completes");
        expect(!is_again_ || swept_only_, "what was answered before is not carried out again");
        if (reject_ == Reject::none && !is_again_) {
            const std::string wrong = orders_.fault(command, result_);
            expect(wrong.empty(), wrong);
        }
        expect(reject_ == Reject::none || swept_only_, "a refused command only sweeps");
        for (const auto& [asset, sum] : traded_) {
            expect(sum == Amount(0), "trades and transfers move money and make none");
        }
    }

    // Whether books, accounts and positions are as rebuilt here.
    void compare(const Engine& engine, protocol::EventWriter& answers) {
        for (const auto& [instrument, state] : states_) {
            compare_book(engine, answers, instrument, state);
        }
        for (const AccountId account : accounts_) {
            compare_account(engine, answers, account);
            compare_positions(engine, answers, account);
        }
    }

    [[nodiscard]] Reject reject() const { return reject_; }
    // Whether the last command was told the answer of one before it.
    [[nodiscard]] bool is_again() const { return is_again_; }
    [[nodiscard]] const std::string& fault() const LIFETIME_BOUND { return fault_; }

    // The names of what never happened. They outlive a stream: many streams fill one follower's.
    struct Coverage {
        std::set<protocol::EventType> types;
        std::set<Reject> rejects;
        std::set<protocol::RemovalReason> reasons;
    };
    void add_to(Coverage& coverage) const {
        coverage.types.insert(types_.begin(), types_.end());
        coverage.rejects.insert(rejects_.begin(), rejects_.end());
        coverage.reasons.insert(reasons_.begin(), reasons_.end());
    }

  private:
    // What a completion tells.
    using Told = std::tuple<SessionId, ClientSequence, AccountId, UnixNanos, std::uint64_t,
                            std::uint16_t, Reject>;
    using Level = std::tuple<InstrumentId, protocol::Side, Ticks>;

    void set_level(InstrumentId instrument, protocol::Side side, Ticks price, Lots total) {
        expect(total >= Lots(0), "a level has no less than nothing");
        if (total == Lots(0)) {
            levels_.erase({instrument, side, price});
        } else {
            levels_[{instrument, side, price}] = total;
        }
    }

    void read_book(protocol::EventType type, std::span<const Unit> event) {
        using enum protocol::EventType;
        if (type == order_rested) {
            const auto& rested = protocol::view<protocol::OrderRested>(event);
            set_level(rested.instrument, rested.side, rested.price, rested.level_total);
        } else if (type == order_reduced) {
            const auto& reduced = protocol::view<protocol::OrderReduced>(event);
            set_level(reduced.instrument, reduced.side, reduced.price, reduced.level_total);
            reasons_.insert(reduced.reason);
        } else if (type == order_removed) {
            const auto& removed = protocol::view<protocol::OrderRemoved>(event);
            set_level(removed.instrument, removed.side, removed.price, removed.level_total);
            reasons_.insert(removed.reason);
        } else if (type == waiting_removed) {
            const auto& removed = protocol::view<protocol::WaitingRemoved>(event);
            reasons_.insert(removed.reason);
            expect((removed.reason == protocol::RemovalReason::refused) ==
                       (removed.reject != Reject::none),
                   "what was released and refused says why, and nothing else does");
        } else if (type == remainder_canceled) {
            reasons_.insert(protocol::view<protocol::RemainderCanceled>(event).reason);
        } else if (type == trade) {
            const auto& trade = protocol::view<protocol::Trade>(event);
            set_level(trade.instrument, opposite(trade.taker_side), trade.price, trade.level_total);
            expect(trade.number.value() == ++trades_[trade.instrument],
                   "trade numbers are gapless");
            filled_.push_back(trade.maker);
            filled_.push_back(trade.taker);
        } else if (type == order_accepted) {
            const auto& accepted = protocol::view<protocol::OrderAccepted>(event);
            remember_reducing(accepted.order, accepted.reduce_only);
        } else if (type == order_waits) {
            const auto& waits = protocol::view<protocol::OrderWaits>(event);
            remember_reducing(waits.order, waits.reduce_only);
        } else if (type == instrument_listed) {
            const auto& listed = protocol::view<protocol::InstrumentListed>(event);
            states_[listed.instrument] = protocol::InstrumentState::pre_open;
            if (listed.kind >= protocol::InstrumentKind::call) {
                options_.insert(listed.instrument);
            }
        } else if (type == instrument_archived) {
            const auto& archived = protocol::view<protocol::InstrumentArchived>(event);
            states_.erase(archived.instrument);
            trades_.erase(archived.instrument);
            options_.erase(archived.instrument);
        } else if (type == instrument_state_changed) {
            const auto& changed = protocol::view<protocol::InstrumentStateChanged>(event);
            states_[changed.instrument] = changed.state;
        }
    }

    void read_money(protocol::EventType type, std::span<const Unit> event) {
        using enum protocol::EventType;
        if (type == completed) {
            read_completion(protocol::view<protocol::Completed>(event));
        } else if (type == account_opened) {
            accounts_.insert(protocol::view<protocol::AccountOpened>(event).account);
        } else if (type == asset_added) {
            assets_.insert(protocol::view<protocol::AssetAdded>(event).asset);
        } else if (type == balance_changed) {
            const auto& changed = protocol::view<protocol::BalanceChanged>(event);
            Amount& balance = balances_[{changed.account, changed.asset}];
            balance += changed.change;
            expect(balance == changed.balance, "balances follow from their changes");
            using enum protocol::BalanceReason;
            if (changed.reason == trade || changed.reason == transfer ||
                changed.reason == insurance) {
                traded_[changed.asset] += changed.change;
            } else if (changed.reason == settlement) {
                sessions_[changed.account] -= changed.change;
            }
        } else if (type == result_booked) {
            const auto& booked = protocol::view<protocol::ResultBooked>(event);
            sessions_[booked.account] += booked.change;
            expect(sessions_[booked.account] == booked.session, "results follow from changes");
        } else if (type == position_changed) {
            const auto& changed = protocol::view<protocol::PositionChanged>(event);
            read_result(changed);
            const std::pair key(changed.account, changed.instrument);
            if (changed.reason == protocol::PositionReason::trade) {
                judge_fill(changed, positions_[key].first);
            }
            if (changed.lots == Lots(0)) {
                positions_.erase(key);
            } else {
                positions_[key] = {changed.lots, changed.cost};
            }
        }
    }

    void remember_reducing(OrderId order, std::uint8_t reduce_only) {
        if (reduce_only != 0) {
            reducing_.insert(order);
        }
    }

    // Positions are told in the order of the fills, the maker's first.
    void judge_fill(const protocol::PositionChanged& changed, Lots before) {
        expect(!filled_.empty(), "a position changes by a trade that was told");
        if (filled_.empty()) {
            return;
        }
        const bool shrinks = before > Lots(0) ? changed.lots >= Lots(0) && changed.lots < before
                                              : changed.lots <= Lots(0) && changed.lots > before;
        expect(shrinks || !reducing_.contains(filled_.front()),
               "an order that only reduces never grows a position");
        filled_.pop_front();
    }

    // What closed lots brought joins the session, and the fee goes to the venue.
    void read_result(const protocol::PositionChanged& changed) {
        balances_[{changed.account, settlement_}] -= changed.fee;
        balances_[{AccountId(0), settlement_}] += changed.fee;
        const bool is_option = options_.contains(changed.instrument);
        if (!is_option && changed.reason != protocol::PositionReason::delivery) {
            sessions_[changed.account] += changed.realised;
        }
    }

    void read_completion(const protocol::Completed& completed) {
        is_completed_ = true;
        reject_ = completed.reject;
        result_ = completed.result;
        rejects_.insert(completed.reject);
        expect(completed.session == session_ && completed.client_sequence == client_sequence_,
               "the completion answers its sender");
        is_again_ = completed.first != Sequence(0);
        const Told told{completed.session, completed.client_sequence, completed.account,
                        completed.time,    completed.result,          completed.command,
                        completed.reject};
        if (!is_again_) {
            told_[sequence_] = told;
        } else {
            expect(told_.contains(completed.first) && told_.at(completed.first) == told,
                   "a resend is told the first answer");
        }
    }

    // What the passing of time, or a start before, may do, whatever becomes of the command: all but
    // what only a command can ask for.
    [[nodiscard]] bool is_sweep(protocol::EventType type, std::span<const Unit> event) const {
        using enum protocol::EventType;
        if (type == order_removed || type == waiting_removed) {
            const auto reason = type == order_removed
                                    ? protocol::view<protocol::OrderRemoved>(event).reason
                                    : protocol::view<protocol::WaitingRemoved>(event).reason;
            using enum protocol::RemovalReason;
            return (reason == disconnect && orders_.is_starting()) ||
                   (reason != disconnect && reason != client && reason != mass_cancel &&
                    reason != amended && reason != stopped);
        }
        if (type == balance_changed) {
            const auto reason = protocol::view<protocol::BalanceChanged>(event).reason;
            return reason >= protocol::BalanceReason::trade &&
                   reason != protocol::BalanceReason::transfer;
        }
        constexpr std::array commanded = {
            order_amended,       account_opened,   asset_added,       order_waits,
            waiting_amended,     underlying_added, instrument_listed, band_changed,
            rules_changed,       epoch_started,    attested,          vetoed,
            parameter_scheduled, surface_updated,  marks_installed,   instrument_archived};
        return std::ranges::find(commanded, type) == commanded.end();
    }

    template <class Query>
    [[nodiscard]] std::span<const Unit> ask(const Engine& engine, protocol::EventWriter& answers,
                                            AccountId account, Query query) {
        query.header.account = account;
        std::array<Unit, protocol::longest<Query>()> units{};
        engine.answer(protocol::encode(query, units), answers);
        const std::span<const Unit> answer = answers.message_at(answers.start());
        expect(protocol::decode_answer(answer).has_value(), "every answer decodes");
        return answer;
    }

    void compare_book(const Engine& engine, protocol::EventWriter& answers, InstrumentId instrument,
                      protocol::InstrumentState state) {
        const std::span<const Unit> units =
            ask(engine, answers, AccountId(0),
                protocol::QueryBook{.instrument = instrument, .depth = 1000});
        const auto& book = protocol::view<protocol::BookAnswer>(units);
        std::map<Level, Lots> seen;
        for (const protocol::LevelView& level : protocol::group<protocol::BookAnswer>(units)) {
            seen[{instrument, level.side, level.price}] = level.total;
        }
        const auto from = levels_.lower_bound({instrument, protocol::Side::buy, lowest_});
        const auto end = levels_.lower_bound(
            {InstrumentId(instrument.value() + 1), protocol::Side::buy, lowest_});
        expect(seen == std::map<Level, Lots>(from, end), "the books are those that events tell");
        expect(book.last_trade.value() == trades_[instrument], "the last trade is known");
        expect(book.state == state, "the instrument's state is known");
    }

    void compare_account(const Engine& engine, protocol::EventWriter& answers, AccountId account) {
        const std::span<const Unit> units = ask(engine, answers, account, protocol::QueryAccount{});
        expect(protocol::group<protocol::AccountAnswer>(units).size() == assets_.size(),
               "an account has a balance of every asset");
        expect(
            protocol::view<protocol::AccountAnswer>(units).open_orders == orders_.count_of(account),
            "open orders are counted");
        Amount worth(0);
        for (const auto& view : protocol::group<protocol::AccountAnswer>(units)) {
            expect(view.balance == balances_[std::pair(account, view.asset)],
                   "balances are those that events tell");
            expect(view.session == (view.asset == settlement_ ? sessions_[account] : Amount(0)),
                   "results are those that events tell");
            expect(view.held >= Amount(0), "nothing less than nothing is held");
            worth += view.worth;
        }
        const auto& margin = protocol::view<protocol::MarginAnswer>(
            ask(engine, answers, account, protocol::QueryMargin{}));
        expect(worth == margin.cash + margin.collateral, "what balances count for adds up");
    }

    void compare_positions(const Engine& engine, protocol::EventWriter& answers,
                           AccountId account) {
        const std::span<const Unit> units =
            ask(engine, answers, account, protocol::QueryPositions{});
        std::map<std::pair<AccountId, InstrumentId>, std::pair<Lots, Amount>> seen;
        for (const auto& view : protocol::group<protocol::PositionsAnswer>(units)) {
            seen[{account, view.instrument}] = {view.lots, view.cost};
        }
        const auto from = positions_.lower_bound({account, InstrumentId(0)});
        const auto end = positions_.lower_bound({AccountId(account.value() + 1), InstrumentId(0)});
        expect(seen == decltype(seen)(from, end), "positions are those that events tell");
    }

    void expect(bool is_kept, std::string_view promise) {
        if (!is_kept && fault_.empty()) {
            fault_ = std::string(promise) + ", command " + std::to_string(sequence_.value());
        }
    }

    // Of every venue that streams set up.
    static constexpr AssetId settlement_{1};
    static constexpr Ticks lowest_{std::numeric_limits<std::int64_t>::min()};

    Sequence sequence_;
    SessionId session_;
    ClientSequence client_sequence_;
    std::uint32_t ordinal_ = 0;
    bool is_completed_ = false;
    bool is_again_ = false;
    bool swept_only_ = true;
    Reject reject_ = Reject::none;
    std::uint64_t result_ = 0;
    RestingOrders orders_;
    std::map<Sequence, Told> told_;  // of what was not told again
    std::map<Level, Lots> levels_;
    std::map<InstrumentId, std::uint64_t> trades_;
    std::deque<OrderId> filled_;  // of which no position told yet
    std::set<OrderId> reducing_;
    std::map<InstrumentId, protocol::InstrumentState> states_;
    std::set<AccountId> accounts_;
    std::set<AssetId> assets_;
    std::map<std::pair<AccountId, AssetId>, Amount> balances_;
    std::map<AssetId, Amount> traded_;  // by the command at hand
    std::map<AccountId, Amount> sessions_;
    std::set<InstrumentId> options_;
    std::map<std::pair<AccountId, InstrumentId>, std::pair<Lots, Amount>> positions_;
    std::set<protocol::EventType> types_;
    std::set<Reject> rejects_;
    std::set<protocol::RemovalReason> reasons_;
    std::string fault_;
};

}  // namespace miletus::engine
