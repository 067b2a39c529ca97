// Sums of requirements, and the questions that they answer.
#include "engine/risk/risk.hpp"

#include "base/division.hpp"

#include <algorithm>
#include <array>

namespace miletus::risk {

using accounts::Position;
using instruments::Listing;
using instruments::millionths;
using protocol::Parameter;
using protocol::Side;

namespace {

// What one asset counts at most: sums of all assets, and of what trades win, fit.
constexpr Amount collateral_max{std::int64_t{1} << 56U};

// Sums are cut down to what nobody has: such a one cannot be taken from again.
bool is_cut(const Requirement& sum) {
    return sum.initial == unaffordable || sum.maintenance == unaffordable;
}

bool is_option(const Listing& listing) {
    return instruments::is_option(listing.kind);
}

}  // namespace

Risk::Risk(const Limits& limits, const instruments::Instruments& instruments,
           const instruments::ParameterBook& parameters, const prices::Prices& prices,
           const accounts::Accounts& accounts)
    : instruments_(instruments),
      parameters_(parameters),
      prices_(prices),
      accounts_(accounts),
      positions_(accounts.positions()),
      sums_(limits.accounts),
      legs_(std::size_t{limits.instruments} + 1),
      members_(limits.instruments) {}

// ---- The sums ----

const Risk::Sums& Risk::fresh(AccountId account) {
    Sums& sums = sums_[account.value()];
    if (sums.version != version()) [[unlikely]] {
        const Standing now = standing(account);
        const Amount booked = accounts_.balance(account, instruments_.settlement_asset()).session;
        sums = {.unrealised = now.unrealised + now.session - booked,
                .collateral = now.collateral,
                .required = now.required(),
                .version = is_cut(now.required()) ? 0 : version()};
    }
    return sums;
}

// Before what the positions need, but after what the open orders hold.
Amount Risk::available(AccountId account, const Sums& sums) const {
    const accounts::Balance& balance = accounts_.balance(account, instruments_.settlement_asset());
    return balance.total + balance.session - balance.held + sums.unrealised + sums.collateral;
}

void Risk::add(AccountId account, const Requirement& change) {
    Sums& sums = sums_[account.value()];
    sums.required += change;
    sums.version = is_cut(sums.required) ? 0 : sums.version;
}

void Risk::leave(std::uint32_t slot) {
    Sums& sums = sums_[positions_[slot].account.value()];
    if (sums.version == version()) {
        sums.required = difference(sums.required, requirement_of(slot));
        leave_result(slot);
    }
}

void Risk::join(std::uint32_t slot) {
    const AccountId account = positions_[slot].account;
    if (sums_[account.value()].version == version()) {
        join_result(slot);
        add(account, requirement_of(slot));
    }
    forget_others(account);
}

void Risk::leave_result(std::uint32_t slot) {
    const Position& position = positions_[slot];
    Sums& sums = sums_[position.account.value()];
    if (sums.version == version() && !is_option(instruments_.listing(position.instrument))) {
        sums.unrealised -= unrealised_of(position) - funding_due(position);
    }
}

void Risk::join_result(std::uint32_t slot) {
    const Position& position = positions_[slot];
    Sums& sums = sums_[position.account.value()];
    if (sums.version == version() && !is_option(instruments_.listing(position.instrument))) {
        sums.unrealised += unrealised_of(position) - funding_due(position);
    }
}

// Nobody else is judged by the account's orders.
void Risk::unwind(const accounts::OpenOrder& order, Lots lots) {
    if (sums_[order.account.value()].version == version()) {
        add(order.account, change_by({.account = order.account,
                                      .instrument = order.instrument,
                                      .position = order.position,
                                      .side = order.side,
                                      .lots = -lots,
                                      .hold = {},
                                      .reduces = order.reduce_only != 0}));
    }
}

void Risk::forget(AccountId account) {
    sums_[account.value()].version = 0;
    forget_others(account);
}

// The owner's other accounts may need more, or less, for the same.
void Risk::forget_others(AccountId account) {
    AccountId other = accounts_.next_of_owner(account);
    for (; other != account; other = accounts_.next_of_owner(other)) {
        sums_[other.value()].version = 0;
    }
}

void Risk::forget_all() {
    for (Sums& sums : sums_.items()) {
        sums.version = 0;
    }
}

// ---- What a position is worth, and needs ----

Amount Risk::unrealised_of(const Position& position) const {
    return exact_amount(int128{position.lots.value()} *
                            prices_.mark_value(position.instrument).value() -
                        position.cost.value());
}

Amount Risk::funding_due(const Position& position) const {
    const LotValue since = prices_.funding(position.instrument) - position.funding;
    return exact_amount(int128{position.lots.value()} * since.value());
}

Amount Risk::others_of_owner(AccountId account, InstrumentId instrument) const {
    int128 lots = 0;
    AccountId other = accounts_.next_of_owner(account);
    for (; other != account; other = accounts_.next_of_owner(other)) {
        lots += magnitude(positions_[positions_.find(other, instrument)].lots).value();
    }
    return exact_amount(lots * instruments_.listing(instrument).terms.lot.value());
}

FutureTerms Risk::future_terms(InstrumentId instrument) const {
    const Listing& listing = instruments_.listing(instrument);
    return {.notional = std::max(magnitude(prices_.mark_value(instrument)),
                                 prices_.index_value(instrument)),
            .lot = listing.terms.lot,
            .coin = instruments_.whole(listing.base)};
}

Requirement Risk::future_requirement(const Proposal& proposal, Lots worst) const {
    const InstrumentId instrument = proposal.instrument;
    return of_future(future_terms(instrument), worst, others_of_owner(proposal.account, instrument),
                     parameters_.of(instruments_.listing(instrument).underlying));
}

Requirement Risk::future_change(const Proposal& proposal, Lots more) const {
    const Position& position = positions_[proposal.position];
    const std::array<Lots, 2> open = positions_.open(proposal.position);
    const Lots before = position.worst(open, proposal.side, Lots(0));
    const Lots after = position.worst(open, proposal.side, more);
    if (after == before) {
        return {};
    }
    const FutureTerms terms = future_terms(proposal.instrument);
    const Amount others = others_of_owner(proposal.account, proposal.instrument);
    const instruments::Parameters& parameters =
        parameters_.of(instruments_.listing(proposal.instrument).underlying);
    return difference(of_future(terms, after, others, parameters),
                      of_future(terms, before, others, parameters));
}

Requirement Risk::requirement_of(std::uint32_t slot) const {
    const Position& position = positions_[slot];
    const Proposal none{.account = position.account,
                        .instrument = position.instrument,
                        .position = slot,
                        .lots = {},
                        .hold = {}};
    if (is_option(instruments_.listing(position.instrument))) {
        return option_requirement(none, position.lots, positions_.open(slot, Side::sell));
    }
    return future_requirement(none, positions_.worst(slot));
}

// What the requirement grows by if the order is there. A position in slot 0 has no lots.
Requirement Risk::change_by(const Proposal& proposal) const {
    Lots more = proposal.lots;
    if (proposal.reduces) [[unlikely]] {
        more = positions_.growth(proposal.position, proposal.side, more);
    }
    if (!is_option(instruments_.listing(proposal.instrument))) {
        return future_change(proposal, more);
    }
    // What is bought has its premium held, and only protects.
    return proposal.side == Side::sell ? option_change(proposal, more) : Requirement{};
}

// ---- Options ----

OptionLeg Risk::leg_of(InstrumentId instrument, Lots lots, Lots sells) const {
    const Listing& listing = instruments_.listing(instrument);
    return {.strike = listing.strike,
            .strike_value = listing.strike_value,
            .index_value = prices_.index_value(instrument),
            .mark = prices_.mark_value(instrument),
            .lot = listing.terms.lot,
            .lots = lots,
            .sells = sells,
            .is_put = listing.kind == protocol::InstrumentKind::put};
}

// The legs of the proposal's group but for its own, by strike. Returns how many.
std::size_t Risk::gather(const Proposal& proposal) const {
    const Listing& listing = instruments_.listing(proposal.instrument);
    std::size_t count = 0;
    for (std::uint32_t slot = positions_.oldest(proposal.account); slot != 0;
         slot = positions_[slot].next) {
        const Position& position = positions_[slot];
        const Listing& other = instruments_.listing(position.instrument);
        const bool is_another = position.instrument != proposal.instrument;
        const Lots sells = positions_.open(slot, Side::sell);
        const bool counts = position.is_held() || sells != Lots(0);
        if (is_another && counts && is_option(other) && other.expiry == listing.expiry &&
            other.underlying == listing.underlying) {
            legs_[count++] = leg_of(position.instrument, position.lots, sells);
        }
    }
    std::ranges::sort(legs_.items().first(count), {}, &OptionLeg::strike);
    return count;
}

// Among so many that come by strike; returns its place.
std::size_t Risk::put_leg(std::size_t count, const OptionLeg& leg) const {
    std::size_t place = count;
    for (; place != 0 && legs_[place - 1].strike > leg.strike; --place) {
        legs_[place] = legs_[place - 1];
    }
    legs_[place] = leg;
    return place;
}

PriceScale Risk::scale_of(const Listing& listing) const {
    return scale_between(instruments_.asset(listing.base), instruments_.asset(listing.quote));
}

Requirement Risk::option_requirement(const Proposal& proposal, Lots lots, Lots sells) const {
    const Listing& listing = instruments_.listing(proposal.instrument);
    std::size_t count = gather(proposal);
    if (lots != Lots(0) || sells != Lots(0)) {
        put_leg(count++, leg_of(proposal.instrument, lots, sells));
    }
    return of_options(legs_.items().first(count), scale_of(listing),
                      parameters_.of(listing.underlying));
}

Requirement Risk::option_change(const Proposal& proposal, Lots more) const {
    const Listing& listing = instruments_.listing(proposal.instrument);
    const Position& position = positions_[proposal.position];
    const std::size_t others = gather(proposal);
    const Lots sells = positions_.open(proposal.position, Side::sell);
    const std::size_t place = put_leg(others, leg_of(proposal.instrument, position.lots, sells));
    return change_of_options(legs_.items().first(others + 1), place, more, scale_of(listing),
                             parameters_.of(listing.underlying));
}

// Each group once, by sorting.
Requirement Risk::all_options(AccountId account) const {
    std::size_t count = 0;
    for (std::uint32_t slot = positions_.oldest(account); slot != 0; slot = positions_[slot].next) {
        const Position& position = positions_[slot];
        const Listing& listing = instruments_.listing(position.instrument);
        if (is_option(listing) &&
            (position.is_held() || positions_.open(slot, Side::sell) != Lots(0))) {
            members_[count++] = {
                .group = {.underlying = listing.underlying, .expiry = listing.expiry},
                .slot = slot};
        }
    }
    const std::span<Member> members = members_.items().first(count);
    std::ranges::sort(members, {}, &Member::group);
    Requirement sum{};
    std::size_t end = 0;
    for (std::size_t first = 0; first < count; first = end) {
        while (end < count && members[end].group == members[first].group) {
            ++end;
        }
        sum += requirement_of(members.subspan(first, end - first));
    }
    return sum;
}

Requirement Risk::requirement_of(std::span<const Member> group) const {
    std::size_t count = 0;
    for (const Member& member : group) {
        const Position& position = positions_[member.slot];
        legs_[count++] =
            leg_of(position.instrument, position.lots, positions_.open(member.slot, Side::sell));
    }
    const Listing& listing = instruments_.listing(positions_[group.front().slot].instrument);
    return of_options(legs_.items().first(count), scale_of(listing),
                      parameters_.of(listing.underlying));
}

// ---- From scratch ----

Standing Risk::standing(AccountId account) const {
    const accounts::Balance& balance = accounts_.balance(account, instruments_.settlement_asset());
    Standing now{.cash = balance.total,
                 .session = balance.session,
                 .unrealised = {},
                 .collateral = collateral_of(account),
                 .held = balance.held,
                 .futures = {},
                 .options = all_options(account),
                 .worst_index = worst_of_collateral(account)};
    for (std::uint32_t slot = positions_.oldest(account); slot != 0; slot = positions_[slot].next) {
        const Position& position = positions_[slot];
        const Listing& listing = instruments_.listing(position.instrument);
        now.worst_index = std::max(now.worst_index, prices_.index_state(listing.underlying));
        if (!is_option(listing)) {
            now.unrealised += unrealised_of(position);
            now.session -= funding_due(position);
            now.futures += requirement_of(slot);
        }
    }
    return now;
}

Standing Risk::standing_with(const Proposal& proposal) const {
    Standing now = standing(proposal.account);
    const Listing& listing = instruments_.listing(proposal.instrument);
    (is_option(listing) ? now.options : now.futures) += change_by(proposal);
    now.held += proposal.hold - proposal.holds_not;
    now.worst_index = std::max(now.worst_index, prices_.index_state(listing.underlying));
    return now;
}

Amount Risk::collateral_value(AssetId asset, Amount amount) const {
    const std::optional<UnderlyingId> underlying = instruments_.underlying_of(asset);
    if (!underlying || prices_.index_state(*underlying) == protocol::IndexState::none) {
        return Amount(0);
    }
    const AssetId quote = instruments_.underlying(*underlying).quote;
    const PriceScale scale = scale_between(instruments_.asset(asset), instruments_.asset(quote));
    const std::int64_t kept =
        millionths - parameters_.of(*underlying).of(Parameter::collateral_haircut);
    const int128 price = int128{prices_.index(*underlying).value()} * scale.up;
    const std::int64_t worth = share_floor(amount.value(), kept, millionths);
    if (int128{collateral_max.value()} * scale.down / price <= worth) {
        return collateral_max;
    }
    return Amount(floor_div(worth * price, scale.down));
}

Amount Risk::worth_of(AssetId asset, Amount amount) const {
    return asset == instruments_.settlement_asset() ? amount : collateral_value(asset, amount);
}

Amount Risk::collateral_of(AccountId account) const {
    Amount sum(0);
    for (std::uint32_t at = 0; at < instruments_.asset_count(); ++at) {
        const AssetId asset(static_cast<std::uint16_t>(at));
        const Amount total = accounts_.balance(account, asset).total;
        if (asset != instruments_.settlement_asset() && total != Amount(0)) {
            sum += collateral_value(asset, total);
        }
    }
    return sum;
}

// Of what counts for nothing no price is asked.
protocol::IndexState Risk::worst_of_collateral(AccountId account) const {
    protocol::IndexState worst = protocol::IndexState::good;
    for (std::uint32_t at = 0; at < instruments_.asset_count(); ++at) {
        const AssetId asset(static_cast<std::uint16_t>(at));
        const std::optional<UnderlyingId> underlying = instruments_.underlying_of(asset);
        if (underlying && accounts_.balance(account, asset).total != Amount(0)) {
            worst = std::max(worst, prices_.index_state(*underlying));
        }
    }
    return worst;
}

// ---- What an account may do ----

Result<Requirement> Risk::check_order(const Proposal& proposal) {
    const Sums& sums = fresh(proposal.account);
    const Requirement change = change_by(proposal);
    const Amount left = available(proposal.account, sums) + proposal.holds_not - proposal.hold;
    const std::optional<Amount> needed = checked_sum(sums.required.initial, change.initial);
    if (needed && left >= *needed) [[likely]] {
        return change;
    }
    if (is_safer_with(proposal)) {
        return change;
    }
    return Refusal(Reject::margin_insufficient);
}

// Filled whole, it only closes lots, needs no more of either margin than before, and costs no more
// than the maintenance that it frees: the distance to liquidation does not shrink. One that only
// reduces does so whatever else is open.
bool Risk::is_safer_with(const Proposal& proposal) const {
    const Position& position = positions_[proposal.position];
    const bool sells = proposal.side == Side::sell;
    const Lots others =
        proposal.reduces ? Lots(0) : positions_.open(proposal.position, proposal.side);
    if (proposal.lots + others > position.closable(proposal.side)) {
        return false;
    }
    const Lots after = position.lots + (sells ? -proposal.lots : proposal.lots);
    const Requirement now = requirement_at(proposal, position.lots);
    const Requirement then = requirement_at(proposal, after);
    return then.initial <= now.initial &&
           now.maintenance - then.maintenance >= proposal.hold - proposal.holds_not;
}

// Without open orders of this instrument.
Requirement Risk::requirement_at(const Proposal& proposal, Lots lots) const {
    return is_option(instruments_.listing(proposal.instrument))
               ? option_requirement(proposal, lots, Lots(0))
               : future_requirement(proposal, magnitude(lots));
}

bool Risk::only_closes(const accounts::OpenOrder& order) const {
    const Lots closable = positions_[order.position].closable(order.side);
    return order.reduce_only != 0 ? closable != Lots(0) : Lots(order.left) <= closable;
}

// Of a bought option its premium. Of a future what its price is worse than the mark, and nothing
// where it is better: the mark may come to meet it.
Amount Risk::hold_of(InstrumentId instrument, Side side, Ticks price) const {
    const Listing& listing = instruments_.listing(instrument);
    const LotValue value = instruments::value_per_lot(listing.tick_value, price);
    const bool buys = side == Side::buy;
    if (is_option(listing)) {
        return buys ? Amount(value.value()) : Amount(0);
    }
    const LotValue mark = prices_.mark_value(instrument);
    return Amount(std::max(buys ? value - mark : mark - value, LotValue(0)).value());
}

Amount Risk::above_initial(AccountId account) {
    const Sums& sums = fresh(account);
    return available(account, sums) - sums.required.initial;
}

// What orders hold is still the account's.
Amount Risk::above_maintenance(AccountId account) {
    const Sums& sums = fresh(account);
    return available(account, sums) +
           accounts_.balance(account, instruments_.settlement_asset()).held -
           sums.required.maintenance;
}

Amount Risk::withdrawable(AccountId account) const {
    const Standing now = standing(account);
    const Amount gains = std::max(now.session + now.unrealised, Amount(0));
    const Amount free = now.equity() - gains - now.held - now.required().initial;
    return std::max(std::min(now.cash, free), Amount(0));
}

Result<void> Risk::check_payout(AccountId account, AssetId asset, Amount amount) const {
    const Amount total = accounts_.balance(account, asset).total;
    if (amount > total) {
        return Refusal(Reject::insufficient_balance);
    }
    const bool is_cash = asset == instruments_.settlement_asset();
    const Amount counted =
        is_cash ? amount : collateral_value(asset, total) - collateral_value(asset, total - amount);
    const Standing now = standing(account);
    const Amount gains = std::max(now.session + now.unrealised, Amount(0));
    const Amount free = now.equity() - now.held - now.required().initial;
    if (counted > free && counted != Amount(0)) {
        return Refusal(Reject::insufficient_balance);
    }
    if (counted > free - gains && counted != Amount(0)) {
        return Refusal(Reject::result_not_settled);
    }
    return {};
}

Amount Risk::liquidation_value(AccountId account) const {
    int128 value = standing(account).equity().value();
    positions_.visit(account, [&](const Position& position) {
        if (is_option(instruments_.listing(position.instrument))) {
            value +=
                int128{position.lots.value()} * prices_.mark_value(position.instrument).value();
        }
    });
    return exact_amount(value);
}

Requirement Risk::alone(std::uint32_t slot) const {
    const Position& position = positions_[slot];
    const Listing& listing = instruments_.listing(position.instrument);
    if (!is_option(listing)) {
        return requirement_of(slot);
    }
    legs_[0] = leg_of(position.instrument, position.lots, Lots(0));
    return of_options(legs_.items().first(1), scale_of(listing),
                      parameters_.of(listing.underlying));
}

Requirement Risk::held_alone(std::uint32_t slot) const {
    const Position& position = positions_[slot];
    if (is_option(instruments_.listing(position.instrument))) {
        return alone(slot);
    }
    return future_requirement({.account = position.account,
                               .instrument = position.instrument,
                               .position = slot,
                               .lots = {},
                               .hold = {}},
                              magnitude(position.lots));
}

void Risk::check_invariants() const {
    for (std::uint32_t at = 0; at < sums_.size(); ++at) {
        const Sums& sums = sums_[at];
        if (sums.version == version()) {
            const Standing now = standing(AccountId(at));
            ASSERT(sums.required == now.required());
            ASSERT(sums.collateral == now.collateral);
            ASSERT(available(AccountId(at), sums) == now.equity() - now.held);
        }
    }
}

}  // namespace miletus::risk
