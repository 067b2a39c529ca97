// Numbers, resends, and what was heard.
#include "client/session.hpp"

#include <algorithm>

namespace miletus::client {

using native::Frame;
using native::FrameKind;
using native::Parting;
using protocol::view;

namespace {

constexpr std::size_t queue_bytes = std::size_t{1} << 18U;

}  // namespace

Session::Session(const Identity& identity)
    : identity_(identity),
      in_(queue_bytes),
      out_(queue_bytes),
      message_(protocol::units_max()),
      next_(identity.first.value()),
      next_to_send_(identity.first.value()) {}

// ---- Saying ----

bool Session::may_submit() const {
    return waiting_.empty() || next_ - waiting_.begin()->first < answers_kept_;
}

void Session::number(protocol::CommandHeader& header) const {
    header.account = identity_.account;
    header.session = identity_.session;
    header.client_sequence = ClientSequence(next_);
}

ClientSequence Session::keep(std::vector<Unit> units) {
    waiting_.emplace(next_, std::move(units));
    return ClientSequence(next_++);
}

bool Session::put(FrameKind kind, std::span<const std::byte> body) {
    return native::put_frame(out_, kind, body);
}

bool Session::ping(std::uint64_t token) {
    return is_welcome_ && native::put_body(out_, FrameKind::ping, native::Ping{.token = token});
}

// ---- The connection ----

void Session::connected() {
    disconnected();
    native::Hello hello{.version = native::native_version,
                        .account = identity_.account,
                        .session = identity_.session,
                        .feed = identity_.feed,
                        .key = identity_.key};
    if (heard_last_) {
        hello.resumes = 1;
        hello.after = heard_last_->sequence;
        hello.after_ordinal = heard_last_->ordinal;
    }
    ASSERT(native::put_body(out_, FrameKind::hello, hello));
}

// What was under way may have arrived or not: all that waits is sent again.
void Session::disconnected() {
    in_.take(in_.size());
    out_.take(out_.size());
    is_welcome_ = false;
    next_to_send_ = waiting_.empty() ? next_ : waiting_.begin()->first;
}

std::span<const std::byte> Session::outgoing() {
    put_waiting();
    return out_.front();
}

void Session::sent(std::size_t bytes) {
    out_.take(bytes);
}

std::span<std::byte> Session::room() {
    return in_.room(native::frame_max);
}

void Session::put_waiting() {
    if (!is_welcome_) {
        return;
    }
    auto command = waiting_.lower_bound(next_to_send_);
    while (command != waiting_.end() &&
           put(FrameKind::command, std::as_bytes(std::span<const Unit>(command->second)))) {
        next_to_send_ = command->first + 1;
        ++command;
    }
}

// ---- Hearing ----

std::optional<Heard> Session::hear() {
    const std::optional<Frame> frame =
        native::is_malformed(in_) ? Frame() : native::first_frame(in_);
    if (!frame) {
        return std::nullopt;
    }
    std::optional<Heard> heard = understand(*frame);
    if (!heard) {
        in_.take(in_.size());
        return Heard{.kind = FrameKind::goodbye, .goodbye = {.parting = Parting::malformed}};
    }
    in_.take(frame->size());
    return heard;
}

std::optional<Heard> Session::understand(const Frame& frame) {
    Heard heard{.kind = frame.kind};
    if (frame.kind == FrameKind::event || frame.kind == FrameKind::answer) {
        return understand_message(frame);
    }
    if (frame.kind == FrameKind::welcome) {
        const auto welcome = native::body_as<native::Welcome>(frame.body);
        if (!welcome) {
            return std::nullopt;
        }
        heard.welcome = *welcome;
        note_welcome(*welcome);
        return heard;
    }
    if (frame.kind == FrameKind::refused) {
        const auto refused = native::body_as<native::RefusedFrame>(frame.body);
        if (!refused) {
            return std::nullopt;
        }
        heard.refused = *refused;
        waiting_.erase(refused->client_sequence.value());
        return heard;
    }
    if (frame.kind == FrameKind::goodbye) {
        const auto goodbye = native::body_as<native::Goodbye>(frame.body);
        heard.goodbye = goodbye.value_or(native::Goodbye());
        if (heard.goodbye.parting == Parting::resume_too_old) {
            heard_last_.reset();  // the next connection begins with now
        }
        return goodbye ? std::optional(heard) : std::nullopt;
    }
    if (frame.kind == FrameKind::pong) {
        const auto pong = native::body_as<native::Ping>(frame.body);
        heard.pong = pong.value_or(native::Ping());
        return pong ? std::optional(heard) : std::nullopt;
    }
    return std::nullopt;
}

std::optional<Heard> Session::understand_message(const Frame& frame) {
    Heard heard{.kind = frame.kind, .message = native::as_message(frame.body, message_)};
    if (heard.message.empty()) {
        return std::nullopt;
    }
    if (frame.kind == FrameKind::answer) {
        return protocol::decode_answer(heard.message) ? std::optional(heard) : std::nullopt;
    }
    if (!protocol::decode_event(heard.message)) {
        return std::nullopt;
    }
    note_event(heard);
    return heard;
}

void Session::note_event(Heard& heard) {
    const auto& header = view<protocol::EventHeader>(heard.message);
    heard_last_ = {.sequence = header.sequence, .ordinal = header.ordinal};
    if (header.type != static_cast<std::uint8_t>(protocol::EventType::completed)) {
        return;
    }
    heard_last_->ordinal = native::whole_command;  // it is the last of its command
    const auto& completed = view<protocol::Completed>(heard.message);
    const bool is_own =
        completed.session == identity_.session && completed.account == identity_.account;
    if (is_own && completed.client_sequence != ClientSequence(0)) {
        heard.is_repeat = waiting_.erase(completed.client_sequence.value()) == 0;
    }
}

void Session::note_welcome(const native::Welcome& welcome) {
    is_welcome_ = true;
    answers_kept_ = std::max(welcome.answers_per_session, 1U);
    if (!heard_last_) {
        heard_last_ = {.sequence = welcome.last, .ordinal = native::whole_command};
    }
}

}  // namespace miletus::client
