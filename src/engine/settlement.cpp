// The end of a session, and of instruments. Both go through the accounts, a bounded number with
// each command; what money does meanwhile adds up after every one of them.
#include "engine/engine.hpp"
#include "engine/session.hpp"

namespace miletus::engine {

using protocol::InstrumentState;

namespace {

constexpr Nanos second{1'000'000'000};
// To look at an account costs this much less than to settle a position.
constexpr std::uint32_t looks_per_settlement = 4;

}  // namespace

// ---- Sessions ----

void Engine::begin_session_settlement() {
    const UnixNanos next_end = end_of_session(now());
    session_end_ = next_end + -session_length;
    accounts_settled_ = 0;
    session_ = {.next = 1, .again = false};
    timers_.set(timer_of(VenueTimer::session), next_end);
}

// Account by account: the results of its positions join the session's, and all of it is paid.
void Engine::settle_some() {
    const bool is_done =
        visit_some(session_, [this](AccountId account) { return settle_account(account); });
    if (is_done) {
        session_ = {};
        events_.emit(protocol::SessionSettled{.end = session_end_, .accounts = accounts_settled_});
    }
}

// Goes on with a round, until it is done or has done as much as one command may; visit(account)
// yields how many positions it settled. Whether the round is done.
template <class Visit>
bool Engine::visit_some(Round& round, Visit visit) {
    std::uint32_t settled = 0;
    std::uint32_t looks = limits_.settlements_per_command * looks_per_settlement;
    for (; looks != 0 && settled < limits_.settlements_per_command; --looks) {
        if (round.next >= accounts_.end()) {
            return true;
        }
        settled += visit(AccountId(round.next++));
    }
    return false;
}

// Returns how many positions it has.
std::uint32_t Engine::settle_account(AccountId account) {
    const accounts::Positions& positions = accounts_.positions();
    std::uint32_t settled = 0;
    for (std::uint32_t slot = positions.oldest(account); slot != 0; slot = positions[slot].next) {
        risk_.leave_result(slot);
        clearing_.settle_position(slot);
        risk_.join_result(slot);
        ++settled;
    }
    const bool is_paid = clearing_.settle_account(account, instruments_.settlement_asset());
    accounts_settled_ += is_paid ? 1U : 0U;
    return settled;
}

// ---- Expiry ----

// It has no orders any more. One that is closed before its time is paid out at its mark.
void Engine::expire(InstrumentId instrument) {
    if (payouts_[instrument.value()].is_fixed) {
        return;  // its positions are being paid out
    }
    if (accounts_.positions().count_of(instrument) == 0 && !prices_.has_mark(instrument)) {
        enter_state(instrument, InstrumentState::settled);
        return;
    }
    const UnixNanos expiry = instruments_.listing(instrument).expiry;
    if (expiry == UnixNanos(0) || expiry > now()) {
        fix_delivery(instrument, {.price = prices_.mark(instrument), .average = {}});
        return;
    }
    if (const std::optional<prices::Delivery> delivery = prices_.delivery(instrument)) {
        fix_delivery(instrument, *delivery);
    } else {
        timers_.set(timer_of(instrument), now() + second);
    }
}

void Engine::fix_delivery(InstrumentId instrument, const prices::Delivery& delivery) {
    payouts_[instrument.value()] = {.price = delivery.price, .is_fixed = true};
    prices_.settle(instrument, delivery.price);
    events_.emit(protocol::DeliveryPriceSet{.price = delivery.price,
                                            .average = delivery.average,
                                            .samples = delivery.samples,
                                            .instrument = instrument});
    payout_.start();
    watch();
}

std::optional<Grid> Engine::delivery_price(InstrumentId instrument) const {
    const Payout& payout = payouts_[instrument.value()];
    return payout.is_fixed ? std::optional(payout.price) : std::nullopt;
}

void Engine::deliver_some() {
    if (visit_some(payout_, [this](AccountId account) { return deliver_to(account); })) {
        finish_deliveries();
    }
}

// Returns how many positions were paid out.
std::uint32_t Engine::deliver_to(AccountId account) {
    const accounts::Positions& positions = accounts_.positions();
    std::uint32_t delivered = 0;
    for (std::uint32_t slot = positions.oldest(account); slot != 0;) {
        const std::uint32_t newer = positions[slot].next;
        if (const std::optional<Grid> price = delivery_price(positions[slot].instrument)) {
            risk_.forget(account);
            clearing_.deliver(slot, *price);
            ++delivered;
        }
        slot = newer;
    }
    return delivered;
}

void Engine::finish_deliveries() {
    payout_.next = payout_.again ? 1 : 0;
    payout_.again = false;
    for (std::uint32_t at = 0; at < instruments_.count(); ++at) {
        const InstrumentId instrument(at);
        if (payouts_[at].is_fixed && accounts_.positions().count_of(instrument) == 0 &&
            instruments_.rules(instrument).state == InstrumentState::settling) {
            enter_state(instrument, InstrumentState::settled);
        }
    }
}

}  // namespace miletus::engine
