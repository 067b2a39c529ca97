// One world: its steps, its misfortunes, and what is checked after each.
#include "sim/simulation/simulation.hpp"

#include "base/prng.hpp"
#include "edge/gateway/native/native_gateway.hpp"
#include "exchange/exchange.hpp"
#include "sim/simulated_disk/simulated_disk.hpp"
#include "sim/simulated_network/simulated_network.hpp"
#include "sim/simulation/auditor.hpp"
#include "sim/simulation/client.hpp"
#include "sim/simulation/market.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <tuple>

namespace miletus::simulation {

using exchange::Exchange;
using exchange::Shadow;
using protocol::EventType;
using protocol::VenueState;
using protocol::view;

namespace {

constexpr std::size_t waiting_max = 3;  // commands of a client
constexpr std::uint32_t answers_kept = 8;
constexpr std::size_t operator_client = 0;
constexpr std::uint64_t patience = 40;    // a few rounds over the accounts
constexpr SessionId session_of_all{100};  // each account numbers its own
constexpr std::size_t bytes_under_way_max = 2048;
constexpr std::uint32_t history_units = 2048;
constexpr std::int64_t longest_absence_ns = 20'000'000'000'000;
constexpr std::uint64_t plenty = std::uint64_t{1} << 30U;  // bytes of disk

// Everything so small that each bound is met.
exchange::Settings tiny_settings() {
    exchange::Settings settings;
    settings.limits.assets = 4;
    settings.limits.underlyings = 2;
    settings.limits.instruments = 24;
    settings.limits.accounts = 8;
    settings.limits.positions = 32;
    settings.limits.orders = 48;
    settings.limits.labels = 8;
    settings.limits.level_pages = 96;
    settings.limits.directory_entries = 1024;
    settings.limits.orders_per_account = 20;
    settings.limits.orders_per_instrument = 40;
    settings.limits.fills_per_command = 8;
    settings.limits.timers_per_command = 4;
    settings.limits.sweep_per_command = 2;
    settings.limits.sessions = 12;
    settings.limits.sessions_per_account = 4;
    settings.limits.answers_per_session = answers_kept;
    settings.limits.closed_orders_per_account = 4;
    settings.limits.event_units = 2048;
    settings.limits.settlements_per_command = 4;
    settings.journal = {.segment_bytes = 8 * host::disk_block,
                        .first_segment_bytes = 6 * host::disk_block,
                        .record_units = 2 * host::units_per_block - journal::record_header_units,
                        .spare_segments = 3};
    settings.ring_units = 256;
    settings.answer_units = 256;
    settings.attest_interval = 24;
    settings.snapshot_interval = 40;
    return settings;
}

class SimulatedClock final : public host::Clock {
  public:
    explicit SimulatedClock(UnixNanos start) : now_(start) {}
    [[nodiscard]] UnixNanos now() override { return now_; }
    void advance(Nanos span) { now_ = now_ + span; }

  private:
    UnixNanos now_;
};

class World {
  public:
    explicit World(std::uint64_t seed)
        : prng_(seed),
          disk_(prng_.next()),
          network_(prng_.next(), bytes_under_way_max),
          market_(prng_),
          clock_(market_.start()),
          settings_(tiny_settings()) {
        if (market_.desk().wants_any()) {
            settings_.seats.emplace_back();
        }
        for (const Amount deposit : market_.deposits()) {
            auditor_.expect_deposit(deposit);
        }
        settings_.trim = prng_.one_in(2);
        settings_.journal.strict = prng_.one_in(3);
        connect_client(
            "door:0",
            {.account = AccountId(0), .session = session_of_all, .feed = native::Feed::everything});
        for (std::uint32_t at = 1; at < traders; ++at) {
            connect_client("door:1", {.account = AccountId(at), .session = session_of_all});
        }
    }

    Outcome live() {
        for (int life = 0; life < 8 && failure_.empty(); ++life) {
            come_up();
            const std::uint64_t steps = 200 + prng_.below(1500);
            if (prng_.one_in(2)) {
                disk_.lose_power_at(1 + prng_.below(200));
            }
            for (std::uint64_t step = 0; step < steps && is_up(); ++step) {
                take_step();
            }
            go_down();
        }
        if (failure_.empty()) {
            come_up();
            finish();
        }
        return {.failure = failure_, .probes = probes_};
    }

