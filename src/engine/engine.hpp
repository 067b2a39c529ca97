// The engine: apply(command) → events. State is a pure function of the commands applied: no clock,
// no randomness, no I/O, no allocation after construction. One thread owns it. Readers learn of
// everything from the events; queries see the state and leave no trace.
#pragma once

#include "base/hash.hpp"
#include "base/limits.hpp"
#include "engine/accounts/accounts.hpp"
#include "engine/clearing/clearing.hpp"
#include "engine/instruments/instruments.hpp"
#include "engine/matching/matching.hpp"
#include "engine/risk/risk.hpp"
#include "engine/sessions/sessions.hpp"
#include "engine/timers.hpp"
#include "protocol/codec.hpp"
#include "protocol/event_writer.hpp"

#include <expected>
#include <span>
#include <string_view>

namespace miletus::engine {

// The first number of every snapshot: what follows it, and in which order.
constexpr std::uint32_t snapshot_version = 1;

class Engine {
  public:
    explicit Engine(const Limits& limits);

    // The most units of events that one command may cause.
    [[nodiscard]] static std::uint32_t events_max(const Limits& limits);

    // One sequenced command, whole. The sequencer numbered it and gave it its time; everything else
    // in it may be anything.
    void apply(std::span<const Unit> command);

    // What replay calls in place of apply() for a command that was vetoed: its number and its time
    // pass, and nothing else of it is looked at.
    void pass_over(const protocol::CommandHeader& command);

    // The commands that wait, one after the other. While one is applied, the memory of those behind
    // it is asked for, which changes nothing but the time it takes.
    void apply_all(std::span<const Unit> commands);

    // One query. The answer goes to `answers`, which is not the engine's own writer.
    void answer(std::span<const Unit> query, protocol::EventWriter& answers) const;

    // The events of the last command are those from events().start() on.
    [[nodiscard]] const protocol::EventWriter& events() const LIFETIME_BOUND { return events_; }
    // Everything but how far the log has come: a refused command leaves it as it was, but for the
    // answer that its session keeps.
    [[nodiscard]] Hash128 state_hash() const;
    void check_invariants() const;

    // ---- Snapshots (docs/formats/snapshot.md) ----
    // Everything that decides what later commands do, how far the log has come included.
    void encode_snapshot(ByteSink& sink) const;
    // Into a new engine, whose limits may be others than the writer's: goes on where the writer
    // stood. Else the first thing that is wrong; this engine is then good for nothing.
    [[nodiscard]] std::expected<void, std::string_view> restore(
        std::span<const std::byte> snapshot);

    // Hints for a command that waits some places behind: best given at each of these distances.
    static constexpr std::uint32_t far_ahead = 8;
    static constexpr std::uint32_t near_ahead = 4;
    void hint(std::span<const Unit> command, std::uint32_t places_ahead) const;

  private:
    using Outcome = Result<std::uint64_t>;  // what Completed reports

    // engine.cpp
    void begin(const protocol::CommandHeader& command);
    [[nodiscard]] Result<std::uint32_t> admit(std::span<const Unit> command);
    [[nodiscard]] Outcome carry_out(std::span<const Unit> command);
    [[nodiscard]] Outcome dispatch(protocol::CommandType type, std::span<const Unit> command);
    [[nodiscard]] Result<void> check_sender(protocol::CommandType type,
                                            const protocol::CommandHeader& header) const;
    [[nodiscard]] Result<void> check_venue(protocol::CommandType type) const;
    void answer_again(const protocol::CommandHeader& command, std::uint32_t session);
    void complete(const protocol::CommandHeader& command, const Outcome& outcome);
    void run_timers();
    void fire(std::uint32_t subject);
    void apply_hinted(std::span<const Unit> commands);
    [[nodiscard]] bool holds_add_up(AccountId account) const;
    void hint_place(const protocol::PlaceOrder& order, std::uint32_t places_ahead) const;
    void hint_order(OrderId order, std::uint32_t places_ahead) const;

    // starts.cpp
    [[nodiscard]] Outcome start(const protocol::Started& command);
    [[nodiscard]] Outcome attest(const protocol::Attest& command);
    [[nodiscard]] Outcome veto(const protocol::Veto& command);
    void sweep();
    [[nodiscard]] bool sweep_adds_up() const;

    // venue.cpp
    [[nodiscard]] Outcome set_rules(const protocol::SetRules& command);
    [[nodiscard]] Outcome set_venue_state(const protocol::SetVenueState& command);
    [[nodiscard]] Outcome add_asset(const protocol::AddAsset& command);
    [[nodiscard]] Outcome add_underlying(const protocol::AddUnderlying& command);
    [[nodiscard]] Outcome list_future(std::span<const Unit> units);
    [[nodiscard]] Outcome list_option_series(std::span<const Unit> units);
    [[nodiscard]] Outcome set_instrument_state(const protocol::SetInstrumentState& command);
    [[nodiscard]] Outcome set_band(const protocol::SetBand& command);
    [[nodiscard]] Outcome open_account(const protocol::OpenAccount& command);
    [[nodiscard]] Outcome deposit(const protocol::Deposit& command);
    [[nodiscard]] Outcome withdraw(const protocol::Withdraw& command);
    [[nodiscard]] Result<void> check_asset(AssetId asset) const;
    InstrumentId list(const instruments::Listing& listing);
    void enter_state(InstrumentId instrument, protocol::InstrumentState state);
    void run_instrument_timer(InstrumentId instrument);
    void emit_balance(AccountId account, AssetId asset, Amount change,
                      protocol::BalanceReason reason);

