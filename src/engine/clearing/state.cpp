// What a restored state must keep to: positions that can be, and that count the orders there are.
#include "engine/clearing/clearing.hpp"

#include <algorithm>

namespace miletus::clearing {

using accounts::OpenOrder;

namespace {

// What a position knows of its open orders; those that only reduce it follow from them.
struct Tally {
    std::array<std::int64_t, 2> open;
    std::uint32_t orders;
};

}  // namespace

void Clearing::decode_positions(StateDecoder& decoder) {
    positions_.decode(
        decoder,
        [this](AccountId account, InstrumentId instrument) {
            return accounts_.check_exists(account).has_value() &&
                   instruments_.check_exists(instrument).has_value();
        },
        [this](const Position& position) -> std::string_view {
            if (!can_be(position)) {
                return "a position cannot be";
            }
            return is_within_limits(position) ? "" : "limits.position_lots is too small";
        });
}

// Whatever becomes of its orders, sums stay exact: what check_room() promised when they came.
bool Clearing::can_be(const Position& position) const {
    const int128 buys = position.open[0].value();
    const int128 sells = position.open[1].value();
    const int128 lots = position.lots.value();
    const int128 furthest = std::max(buys + lots, sells - lots);
    const int128 highest = instruments_.listing(position.instrument).largest.value();
    return (position.is_held() || position.orders != 0) && buys >= 0 && sells >= 0 &&
           furthest * highest <= value_max && is_within(position.cost.value(), cost_max) &&
           is_within(position.funding.value(), prices::funding_max) &&
           (position.is_held() || position.cost == Amount(0));
}

bool Clearing::is_within_limits(const Position& position) const {
    const int128 lots = position.lots.value();
    return position.open[0].value() + lots <= lots_max_.value() &&
           position.open[1].value() - lots <= lots_max_.value();
}

void Clearing::relate_orders(StateDecoder& decoder) {
    Block<Tally> tallies(std::size_t{positions_.slots_used()} + 1);
    for (std::uint32_t at = 0; at < accounts_.end(); ++at) {
        std::uint32_t slot = accounts_.oldest_order(AccountId(at));
        for (; slot != 0; slot = accounts_.order(slot).newer) {
            OpenOrder& order = accounts_.order(slot);
            if (order.is_waiting != 0) {
                continue;
            }
            order.position = positions_.find(order.account, order.instrument);
            Tally& tally = tallies[order.position];
            if (order.reduce_only != 0) {
                positions_.change_open(order.position, order.side, Lots(order.left), true);
            } else {
                tally.open[static_cast<std::size_t>(order.side)] += order.left;
            }
            ++tally.orders;
        }
    }
    decoder.require(tallies[0].orders == 0, "an order has no position");
    for (std::uint32_t slot = 1; slot <= positions_.slots_used(); ++slot) {
        const Position& position = positions_[slot];
        decoder.require(position.open[0].value() == tallies[slot].open[0] &&
                            position.open[1].value() == tallies[slot].open[1] &&
                            position.orders == tallies[slot].orders,
                        "a position counts other orders than there are");
    }
}

}  // namespace miletus::clearing
