// Turns: who came, what they said, and how they part.
#include "edge/web/room.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace miletus::web {

using Stage = Connection::Stage;
using Offer = Connection::Offer;

namespace {

constexpr std::uint32_t shown_per_turn = 64;  // of one connection, so that everyone's turn comes
constexpr std::size_t received_at_once = std::size_t{1} << 16U;
constexpr Nanos between_looks{250'000'000};
constexpr Nanos stood_still{1'000'000'000};

std::string_view text_in(std::span<const std::byte> bytes) {
    return {std::bit_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Server::Room::Room(host::Network& network, host::Clock& clock, const Settings& settings,
                   std::optional<TlsIdentity> identity)
    : network_(network),
      clock_(clock),
      settings_(settings),
      identity_(std::move(identity)),
      pool_(settings.spare_bytes_max),
      conversation_(settings_, pool_, counters_),
      received_(received_at_once),
      plain_(received_at_once),
      now_(clock.now()),
      deadlines_checked_(now_) {
    const bool wants_identity =
        std::ranges::find(settings_.is_tls_door, true) != settings_.is_tls_door.end();
    ASSERT(!wants_identity || identity_.has_value());
}

Server::Room::~Room() {
    for (const Place& place : places_) {
        if (place.connection != nullptr && place.connection->stage != Stage::dead) {
            network_.close(place.connection->id);
        }
    }
}

// ---- A turn ----

bool Server::Room::begin_turn() {
    const UnixNanos before = std::exchange(now_, clock_.now());
    // A venue that stood still, or whose clock was set, has not listened: nobody was silent.
    if (now_ < before || now_ - before > stood_still) {
        const Nanos passed = now_ - before;
        for (const Place& place : places_) {
            if (place.connection != nullptr) {
                place.connection->shift_time(passed);
            }
        }
        deadlines_checked_ = now_;
    }
    look_at_deadlines();
    // Whoever died is gone before the network can give its number to another.
    sweep();
    has_worked_ = false;
    if (!is_stopping_) {
        for (const host::ConnectionId id : network_.ready()) {
            const auto slot = static_cast<Slot>(id);
            if (slot < places_.size() && places_[slot].connection != nullptr) {
                places_[slot].connection->has_news = true;
                queue(*places_[slot].connection);
            }
        }
        welcome_arrivals();
    }
    turn_.clear();
    if (!is_stopping_) {
        std::swap(turn_, queued_);
    }
    at_ = 0;
    shown_ = 0;
    has_read_ = false;
    shows_parted_ = false;
    ++first_;
    return has_worked_;
}

const Inbound* Server::Room::next() {
    while (at_ < turn_.size()) {
        // Another goes first each time: what the owner can take is not the first one's alone.
        Place& place = places_[turn_[(first_ + at_) % turn_.size()]];
        if (place.connection != nullptr) {
            Connection& connection = *place.connection;
            connection.is_queued = connection.is_queued && shown_ != 0;
            if (shown_ >= shown_per_turn) {
                queue(connection);
            } else if (reads_on(connection)) {
                ++shown_;
                return show(connection);
            }
        }
        ++at_;
        shown_ = 0;
        has_read_ = false;
    }
    return show_parted();
}

const Inbound* Server::Room::show(Connection& connection) {
    current_ = &connection;
    const std::span<const std::byte> front = std::as_const(connection.in).front();
    inbound_ = {.connection = id_of(connection),
                .address = connection.address,
                .door = connection.door,
                .is_tls = connection.is_tls,
                .received = connection.received};
    if (connection.offer == Offer::message) {
        inbound_.kind = Inbound::Kind::message;
    } else {
        const Request& request = connection.request;
        const std::string_view head = text_in(front);
        const bool is_request = connection.offer == Offer::request;
        inbound_.kind = is_request ? Inbound::Kind::request : Inbound::Kind::opened_websocket;
        inbound_.method = request.method.in(head);
        inbound_.target = request.target.in(head);
        inbound_.authorization = request.authorization.in(head);
        inbound_.content_type = request.content_type.in(head);
        connection.awaits_answer = is_request;
    }
    inbound_.body = text_in(front.subspan(connection.start, connection.end - connection.start));
    connection.was_shown = true;
    return &inbound_;
}

const Inbound* Server::Room::show_parted() {
    if (parted_.empty() || shows_parted_) {
        return nullptr;
    }
    current_ = nullptr;
    const Parted& parted = parted_.front();
    inbound_ = {.kind = Inbound::Kind::closed,
                .connection = parted.connection,
                .code = parted.code,
                .address = parted.address,
                .door = parted.door,
                .is_tls = parted.is_tls,
                .received = now_};
    return &inbound_;
}

void Server::Room::settle(bool is_taken) {
    Connection* const connection = std::exchange(current_, nullptr);
    if (connection == nullptr) {
        if (is_taken) {
            parted_.pop_front();
        } else {
            ++counters_.held_back;
            shows_parted_ = true;  // again, in the next turn
        }
        return;
    }
    if (is_taken) {
        conversation_.take(*connection, now_);
        look_after(*connection);
        return;
    }
    // What was answered was taken.
    ASSERT(connection->offer != Offer::request || connection->awaits_answer ||
           !connection->is_open());
    ++counters_.held_back;
    connection->awaits_answer = false;
    if (connection->is_websocket && connection->is_open()) {
        connection->deadline = now_ + settings_.ping_after;
    }
    queue(*connection);
    ++at_;
    shown_ = 0;
    has_read_ = false;
}

void Server::Room::queue(Connection& connection) {
    if (!std::exchange(connection.is_queued, true)) {
        queued_.push_back(slot_of(connection));
    }
}

// ---- Who comes and goes ----

void Server::Room::welcome_arrivals() {
    while (const auto arrival = network_.accepted()) {
        ++counters_.arrivals;
        has_worked_ = true;
        if (!has_place_for(*arrival)) {
            turn_away(*arrival);
            continue;
        }
        const auto slot = static_cast<Slot>(arrival->connection);
        if (slot >= places_.size()) {
            places_.resize(slot + 1);
        }
        Place& place = places_[slot];
        ASSERT(place.connection == nullptr);
        ++place.generation;
        place.connection = std::make_unique<Connection>();
        Connection& connection = *place.connection;
        connection.id = arrival->connection;
        connection.generation = place.generation;
        connection.door = arrival->door;
        connection.address = arrival->address;
        connection.received = now_;
        connection.deadline = now_ + settings_.greeting_max;
        connection.is_tls =
            arrival->door < settings_.is_tls_door.size() && settings_.is_tls_door[arrival->door];
        if (connection.is_tls && identity_.has_value()) {
            connection.tls = std::make_unique<TlsStream>(*identity_);
        }
        ++guests_[arrival->address.household()];
        ++present_;
    }
    counters_.turned_away_by_system = network_.turned_away();
}

bool Server::Room::has_place_for(const host::Arrival& arrival) const {
    if (present_ >= settings_.connections_max || parted_.size() >= settings_.connections_max) {
        return false;
    }
    const auto guests = guests_.find(arrival.address.household());
    const bool is_unbounded = settings_.is_local_unbounded && arrival.address.is_local();
    return is_unbounded || guests == guests_.end() || guests->second < settings_.per_address_max;
}

// Before anything is set aside for it. Behind TLS there is no way to say so without a handshake.
void Server::Room::turn_away(const host::Arrival& arrival) {
    ++counters_.turned_away;
    const bool is_tls =
        arrival.door < settings_.is_tls_door.size() && settings_.is_tls_door[arrival.door];
    if (!is_tls) {
        constexpr std::string_view full =
            "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        constexpr std::string_view too_many =
            "HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        const std::string_view words = present_ >= settings_.connections_max ? full : too_many;
        static_cast<void>(network_.send(arrival.connection, std::as_bytes(std::span(words))));
    }
    network_.close(arrival.connection);
}

void Server::Room::look_at_deadlines() {
    if (now_ - deadlines_checked_ < between_looks) {
        return;
    }
    deadlines_checked_ = now_;
    for (const Place& place : places_) {
        if (place.connection == nullptr || place.connection->stage == Stage::dead) {
            continue;
        }
        Connection& connection = *place.connection;
        const bool is_slow_message = connection.stage == Stage::websocket &&
                                     connection.offer == Offer::none &&
                                     connection.partial_since != never &&
                                     now_ - connection.partial_since > settings_.body_max;
        if (is_slow_message) {
            ++counters_.too_slow_in;
            end(connection, CloseCode::policy, "a message took too long");
        } else if (connection.deadline <= now_) {
            expire(connection);
        }
    }
}

void Server::Room::expire(Connection& connection) {
    const bool can_be_told =
        connection.is_open() && (!connection.tls || connection.tls->has_shaken_hands());
    if (!can_be_told) {
        counters_.too_slow_in += connection.is_open() ? 1U : 0U;
        kill(connection, connection.is_open() ? CloseCode::broken : connection.close_code);
    } else if (connection.offer == Offer::none) {
        // What is held back here is not its silence.
        conversation_.expire(connection, now_);
        look_after(connection);
    }
}

void Server::Room::kill(Connection& connection, CloseCode code) {
    if (connection.stage == Stage::dead) {
        return;
    }
    if (connection.is_open()) {
        connection.close_code = code;
    }
    connection.stage = Stage::dead;
    // What was read may be looked at in this turn; what was to be sent never will be.
    connection.out.clear(pool_);
    connection.sealed.clear(pool_);
    network_.close(connection.id);
    dead_.push_back(slot_of(connection));
    look_after(connection);
}

// At the start of a turn, when nobody looks at what these had said.
void Server::Room::sweep() {
    for (const Slot slot : dead_) {
        Connection& connection = *places_[slot].connection;
        for (Buffer* const buffer : {&connection.in, &connection.out, &connection.sealed}) {
            buffer->clear(pool_);
        }
        const auto guests = guests_.find(connection.address.household());
        ASSERT(guests != guests_.end());
        --guests->second;
        if (guests->second == 0) {
            guests_.erase(guests);
        }
        places_[slot].connection.reset();
        --present_;
    }
    dead_.clear();
}

// ---- In ----

// Whether there is something to show.
bool Server::Room::reads_on(Connection& connection) {
    if (connection.stage == Stage::lingering) {
        discard(connection);
        return false;
    }
    while (connection.stage < Stage::ending) {
        if (connection.offer != Offer::none) {
            return true;
        }
        const Conversation::Step step = conversation_.read(connection, now_);
        look_after(connection);
        if (step == Conversation::Step::offers) {
            websockets_ += connection.offer == Offer::opened ? 1U : 0U;
            return true;
        }
        if (step == Conversation::Step::ended) {
            return false;
        }
        const bool may_read = connection.has_news && !has_read_ && !connection.has_ended &&
                              conversation_.may_read(connection);
        if (may_read) {
            receive(connection);
        } else {
            if (connection.has_ended) {
                came_to_its_end(connection);
            }
            return false;
        }
    }
    return false;
}

void Server::Room::receive(Connection& connection) {
    has_read_ = true;
    if (is_crowding(connection)) {
        ++counters_.crowded_out;
        kill(connection, CloseCode::policy);
        return;
    }
    connection.has_news = false;
    const std::span<std::byte> room(received_);
    const host::Transfer transfer = network_.receive(connection.id, room);
    if (!transfer.is_open) {
        connection.has_ended = true;
        return;
    }
    if (transfer.bytes == 0) {
        return;
    }
    has_worked_ = true;
    counters_.bytes_in += transfer.bytes;
    connection.received = now_;
    if (connection.stage == Stage::websocket) {
        connection.was_pinged = false;
        connection.deadline = now_ + settings_.ping_after;
    }
    const std::span<const std::byte> bytes = room.first(transfer.bytes);
    if (connection.tls) {
        unseal(connection, bytes);
    } else {
        connection.in.append(pool_, bytes);
    }
}

void Server::Room::unseal(Connection& connection, std::span<const std::byte> bytes) {
    constexpr std::size_t answers_max = std::size_t{1} << 18U;
    TlsStream& tls = *connection.tls;
    tls.feed(bytes);
    TlsStream::Read read{.bytes = 1};
    while (read.bytes != 0) {
        read = tls.read(plain_);
        connection.in.append(pool_, std::span(plain_).first(read.bytes));
    }
    if (tls.waiting_bytes() > answers_max) {
        kill(connection, CloseCode::policy);  // it asks for new keys, and reads none of them
    } else if (read.state == TlsStream::State::broken) {
        ++counters_.malformed;
        connection.has_said_end = true;
        connection.close_code = CloseCode::broken;
        connection.stage = Stage::ending;
        connection.deadline = now_ + settings_.close_max;
    } else if (read.state == TlsStream::State::ended) {
        connection.has_ended = true;
    }
    look_after(connection);
}

// What comes behind the end means nothing; that nothing more comes, does.
void Server::Room::discard(Connection& connection) {
    const host::Transfer transfer = network_.receive(connection.id, received_);
    if (!transfer.is_open) {
        kill(connection, connection.close_code);
    }
}

void Server::Room::came_to_its_end(Connection& connection) {
    if (connection.stage == Stage::websocket) {
        kill(connection, CloseCode::broken);
    } else if (connection.stage != Stage::answering) {
        conversation_.end(connection, CloseCode::broken, {}, now_);
        look_after(connection);
    }
}

// ---- What the owner says ----

Connection* Server::Room::find(ConnectionId id) {
    const auto number = static_cast<std::uint64_t>(id);
    const auto slot = static_cast<Slot>(number);
    if (slot >= places_.size() || places_[slot].connection == nullptr ||
        places_[slot].generation != number >> 32U || !places_[slot].connection->is_open()) {
        return nullptr;
    }
    return places_[slot].connection.get();
}

void Server::Room::end(Connection& connection, CloseCode code, std::string_view reason) {
    conversation_.end(connection, code, reason, now_);
    look_after(connection);
}

void Server::Room::say_goodbye() {
    for (const Place& place : places_) {
        if (place.connection != nullptr && place.connection->is_open() &&
            place.connection->stage != Stage::answering) {
            end(*place.connection, CloseCode::going_away, "the venue stops");
        }
    }
}

bool Server::Room::has_told_all() const {
    return std::ranges::all_of(places_, [](const Place& place) {
        return place.connection == nullptr || place.connection->stage == Stage::dead ||
               place.connection->waiting_bytes() == 0;
    });
}

}  // namespace miletus::web
