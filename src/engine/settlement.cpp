// The end of a session, and of instruments. Both look at every position, a bounded number with each
// command; what money does meanwhile adds up after every one of them.
#include "engine/engine.hpp"
#include "engine/session.hpp"

namespace miletus::engine {

using protocol::InstrumentState;

namespace {

// To look at a position costs this much less than to settle it.
constexpr std::uint32_t looks_per_settlement = 16;
constexpr Nanos second{1'000'000'000};

}  // namespace

// ---- Sessions ----

void Engine::begin_session_settlement() {
    session_end_ = now();
    accounts_settled_ = 0;
    is_settling_accounts_ = false;
    session_ = {.next = 1, .again = false};
    timers_.set(timer_of(VenueTimer::session), end_of_session(now()));
}

// First every position's result joins its session's, then every account is paid.
void Engine::settle_some() {
    const std::uint32_t looks = limits_.settlements_per_command;
    const accounts::Positions& positions = accounts_.positions();
    std::uint32_t look = 0;
    for (; !is_settling_accounts_ && look < looks; ++look) {
        if (session_.next > positions.slots_used()) {
            is_settling_accounts_ = true;
            session_.next = 1;
            return;
        }
        const std::uint32_t slot = session_.next++;
        if (positions[slot].is_held()) {
            risk_.leave(slot);
            clearing_.settle_position(slot);
            risk_.join(slot);
        }
    }
    for (; look < looks; ++look) {
        if (session_.next == accounts_.capacity()) {
            session_ = {};
            events_.emit(
                protocol::SessionSettled{.end = session_end_, .accounts = accounts_settled_});
            return;
        }
        const AccountId account(session_.next++);
        accounts_settled_ +=
            clearing_.settle_account(account, instruments_.settlement_asset()) ? 1U : 0U;
    }
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
    const accounts::Positions& positions = accounts_.positions();
    std::uint32_t delivered = 0;
    const std::uint32_t looks = limits_.settlements_per_command * looks_per_settlement;
    for (std::uint32_t look = 0; look < looks; ++look) {
        if (delivered == limits_.settlements_per_command) {
            return;
        }
        if (payout_.next > positions.slots_used()) {
            finish_deliveries();
            return;
        }
        const std::uint32_t slot = payout_.next++;
        const accounts::Position& position = positions[slot];
        if (position.account == AccountId(0)) {
            continue;  // a free slot
        }
        if (const std::optional<Grid> price = delivery_price(position.instrument)) {
            risk_.forget(position.account);
            clearing_.deliver(slot, *price);
            ++delivered;
        }
    }
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
