// Command after command; where nothing else is asked, as many at once as there are.
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

Replayer::Replayer(engine::Engine& engine, const Vetoes& vetoes,
                   const std::optional<EventChain>& chain)
    : engine_(engine), vetoes_(vetoes), chain_(chain) {
    ASSERT(!chain || chain->last().upto == engine.events().sequence());
}

void Replayer::play(std::span<const Unit> commands, Sequence last) {
    while (!commands.empty()) {
        const auto& header = view<CommandHeader>(commands);
        if (header.sequence > last) {
            return;
        }
        // What a snapshot holds already shares its record with what follows.
        if (header.sequence > engine_.events().sequence()) {
            if (is_plain() && last == to_the_end) {
                play_all(commands);
                return;
            }
            play_one(commands.first(header.units));
        }
        commands = commands.subspan(header.units);
    }
}

void Replayer::play_all(std::span<const Unit> commands) {
    const std::uint64_t before = engine_.events().sequence().value();
    engine_.apply_all(commands);
    commands_ += engine_.events().sequence().value() - before;
}

void Replayer::play_one(std::span<const Unit> command) {
    const auto& header = view<CommandHeader>(command);
    if (vetoes_.contains(header.sequence)) {
        engine_.pass_over(header);
    } else {
        engine_.apply(command);
    }
    ++commands_;
    if (chain_ || visit_) {
        read_events();
    }
}

void Replayer::read_events() {
    engine_.events().visit_from(engine_.events().start(), [this](std::span<const Unit> event) {
        if (visit_) {
            visit_(event);
        }
        if (chain_) {
            digest(*chain_, event);
        }
    });
}

void Replayer::digest(EventChain& chain, std::span<const Unit> event) {
    const EventChain::Claim claim = chain.read(event);
    attested_ += claim == EventChain::Claim::agrees ? 1 : 0;
    if (claim == EventChain::Claim::differs && !disagreement_) {
        disagreement_ = view<protocol::EventHeader>(event).sequence;
    }
}

journal::JournalResult<void> Replayer::check_attestations() const {
    if (!disagreement_) {
        return {};
    }
    journal::Failure failure;
    failure.sequence = *disagreement_;
    failure.detail = "the events differ from what command " +
                     std::to_string(disagreement_->value()) + " attests";
    return std::unexpected(failure);
}

const EventChain& Replayer::chain() const {
    ASSERT(chain_.has_value());
    return *chain_;
}

}  // namespace miletus::exchange
