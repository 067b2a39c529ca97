// In, out, and ends.
#include "edge/gateway/native/native_gateway.hpp"

#include "protocol/codec.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace miletus::native_gateway {

using client_feed::Addressees;
using host::ConnectionId;
using host::LogLevel;
using native::EventPlace;
using native::Feed;
using native::Frame;
using native::FrameKind;
using native::Hello;
using native::Parting;
using protocol::CommandHeader;
using protocol::CommandType;
using protocol::view;

namespace {

constexpr AccountId operator_account{0};
constexpr std::string_view closed = "closed";
// Work in one turn, so that everyone's turn comes.
constexpr std::uint32_t events_per_turn = 4096;
constexpr std::uint32_t frames_per_turn = 64;  // of one connection
constexpr Nanos between_silence_checks{1'000'000'000};
constexpr Nanos greeting_max{5'000'000'000};

// What the venue tells itself, and nobody else does.
bool is_venues_own(CommandType type) {
    return type == CommandType::started || type == CommandType::attest || type == CommandType::veto;
}

// Takes as long wherever the first difference is.
bool is_same(const native::Key& left, const native::Key& right) {
    unsigned difference = 0;
    for (std::size_t at = 0; at < left.size(); ++at) {
        difference |= static_cast<unsigned>(left[at] ^ right[at]);
    }
    return difference == 0;
}

struct Asker {
    SessionId session{};
    AccountId account{};
};

Asker asker_of(std::span<const Unit> answer) {
    switch (static_cast<protocol::AnswerType>(view<protocol::EventHeader>(answer).type)) {
#define MESSAGE(number, Type, name, sentence) \
    case protocol::AnswerType::name:          \
        return {view<protocol::Type>(answer).session, view<protocol::Type>(answer).account};
#include "protocol/answers.def"
    }
    return {};
}

}  // namespace

Gateway::Gateway(const Surroundings& surroundings, const Settings& settings, const Venue& venue,
                 client_feed::History history)
    : network_(surroundings.network),
      clock_(surroundings.clock),
      log_(surroundings.log),
      intake_(surroundings.intake),
      events_(surroundings.events),
      answers_(surroundings.answers),
      settings_(settings),
      venue_(venue),
      history_(std::move(history)) {
    // A frame that never fits would be waited for for ever.
    ASSERT(settings.in_bytes >= native::frame_max && settings.out_bytes >= 4 * native::frame_max);
}

// Answers first: to look for what came in takes a call of the system.
bool Gateway::do_work() {
    look_at_clock();
    bool has_worked = pass_on_departures();
    has_worked |= tell_events();
    has_worked |= tell_answers();
    has_worked |= go_on_with_those_behind();
    has_worked |= send_all();
    has_worked |= !is_stopping_ && hear_all();
    return send_silent_away() || has_worked;
}

bool Gateway::hear_all() {
    for (const ConnectionId id : network_.ready()) {
        const auto slot = static_cast<Slot>(id);
        if (is_present(slot) && !std::exchange(at(slot).is_readable, true)) {
            readable_.push_back(slot);
        }
    }
    welcome_arrivals();
    turn_.clear();
    std::swap(turn_, readable_);
    // Another goes first each time: what the sequencer takes is not the first one's alone.
    ++turns_;
    bool has_heard = false;
    for (std::size_t count = 0; count < turn_.size(); ++count) {
        has_heard |= hear(turn_[(turns_ + count) % turn_.size()]);
    }
    intake_.publish();
    return has_heard;
}

// A venue that stood still, or whose clock was set, has not listened: nobody was silent.
void Gateway::look_at_clock() {
    const UnixNanos before = std::exchange(now_, clock_.now());
    const Nanos passed = now_ - before;
    if (passed < Nanos(0) || passed > between_silence_checks) {
        for (const auto& connection : connections_) {
            if (connection != nullptr) {
                connection->heard = now_;
            }
        }
        silence_checked_ = now_;
    }
}

// ---- In ----

void Gateway::welcome_arrivals() {
    while (const auto arrival = network_.accepted()) {
        const auto slot = static_cast<Slot>(arrival->connection);
        ++counters_.arrivals;
        // The operator always finds a place.
        if (present_ >= settings_.connections_max && !is_operators_door(arrival->door)) {
            turn_away(arrival->connection);
            continue;
        }
        if (slot >= connections_.size()) {
            connections_.resize(slot + 1);
        }
        ASSERT(connections_[slot] == nullptr);
        connections_[slot] =
            std::make_unique<Connection>(*arrival, now_, settings_.in_bytes, settings_.out_bytes);
        ++present_;
    }
}

// Before anything is set aside for it.
void Gateway::turn_away(ConnectionId connection) {
    ++counters_.sent_away;
    native::ByteQueue out(Connection::goodbye_bytes);
    const native::Goodbye goodbye{.last = history_.last(), .parting = Parting::venue_full};
    ASSERT(native::put_body(out, FrameKind::goodbye, goodbye));
    static_cast<void>(network_.send(connection, out.front()));
    network_.close(connection);
}

bool Gateway::is_operators_door(std::uint32_t door) const {
    return door < settings_.is_operators_door.size() && settings_.is_operators_door[door];
}

// A lost connection ends its session; what that means for its orders, the session has said.
bool Gateway::pass_on_departures() {
    const std::size_t before = departures_.size();
    while (!departures_.empty()) {
        protocol::Disconnect command{.ended = departures_.front().session};
        command.header.account = departures_.front().account;
        command.header.ingress_time = now_;
        std::array<Unit, protocol::units_of<protocol::Disconnect>(0)> units{};
        if (!intake_.submit_command(protocol::encode(command, units))) {
            ++counters_.held_back;
            break;
        }
        departures_.pop_front();
    }
    intake_.publish();
    return departures_.size() != before;
}

bool Gateway::hear(Slot slot) {
    if (!is_present(slot)) {
        return false;
    }
    Connection& connection = at(slot);
    connection.is_readable = false;
    const auto come_back = [&] {
        connection.is_readable = true;
        readable_.push_back(slot);
    };
    // What was held back goes first.
    const Step before = departures_.empty() ? take_frames(connection) : Step::blocked;
    if (before == Step::blocked) {
        come_back();
    }
    if (before != Step::done) {
        return before == Step::gone;
    }
    const std::span<std::byte> room = connection.in.room(native::frame_max);
    const host::Transfer received = network_.receive(connection.id, room);
    if (!received.is_open) {
        lose(connection, closed);
        return true;
    }
    if (received.bytes == 0) {
        return false;
    }
    connection.in.fill(received.bytes);
    connection.heard = now_;
    const Step after = take_frames(connection);
    if (after == Step::blocked || (after == Step::done && received.bytes == room.size())) {
        come_back();
    }
    return true;
}

Gateway::Step Gateway::take_frames(Connection& connection) {
    for (std::uint32_t count = 0; count < frames_per_turn; ++count) {
        if (native::is_malformed(connection.in)) {
            send_away(connection, Parting::malformed);
            return Step::gone;
        }
        const std::optional<Frame> frame = native::first_frame(connection.in);
        if (!frame) {
            return Step::done;
        }
        const std::size_t size = frame->size();
        const Step step = take_frame(connection, *frame);
        if (step != Step::done) {
            return step;
        }
        connection.in.take(size);
    }
    return Step::blocked;  // by the others, whose turn it is
}

Gateway::Step Gateway::take_frame(Connection& connection, const Frame& frame) {
    const bool is_greeting = connection.state == Connection::State::greeting;
    if (is_greeting && frame.kind == FrameKind::hello) {
        return take_hello(connection, frame.body);
    }
    if (!is_greeting && frame.kind == FrameKind::command) {
        return take_command(connection, frame.body);
    }
    if (!is_greeting && frame.kind == FrameKind::query) {
        return take_query(connection, frame.body);
    }
    if (!is_greeting && frame.kind == FrameKind::ping) {
        return take_ping(connection, frame.body);
    }
    send_away(connection, Parting::malformed);
    return Step::gone;
}

// ---- Hello ----

std::optional<Parting> Gateway::judge(const Connection& connection, const Hello& hello) const {
    const bool is_well_formed = hello.session != SessionId(0) && hello.reserved.is_zero() &&
                                hello.feed <= Feed::everything && hello.resumes <= 1;
    if (!is_well_formed) {
        return Parting::malformed;
    }
    if (hello.version != native::native_version) {
        return Parting::unknown_version;
    }
    if (!admits(connection, hello)) {
        return Parting::not_admitted;
    }
    if (hello.resumes == 0) {
        return std::nullopt;
    }
    if (hello.after > history_.last()) {
        return Parting::resume_unknown;
    }
    const EventPlace place{.sequence = hello.after, .ordinal = hello.after_ordinal};
    return history_.find_after(place) ? std::nullopt : std::optional(Parting::resume_too_old);
}

bool Gateway::admits(const Connection& connection, const Hello& hello) const {
    const bool is_operators = is_operators_door(connection.door);
    if (hello.account == operator_account) {
        return is_operators;
    }
    if (hello.feed == Feed::everything) {
        return false;
    }
    const auto key = settings_.keys.find(hello.account);
    return is_operators || settings_.keys.empty() ||
           (key != settings_.keys.end() && is_same(key->second, hello.key));
}

Gateway::Step Gateway::take_hello(Connection& connection, std::span<const std::byte> body) {
    const auto hello = native::body_as<Hello>(body);
    const auto parting = hello ? judge(connection, *hello) : std::optional(Parting::malformed);
    if (parting) {
        send_away(connection, *parting);
        return Step::gone;
    }
    if (const auto holder = audience_.slot_of(hello->session, hello->account)) {
        connection.has_spoken = at(*holder).has_spoken;
        send_away(at(*holder), Parting::replaced);
    }
    connection.state = Connection::State::live;
    connection.listener = {
        .session = hello->session, .account = hello->account, .feed = hello->feed};
    audience_.add(slot_of(connection), connection.listener);
    const native::Welcome welcome{.version = native::native_version,
                                  .epoch = venue_.epoch,
                                  .last = history_.last(),
                                  .oldest = history_.oldest(),
                                  .answers_per_session = venue_.answers_per_session};
    ASSERT(native::put_body(connection.out, FrameKind::welcome, welcome));
    mark_told(connection);
    if (hello->resumes != 0) {
        ++counters_.resumed;
        const auto position =
            history_.find_after({.sequence = hello->after, .ordinal = hello->after_ordinal});
        ASSERT(position.has_value());
        fall_behind(connection, *position);
    }
    return Step::done;
}

// ---- Commands, queries, pings ----

std::span<const Unit> Gateway::identified(const Connection& connection,
                                          std::span<const Unit> message) {
    CommandHeader header = view<CommandHeader>(message);
    header.account = connection.listener.account;
    header.session = connection.listener.session;
    header.epoch = 0;
    header.sequence = Sequence();
    header.time = UnixNanos();
    header.ingress_time = now_;
    place_in(message_, header);
    return message;
}

Gateway::Step Gateway::take_command(Connection& connection, std::span<const std::byte> body) {
    const std::span<const Unit> message = native::as_message(body, message_);
    const auto type = message.empty() ? Result<CommandType>(Refusal(Reject::truncated))
                                      : protocol::decode_command(message);
    if (message.empty() || (type && is_venues_own(*type))) {
        send_away(connection, Parting::malformed);
        return Step::gone;
    }
    if (!type) {
        return refuse(connection, message, type.error());
    }
    if (!intake_.submit_command(identified(connection, message))) {
        ++counters_.held_back;
        return Step::blocked;
    }
    ++counters_.commands;
    connection.has_spoken = true;
    return Step::done;
}

Gateway::Step Gateway::take_query(Connection& connection, std::span<const std::byte> body) {
    const std::span<const Unit> message = native::as_message(body, message_);
    if (message.empty()) {
        send_away(connection, Parting::malformed);
        return Step::gone;
    }
    const auto type = protocol::decode_query(message);
    if (!type) {
        return refuse(connection, message, type.error());
    }
    if (!intake_.submit_query(identified(connection, message))) {
        ++counters_.held_back;
        return Step::blocked;
    }
    ++counters_.queries;
    return Step::done;
}

Gateway::Step Gateway::refuse(Connection& connection, std::span<const Unit> message,
                              Reject reject) {
    const native::RefusedFrame refused{
        .client_sequence = view<CommandHeader>(message).client_sequence, .reject = reject};
    if (!connection.put(FrameKind::refused, std::as_bytes(std::span(&refused, 1)))) {
        return Step::blocked;
    }
    ++counters_.refused;
    mark_told(connection);
    return Step::done;
}

Gateway::Step Gateway::take_ping(Connection& connection, std::span<const std::byte> body) {
    if (body.size() != sizeof(native::Ping)) {
        send_away(connection, Parting::malformed);
        return Step::gone;
    }
    if (!connection.put(FrameKind::pong, body)) {
        return Step::blocked;
    }
    mark_told(connection);
    return Step::done;
}

// ---- Out ----

bool Gateway::tell_events() {
    std::uint32_t count = 0;
    const std::uint64_t told = events_.poll([&](std::span<const Unit> event) {
        // Whole commands, so that whoever comes in between hears all of one or nothing.
        if (count >= events_per_turn && view<protocol::EventHeader>(event).ordinal == 0) {
            return false;
        }
        ++count;
        const std::uint64_t position = history_.end();
        history_.append(event);
        tell(event, position);
        return true;
    });
    return told != 0;
}

void Gateway::tell(std::span<const Unit> event, std::uint64_t position) {
    audience_.visit(client_feed::addressees_of(event), [&](Slot slot) {
        Connection& connection = at(slot);
        if (connection.is_behind) {
            return;
        }
        if (connection.put_event(event)) {
            mark_told(connection);
        } else {
            ++counters_.fell_behind;
            fall_behind(connection, position);
        }
    });
}

// Answers are in no history: who takes none is too slow at once.
bool Gateway::tell_answers() {
    const std::uint64_t told = answers_.poll([&](std::span<const Unit> answer) {
        const Asker asker = asker_of(answer);
        const auto slot = audience_.slot_of(asker.session, asker.account);
        if (slot && !at(*slot).put(FrameKind::answer, std::as_bytes(answer))) {
            send_away(at(*slot), Parting::too_slow);
        } else if (slot) {
            mark_told(at(*slot));
        }
        return true;
    });
    return told != 0;
}

void Gateway::fall_behind(Connection& connection, std::uint64_t position) {
    connection.position = position;
    if (!std::exchange(connection.is_behind, true)) {
        behind_.push_back(slot_of(connection));
    }
}

bool Gateway::go_on_with_those_behind() {
    turn_.clear();
    std::swap(turn_, behind_);
    bool has_worked = false;
    for (const Slot slot : turn_) {
        if (!is_present(slot) || !at(slot).is_behind) {
            continue;
        }
        Connection& connection = at(slot);
        if (!history_.holds(connection.position)) {
            send_away(connection, Parting::too_slow);
            continue;
        }
        const std::uint64_t before = connection.position;
        const std::uint32_t share = events_per_turn / static_cast<std::uint32_t>(turn_.size()) + 1;
        connection.is_behind = !connection.catch_up(history_, share);
        if (connection.is_behind) {
            behind_.push_back(slot);
        }
        mark_told(connection);
        has_worked |= connection.position != before;
    }
    return has_worked;
}

void Gateway::mark_told(Connection& connection) {
    if (!std::exchange(connection.is_told, true)) {
        told_.push_back(slot_of(connection));
    }
}

bool Gateway::send_all() {
    turn_.clear();
    std::swap(turn_, told_);
    bool has_worked = false;
    for (const Slot slot : turn_) {
        if (is_present(slot) && at(slot).is_told) {
            has_worked |= send(at(slot));
        }
    }
    return has_worked;
}

bool Gateway::send(Connection& connection) {
    connection.is_told = false;
    if (connection.out.is_empty()) {
        return false;
    }
    const host::Transfer sent = network_.send(connection.id, connection.out.front());
    if (!sent.is_open) {
        lose(connection, "broken");
        return true;
    }
    connection.out.take(sent.bytes);
    if (!connection.out.is_empty()) {
        mark_told(connection);
    }
    return sent.bytes != 0;
}

bool Gateway::send_silent_away() {
    if (now_ - silence_checked_ < between_silence_checks) {
        return false;
    }
    silence_checked_ = now_;
    for (const auto& connection : connections_) {
        // What is held back here is not its silence.
        const bool may_speak = connection != nullptr && !connection->is_readable;
        if (may_speak && now_ - connection->heard > patience_with(*connection)) {
            send_away(*connection, Parting::silent);
        }
    }
    return false;
}

Nanos Gateway::patience_with(const Connection& connection) const {
    const bool is_greeting = connection.state == Connection::State::greeting;
    return is_greeting ? std::min(greeting_max, settings_.silence_max) : settings_.silence_max;
}

// ---- Ends ----

void Gateway::send_away(Connection& connection, Parting parting) {
    ++counters_.sent_away;
    const native::Goodbye goodbye{.last = history_.last(), .parting = parting};
    ASSERT(native::put_body(connection.out, FrameKind::goodbye, goodbye));
    // Once: who does not take it now learns from the end of the connection.
    static_cast<void>(network_.send(connection.id, connection.out.front()));
    // Whoever took the session over has it now.
    if (parting == Parting::replaced) {
        audience_.remove(slot_of(connection), connection.listener);
        connection.state = Connection::State::greeting;
    }
    lose(connection, native::sentence_of(parting));
}

void Gateway::lose(Connection& connection, std::string_view why) {
    if (connection.state == Connection::State::live) {
        audience_.remove(slot_of(connection), connection.listener);
    }
    // A session that never sent a command is not known to the log, and its going no news.
    const bool is_live = connection.state == Connection::State::live;
    if (is_live && connection.has_spoken) {
        departures_.push_back(connection.listener);
    }
    if (is_live && (connection.has_spoken || why != closed)) {
        log_.write(LogLevel::info, "disconnected",
                   {{"account", connection.listener.account.value()},
                    {"session", connection.listener.session.value()},
                    {"why", why}});
    }
    network_.close(connection.id);
    connections_[slot_of(connection)].reset();
    --present_;
}

bool Gateway::has_told_all() const {
    return departures_.empty() &&
           std::ranges::all_of(connections_, [](const std::unique_ptr<Connection>& connection) {
               return connection == nullptr ||
                      (connection->out.is_empty() && !connection->is_behind);
           });
}

void Gateway::say_goodbye() {
    for (const auto& connection : connections_) {
        if (connection != nullptr) {
            send_away(*connection, Parting::stopping);
        }
    }
}

}  // namespace miletus::native_gateway
