// One world: its steps, its misfortunes, and what is checked after each.
#include "sim/simulation/simulation.hpp"

#include "base/prng.hpp"
#include "exchange/exchange.hpp"
#include "sim/simulated_disk/simulated_disk.hpp"
#include "sim/simulation/client.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <set>

namespace miletus::simulation {

using exchange::Exchange;
using exchange::Shadow;
using protocol::EventType;
using protocol::VenueState;
using protocol::view;

namespace {

constexpr std::int64_t start_ns = 1'767'254'400'000'000'000;  // 2026-01-01 08:00 UTC
constexpr std::size_t traders = 3;
constexpr std::size_t waiting_max = 3;  // commands of a client
constexpr std::uint32_t answers_kept = 8;
constexpr std::size_t operator_client = 0;
constexpr InstrumentId instrument{0};
constexpr std::uint64_t plenty = std::uint64_t{1} << 30U;  // bytes of disk

// Everything so small that each bound is met.
exchange::Settings tiny_settings() {
    exchange::Settings settings;
    settings.limits.assets = 4;
    settings.limits.underlyings = 2;
    settings.limits.instruments = 4;
    settings.limits.accounts = 8;
    settings.limits.positions = 16;
    settings.limits.orders = 48;
    settings.limits.labels = 8;
    settings.limits.level_pages = 32;
    settings.limits.directory_entries = 1024;
    settings.limits.orders_per_account = 20;
    settings.limits.orders_per_instrument = 40;
    settings.limits.fills_per_command = 8;
    settings.limits.timers_per_command = 4;
    settings.limits.sweep_per_command = 2;
    settings.limits.sessions = 8;
    settings.limits.answers_per_session = answers_kept;
    settings.limits.closed_orders_per_account = 4;
    settings.limits.event_units = 512;
    settings.journal = {.segment_bytes = 8 * host::disk_block,
                        .first_segment_bytes = 6 * host::disk_block,
                        .record_units = 2 * host::units_per_block - journal::record_header_units,
                        .spare_segments = 3};
    settings.ring_units = 128;
    settings.answer_units = 128;
    settings.attest_interval = 24;
    settings.snapshot_interval = 40;
    return settings;
}

class SimulatedClock final : public host::Clock {
  public:
    [[nodiscard]] UnixNanos now() override { return now_; }
    void advance(Nanos span) { now_ = now_ + span; }

