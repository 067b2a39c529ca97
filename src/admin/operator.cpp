// A conversation with the venue: say one thing, poll until it is answered.
#include "admin/operator.hpp"

#include <utility>

namespace miletus::admin {

using native::FrameKind;
using protocol::view;

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr AccountId operators_account{0};

}  // namespace

// A session of its own each time: its number is the moment of its beginning.
Operator::Operator(std::unique_ptr<host::SocketNetwork> network, const std::string& address,
                   Nanos patience)
    : network_(std::move(network)),
      address_(address),
      patience_(patience),
      client_(*network_, address,
              {.account = operators_account,
               .session = SessionId(static_cast<std::uint64_t>(clock_.now().value())),
               .feed = native::Feed::answers}) {}

Sentence<std::unique_ptr<Operator>> Operator::at(const std::string& address,
                                                 std::uint32_t patience_seconds) {
    auto network = host::SocketNetwork::make();
    if (!network) {
        return std::unexpected(network.error().sentence());
    }
    auto made = std::make_unique<Operator>(std::move(*network), address,
                                           Nanos(patience_seconds * second_ns));
    const Sentence<bool> connected = made->connect();
    if (!connected) {
        return std::unexpected(connected.error());
    }
    return made;
}

Sentence<bool> Operator::connect() {
    const host::IoResult<void> connected = client_.connect();
    if (!connected) {
        return std::unexpected(connected.error().sentence() +
                               "; is the venue running, and is this its operator's door?");
    }
    return wait_for([this]() -> std::optional<bool> {
        return client_.session().is_welcome() ? std::optional(true) : std::nullopt;
    });
}

// Assets are numbered from 0.
Sentence<protocol::AssetAnswer> Operator::asset_named(const std::string& name) {
    std::string known;
    for (std::uint16_t number = 0; number < std::uint16_t{256}; ++number) {
        const Sentence<Reply> reply = ask(AssetId(number));
        if (!reply) {
            return std::unexpected(reply.error());
        }
        if (!reply->has_value()) {
            break;
        }
        const protocol::AssetAnswer& answer = **reply;
        if (answer.name.view() == name) {
            return answer;
        }
        known += (known.empty() ? "" : ", ") + std::string(answer.name.view());
    }
    return std::unexpected("the venue has no asset " + name + "; it has " +
                           (known.empty() ? "none" : known));
}

Sentence<Operator::Reply> Operator::ask(AssetId asset) {
    reply_.reset();
    if (!client_.session().ask(protocol::QueryAsset{.asset = asset},
                               ClientSequence(++questions_))) {
        return std::unexpected(why_silent(false));
    }
    return wait_for([this] { return reply_; });
}

void Operator::note(const client::Heard& heard) {
    switch (heard.kind) {
        case FrameKind::event:
            note_event(heard.message);
            return;
        case FrameKind::answer:
            note_answer(heard.message);
            return;
        case FrameKind::refused:
            done_ = {.number = heard.refused.client_sequence, .reject = heard.refused.reject};
            reply_ = Refusal(heard.refused.reject);
            return;
        case FrameKind::goodbye:
            parting_ = heard.goodbye.parting;
            return;
        case FrameKind::hello:
        case FrameKind::command:
        case FrameKind::query:
        case FrameKind::ping:
        case FrameKind::welcome:
        case FrameKind::pong:
            return;
    }
}

void Operator::note_event(std::span<const Unit> message) {
    if (protocol::decode_event(message).has_value() &&
        *protocol::decode_event(message) == protocol::EventType::completed) {
        const auto& completed = view<protocol::Completed>(message);
        if (completed.session == client_.session().identity().session) {
            done_ = {.number = completed.client_sequence, .reject = completed.reject};
        }
    }
}

void Operator::note_answer(std::span<const Unit> message) {
    const Result<protocol::AnswerType> type = protocol::decode_answer(message);
    if (!type) {
        return;
    }
    if (*type == protocol::AnswerType::refused) {
        reply_ = Refusal(view<protocol::Refused>(message).reject);
    } else if (*type == protocol::AnswerType::asset_answer) {
        reply_ = view<protocol::AssetAnswer>(message);
    }
}

std::string Operator::why_silent(bool is_open) const {
    if (parting_.has_value()) {
        return address_ +
               ": the venue ended the connection: " + std::string(native::sentence_of(*parting_));
    }
    return address_ + (is_open ? ": the venue does not answer" : ": the connection has ended") +
           "; what was asked may still be done";
}

}  // namespace miletus::admin
