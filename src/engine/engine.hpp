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
#include "engine/prices/prices.hpp"
#include "engine/risk/risk.hpp"
#include "engine/sessions/sessions.hpp"
#include "engine/surfaces.hpp"
#include "engine/timers.hpp"
#include "engine/triggers/triggers.hpp"
#include "prepared/prepared.hpp"
#include "protocol/codec.hpp"
#include "protocol/event_writer.hpp"

#include <expected>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace miletus::engine {

// The first number of every snapshot: what follows it, and in which order.
constexpr std::uint32_t snapshot_version = 4;

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

    // Calls visit(event) with what a reader that begins now has missed, as far as it still stands:
    // the events that would lead there. The venue, assets, underlyings with their parameters and
    // index; each instrument with its prices; each account with its money, its positions and its
    // orders; then the books. What changed nothing now says so: its change is 0, its position is
    // told as settled with no result, and an order with fills as amended to what it is.
    template <class Visit>
    void tell_standing(Visit visit) const;

    // The events of the last command are those from events().start() on.
    [[nodiscard]] const protocol::EventWriter& events() const LIFETIME_BOUND { return events_; }
    // Everything but how far the log has come: a refused command leaves it as it was, but for the
    // answer that its session keeps.
    [[nodiscard]] Hash128 state_hash() const;
    void check_invariants() const;

    // Lends prepared marks for the InstallMarks that names them: it will take less time, and come
    // to the same. Returns others that are needed no longer; nothing where there are none.
    [[nodiscard]] std::unique_ptr<prepared::PreparedMarks> stage(
        std::unique_ptr<prepared::PreparedMarks> marks) {
        return surfaces_.stage(std::move(marks));
    }

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
    // Work on all accounts, a piece with every command: where to go on, and whether to go round
    // once more.
    struct Round {
        std::uint32_t next = 0;  // 0 while there is nothing to do
        bool again = false;
        void start() {
            again = next != 0;
            next = next != 0 ? next : 1;
        }
    };

    // engine.cpp
    void begin(const protocol::CommandHeader& command);
    [[nodiscard]] Result<std::uint32_t> admit(std::span<const Unit> command);
    [[nodiscard]] Outcome carry_out(std::span<const Unit> command);
    [[nodiscard]] Outcome dispatch(protocol::CommandType type, std::span<const Unit> command);
    template <class Command>
    [[nodiscard]] Outcome hand(Outcome (Engine::*handler)(const Command&),
                               std::span<const Unit> command);
    [[nodiscard]] Outcome hand(Outcome (Engine::*handler)(std::span<const Unit>),
                               std::span<const Unit> command);
    [[nodiscard]] Outcome tick(const protocol::Tick& command);
    [[nodiscard]] Outcome upload_chunk(std::span<const Unit> command);
    [[nodiscard]] Outcome mass_quote(std::span<const Unit> command);
    [[nodiscard]] Outcome deploy_contract(const protocol::DeployContract& command);
    [[nodiscard]] Outcome call_contract(std::span<const Unit> command);
    [[nodiscard]] Result<void> check_sender(protocol::CommandType type,
                                            const protocol::CommandHeader& header) const;
    [[nodiscard]] Result<void> check_venue(protocol::CommandType type) const;
    void release_last();
    void answer_again(const protocol::CommandHeader& command, std::uint32_t session);
    void complete(const protocol::CommandHeader& command, const Outcome& outcome);
    void run_timers();
    void fire(Subject subject);
    void run_pieces();
    void apply_hinted(std::span<const Unit> commands);
    [[nodiscard]] bool holds_add_up(AccountId account) const;
    [[nodiscard]] bool is_conserved() const;
    void hint_place(const protocol::PlaceOrder& order, std::uint32_t places_ahead) const;
    void hint_order(OrderId order, std::uint32_t places_ahead) const;

    // starts.cpp
    [[nodiscard]] Outcome started(const protocol::Started& command);
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
    [[nodiscard]] Result<void> check_asset(AssetId asset) const;
    InstrumentId list(const instruments::Listing& listing);
    [[nodiscard]] protocol::InstrumentListed listed(InstrumentId instrument) const;
    void enter_state(InstrumentId instrument, protocol::InstrumentState state);
    void run_instrument_timer(InstrumentId instrument);
    [[nodiscard]] Outcome set_parameter(const protocol::SetParameter& command);
    [[nodiscard]] Outcome archive_instrument(const protocol::ArchiveInstrument& command);
    void put_parameter(const instruments::ParameterChange& change);
    void run_parameters();

    // money.cpp
    [[nodiscard]] Outcome open_account(const protocol::OpenAccount& command);
    [[nodiscard]] Outcome deposit(const protocol::Deposit& command);
    [[nodiscard]] Outcome withdraw(const protocol::Withdraw& command);
    [[nodiscard]] Outcome transfer(const protocol::Transfer& command);
    [[nodiscard]] Outcome set_account_state(const protocol::SetAccountState& command);
    [[nodiscard]] Outcome set_insurance_account(const protocol::SetInsuranceAccount& command);
    [[nodiscard]] Result<void> check_payout(AccountId account, AssetId asset, Amount amount) const;
    void enter_account_state(AccountId account, protocol::AccountState state);
    void move_money(AccountId account, AssetId asset, Amount change,
                    protocol::BalanceReason reason);
    void emit_balance(AccountId account, AssetId asset, Amount change,
                      protocol::BalanceReason reason);

    // price_commands.cpp
    [[nodiscard]] Outcome update_index(std::span<const Unit> units);
    [[nodiscard]] Outcome update_surface(std::span<const Unit> units);
    [[nodiscard]] Outcome install_marks(const protocol::InstallMarks& command);
    [[nodiscard]] Result<void> check_underlying(UnderlyingId underlying) const;
    void sample(UnderlyingId underlying);
    void sample_options(UnderlyingId underlying);
    [[nodiscard]] prices::BookSample book_sample(InstrumentId instrument) const;
    [[nodiscard]] std::optional<Ticks> impact_price(InstrumentId instrument,
                                                    protocol::Side side) const;

    // settlement.cpp
    template <class Visit>
    bool visit_some(Round& round, Visit visit);
    void begin_session_settlement();
    void settle_some();
    std::uint32_t settle_account(AccountId account);
    void expire(InstrumentId instrument);
    void fix_delivery(InstrumentId instrument, const prices::Delivery& delivery);
    void deliver_some();
    std::uint32_t deliver_to(AccountId account);
    void finish_deliveries();
    [[nodiscard]] std::optional<Grid> delivery_price(InstrumentId instrument) const;

    // liquidation.cpp
    void watch();
    void watch_some();
    bool look_at(AccountId account);
    void call_margin(AccountId account);
    void begin_liquidation(AccountId account);
    void run_liquidation(AccountId account);
    [[nodiscard]] bool cancels_some(AccountId account);
    [[nodiscard]] std::uint32_t largest_position(AccountId account) const;
    [[nodiscard]] bool sell_slice(AccountId account, std::uint32_t position);
    [[nodiscard]] Ticks bearable_price(AccountId account, std::uint32_t position) const;
    void charge_liquidation_fee(AccountId account, InstrumentId instrument, Lots lots);
    void take_over(AccountId account);
    void pay_to_fund(AccountId account, Amount amount);
    void give_back(AccountId account, Amount amount);
    Amount pay_from_fund(AccountId account);
    void reassign(std::uint32_t position, Amount hole);
    void end_liquidation(AccountId account, Amount paid_by_fund);

    // orders.cpp
    [[nodiscard]] Outcome place_order(std::span<const Unit> units);
    [[nodiscard]] Outcome amend_order(const protocol::AmendOrder& command);
    [[nodiscard]] Outcome cancel_order(const protocol::CancelOrder& command);
    [[nodiscard]] Outcome cancel_by_client_id(const protocol::CancelByClientId& command);
    [[nodiscard]] Outcome cancel_by_label(std::span<const Unit> units);
    [[nodiscard]] Outcome mass_cancel(const protocol::MassCancel& command);
    [[nodiscard]] Outcome disconnect(const protocol::Disconnect& command);
    [[nodiscard]] Outcome set_session(const protocol::SetSession& command);
    // The order itself, or where it is 0 the one that the client calls so.
    [[nodiscard]] Result<OrderId> order_named(AccountId account, OrderId order,
                                              ClientOrderId client_order) const;
    [[nodiscard]] Outcome close_position(const protocol::ClosePosition& command);
    [[nodiscard]] Outcome enter(const protocol::PlaceOrder& command, std::string_view label);
    [[nodiscard]] Result<void> check_account(AccountId account) const;
    [[nodiscard]] Result<void> check_terms(const protocol::PlaceOrder& command) const;
    [[nodiscard]] Result<void> check_order(OrderId order, AccountId account);
    // What an order needs from its account, and from the venue.
    struct Admission {
        std::uint32_t position = 0;
        Amount hold_per_lot;
        risk::Requirement change;
    };
    struct Wish {
        matching::NewOrder order;
        Ticks price;  // in force
        bool reduces_only = false;
        // It waited for a price: its account sent it long ago, and not too many of late.
        bool has_waited = false;
        // Of an amendment: what there is already.
        Lots lots_before;
        Amount held_before;
    };
    [[nodiscard]] static risk::Attempt attempt_of(const Wish& wish);
    [[nodiscard]] Result<Admission> admit(Wish& wish);
    [[nodiscard]] Result<Admission> admit_released(Wish& wish);
    [[nodiscard]] Result<Admission> admit_risk(const Wish& wish);
    void cut(Wish& wish) const;
    [[nodiscard]] Result<bool> check_reduces(const Wish& wish) const;
    [[nodiscard]] Lots growth_by(const Wish& wish) const;
    [[nodiscard]] Result<void> check_gates(const Wish& wish, std::uint32_t position,
                                           bool reduces_only) const;
    [[nodiscard]] Result<void> fund_again(accounts::OpenOrder& open,
                                          const matching::Amendment& amendment, Ticks price);
    [[nodiscard]] bool must_reduce(InstrumentId instrument, AccountId account) const;
    OrderId put(const protocol::PlaceOrder& command, const Wish& wish, const Admission& admission,
                std::string_view label);
    void accept(const protocol::PlaceOrder& command, const matching::NewOrder& order,
                std::string_view label, OrderId id, Ticks price);
    void forget_overdue(AccountId account, ClientOrderId client_order);
    void catch_up(InstrumentId instrument, protocol::Side makers);
    void cancel(OrderId order, protocol::RemovalReason reason);
    template <class IsChosen>
    std::uint64_t cancel_chosen(AccountId account, protocol::RemovalReason reason,
                                IsChosen is_chosen);
    void settle_events(std::uint64_t from);
    void settle(std::span<const Unit> event);
    void unwind(std::uint32_t slot, Lots lots, protocol::RemovalReason reason);
    void fill(OrderId order, const protocol::Trade& trade);
    void close_if_done(std::uint32_t slot, accounts::Ending ending);

    // trigger_orders.cpp
    [[nodiscard]] Outcome place_trigger(std::span<const Unit> units);
    [[nodiscard]] Outcome amend_trigger(const protocol::AmendTrigger& command);
    [[nodiscard]] Result<void> check_trigger(const triggers::Terms& terms) const;
    [[nodiscard]] Result<void> check_trigger_price(const triggers::Terms& terms) const;
    [[nodiscard]] Result<triggers::Reach> reference_price(
        InstrumentId instrument, protocol::TriggerReference reference) const;
    [[nodiscard]] static risk::Attempt attempt_of(const matching::NewOrder& order,
                                                  const triggers::Terms& terms);
    [[nodiscard]] matching::NewOrder parked_order(OrderId order) const;
    OrderId park(const protocol::PlaceTrigger& command, const matching::NewOrder& order,
                 std::string_view label);
    void tell_of_waiting(const protocol::PlaceTrigger& command, OrderId order, UnixNanos expires,
                         std::string_view label);
    void remove_waiting(OrderId order, protocol::RemovalReason reason);
    void end_waiting(OrderId order, protocol::RemovalReason reason, Reject reject);
    void reach(InstrumentId instrument, protocol::TriggerReference reference);
    void reach_all(UnderlyingId underlying);
    void release_some(std::uint64_t most);
    void release(OrderId order);
    void enter_released(OrderId order, const Wish& wish, const Admission& admission);

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
    [[nodiscard]] protocol::OrderView view_of(std::uint32_t slot) const;
    [[nodiscard]] Result<risk::Standing> standing_with(const protocol::QueryMargin& query) const;
    [[nodiscard]] Reject answer_margin(const protocol::QueryMargin& query,
                                       protocol::EventWriter& answers) const;
    [[nodiscard]] Reject answer_orders(const protocol::QueryOrders& query,
                                       protocol::EventWriter& answers) const;
    [[nodiscard]] Reject answer_instrument(const protocol::QueryInstrument& query,
                                           protocol::EventWriter& answers) const;
    [[nodiscard]] Reject answer_asset(const protocol::QueryAsset& query,
                                      protocol::EventWriter& answers) const;

    // standing.hpp
    template <class Visit>
    class Teller;
    template <class Visit>
    void tell_parameters(Teller<Visit>& teller, UnderlyingId underlying) const;
    template <class Visit>
    void tell_underlying(Teller<Visit>& teller, UnderlyingId underlying) const;
    template <class Visit>
    void tell_instrument(Teller<Visit>& teller, InstrumentId instrument) const;
    template <class Visit>
    void tell_account(Teller<Visit>& teller, AccountId account) const;
    template <class Visit>
    void tell_order(Teller<Visit>& teller, std::uint32_t slot) const;
    template <class Visit>
    void tell_book(Teller<Visit>& teller, InstrumentId instrument) const;

    // standing.cpp
    [[nodiscard]] std::int64_t parameter_of(UnderlyingId underlying,
                                            protocol::Parameter parameter) const;
    [[nodiscard]] protocol::OrderAccepted standing_order(std::uint32_t slot) const;
    [[nodiscard]] protocol::OrderWaits standing_waiting(std::uint32_t slot) const;

    // snapshot.cpp
    void encode(StateEncoder& encoder) const;
    void decode(StateDecoder& decoder);
    void encode_rounds(StateEncoder& encoder) const;
    void decode_rounds(StateDecoder& decoder);
    void relate(StateDecoder& decoder);
    void relate_order(StateDecoder& decoder, std::uint32_t slot);
    void relate_waiting(StateDecoder& decoder, std::uint32_t slot);
    void check_sums(StateDecoder& decoder) const;

    // The newest set of rules that this program plays by.
    static constexpr std::uint32_t rules_known = 1;

    [[nodiscard]] UnixNanos now() const { return events_.time(); }
    // The venue's own timers.
    enum class VenueTimer : std::uint8_t { session, parameters };
    [[nodiscard]] static Subject timer_of(OrderId order) {
        return {.kind = TimerKind::order, .number = order.slot()};
    }
    [[nodiscard]] static Subject timer_of(InstrumentId instrument) {
        return {.kind = TimerKind::instrument, .number = instrument.value()};
    }
    [[nodiscard]] static Subject timer_of(UnderlyingId underlying) {
        return {.kind = TimerKind::underlying, .number = underlying.value()};
    }
    [[nodiscard]] static Subject timer_of(AccountId account) {
        return {.kind = TimerKind::account, .number = account.value()};
    }
    [[nodiscard]] static Subject timer_of(VenueTimer timer) {
        return {.kind = TimerKind::venue, .number = static_cast<std::uint32_t>(timer)};
    }

    // How much of a resting order may still trade: while an order takes, whose trades nobody has
    // settled yet; or before, at the least.
    class Makers {
      public:
        [[nodiscard]] static Makers while_taking(Engine& engine) { return {engine, true}; }
        [[nodiscard]] static Makers before_taking(Engine& engine) { return {engine, false}; }
        [[nodiscard]] matching::Allowance allowance(std::uint32_t slot);

      private:
        Makers(Engine& engine, bool is_taking)
            : engine_(&engine), from_(engine.events_.position()), is_taking_(is_taking) {}
        [[nodiscard]] Lots left_to_reduce(const accounts::OpenOrder& order);

        Engine* engine_;
        std::uint64_t from_;  // where the events of what is taken begin
        bool is_taking_;
    };
    // What an account's orders gave to the one that takes, as far as somebody had to ask.
    struct Given {
        std::uint64_t from = 0;  // the events of which taking
        Lots lots;
    };
    [[nodiscard]] Lots given_by(AccountId account, std::uint64_t from);

    // What an expired instrument pays; and how an account fares in liquidation.
    struct Payout {
        Grid price;
        bool is_fixed;
    };
    struct Distress {
        std::uint32_t failures;        // slices in a row that found nobody
        bool is_called;                // for more margin
        protocol::AccountState after;  // what it may do once its liquidation is over
        Amount paid;                   // by the fund
        [[nodiscard]] bool is_used() const {
            return failures != 0 || is_called || after != protocol::AccountState::normal ||
                   paid != Amount(0);
        }
    };

    // The most units of events before a command, by it, and by one order that waited for a price.
    struct EventBounds {
        std::uint32_t before = 0;
        std::uint32_t command = 0;
        std::uint32_t release = 0;
    };
    [[nodiscard]] static EventBounds event_bounds(const Limits& limits);

    Limits limits_;
    protocol::EventWriter events_;
    instruments::Instruments instruments_;
    instruments::ParameterBook parameters_;
    accounts::Accounts accounts_;
    prices::Prices prices_;
    Surfaces surfaces_;
    risk::Risk risk_;
    risk::Gates gates_;
    matching::Matching matching_;
    clearing::Clearing clearing_;
    triggers::Triggers triggers_;
    Timers timers_;
    Block<Payout> payouts_;              // by instrument
    Block<Distress> distress_;           // by account
    Block<prices::BookSample> samples_;  // room for the books of one underlying
    Round payout_;                       // over positions
    Round session_;                      // over positions, then accounts
    Round watch_;                        // over accounts
    UnixNanos session_end_;
    std::uint32_t accounts_settled_ = 0;
    bool is_liquidating_ = false;  // within a command
    Sequence releasing_;           // the last command that released waiting orders
    std::uint32_t released_ = 0;   // how many, in that command
    EventBounds event_bounds_;
    Block<Given> given_;            // by account; nothing of it outlives a command
    std::uint64_t given_upto_ = 0;  // the events that are counted in
    sessions::Sessions sessions_;
    Sequence attested_;
    std::uint32_t sweep_next_ = 0;  // the order slot to look at next; 0 while nothing is swept
    std::uint32_t epoch_ = 0;
    std::uint32_t rules_ = 1;
    protocol::VenueState venue_state_ = protocol::VenueState::normal;
};

// Oldest first; bounded by the orders that one account may have.
template <class IsChosen>
std::uint64_t Engine::cancel_chosen(AccountId account, protocol::RemovalReason reason,
                                    IsChosen is_chosen) {
    std::uint64_t canceled = 0;
    std::uint32_t slot = accounts_.oldest_order(account);
    while (slot != 0) {
        const std::uint32_t newer = accounts_.order(slot).newer;
        if (is_chosen(accounts_.order(slot))) {
            cancel(accounts_.id_of(slot), reason);
            ++canceled;
        }
        slot = newer;
    }
    return canceled;
}

}  // namespace miletus::engine

#include "engine/standing.hpp"
