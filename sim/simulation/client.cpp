// What a connected client checks of all that it hears.
#include "sim/simulation/client.hpp"

namespace miletus::simulation {

using native::FrameKind;
using native::Parting;
using protocol::view;

std::string ConnectedClient::take_turn() {
    if (!client_.is_connected()) {
        if (!client_.connect()) {
            return "";
        }
        resends_ += waiting();
        resumes_ += last_ ? 1U : 0U;
    }
    client_.poll();
    std::string wrong;
    client_.hear([&](const client::Heard& heard) {
        const std::string found = understand(heard);
        wrong = wrong.empty() ? found : wrong;
    });
    return wrong;
}

std::string ConnectedClient::understand(const client::Heard& heard) {
    if (heard.kind == FrameKind::event) {
        return understand_event(heard.message);
    }
    if (heard.kind == FrameKind::refused) {
        return "a command was refused at the gate";
    }
    if (heard.kind != FrameKind::goodbye) {
        return "";
    }
    switch (heard.goodbye.parting) {
        case Parting::resume_too_old:
            last_.reset();
            return "";
        case Parting::replaced:
        case Parting::too_slow:
        case Parting::silent:
            return "";
        case Parting::malformed:
        case Parting::unknown_version:
        case Parting::not_admitted:
        case Parting::venue_full:
        case Parting::stopping:
        case Parting::resume_unknown:
            break;
    }
    return "sent away: " + std::string(native::sentence_of(heard.goodbye.parting));
}

std::string ConnectedClient::understand_event(std::span<const Unit> event) {
    const auto& header = view<protocol::EventHeader>(event);
    std::string wrong = check_order(header);
    if (header.type != static_cast<std::uint8_t>(protocol::EventType::completed)) {
        return wrong;
    }
    const auto& completed = view<protocol::Completed>(event);
    const client::Identity& self = client_.session().identity();
    if (completed.session == self.session && completed.account == self.account && wrong.empty()) {
        wrong = answers_.note(completed);
    }
    return wrong;
}

// Who hears everything hears it without a gap; nobody hears anything twice.
std::string ConnectedClient::check_order(const protocol::EventHeader& header) {
    const native::EventPlace place{.sequence = header.sequence, .ordinal = header.ordinal};
    const std::optional<native::EventPlace> before = std::exchange(last_, place);
    if (!before) {
        return "";
    }
    const bool follows =
        place.sequence == before->sequence
            ? place.ordinal == before->ordinal + 1
            : place.sequence.value() == before->sequence.value() + 1 && place.ordinal == 0;
    const bool hears_all = client_.session().identity().feed == native::Feed::everything;
    if (hears_all ? !follows : place <= *before) {
        return "an event was told twice, or left out";
    }
    return "";
}

}  // namespace miletus::simulation