  private:
    UnixNanos now_{start_ns};
};

class World {
  public:
    explicit World(std::uint64_t seed)
        : prng_(seed), disk_(prng_.next()), settings_(tiny_settings()) {
        settings_.trim = prng_.one_in(2);
        clients_.emplace_back(AccountId(0), SessionId(100));
        for (std::uint32_t at = 1; at <= traders; ++at) {
            clients_.emplace_back(AccountId(at), SessionId(100 + at));
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
    // ---- Starts and ends ----
    [[nodiscard]] bool is_up() const {
        return exchange_ != nullptr && disk_.has_power() && failure_.empty();
    }

    void come_up() {
        const exchange::Resources resources{
            .disk = disk_, .segments_disk = disk_, .clock = clock_, .fresh_log = {1, 2, 3}};
        while (exchange_ == nullptr && failure_.empty()) {
            if (prng_.one_in(6)) {
                disk_.lose_power_at(1 + prng_.below(6));
            }
            auto opened = Exchange::open(resources, settings_);
            if (opened) {
                exchange_ = std::move(*opened);
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
        engine.check_invariants();
        const std::uint64_t last = engine.events().sequence().value();
        if (last < last_shown_) {
            fail("an event was shown of a command that is lost");
        }
        const bool is_known = last != 0 && last <= hashes_.size() && hashes_[last - 1].has_value();
        if (is_known && hashes_[last - 1] != engine.state_hash()) {
            fail("the restart led to another state");
        }
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
        shadow_.reset();
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
        for (int step = 0; step < 20'000 && failure_.empty() && !all_is_known(); ++step) {
            take_step();
        }
        if (failure_.empty() && !all_is_known()) {
            fail("a command was never answered");
        }
        while (failure_.empty() && shadow_->engine().events().sequence() < exchange_->durable()) {
            follow();
        }
    }

    [[nodiscard]] bool all_is_known() const {
        return std::ranges::all_of(clients_,
                                   [](const Client& client) { return client.waiting().empty(); });
    }

    void fail(std::string sentence) {
        if (failure_.empty()) {
            failure_ = std::move(sentence);
        }
    }

    // ---- Steps ----
    void take_step() {
        clock_.advance(Nanos(static_cast<std::int64_t>(prng_.below(20'000'000))));
        switch (prng_.below(10)) {
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
                check_journal(exchange_->prepare_segments());
                break;
            case 4:
                read();
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
            default:
                act();
        }
        if (!is_calm_ && prng_.one_in(2000)) {
            disk_.limit_bytes(0);
            has_been_full_ = true;
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
    }

    void follow() {
        check_journal(shadow_->do_work());
        const engine::Engine& engine = shadow_->engine();
        const std::uint64_t last = engine.events().sequence().value();
        engine.check_invariants();
        const bool is_known = last != 0 && last <= hashes_.size() && hashes_[last - 1].has_value();
        if (is_known && hashes_[last - 1] != engine.state_hash()) {
            fail("the shadow came to another state");
        }
    }

    // What the venue shows goes to its client, if the network likes.
    void read() {
        exchange_->events().poll([&](std::span<const Unit> event) {
            const auto& header = view<protocol::EventHeader>(event);
            last_shown_ = std::max(last_shown_, header.sequence.value());
            count(static_cast<EventType>(header.type), event);
            if (header.type == static_cast<std::uint8_t>(EventType::completed)) {
                check_once(view<protocol::Completed>(event));
                outgoing_.push_back(view<protocol::Completed>(event));
            }
            return true;
        });
    }

    // What is shown is durable: a command that is carried out again was carried out twice.
    void check_once(const protocol::Completed& completed) {
        const bool is_carried_out = completed.session != SessionId(0) &&
                                    completed.first == Sequence(0) &&
                                    completed.reject != Reject::answer_forgotten;
        if (is_carried_out &&
            !carried_out_.emplace(completed.session, completed.client_sequence).second) {
            fail("a command was carried out twice");
        }
    }

    void count(EventType type, std::span<const Unit> event) {
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
        if (!completed) {
            return;
        }
        for (Client& client : clients_) {
            if (client.session() == completed->session) {
                const std::string wrong = client.hear(*completed);
                if (!wrong.empty()) {
                    fail(wrong);
                }
            }
        }
    }

    // ---- What clients do ----
    void act() {
        const std::size_t who = prng_.below(clients_.size());
        Client& client = clients_[who];
        if (!client.waiting().empty() && (is_calm_ || prng_.one_in(2))) {
            const auto again =
                std::next(client.waiting().begin(),
                          static_cast<std::ptrdiff_t>(prng_.below(client.waiting().size())));
            incoming_.push_back(again->second);
            ++probes_.resends;
            return;
        }
        if (is_calm_ || client.waiting().size() >= waiting_max || !client.may_ask(answers_kept)) {
            return;
        }
        const std::uint64_t number = who == operator_client ? operate(client) : trade(client);
        if (number != 0) {
            incoming_.push_back(client.waiting().at(number));
        }
    }

    // The venue is set up one command after the other; afterwards it is opened whenever it closes.
    std::uint64_t operate(Client& client) {
        if (!client.waiting().empty()) {
            return 0;
        }
        const std::uint64_t step = client.told().size();
        if (step < opening_steps) {
            return ask_opening(client, step);
        }
        return is_open_ ? 0 : client.ask(protocol::SetVenueState{.state = VenueState::normal});
    }

    static constexpr std::uint64_t opening_steps = 6 + 2 * traders;
    std::uint64_t ask_opening(Client& client, std::uint64_t step) {
        switch (step) {
            case 0:
                return client.ask(protocol::AddAsset{.name = protocol::Name("BTC"), .decimals = 8});
            case 1:
                return client.ask(
                    protocol::AddAsset{.name = protocol::Name("USDC"), .decimals = 6});
            case 2:
                return client.ask(protocol::AddUnderlying{
                    .name = protocol::Name("BTC_USDC"), .base = AssetId(0), .quote = AssetId(1)});
            case 3:
                return client.ask(protocol::ListFuture{.terms = {.tick = IndexPrice(1'000'000),
                                                                 .lot = Amount(10'000'000),
                                                                 .price_low = Ticks(0),
                                                                 .price_high = Ticks(63),
                                                                 .lots_max = Lots(100)},
                                                       .underlying = UnderlyingId(0)});
            case 4:
                return client.ask(protocol::SetBand{
                    .low = Ticks(0), .high = Ticks(63), .instrument = instrument});
            case 5:
                return client.ask(protocol::SetInstrumentState{
                    .instrument = instrument, .state = protocol::InstrumentState::open});
            default:
                return ask_account(client, static_cast<std::uint32_t>(step - 6));
        }
    }

    std::uint64_t ask_account(Client& client, std::uint32_t step) {
        const AccountId account(1 + step / 2);
        if (step % 2 == 0) {
            return client.ask(
                protocol::OpenAccount{.owner = OwnerId(account.value()), .opened = account});
        }
        return client.ask(protocol::Deposit{
            .amount = Amount(1'000'000'000), .receiver = account, .asset = AssetId(1)});
    }

    // Not before the accounts are open: no session is known of an account that is not.
    std::uint64_t trade(Client& client) {
        if (clients_[operator_client].told().size() < opening_steps) {
            return 0;
        }
        const std::uint64_t choice = prng_.below(10);
        if (choice == 0) {
            return client.ask(protocol::MassCancel{});
        }
        if (choice == 1) {
            return client.ask(protocol::SetSession{.cancel_on_disconnect =
                                                       static_cast<std::uint8_t>(prng_.below(2))});
        }
        const ClientOrderId order(1 + prng_.below(12));
        if (choice <= 3) {
            return client.ask(protocol::CancelByClientId{.client_order = order});
        }
        return client.ask(protocol::PlaceOrder{
            .price = Ticks(prng_.between(20, 40)),
            .quantity = Lots(prng_.between(1, 9)),
            .client_order = order,
            .instrument = instrument,
            .side = prng_.one_in(2) ? protocol::Side::buy : protocol::Side::sell});
    }

    Prng prng_;
    SimulatedDisk disk_;
    SimulatedClock clock_;
    exchange::Settings settings_;
    std::unique_ptr<Exchange> exchange_;
    std::unique_ptr<Shadow> shadow_;
    std::vector<Client> clients_;
    std::deque<Message> incoming_;
    std::deque<protocol::Completed> outgoing_;
    std::vector<std::optional<Hash128>> hashes_;  // of the state after each command, where known
    std::set<std::pair<SessionId, ClientSequence>> carried_out_;
    std::uint64_t last_shown_ = 0;
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
    trades += other.trades;
    sweeps += other.sweeps;
    disk_warnings += other.disk_warnings;
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
