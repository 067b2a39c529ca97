// Scenario: an exchange driven by lines of text, and telling what happens in a trader's words.
// Golden tests and the demo are written in it. The language stands in docs/scenarios.md. One thread
// owns it.
#pragma once

#include "base/limits.hpp"
#include "engine/engine.hpp"
#include "sim/scenario/arguments.hpp"
#include "sim/scenario/names.hpp"
#include "sim/scenario/text.hpp"  // for those who print what a scenario holds

#include <array>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::scenario {

// Small tables: a scenario is a handful of orders, and its engine starts in a moment.
[[nodiscard]] Limits scenario_limits();

// The state after a log, from nothing.
[[nodiscard]] Hash128 replayed(std::span<const Unit> log, const Limits& limits);

class Scenario {
  public:
    explicit Scenario(const Limits& limits = scenario_limits()) : limits_(limits) {}

    // What the line did, a line each; or what is wrong with it.
    using Told = std::vector<std::string>;
    [[nodiscard]] std::expected<Told, std::string> play(std::string_view line);

    [[nodiscard]] engine::Engine& engine();
    [[nodiscard]] const Names& names() const { return names_; }
    // Every command so far, one after the other: applied to a new engine, they give the same state.
    [[nodiscard]] std::span<const Unit> log() const { return log_; }
    [[nodiscard]] const Limits& limits() const { return limits_; }
    [[nodiscard]] UnixNanos now() const { return now_; }

    // Sends a command as this account, and tells its events.
    template <class Command>
    Told send(AccountId account, Command command) {
        stamp(command.header, account);
        return apply(protocol::encode(command, units_));
    }
    template <class Command>
    Told send(AccountId account, Command command,
              std::span<const typename Command::Entry> entries) {
        stamp(command.header, account);
        return apply(protocol::encode(command, entries, units_));
    }
    // Asks, and tells the answer.
    template <class Query>
    Told ask(AccountId account, Query query) {
        stamp(query.header, account);
        return answer(protocol::encode(query, units_));
    }

    // Asks, for the answer itself; it lies in `answers`.
    template <class Query>
    std::span<const Unit> ask(AccountId account, Query query, protocol::EventWriter& answers) {
        stamp(query.header, account);
        engine().answer(protocol::encode(query, units_), answers);
        return answers.message_at(answers.start());
    }
    // The clock moves; due timers run with the next command.
    void advance(Nanos span) { now_ = now_ + span; }

  private:
    using Handler = Told (Scenario::*)(Arguments&);
    struct Verb {
        std::string_view word;
        Handler handler;
    };
    [[nodiscard]] static std::span<const Verb> venue_verbs();
    [[nodiscard]] static std::span<const Verb> account_verbs();
    [[nodiscard]] static Handler find(std::span<const Verb> verbs, std::string_view word);

    std::expected<Told, std::string> play_once(std::string_view text);
    void read_sender(Arguments& line);
    void stamp(protocol::CommandHeader& header, AccountId account);
    Told apply(std::span<Unit> command);
    Told answer(std::span<const Unit> query);

    // venue_lines.cpp
    Told set_limits(Arguments& line);
    Told pass_time(Arguments& line);
    static Nanos read_span(Arguments& line);
    Told set_rules(Arguments& line);
    Told set_venue(Arguments& line);
    Told add_asset(Arguments& line);
    Told add_underlying(Arguments& line);
    Told list_perpetual(Arguments& line);
    Told list_future(Arguments& line);
    Told list_series(Arguments& line);
    Told set_state(Arguments& line);
    Told set_band(Arguments& line);
    Told archive(Arguments& line);
    Told show_book(Arguments& line);
    Told show_instrument(Arguments& line);
    Told show_asset(Arguments& line);
    Told start(Arguments& line);
    Told attest(Arguments& line);
    Told veto(Arguments& line);
    Told pass_over(Arguments& line);
    Told patch(Arguments& line);
    Told send_empty(Arguments& line);
    Told list_with_expiry(Arguments& line, UnixNanos expiry);
    protocol::ListingTerms terms(Arguments& line);

    // price_lines.cpp
    Told set_parameter(Arguments& line);
    Told update_index(Arguments& line);
    Told update_surface(Arguments& line);
    Told install_marks(Arguments& line);

    // account_lines.cpp
    Told open_account(Arguments& line);
    Told set_account_state(Arguments& line);
    Told stop_account(Arguments& line);
    Told enter_account_state(Arguments& line, AccountId account, protocol::AccountState state);
    Told set_insurance(Arguments& line);
    struct Money {
        AccountId account;
        Amount amount;
        AssetId asset;
    };
    Money read_money(Arguments& line);
    Told deposit(Arguments& line);
    Told withdraw(Arguments& line);
    Told transfer(Arguments& line);
    Told show_balances(Arguments& line);
    Told show_positions(Arguments& line);
    Told show_orders(Arguments& line);
    Told show_margin(Arguments& line);

    // order_lines.cpp
    Told buy(Arguments& line);
    Told sell(Arguments& line);
    Told place(Arguments& line, protocol::Side side);
    Told amend(Arguments& line);
    Told close(Arguments& line);
    Told cancel(Arguments& line);
    Told cancel_all(Arguments& line);
    Told disconnect(Arguments& line);
    Told set_session(Arguments& line);
    Told show_order(Arguments& line);
    void read_terms(Arguments& line, protocol::PlaceOrder& order);
    static std::optional<protocol::PlaceTrigger> read_trigger(Arguments& line,
                                                              const protocol::PlaceOrder& order);
    OrderId order_id(Arguments& line, std::string_view text);

    Limits limits_;
    std::unique_ptr<engine::Engine> engine_;
    Names names_;
    UnixNanos now_{1'772'323'200'000'000'000};  // 2026-03-01T00:00
    std::uint64_t sequence_ = 0;
    AccountId actor_;        // whose line it is
    SessionId session_;      // and by which session it is sent
    ClientSequence number_;  // as which of its commands
    Sequence surface_;       // the last one sent
    bool passes_over_ = false;
    std::array<Unit, protocol::units_max()> units_{};
    std::vector<Unit> log_;
    std::vector<std::pair<std::size_t, std::uint8_t>>
        patches_;          // bytes to overwrite in the next command
    std::size_t cut_ = 0;  // units to drop from its end
};

}  // namespace miletus::scenario
