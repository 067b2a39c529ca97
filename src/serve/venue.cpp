// Putting it together, and taking it apart.
#include "serve/venue.hpp"

#include "base/result.hpp"
#include "host/threads.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <random>
#include <string_view>

namespace miletus::serve {

using exchange::Exchange;
using journal::JournalResult;

namespace {

// How long a thread without sockets rests, a little longer each time, and how long one with sockets
// waits for them.
constexpr std::chrono::microseconds shortest_rest{50};
constexpr std::chrono::microseconds longest_rest{1000};
constexpr std::uint32_t wait_milliseconds = 1;

void rest_longer(std::uint32_t idle_turns) {
    host::rest(std::min(shortest_rest * (1 + std::int64_t{idle_turns}), longest_rest));
}

// How often a full disk is asked for room.
constexpr std::chrono::milliseconds between_tries{200};

// Clients that take nothing are not waited for longer.
constexpr std::chrono::seconds patience{5};

journal::LogId chance() {
    std::random_device device;
    journal::LogId id{};
    std::ranges::generate(id, [&] { return static_cast<std::uint8_t>(device()); });
    return id;
}

std::expected<Progress, std::string> as_step(const JournalResult<Progress>& result) {
    return result ? std::expected<Progress, std::string>(*result)
                  : std::unexpected(result.error().sentence());
}

}  // namespace

host::IoResult<Premises> enter_folder(const std::string& folder) {
    auto disk = host::FolderDisk::make(folder);
    if (!disk) {
        return std::unexpected(disk.error());
    }
    auto lock = host::FolderLock::take(folder);
    if (!lock) {
        return std::unexpected(lock.error());
    }
    auto segments_disk = host::FolderDisk::at(folder);
    if (!segments_disk) {
        return std::unexpected(segments_disk.error());
    }
    auto shadow_disk = host::FolderDisk::at(folder);
    if (!shadow_disk) {
        return std::unexpected(shadow_disk.error());
    }
    return Premises{.lock = std::move(*lock),
                    .disk = std::move(*disk),
                    .segments_disk = std::move(*segments_disk),
                    .shadow_disk = std::move(*shadow_disk)};
}

JournalResult<std::unique_ptr<Venue>> Venue::open(const Config& config, Premises& premises,
                                                  host::Log& log,
                                                  std::unique_ptr<FrontDoor> front_door) {
    client_feed::History history(config.history_units);
    const auto tell_front_door = [&front_door](std::span<const Unit> event) {
        if (front_door != nullptr) {
            front_door->read(event);
        }
    };
    auto exchange = Exchange::open({.disk = *premises.disk,
                                    .segments_disk = *premises.segments_disk,
                                    .clock = premises.clock,
                                    .fresh_log = chance(),
                                    .on_standing = tell_front_door,
                                    .on_replayed =
                                        [&](std::span<const Unit> event) {
                                            history.append(event);
                                            tell_front_door(event);
                                        }},
                                   config.exchange);
    if (!exchange) {
        return std::unexpected(exchange.error());
    }
    std::unique_ptr<exchange::Shadow> shadow;
    if (config.exchange.snapshot_interval != 0) {
        auto opened = exchange::Shadow::open(**exchange, *premises.shadow_disk, config.exchange);
        if (!opened) {
            return std::unexpected(opened.error());
        }
        shadow = std::move(*opened);
    }
    auto network = host::SocketNetwork::make();
    if (!network) {
        return std::unexpected(journal::Failure(network.error()));
    }
    history.begin_after((*exchange)->durable());
    return std::make_unique<Venue>(config, premises, log,
                                   Parts{.exchange = std::move(*exchange),
                                         .shadow = std::move(shadow),
                                         .network = std::move(*network),
                                         .front_door = std::move(front_door),
                                         .history = std::move(history)});
}

namespace {

native_gateway::Settings gateway_settings(const Config& config) {
    native_gateway::Settings settings = config.gateway;
    for (const DoorConfig& door : config.doors) {
        settings.is_operators_door.push_back(door.is_operators);
    }
    return settings;
}

}  // namespace

Venue::Venue(const Config& config, Premises& premises, host::Log& log, Parts parts)
    : config_(config),
      exchange_(std::move(parts.exchange)),
      shadow_(std::move(parts.shadow)),
      network_(std::move(parts.network)),
      front_door_(std::move(parts.front_door)),
      gateway_({.network = *network_,
                .clock = premises.clock,
                .log = log,
                .intake = exchange_->intake(),
                .events = exchange_->events(),
                .answers = exchange_->answers()},
               gateway_settings(config),
               {.epoch = exchange_->recovered().superblock.epoch,
                .answers_per_session = config.exchange.limits.answers_per_session},
               std::move(parts.history)),
      clock_(premises.clock),
      log_(log) {
    if (config.desk.wants_any()) {
        seat_desk();
    }
    if (config.crowd) {
        seat_crowd();
    }
    if (front_door_ != nullptr) {
        front_door_->sit(exchange_->seat(seat_of(config, SeatHolder::deribit)), clock_, log_,
                         exchange_->recovered().superblock.epoch);
    }
}

// Who begins in the middle of a log is told what stands.
template <class Reader>
void Venue::tell_standing(Reader& reader) const {
    exchange_->engine().tell_standing(
        [&reader](std::span<const Unit> event) { reader.read(event); });
}

void Venue::seat_desk() {
    exchange::Seat& seat = exchange_->seat(seat_of(config_, SeatHolder::desk));
    desk_ = std::make_unique<desk::Desk>(config_.desk, seat.events(), seat.intake());
    desk_->hand_over_by(exchange_->prepared());
    tell_standing(*desk_);
}

void Venue::seat_crowd() {
    exchange::Seat& seat = exchange_->seat(seat_of(config_, SeatHolder::crowd));
    crowd_ = std::make_unique<crowd::Crowd>(config_.crowd.value_or(crowd::Settings()),
                                            seat.events(), seat.intake());
    tell_standing(*crowd_);
}

// ---- Doors ----

namespace {

// The address with the port so many further on.
std::string moved(const std::string& address, std::uint32_t ports) {
    const std::size_t at = address.rfind(':') + 1;
    std::uint32_t port = 0;
    const std::string_view digits = std::string_view(address).substr(at);
    const auto parsed = std::from_chars(digits.data(), std::to_address(digits.end()), port);
    return ports == 0 || parsed.ec != std::errc()
               ? address
               : address.substr(0, at) + std::to_string(port + ports);
}

host::IoResult<OpenDoor> open_door(host::SocketNetwork& network, const DoorConfig& door,
                                   const std::string& event) {
    auto listened = network.listen(door.address);
    std::uint32_t tried = 1;
    for (; !listened && listened.error().code == EADDRINUSE && tried < door.ports_tried; ++tried) {
        listened = network.listen(moved(door.address, tried));
    }
    if (!listened) {
        return failure_of(listened);
    }
    return OpenDoor{.event = event, .address = *listened, .was_taken = tried != 1};
}

}  // namespace

host::IoResult<std::vector<OpenDoor>> Venue::open_doors() {
    std::vector<OpenDoor> doors;
    for (const DoorConfig& door : config_.doors) {
        doors.push_back(TRY(open_door(*network_, door, "listening")));
    }
    if (config_.deribit) {
        doors.push_back(TRY(open_door(front_door_->network(), config_.deribit->door, "deribit")));
        if (config_.deribit->tls_door) {
            doors.push_back(
                TRY(open_door(front_door_->network(), *config_.deribit->tls_door, "deribit_tls")));
        }
    }
    return doors;
}

// ---- Threads ----

Step Venue::step_of(const std::string& agent) {
    if (agent == "gateway") {
        return [this] {
            return progress_if(gateway_.do_work());
        };
    }
    if (agent == "sequencer") {
        return [this] {
            return progress_if(exchange_->sequence());
        };
    }
    if (agent == "journal") {
        return [this] {
            return as_step(exchange_->write());
        };
    }
    if (agent == "engine") {
        return [this] {
            return progress_if(exchange_->execute());
        };
    }
    if (agent == "attester") {
        return [this] {
            return progress_if(exchange_->attest());
        };
    }
    if (agent == "segments") {
        return [this] {
            return as_step(make_room());
        };
    }
    if (agent == "shadow") {
        return [this] {
            return shadow_ == nullptr ? Progress::none : as_step(shadow_->do_work());
        };
    }
    return step_beside_engine(agent);
}

Step Venue::step_beside_engine(const std::string& agent) {
    if (agent == "desk") {
        return [this] {
            return run_desk();
        };
    }
    if (agent == "crowd") {
        return [this] {
            return run_crowd();
        };
    }
    ASSERT(agent == "deribit");
    return [this] {
        return run_deribit();
    };
}

JournalResult<Progress> Venue::make_room() {
    const auto now = std::chrono::steady_clock::now();
    if (exchange_->is_disk_full() && now < next_try_) {
        return Progress::none;
    }
    next_try_ = now + between_tries;
    return exchange_->make_room();
}

Progress Venue::run_desk() {
    if (desk_ == nullptr) {
        return Progress::none;
    }
    const bool has_worked = desk_->do_work();
    while (const auto note = desk_->take_note()) {
        log_.write(host::LogLevel::warning, "listing", {{"what", note->text}});
    }
    return progress_if(has_worked);
}

Progress Venue::run_crowd() {
    if (crowd_ == nullptr) {
        return Progress::none;
    }
    const bool has_worked = crowd_->do_work(clock_.now());
    if (has_worked && !is_alive() && crowd_->is_alive()) {
        is_alive_.store(true, std::memory_order_release);
    }
    return progress_if(has_worked);
}

Progress Venue::run_deribit() {
    return front_door_ == nullptr ? Progress::none : progress_if(front_door_->gateway().do_work());
}

// Who speaks to clients waits for them, unless what they sent is not read: then they would wake it
// at once.
std::function<void(std::uint32_t)> Venue::rest_of(const DutyConfig& duty) {
    const auto has = [&duty](const char* agent) {
        return std::ranges::find(duty.agents, agent) != duty.agents.end();
    };
    if (has("gateway")) {
        return [this](std::uint32_t idle_turns) {
            gateway_.is_held_back() ? rest_longer(idle_turns) : network_->wait(wait_milliseconds);
        };
    }
    if (has("deribit") && front_door_ != nullptr) {
        return [this](std::uint32_t idle_turns) {
            front_door_->gateway().is_held_back() ? rest_longer(idle_turns)
                                                  : front_door_->network().wait(wait_milliseconds);
        };
    }
    return rest_longer;
}

std::vector<Duty> Venue::duties() {
    std::vector<Duty> duties;
    for (const DutyConfig& config : config_.duties) {
        Duty duty{.name = config.agents.empty() ? "idle" : config.agents.front(),
                  .steps = {},
                  .rest = {},
                  .processor = config.processor,
                  .is_background = config.is_background};
        std::ranges::transform(config.agents, std::back_inserter(duty.steps),
                               [this](const std::string& agent) { return step_of(agent); });
        if (!config.spins) {
            duty.rest = rest_of(config);
        }
        duties.push_back(std::move(duty));
    }
    return duties;
}

// ---- The end ----

JournalResult<void> Venue::drain() {
    network_->close_doors();
    gateway_.stop_reading();
    if (front_door_ != nullptr) {
        front_door_->network().close_doors();
        front_door_->gateway().stop_reading();
    }
    const auto deadline = std::chrono::steady_clock::now() + patience;
    bool is_done = false;
    host::Patience others;
    while (!is_done) {
        exchange_->sequence();
        exchange_->execute();
        static_cast<void>(TRY(exchange_->write()));
        static_cast<void>(TRY(make_room()));
        exchange_->attest();
        gateway_.do_work();
        if (desk_ != nullptr) {
            desk_->read_on();
        }
        if (crowd_ != nullptr) {
            crowd_->read_on();
        }
        static_cast<void>(run_deribit());
        const bool is_late = std::chrono::steady_clock::now() > deadline;
        const bool is_stuck = exchange_->waits_for_clock() || exchange_->is_disk_full();
        const bool has_told_all = gateway_.has_told_all() &&
                                  (front_door_ == nullptr || front_door_->gateway().has_told_all());
        is_done = exchange_->is_idle() && (has_told_all || is_late);
        is_done |= is_stuck && is_late;
        others.wait();
    }
    gateway_.say_goodbye();
    if (front_door_ != nullptr) {
        front_door_->gateway().say_goodbye();
    }
    if (!exchange_->is_idle()) {
        return {};  // what clock or disk hold back was never acknowledged
    }
    return exchange_->close();
}

}  // namespace miletus::serve
