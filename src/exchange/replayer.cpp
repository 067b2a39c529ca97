// Command after command; without vetoes and digests, as many at once as there are.
#include "exchange/replayer.hpp"

namespace miletus::exchange {

using protocol::CommandHeader;
using protocol::CommandType;
using protocol::EventChain;
using protocol::view;

void add_vetoes(Vetoes& vetoes, std::span<const Unit> commands) {
    while (!commands.empty()) {
        const auto& header = view<CommandHeader>(commands);
        const std::span<const Unit> command = commands.first(header.units);
        const Result<CommandType> type = protocol::decode_command(command);
        if (type && *type == CommandType::veto) {
            vetoes.insert(view<protocol::Veto>(command).vetoed);
        }
        commands = commands.subspan(header.units);
    }
}

Replayer::Replayer(engine::Engine& engine, const Vetoes& vetoes, Digests digests)
    : engine_(engine), vetoes_(vetoes), digests_(digests), chain_(attest_interval, {}) {}

void Replayer::play(std::span<const Unit> commands, Sequence last) {
    while (!commands.empty()) {
        const auto& header = view<CommandHeader>(commands);
        if (header.sequence > last) {
            return;
        }
        // What a snapshot holds already shares its record with what follows.
        if (header.sequence > engine_.events().sequence()) {
            play_one(commands.first(header.units));
        }
        commands = commands.subspan(header.units);
    }
}

void Replayer::play_one(std::span<const Unit> command) {
    const auto& header = view<CommandHeader>(command);
    if (vetoes_.contains(header.sequence)) {
        engine_.pass_over(header);
    } else {
        engine_.apply(command);
    }
    ++commands_;
    if (digests_ == Digests::yes) {
        digest_events();
    }
}

void Replayer::digest_events() {
    engine_.events().visit_from(engine_.events().start(), [this](std::span<const Unit> event) {
        const EventChain::Claim claim = chain_.read(event);
        attested_ += claim == EventChain::Claim::agrees ? 1 : 0;
        if (claim == EventChain::Claim::differs && !disagreement_) {
            disagreement_ = view<protocol::EventHeader>(event).sequence;
        }
    });
}

}  // namespace miletus::exchange