  private:
    void connect_client(const std::string& door, const client::Identity& identity) {
        clients_.push_back(std::make_unique<ConnectedClient>(network_.clients(), door, identity));
    }

    // ---- Starts and ends ----
    [[nodiscard]] bool is_up() const {
        return exchange_ != nullptr && disk_.has_power() && failure_.empty();
    }

    void come_up() {
        while (exchange_ == nullptr && failure_.empty()) {
            client_feed::History history(history_units);
            const exchange::Resources resources{.disk = disk_,
                                                .segments_disk = disk_,
                                                .clock = clock_,
                                                .fresh_log = {1, 2, 3},
                                                .on_replayed = [&](std::span<const Unit> event) {
                                                    history.append(event);
                                                }};
            if (prng_.one_in(6)) {
                disk_.lose_power_at(1 + prng_.below(6));
            }
            auto opened = Exchange::open(resources, settings_);
            if (opened) {
                exchange_ = std::move(*opened);
                open_gateway(std::move(history));
                seat_desk();
            } else if (disk_.has_power()) {
                fail("the journal is refused: " + opened.error().sentence());
            } else {
                ++probes_.starts_interrupted;
                disk_.restart();
            }
        }
        if (exchange_ != nullptr) {
            check_start();
            open_shadow();
        }
    }

    void open_gateway(client_feed::History history) {
        history.begin_after(exchange_->durable());
        seen_ = history.end();
        network_.open_venue();
        gateway_ = std::make_unique<native_gateway::Gateway>(
            native_gateway::Surroundings{.network = network_.venue(),
                                         .clock = clock_,
                                         .log = log_,
                                         .intake = exchange_->intake(),
                                         .events = exchange_->events(),
                                         .answers = exchange_->answers()},
            native_gateway::Settings{.in_bytes = 2 * native::frame_max,
                                     .out_bytes = 4 * native::frame_max,
                                     .is_operators_door = {true, false},
                                     .keys = {}},
            native_gateway::Venue{.epoch = exchange_->recovered().superblock.epoch,
                                  .answers_per_session = answers_kept},
            std::move(history));
    }

    void seat_desk() {
        if (!settings_.seats.empty()) {
            exchange::Seat& seat = exchange_->seat(0);
            desk_ = std::make_unique<desk::Desk>(market_.desk(), seat.events(), seat.intake());
            desk_->hand_over_by(exchange_->prepared());
            exchange_->engine().tell_standing(
                [this](std::span<const Unit> event) { desk_->read(event); });
        }
    }

    void open_shadow() {
        auto opened = Shadow::open(*exchange_, disk_, settings_);
        if (opened) {
            shadow_ = std::move(*opened);
        } else {
            fail("no shadow: " + opened.error().sentence());
        }
    }

    // What was shown is there, and the state is the one that was left.
    void check_start() {
        const engine::Engine& engine = exchange_->engine();
        const std::uint64_t last = engine.events().sequence().value();
        if (last < last_shown_) {
            fail("an event was shown of a command that is lost");
        }
        check_state(engine, "the restart led to another state");
        hashes_.resize(std::min<std::size_t>(hashes_.size(), last));
        probes_.torn_tails += exchange_->recovered().torn ? 1U : 0U;
        const auto first =
            static_cast<std::uint64_t>(exchange_->recovered().superblock.first_segment);
        probes_.trimmed = std::max(probes_.trimmed, first - 1);
    }