    // orders.cpp
    [[nodiscard]] Outcome place_order(std::span<const Unit> units);
    [[nodiscard]] Outcome amend_order(const protocol::AmendOrder& command);
    [[nodiscard]] Outcome cancel_order(const protocol::CancelOrder& command);
    [[nodiscard]] Outcome cancel_by_client_id(const protocol::CancelByClientId& command);
    [[nodiscard]] Outcome cancel_by_label(std::span<const Unit> units);
    [[nodiscard]] Outcome mass_cancel(const protocol::MassCancel& command);
    [[nodiscard]] Outcome disconnect(const protocol::Disconnect& command);
    [[nodiscard]] Outcome set_session(const protocol::SetSession& command);
    [[nodiscard]] Result<OrderId> order_named(const protocol::AmendOrder& command) const;
    [[nodiscard]] Result<void> check_terms(const protocol::PlaceOrder& command) const;
    [[nodiscard]] Result<void> check_order(OrderId order, AccountId account);
    void accept(const protocol::PlaceOrder& command, const matching::NewOrder& order,
                std::string_view label, OrderId id, Ticks price);
    [[nodiscard]] Result<void> refund(accounts::OpenOrder& open,
                                      const matching::Amendment& amendment, Ticks price);
    [[nodiscard]] Result<void> check_reduces(InstrumentId instrument, AccountId account,
                                             protocol::Side side, Lots more) const;
    [[nodiscard]] Result<void> check_funds(AccountId account, const risk::Hold& hold, Lots lots,
                                           Amount already_held) const;
    void forget_overdue(AccountId account, ClientOrderId client_order);
    void catch_up(InstrumentId instrument, protocol::Side makers);
    void cancel(OrderId order, protocol::RemovalReason reason);
    template <class IsChosen>
    std::uint64_t cancel_chosen(AccountId account, protocol::RemovalReason reason,
                                IsChosen is_chosen);
    void settle_events(std::uint64_t from);
    void settle(std::span<const Unit> event);
    void unwind(std::uint32_t slot, Lots lots, protocol::RemovalReason reason);
    void close_if_done(std::uint32_t slot, accounts::Ending ending);

    // queries.cpp
    [[nodiscard]] Reject answer_query(protocol::QueryType type, std::span<const Unit> query,
                                      protocol::EventWriter& answers) const;
    [[nodiscard]] Reject answer_book(const protocol::QueryBook& query,
                                     protocol::EventWriter& answers) const;
    [[nodiscard]] Reject answer_account(const protocol::QueryAccount& query,
                                        protocol::EventWriter& answers) const;
    [[nodiscard]] Reject answer_positions(const protocol::QueryPositions& query,
                                          protocol::EventWriter& answers) const;
    [[nodiscard]] Reject answer_order(const protocol::QueryOrder& query,
                                      protocol::EventWriter& answers) const;
    [[nodiscard]] protocol::OrderAnswer answer_of(OrderId order) const;
    [[nodiscard]] static protocol::OrderAnswer answer_of(const accounts::ClosedOrder& order);

    // snapshot.cpp
    void encode(StateEncoder& encoder) const;
    void decode(StateDecoder& decoder);
    void relate(StateDecoder& decoder);
    void relate_order(StateDecoder& decoder, std::uint32_t slot);
    void check_sums(StateDecoder& decoder) const;

    // The newest set of rules that this program plays by.
    static constexpr std::uint32_t rules_known = 1;

    [[nodiscard]] UnixNanos now() const { return events_.time(); }
    // Timers are kept by order slot, and after those by instrument.
    [[nodiscard]] std::uint32_t timer_of(InstrumentId instrument) const {
        return limits_.orders + 1 + instrument.value();
    }

    Limits limits_;
    protocol::EventWriter events_;
    instruments::Instruments instruments_;
    accounts::Accounts accounts_;
    matching::Matching matching_;
    clearing::Clearing clearing_;
    Timers timers_;
    sessions::Sessions sessions_;
    Sequence attested_;
    std::uint32_t sweep_next_ = 0;  // the order slot to look at next; 0 while nothing is swept
    std::uint32_t epoch_ = 0;
    std::uint32_t rules_ = 1;
    protocol::VenueState venue_state_ = protocol::VenueState::normal;
};

}  // namespace miletus::engine
