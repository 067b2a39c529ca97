// Canonical bytes and invariants of positions. Which slot a position has shows nowhere: it gets
// another one when it is restored.
#include "engine/clearing/clearing.hpp"

namespace miletus::clearing {

using accounts::OpenOrder;

namespace {

// What a position knows of its open orders.
struct Tally {
    std::array<std::int64_t, 2> open;
    std::uint32_t orders;
};

}  // namespace

void Clearing::encode(StateEncoder& encoder) const {
    encoder.add(count_);
    for (std::uint32_t at = 0; at < lists_.size(); ++at) {
        visit_positions(AccountId(at), [&encoder](const Position& position) {
            encoder.add(position.account);
            encoder.add(position.instrument);
            encoder.add(position.lots);
            encoder.add(position.cost);
            encoder.add(position.collateral);
            encoder.add(position.open[0]);
            encoder.add(position.open[1]);
            encoder.add(position.orders);
        });
    }
}

void Clearing::decode(StateDecoder& decoder) {
    const std::uint32_t count =
        decoder.take_count(positions_.capacity(), "limits.positions is too small");
    AccountId last;
    for (std::uint32_t at = 0; at < count; ++at) {
        const auto account = decoder.take<AccountId>();
        const auto instrument = decoder.take<InstrumentId>();
        if (!decoder.require(account >= last, "positions are not in order") ||
            !decoder.require(accounts_.check_exists(account).has_value() &&
                                 instruments_.check_exists(instrument).has_value(),
                             "a position is of nobody, or in nothing") ||
            !decoder.require(slot_of(account, instrument) == 0, "there are two of one position")) {
            return;
        }
        Position& position = positions_[add_position(account, instrument)];
        position.lots = decoder.take<Lots>();
        position.cost = decoder.take<Amount>();
        position.collateral = decoder.take<Amount>();
        position.open = {decoder.take<Lots>(), decoder.take<Lots>()};
        position.orders = decoder.take<std::uint32_t>();
        if (!decoder.require(can_be(position), "a position cannot be") ||
            !decoder.require(is_within_limits(position), "limits.position_lots is too small")) {
            return;
        }
        last = account;
    }
}

// Whatever becomes of its orders, sums stay exact: what check_room() promised when they came.
bool Clearing::can_be(const Position& position) const {
    const bool has_lots = position.lots != Lots(0);
    const int128 open = int128{position.open[0].value()} + position.open[1].value();
    const int128 cost = position.cost.value();
    const int128 to_come = open * instruments_.listing(position.instrument).largest.value();
    return (has_lots || position.orders != 0) && position.open[0] >= Lots(0) &&
           position.open[1] >= Lots(0) && position.collateral >= Amount(0) &&
           (has_lots || position.collateral == Amount(0)) &&
           (cost < 0 ? -cost : cost) + to_come <= cost_max;
}

bool Clearing::is_within_limits(const Position& position) const {
    const int128 lots = position.lots.value();
    return position.open[0].value() + lots <= lots_max_.value() &&
           position.open[1].value() - lots <= lots_max_.value();
}

void Clearing::relate_orders(StateDecoder& decoder) {
    Block<Tally> tallies(std::size_t{positions_.capacity()} + 1);
    for (std::uint32_t at = 0; at < lists_.size(); ++at) {
        std::uint32_t slot = accounts_.oldest_order(AccountId(at));
        for (; slot != 0; slot = accounts_.order(slot).newer) {
            OpenOrder& order = accounts_.order(slot);
            order.position = slot_of(order.account, order.instrument);
            Tally& tally = tallies[order.position];
            tally.open[static_cast<std::size_t>(order.side)] += order.left;
            ++tally.orders;
        }
    }
    decoder.require(tallies[0].orders == 0, "an order has no position");
    for (std::uint32_t slot = 1; slot <= positions_.used(); ++slot) {
        const Position& position = positions_[slot];
        decoder.require(position.open[0].value() == tallies[slot].open[0] &&
                            position.open[1].value() == tallies[slot].open[1] &&
                            position.orders == tallies[slot].orders,
                        "a position counts other orders than there are");
    }
}

void Clearing::check_invariants() const {
    std::uint32_t count = 0;
    for (std::uint32_t at = 0; at < lists_.size(); ++at) {
        visit_positions(AccountId(at), [&](const Position& position) {
            ++count;
            ASSERT(position.account == AccountId(at));
            ASSERT(position.orders != 0 || position.lots != Lots(0));
            ASSERT(position.collateral >= Amount(0));
            ASSERT(position.lots != Lots(0) || position.collateral == Amount(0));
            ASSERT(position.open[0] >= Lots(0) && position.open[1] >= Lots(0));
        });
    }
    ASSERT(count == count_);
}

}  // namespace miletus::clearing