    void go_down() {
        probes_.segments = std::max(probes_.segments, names_with(".segment").size());
        probes_.attestations += shadow_ != nullptr ? shadow_->attested() : 0;
        probes_.snapshots += shadow_ != nullptr ? shadow_->snapshots() : 0;
        if (disk_.has_power()) {
            disk_.lose_power();
        }
        ++probes_.power_losses;
        network_.close_venue();
        shadow_.reset();
        desk_.reset();
        gateway_.reset();
        exchange_.reset();
        disk_.restart();
        incoming_.clear();
        outgoing_.clear();
        disk_.limit_bytes(plenty);
        has_been_full_ = false;
        if (prng_.one_in(4)) {
            damage_newest_snapshot();
        }
        if (prng_.one_in(8)) {
            clock_.advance(Nanos(-1'000'000'000));
        } else if (prng_.one_in(8)) {
            clock_.advance(Nanos(prng_.between(0, longest_absence_ns)));
        }
    }

    // The one before it is there to fall back on.
    void damage_newest_snapshot() {
        const std::vector<std::string> names = names_with(".snapshot");
        if (names.size() > 1) {
            disk_.flip_bit(names.back(), prng_.below(std::uint64_t{8} * host::disk_block));
            ++probes_.damaged_snapshots;
        }
    }

    [[nodiscard]] std::vector<std::string> names_with(std::string_view suffix) {
        std::vector<std::string> names;
        if (const auto files = disk_.list()) {
            for (const host::FileInfo& file : *files) {
                if (file.name.ends_with(suffix)) {
                    names.push_back(file.name);
                }
            }
        }
        return names;
    }

    // Until everyone knows all answers; then the log must tell what they were told.
    void finish() {
        is_calm_ = true;
        disk_.keep_power();
        network_.be_calm();
        for (int step = 0; step < 20'000 && failure_.empty() && !is_done(); ++step) {
            take_step();
        }
        if (failure_.empty() && !is_done()) {
            fail(all_is_known() ? "the desk left something undone"
                                : "a command was never answered");
        }
        while (failure_.empty() && shadow_->engine().events().sequence() < exchange_->durable()) {
            follow();
        }
    }

    [[nodiscard]] bool is_done() {
        return all_is_known() && (desk_ == nullptr || !auditor_.awaits_desk(exchange_->engine()));
    }
    [[nodiscard]] bool all_is_known() {
        return stray_.waiting().empty() && std::ranges::all_of(clients_, [](const auto& client) {
                   return client->waiting() == 0;
               });
    }

    void fail(std::string sentence) {
        if (failure_.empty()) {
            failure_ = std::move(sentence);
        }
    }

    // ---- Steps ----
    void take_step() {
        clock_.advance(Nanos(static_cast<std::int64_t>(prng_.below(20'000'000))));
        switch (prng_.below(11)) {
            case 0:
                exchange_->sequence();
                break;
            case 1:
                check_journal(exchange_->write());
                break;
            case 2:
                execute();
                break;
            case 3:
                check_journal(exchange_->make_room());
                break;
            case 4:
                gateway_->do_work();
                see();
                break;
            case 5:
                deliver();
                break;
            case 6:
                hear();
                break;
            case 7:
                exchange_->attest();
                break;
            case 8:
                follow();
                break;
            case 9:
                run_desk();
                break;
            default:
                act();
        }
        if (!is_calm_ && prng_.one_in(2000)) {
            disk_.limit_bytes(0);
            has_been_full_ = true;
        }
        if (!is_calm_ && prng_.one_in(100)) {
            network_.cut_any();
            ++probes_.cuts;
        }
    }

    void run_desk() {
        if (desk_ != nullptr) {
            desk_->do_work();
            while (const auto note = desk_->take_note()) {
                heed(*note);
            }
        }
    }

    // Whatever it asks for can be, as far as there is room.
    void heed(const listing::Note& note) {
        probes_.full_of_instruments += note.reject == Reject::instruments_full ? 1U : 0U;
        if (note.reject != Reject::none && note.reject != Reject::instruments_full) {
            fail("the desk asked for what cannot be: " + note.text);
        }
    }

    void check_journal(const exchange::JournalResult<Progress>& result) {
        if (!result && disk_.has_power()) {
            fail(result.error().sentence());
        }
    }

    void execute() {
        exchange_->execute();
        const engine::Engine& engine = exchange_->engine();
        const std::uint64_t last = engine.events().sequence().value();
        engine.check_invariants();
        // Where several commands were carried out at once, only the last state is known.
        hashes_.resize(last);
        if (last != 0) {
            hashes_[last - 1] = engine.state_hash();
        }
        fail_if(auditor_.look(engine));
    }

    void follow() {
        check_journal(shadow_->do_work());
        check_state(shadow_->engine(), "the shadow came to another state");
    }

    // The state after a command is the one that was there before.
    void check_state(const engine::Engine& engine, std::string_view difference) {
        engine.check_invariants();
        const std::uint64_t last = engine.events().sequence().value();
        const bool is_known = last != 0 && last <= hashes_.size() && hashes_[last - 1].has_value();
        if (is_known && hashes_[last - 1] != engine.state_hash()) {
            fail(std::string(difference));
        }
    }

    // All that the gateway may tell since the last look.
    void see() {
        const client_feed::History& history = gateway_->history();
        while (seen_ != history.end()) {
            const std::span<const Unit> event = history.at(seen_);
            const auto& header = view<protocol::EventHeader>(event);
            last_shown_ = std::max(last_shown_, header.sequence.value());
            count(static_cast<EventType>(header.type), event);
            if (header.type == static_cast<std::uint8_t>(EventType::completed)) {
                check_once(view<protocol::Completed>(event));
                outgoing_.push_back(view<protocol::Completed>(event));
            }
            seen_ += event.size();
        }
    }

    // What is shown is durable: a command that is carried out again was carried out twice.
    void check_once(const protocol::Completed& completed) {
        const bool is_carried_out = completed.session != SessionId(0) &&
                                    completed.first == Sequence(0) &&
                                    completed.reject != Reject::answer_forgotten;
        if (is_carried_out &&
            !carried_out_.emplace(completed.account, completed.session, completed.client_sequence)
                 .second) {
            fail("a command was carried out twice");
        }
    }

    void count(EventType type, std::span<const Unit> event) {
        market_.read(event);
        probes_.listings += type == EventType::instrument_listed ? 1U : 0U;
        probes_.archived += type == EventType::instrument_archived ? 1U : 0U;
        probes_.deliveries += type == EventType::delivery_price_set ? 1U : 0U;
        probes_.marks += type == EventType::marks_installed ? 1U : 0U;
        probes_.fundings += type == EventType::funding_changed ? 1U : 0U;
        probes_.settlements += type == EventType::session_settled ? 1U : 0U;
        probes_.margin_calls += type == EventType::margin_called ? 1U : 0U;
        probes_.liquidations += type == EventType::liquidation_started ? 1U : 0U;
        probes_.reassignments += type == EventType::position_reassigned ? 1U : 0U;
        probes_.trades += type == EventType::trade ? 1U : 0U;
        if (type == EventType::order_removed) {
            const bool is_swept =
                view<protocol::OrderRemoved>(event).reason == protocol::RemovalReason::disconnect;
            probes_.sweeps += is_swept ? 1U : 0U;
        }
        if (type == EventType::venue_state_changed) {
            is_open_ = view<protocol::VenueStateChanged>(event).state == VenueState::normal;
        }
        if (type == EventType::completed) {
            const auto& completed = view<protocol::Completed>(event);
            ++probes_.commands;
            probes_.answered_again += completed.first != Sequence(0) ? 1U : 0U;
            const bool is_warning =
                completed.session == SessionId(0) &&
                completed.command ==
                    static_cast<std::uint16_t>(protocol::CommandType::set_venue_state);
            probes_.disk_warnings += is_warning ? 1U : 0U;
            if (is_warning && !has_been_full_) {
                fail("the venue closed, and its disk was never full");
            }
        }
    }

    // ---- The network ----
    template <class Item>
    std::optional<Item> take_any(std::deque<Item>& items) {
        if (items.empty()) {
            return std::nullopt;
        }
        const auto at = static_cast<std::ptrdiff_t>(
            prng_.below(std::min<std::size_t>(items.size(), is_calm_ ? 1 : 4)));
        Item item = items[static_cast<std::size_t>(at)];
        const bool is_repeated = !is_calm_ && prng_.one_in(10);
        if (!is_repeated) {
            items.erase(items.begin() + at);
        }
        if (!is_calm_ && prng_.one_in(8)) {
            ++probes_.lost_messages;
            return std::nullopt;
        }
        return item;
    }

    void deliver() {
        const std::optional<Message> message = take_any(incoming_);
        if (message && !exchange_->intake().submit_command(*message)) {
            incoming_.push_back(*message);
        }
        exchange_->intake().publish();
    }

    void hear() {
        const std::optional<protocol::Completed> completed = take_any(outgoing_);
        if (completed && stray_.is_told(*completed)) {
            fail_if(stray_.hear(*completed));
        }
    }

    // ---- What clients do ----
    void act() {
        for (const auto& client : clients_) {
            const std::uint64_t resends = client->resends();
            const std::uint64_t resumes = client->resumes();
            fail_if(client->take_turn());
            probes_.resends += client->resends() - resends;
            probes_.resumes += client->resumes() - resumes;
        }
        // While the venue is closed, hardly anybody is as busy as the operator.
        const bool is_operators_turn = !is_open_ && !prng_.one_in(4);
        const std::size_t who =
            is_operators_turn ? operator_client : prng_.below(clients_.size() + 1);
        if (who == clients_.size()) {
            act_astray();
        } else {
            act_connected(who);
        }
    }

    void act_connected(std::size_t who) {
        ConnectedClient& client = *clients_[who];
        if (is_calm_ || client.waiting() >= waiting_max || !client.may_ask()) {
            return;
        }
        if (who == operator_client) {
            operate(client);
        } else {
            trade(client);
        }
    }

    void act_astray() {
        const auto& waiting = stray_.waiting();
        if (!waiting.empty() && (is_calm_ || prng_.one_in(2))) {
            const auto again = std::next(waiting.begin(),
                                         static_cast<std::ptrdiff_t>(prng_.below(waiting.size())));
            incoming_.push_back(again->second);
            ++probes_.resends;
            return;
        }
        if (!is_calm_ && waiting.size() < waiting_max && stray_.may_ask(answers_kept)) {
            const std::size_t before = waiting.size();
            trade(stray_);
            if (waiting.size() != before) {
                incoming_.push_back(waiting.rbegin()->second);
            }
        }
    }

    void fail_if(const std::string& wrong) {
        if (!wrong.empty()) {
            fail(wrong);
        }
    }

    // The venue is set up step by step; afterwards it is opened whenever it closes.
    void operate(ConnectedClient& client) {
        const auto ask = [&client](const auto&... command) {
            client.ask(command...);
        };
        while (opening_step_ < market_.opening_steps() && client.waiting() < waiting_max) {
            market_.open(opening_step_++, ask);
        }
        if (client.waiting() != 0) {
            return;
        }
        if (!is_open_) {
            client.ask(protocol::SetVenueState{.state = VenueState::normal});
        } else if (prng_.one_in(2)) {
            market_.move_prices(ask);
        }
    }

    // Not before the accounts are open: no session is known of an account that is not.
    template <class Client>
    void trade(Client& client) {
        if (clients_[operator_client]->answered() >= market_.opening_steps()) {
            market_.trade(client);
        }
    }

    Prng prng_;
    SimulatedDisk disk_;
    SimulatedNetwork network_;
    Market market_;
    SimulatedClock clock_;
    host::NoLog log_;
    exchange::Settings settings_;
    std::unique_ptr<Exchange> exchange_;
    std::unique_ptr<Shadow> shadow_;
    std::unique_ptr<native_gateway::Gateway> gateway_;
    std::unique_ptr<desk::Desk> desk_;
    Auditor auditor_{
        {.accounts = fund.value() + 1, .fund = fund, .money = money, .patience = patience}};
    // The operator, then traders; the last trader is the stray one.
    std::vector<std::unique_ptr<ConnectedClient>> clients_;
    StrayClient stray_{AccountId(traders), session_of_all};
    std::deque<Message> incoming_;
    std::deque<protocol::Completed> outgoing_;
    std::vector<std::optional<Hash128>> hashes_;  // of the state after each command, where known
    std::set<std::tuple<AccountId, SessionId, ClientSequence>> carried_out_;
    std::uint64_t opening_step_ = 0;  // of the operator: the next one
    std::uint64_t last_shown_ = 0;
    std::uint64_t seen_ = 0;  // in the gateway's history
    bool is_open_ = false;
    bool has_been_full_ = false;  // the disk, since the start
    bool is_calm_ = false;        // nothing more goes wrong, nobody asks for more
    std::string failure_;
    Probes probes_;
};

}  // namespace

void Probes::add(const Probes& other) {
    commands += other.commands;
    power_losses += other.power_losses;
    starts_interrupted += other.starts_interrupted;
    torn_tails += other.torn_tails;
    resends += other.resends;
    answered_again += other.answered_again;
    lost_messages += other.lost_messages;
    cuts += other.cuts;
    resumes += other.resumes;
    trades += other.trades;
    sweeps += other.sweeps;
    disk_warnings += other.disk_warnings;
    listings += other.listings;
    archived += other.archived;
    deliveries += other.deliveries;
    marks += other.marks;
    fundings += other.fundings;
    settlements += other.settlements;
    margin_calls += other.margin_calls;
    liquidations += other.liquidations;
    reassignments += other.reassignments;
    full_of_instruments += other.full_of_instruments;
    attestations += other.attestations;
    snapshots += other.snapshots;
    damaged_snapshots += other.damaged_snapshots;
    segments = std::max(segments, other.segments);
    trimmed = std::max(trimmed, other.trimmed);
}

Outcome simulate(std::uint64_t seed) {
    return World(seed).live();
}

}  // namespace miletus::simulation
