// The whole state as canonical bytes, and back. A module joins by one line in encode() and one in
// decode(); what modules know of each other is related and checked once all of them are there.
#include "engine/engine.hpp"

#include <algorithm>

namespace miletus::engine {

Hash128 Engine::state_hash() const {
    Xxh3 hash;
    {
        StateEncoder encoder(hash);
        encode(encoder);
    }
    return hash.digest();
}

void Engine::encode_snapshot(ByteSink& sink) const {
    StateEncoder encoder(sink);
    encoder.add(snapshot_version);
    encoder.add(events_.sequence());
    encoder.add(events_.time());
    encode(encoder);
}

std::expected<void, std::string_view> Engine::restore(std::span<const std::byte> snapshot) {
    ASSERT(events_.sequence() == Sequence(0) && events_.position() == 0);
    StateDecoder decoder(snapshot);
    const auto version = decoder.take<std::uint32_t>();
    decoder.require(version == snapshot_version, "the version is unknown");
    const auto sequence = decoder.take<Sequence>();
    const auto time = decoder.take<UnixNanos>();
    decode(decoder);
    decoder.require(decoder.is_at_end(), "bytes follow the state");
    if (decoder.is_sound()) {
        relate(decoder);
    }
    if (!decoder.is_sound()) {
        return std::unexpected(decoder.fault());
    }
    events_.begin(sequence, time);
    return {};
}

// ---- The modules ----

void Engine::encode(StateEncoder& encoder) const {
    encoder.add(rules_);
    encoder.add(venue_state_);
    encoder.add(epoch_);
    encoder.add(attested_);
    encoder.add(sweep_next_);
    instruments_.encode(encoder);
    parameters_.encode(encoder);
    prices_.encode(encoder);
    surfaces_.encode(encoder);
    accounts_.encode(encoder);
    matching_.encode_parked(encoder);
    matching_.encode(encoder);
    triggers_.encode(encoder);
    accounts_.positions().encode(encoder);
    timers_.encode(encoder);
    sessions_.encode(encoder);
    gates_.encode(encoder);
    encode_rounds(encoder);
}

void Engine::encode_rounds(StateEncoder& encoder) const {
    for (const Round& round : {payout_, session_, watch_}) {
        encoder.add(round.next);
        encoder.add(static_cast<std::uint8_t>(round.again));
    }
    encoder.add(session_end_);
    encoder.add(accounts_settled_);
    for (std::uint32_t at = 0; at < instruments_.count(); ++at) {
        encoder.add(static_cast<std::uint8_t>(payouts_[at].is_fixed));
        encoder.add(payouts_[at].price);
    }
    const auto is_used = [](const Distress& distress) {
        return distress.is_used();
    };
    encoder.add(static_cast<std::uint32_t>(std::ranges::count_if(distress_.items(), is_used)));
    for (std::uint32_t at = 0; at < distress_.size(); ++at) {
        if (is_used(distress_[at])) {
            encoder.add(AccountId(at));
            encoder.add(distress_[at].failures);
            encoder.add(static_cast<std::uint8_t>(distress_[at].is_called));
            encoder.add(distress_[at].after);
            encoder.add(distress_[at].paid);
        }
    }
}

void Engine::decode(StateDecoder& decoder) {
    rules_ = decoder.take<std::uint32_t>();
    decoder.require(rules_ != 0 && rules_ <= rules_known, "the rules are unknown");
    venue_state_ = decoder.take<protocol::VenueState>();
    epoch_ = decoder.take<std::uint32_t>();
    attested_ = decoder.take<Sequence>();
    sweep_next_ = decoder.take<std::uint32_t>();
    instruments_.decode(decoder);
    parameters_.decode(decoder);
    prices_.decode(decoder);
    surfaces_.decode(decoder);
    accounts_.decode(decoder);
    for (std::uint32_t at = 0; at < limits_.accounts; ++at) {
        matching_.enroll(AccountId(at), accounts_.owner(AccountId(at)));
    }
    matching_.decode_parked(decoder);
    matching_.decode(decoder);
    triggers_.decode(decoder, instruments_.count());
    clearing_.decode_positions(decoder);
    timers_.decode(decoder);
    sessions_.decode(decoder);
    gates_.decode(decoder);
    decode_rounds(decoder);
}

void Engine::decode_rounds(StateDecoder& decoder) {
    const auto take_flag = [&decoder] {
        const auto flag = decoder.take<std::uint8_t>();
        decoder.require(flag <= 1, "a flag is neither yes nor no");
        return flag == 1;
    };
    for (Round* round : {&payout_, &session_, &watch_}) {
        round->next = decoder.take<std::uint32_t>();
        round->again = take_flag();
    }
    session_end_ = decoder.take<UnixNanos>();
    accounts_settled_ = decoder.take<std::uint32_t>();
    for (std::uint32_t at = 0; at < instruments_.count(); ++at) {
        payouts_[at].is_fixed = take_flag();
        payouts_[at].price = decoder.take<Grid>();
    }
    const std::uint32_t distressed =
        decoder.take_count(distress_.size(), "limits.accounts is too small");
    std::uint32_t next = 0;
    for (std::uint32_t at = 0; at < distressed; ++at) {
        const auto account = decoder.take<AccountId>();
        if (!decoder.require(account.value() < distress_.size(), "limits.accounts is too small") ||
            !decoder.require(account.value() >= next, "distress is not in the order of accounts")) {
            return;
        }
        next = account.value() + 1;
        Distress& distress = distress_[account.value()];
        distress.failures = decoder.take<std::uint32_t>();
        distress.is_called = take_flag();
        distress.after = decoder.take<protocol::AccountState>();
        distress.paid = decoder.take<Amount>();
        decoder.require(distress.is_used(), "an account in no distress is told of");
        decoder.require(distress.after != protocol::AccountState::in_liquidation,
                        "a liquidation cannot lead to another");
    }
}

// ---- What they know of each other ----

void Engine::relate(StateDecoder& decoder) {
    std::uint64_t orders = 0;
    for (std::uint32_t at = 0; at < limits_.accounts; ++at) {
        std::uint32_t slot = accounts_.oldest_order(AccountId(at));
        for (; slot != 0; slot = accounts_.order(slot).newer) {
            relate_order(decoder, slot);
            ++orders;
        }
    }
    for (std::uint32_t at = 0; at < instruments_.count(); ++at) {
        orders -= matching_.open_orders(InstrumentId(at));
    }
    orders -= triggers_.count();
    decoder.require(triggers_.count() == matching_.parked_orders(),
                    "the books have other waiting orders than the triggers");
    decoder.require(orders == 0, "the books have other orders than the accounts");
    if (decoder.is_sound()) {
        clearing_.relate_orders(decoder);
    }
    if (decoder.is_sound()) {
        check_sums(decoder);
    }
}

// One order stands in the accounts and in a book, and has a timer if it expires.
void Engine::relate_order(StateDecoder& decoder, std::uint32_t slot) {
    accounts::OpenOrder& open = accounts_.order(slot);
    const Result<matching::OrderView> found = matching_.find(accounts_.id_of(slot), open.account);
    if (!decoder.require(found.has_value(), "an account's order is not in the books")) {
        return;
    }
    open.instrument = found->instrument;
    open.side = found->side;
    open.is_waiting = matching_.is_parked(accounts_.id_of(slot)) ? 1 : 0;
    if (open.is_waiting != 0) {
        relate_waiting(decoder, slot);
    } else {
        decoder.require(!triggers_.waits(slot), "an order rests, and waits for a price");
    }
    decoder.require(found->left == Lots(open.left), "an order wants two quantities");
    decoder.require(
        timers_.due(timer_of(OrderId(slot, 0))).value_or(UnixNanos(0)) == found->expires,
        "an order's timer is not its expiry");
}

// It holds nothing, has traded nothing, and the triggers know it as the same order.
void Engine::relate_waiting(StateDecoder& decoder, std::uint32_t slot) {
    const accounts::OpenOrder& open = accounts_.order(slot);
    const triggers::Terms& terms = triggers_[slot];
    decoder.require(
        triggers_.waits(slot) && terms.instrument == open.instrument && terms.side == open.side,
        "an order waits for no price, or for another's");
    decoder.require(open.hold_per_lot == Amount(0) && open.filled == 0 && open.fee_carry == 0,
                    "an order that waits has traded, or holds money");
}

void Engine::check_sums(StateDecoder& decoder) const {
    decoder.require(sweep_adds_up(), "a start is half swept");
    for (std::uint32_t at = 0; at < limits_.accounts; ++at) {
        decoder.require(holds_add_up(AccountId(at)), "a balance holds other than its orders do");
    }
    decoder.require(is_conserved(), "money was made, or lost");
    for (std::uint32_t at = instruments_.asset_count(); at < limits_.assets; ++at) {
        const AssetId asset(static_cast<std::uint16_t>(at));
        decoder.require(accounts_.net_deposits(asset) == Amount(0), "a balance is in nothing");
    }
    for (std::uint32_t slot = 1; slot <= limits_.orders; ++slot) {
        decoder.require(
            !timers_.due(timer_of(OrderId(slot, 0))) || accounts_.order(slot).is_open == 1,
            "a timer is of no order");
    }
    for (std::uint32_t at = instruments_.count(); at < limits_.instruments; ++at) {
        decoder.require(!timers_.due(timer_of(InstrumentId(at))), "a timer is of no instrument");
    }
}

}  // namespace miletus::engine
