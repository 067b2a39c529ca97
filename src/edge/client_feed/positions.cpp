// Flat positions are kept as long as there is room and a session.
#include "edge/client_feed/positions.hpp"

namespace miletus::client_feed {

namespace {

std::uint64_t hash_of(AccountId account, InstrumentId instrument) {
    return mixed(account.value(), instrument.value());
}

}  // namespace

Positions::Positions(std::uint32_t accounts, std::uint32_t capacity)
    : positions_(std::size_t{capacity} + 1),
      index_(capacity),
      by_account_(accounts, capacity),
      slots_(capacity) {}

std::uint32_t Positions::find(AccountId account, InstrumentId instrument) const {
    return index_.find(hash_of(account, instrument), [&](std::uint32_t slot) {
        return positions_[slot].account == account && positions_[slot].instrument == instrument;
    });
}

std::uint32_t Positions::find_or_add(AccountId account, InstrumentId instrument) {
    const std::uint32_t found = find(account, instrument);
    if (found != 0) {
        return found;
    }
    if (slots_.is_full()) {
        if (slots_.oldest() == 0) {
            return 0;
        }
        remove_flat(slots_.oldest());
    }
    const std::uint32_t slot = slots_.take();
    positions_[slot] = {.account = account, .instrument = instrument};
    index_.insert(hash_of(account, instrument), slot);
    by_account_.append(account.value(), slot);
    slots_.age(slot);
    return slot;
}

void Positions::set(std::uint32_t slot, Lots lots, Amount cost) {
    Position& position = positions_[slot];
    const bool was_held = position.is_held();
    position.lots = lots;
    position.cost = cost;
    if (was_held && !position.is_held()) {
        slots_.age(slot);
    } else if (!was_held && position.is_held()) {
        slots_.rejuvenate(slot);
    }
}

void Positions::end_session(std::uint32_t slot) {
    positions_[slot].realised = Amount(0);
    positions_[slot].funding = Amount(0);
    positions_[slot].fees = Amount(0);
}

void Positions::end_session(AccountId account) {
    for (std::uint32_t slot = oldest(account); slot != 0;) {
        const std::uint32_t newer = this->newer(slot);
        end_session(slot);
        if (!positions_[slot].is_held()) {
            remove_flat(slot);
        }
        slot = newer;
    }
}

void Positions::forget(InstrumentId instrument) {
    for (std::uint32_t slot = slots_.oldest(); slot != 0;) {
        const std::uint32_t newer = slots_.newer(slot);
        if (positions_[slot].instrument == instrument) {
            remove_flat(slot);
        }
        slot = newer;
    }
}

void Positions::remove_flat(std::uint32_t slot) {
    const Position& position = positions_[slot];
    index_.erase(hash_of(position.account, position.instrument), slot);
    by_account_.remove(position.account.value(), slot);
    slots_.rejuvenate(slot);
    slots_.release(slot);
}

}  // namespace miletus::client_feed
