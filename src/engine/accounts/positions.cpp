// The table of positions, its index and its sums. Which slot a position has shows nowhere: it gets
// another one when it is restored.
#include "engine/accounts/positions.hpp"

namespace miletus::accounts {

namespace {

std::uint64_t hash_of(AccountId account, InstrumentId instrument) {
    return mixed((std::uint64_t{account.value()} << 32U) | instrument.value());
}

}  // namespace

Positions::Positions(const Limits& limits)
    : positions_(limits.positions),
      reducing_(std::size_t{limits.positions} + 1),
      by_account_(limits.positions),
      lists_(limits.accounts),
      interest_(limits.instruments),
      counts_(limits.instruments) {}

std::uint32_t Positions::find(AccountId account, InstrumentId instrument) const {
    return by_account_.find(hash_of(account, instrument), [&](std::uint32_t slot) {
        const Position& position = positions_[slot];
        return position.account == account && position.instrument == instrument;
    });
}

// Slot 0 takes the writes where there is no neighbour.
std::uint32_t Positions::add(AccountId account, InstrumentId instrument) {
    const std::uint32_t slot = positions_.allocate();
    List& list = lists_[account.value()];
    Position& position = positions_[slot];
    position = {};
    position.account = account;
    position.instrument = instrument;
    position.older = list.newest;
    positions_[list.newest].next = slot;
    list.newest = slot;
    list.oldest = list.oldest != 0 ? list.oldest : slot;
    by_account_.insert(hash_of(account, instrument), slot);
    ++counts_[instrument.value()];
    ++count_;
    return slot;
}

void Positions::remove(std::uint32_t slot) {
    Position& position = positions_[slot];
    ASSERT(!position.is_held() && position.orders == 0);
    List& list = lists_[position.account.value()];
    positions_[position.older].next = position.next;
    positions_[position.next].older = position.older;
    list.oldest = position.older != 0 ? list.oldest : position.next;
    list.newest = position.next != 0 ? list.newest : position.older;
    by_account_.erase(hash_of(position.account, position.instrument), slot);
    --counts_[position.instrument.value()];
    position.account = AccountId(0);  // nobody's: those who look at all slots pass over it
    positions_.release(slot);
    --count_;
}

void Positions::set_lots(std::uint32_t slot, Lots lots) {
    Position& position = positions_[slot];
    interest_[position.instrument.value()] +=
        std::max(lots, Lots(0)) - std::max(position.lots, Lots(0));
    position.lots = lots;
}

std::array<Lots, 2> Positions::with_reducing(std::uint32_t slot) const {
    const Position& position = positions_[slot];
    std::array<Lots, 2> open = position.open;
    for (const protocol::Side side : {protocol::Side::buy, protocol::Side::sell}) {
        open.at(static_cast<std::size_t>(side)) +=
            std::min(reducing(slot, side), position.closable(side));
    }
    return open;
}

void Positions::change_reducing(std::uint32_t slot, protocol::Side side, Lots change) {
    std::array<Lots, 2>& reducing = reducing_[slot];
    reducing[static_cast<std::size_t>(side)] += change;
    positions_[slot].has_reducing = reducing[0] != Lots(0) || reducing[1] != Lots(0);
}

// ---- State ----

void Positions::encode(StateEncoder& encoder) const {
    encoder.add(count_);
    for (std::uint32_t at = 0; at < lists_.size(); ++at) {
        visit(AccountId(at), [&encoder](const Position& position) {
            encoder.add(position.account);
            encoder.add(position.instrument);
            encoder.add(position.lots);
            encoder.add(position.cost);
            encoder.add(position.funding);
            encoder.add(position.open[0]);
            encoder.add(position.open[1]);
            encoder.add(position.orders);
        });
    }
}

void Positions::check_invariants() const {
    Block<Lots> longs(interest_.size());
    std::uint32_t count = 0;
    for (std::uint32_t at = 0; at < lists_.size(); ++at) {
        for (std::uint32_t slot = oldest(AccountId(at)); slot != 0; slot = positions_[slot].next) {
            const Position& position = positions_[slot];
            const std::array<Lots, 2>& reducing = reducing_[slot];
            const bool has_reducing = reducing[0] != Lots(0) || reducing[1] != Lots(0);
            ++count;
            ASSERT(position.account == AccountId(at));
            ASSERT(position.orders != 0 || position.is_held());
            ASSERT(position.open[0] >= Lots(0) && position.open[1] >= Lots(0));
            ASSERT(reducing[0] >= Lots(0) && reducing[1] >= Lots(0));
            ASSERT(position.has_reducing == has_reducing);
            ASSERT(position.orders != 0 || !has_reducing);
            ASSERT(position.is_held() || position.cost == Amount(0));
            longs[position.instrument.value()] += std::max(position.lots, Lots(0));
        }
    }
    ASSERT(count == count_);
    for (std::size_t at = 0; at < interest_.size(); ++at) {
        ASSERT(longs[at] == interest_[at]);
    }
}

}  // namespace miletus::accounts
