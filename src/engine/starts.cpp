// What starts and stops of the process put into the log: a new epoch with its sweep, claims about
// the events so far, vetoes.
#include "engine/engine.hpp"

namespace miletus::engine {

using protocol::RemovalReason;
using protocol::VenueState;

namespace {

// To look at an order costs this much less than to cancel it.
constexpr std::uint32_t looks_per_cancel = 64;

}  // namespace

// Nobody is connected any more, and prices may be stale: cancels only, until the operator says
// otherwise.
Engine::Outcome Engine::started(const protocol::Started& command) {
    if (command.started_epoch <= epoch_) {
        return Refusal(Reject::epoch_not_above);
    }
    epoch_ = command.started_epoch;
    events_.emit(protocol::EpochStarted{.epoch = epoch_});
    if (venue_state_ == VenueState::normal) {
        venue_state_ = VenueState::cancel_only;
        events_.emit(protocol::VenueStateChanged{.state = venue_state_});
    }
    if (sessions_.end_all()) {
        sweep_next_ = 1;
        sweep();
    }
    return epoch_;
}

// Cancels the orders of marked sessions, by slot: a bounded number a command, the rest before the
// next. No order is placed meanwhile, so that none is missed.
void Engine::sweep() {
    const std::uint32_t end = matching_.slots_used() + 1;
    const std::uint32_t looks = limits_.sweep_per_command * looks_per_cancel;
    std::uint32_t canceled = 0;
    for (std::uint32_t look = 0; look < looks && sweep_next_ < end; ++look, ++sweep_next_) {
        if (canceled == limits_.sweep_per_command) {
            return;
        }
        const accounts::OpenOrder& order = accounts_.order(sweep_next_);
        if (order.is_open != 0 && sessions_.is_marked(order.session, order.account)) {
            cancel(accounts_.id_of(sweep_next_), RemovalReason::disconnect);
            ++canceled;
        }
    }
    if (sweep_next_ >= end) {
        sweep_next_ = 0;
        sessions_.unmark_all();
    }
}

bool Engine::sweep_adds_up() const {
    if ((sweep_next_ != 0) != sessions_.has_marked() || sweep_next_ > limits_.orders) {
        return false;
    }
    for (std::uint32_t slot = 1; slot < sweep_next_; ++slot) {
        const accounts::OpenOrder& order = accounts_.order(slot);
        if (order.is_open == 1 && sessions_.is_marked(order.session, order.account)) {
            return false;
        }
    }
    return sweep_next_ == 0 || venue_state_ != VenueState::normal;
}

Engine::Outcome Engine::attest(const protocol::Attest& command) {
    if (command.upto >= command.header.sequence || command.upto <= attested_) {
        return Refusal(Reject::attest_out_of_order);
    }
    attested_ = command.upto;
    events_.emit(protocol::Attested{.upto = command.upto, .digest = command.digest});
    return 0U;
}

// While it is applied, the command named is long past: only a replay passes over it.
Engine::Outcome Engine::veto(const protocol::Veto& command) {
    if (command.vetoed == Sequence(0) || command.vetoed >= command.header.sequence) {
        return Refusal(Reject::veto_out_of_range);
    }
    events_.emit(protocol::Vetoed{.sequence = command.vetoed});
    return 0U;
}

}  // namespace miletus::engine
