// Risk: what an account is worth, what it needs, and whether it may do more. Requirements come from
// a margin model (standard.hpp) through one function of a group of positions; sums of them are kept
// for each account, and renewed when somebody asks after prices have changed. Called by the engine
// thread only.
#pragma once

#include "base/limits.hpp"
#include "engine/accounts/accounts.hpp"
#include "engine/instruments/instruments.hpp"
#include "engine/prices/prices.hpp"
#include "engine/risk/gates.hpp"
#include "engine/risk/standard.hpp"

namespace miletus::risk {

// An account at the prices of now, in the settlement asset.
struct Standing {
    Amount cash;        // settled
    Amount session;     // booked, and funding that is due
    Amount unrealised;  // of futures, at their marks
    Amount collateral;  // other assets, after their haircuts
    Amount held;        // by open orders
    Requirement futures;
    Requirement options;
    protocol::IndexState worst_index = protocol::IndexState::good;  // of those that it depends on

    [[nodiscard]] Amount equity() const { return cash + session + unrealised + collateral; }
    [[nodiscard]] Requirement required() const { return futures + options; }
    // Initial margin and what orders hold: cut down as requirements are.
    [[nodiscard]] Amount set_aside() const {
        return checked_sum(required().initial, held).value_or(unaffordable);
    }
};

// An order that is not there yet, or more lots of one.
struct Proposal {
    AccountId account;
    InstrumentId instrument;
    std::uint32_t position = 0;  // its slot, 0 where there is none yet
    protocol::Side side = protocol::Side::buy;
    Lots lots;
    Amount hold;           // for all of its lots
    Amount holds_not{};    // what an amended order holds no longer
    bool reduces = false;  // nothing but what is held
};

class Risk {
  public:
    Risk(const Limits& limits, const instruments::Instruments& instruments,
         const instruments::ParameterBook& parameters, const prices::Prices& prices,
         const accounts::Accounts& accounts);

    // ---- From scratch, for those who ask and for those who check ----
    [[nodiscard]] Standing standing(AccountId account) const;
    [[nodiscard]] Standing standing_with(const Proposal& proposal) const;

    // ---- By the sums that are kept ----
    // What the order adds to the requirement, if the account can bear it or is the safer for it.
    [[nodiscard]] Result<Requirement> check_order(const Proposal& proposal);
    void add(AccountId account, const Requirement& change);
    // Around whatever else changes a position, or its open orders.
    void leave(std::uint32_t position);
    void join(std::uint32_t position);
    // Around what changes only what a position cost: it needs what it needed.
    void leave_result(std::uint32_t position);
    void join_result(std::uint32_t position);
    // Before lots of an open order are no longer wanted.
    void unwind(const accounts::OpenOrder& order, Lots lots);
    // Something changed that leave() and join() did not see: collateral, or a position that is
    // gone.
    void forget(AccountId account);
    void forget_all();

    // Whether a resting order only closes lots; of one that only reduces, whether there are any.
    [[nodiscard]] bool only_closes(const accounts::OpenOrder& order) const;
    // The least that the account must set aside for a lot: what a fill at this price costs at once.
    [[nodiscard]] Amount hold_of(InstrumentId instrument, protocol::Side side, Ticks price) const;
    // What is left of the equity above the initial margin, holds included; and above maintenance.
    [[nodiscard]] Amount above_initial(AccountId account);
    [[nodiscard]] Amount above_maintenance(AccountId account);
    [[nodiscard]] Result<void> check_payout(AccountId account, AssetId asset, Amount amount) const;
    [[nodiscard]] Amount withdrawable(AccountId account) const;
    // What so much of an asset counts for in equity, in the settlement asset.
    [[nodiscard]] Amount worth_of(AssetId asset, Amount amount) const;
    // What the position would bring at its mark, less its cost and the funding that is due.
    [[nodiscard]] Amount worth_of(const accounts::Position& position) const {
        return unrealised_of(position) - funding_due(position);
    }
    // What would be left if every position were closed at its mark.
    [[nodiscard]] Amount liquidation_value(AccountId account) const;
    // What the position needs by itself; and without its orders too.
    [[nodiscard]] Requirement alone(std::uint32_t position) const;
    [[nodiscard]] Requirement held_alone(std::uint32_t position) const;

    // Sums that are fresh are what they would be from scratch.
    void check_invariants() const;

  private:
    struct Sums {
        Amount unrealised;  // less the funding that is due
        Amount collateral;
        Requirement required;
        std::uint64_t version = 0;  // of the prices, and one; 0 is none
    };
    // Options of one account, in one underlying and of one expiry, are margined together; a future
    // by itself.
    struct Group {
        UnderlyingId underlying;
        UnixNanos expiry;
        friend constexpr auto operator<=>(const Group&, const Group&) = default;
    };
    struct Member {
        Group group;
        std::uint32_t slot = 0;
    };

    void forget_others(AccountId account);
    [[nodiscard]] std::uint64_t version() const { return prices_.version() + 1; }
    [[nodiscard]] const Sums& fresh(AccountId account);
    [[nodiscard]] Amount available(AccountId account, const Sums& sums) const;
    [[nodiscard]] Amount unrealised_of(const accounts::Position& position) const;
    [[nodiscard]] Amount funding_due(const accounts::Position& position) const;
    [[nodiscard]] Amount collateral_of(AccountId account) const;
    [[nodiscard]] protocol::IndexState worst_of_collateral(AccountId account) const;
    [[nodiscard]] Amount collateral_value(AssetId asset, Amount amount) const;
    [[nodiscard]] Amount others_of_owner(AccountId account, InstrumentId instrument) const;
    [[nodiscard]] FutureTerms future_terms(InstrumentId instrument) const;
    [[nodiscard]] Requirement future_requirement(const Proposal& proposal, Lots worst) const;
    [[nodiscard]] Requirement future_change(const Proposal& proposal, Lots more) const;
    [[nodiscard]] Requirement requirement_of(std::uint32_t position) const;
    [[nodiscard]] Requirement change_by(const Proposal& proposal) const;
    // The group with other lots, and other open sells, of one position.
    [[nodiscard]] Requirement option_requirement(const Proposal& proposal, Lots lots,
                                                 Lots sells) const;
    // What it needs more once the sells that are proposed are there.
    [[nodiscard]] Requirement option_change(const Proposal& proposal, Lots more) const;
    [[nodiscard]] std::size_t gather(const Proposal& proposal) const;
    std::size_t put_leg(std::size_t count, const OptionLeg& leg) const;
    [[nodiscard]] PriceScale scale_of(const instruments::Listing& listing) const;
    [[nodiscard]] OptionLeg leg_of(InstrumentId instrument, Lots lots, Lots sells) const;
    [[nodiscard]] Requirement all_options(AccountId account) const;
    [[nodiscard]] Requirement requirement_of(std::span<const Member> group) const;
    [[nodiscard]] bool is_safer_with(const Proposal& proposal) const;
    [[nodiscard]] Requirement requirement_at(const Proposal& proposal, Lots lots) const;

    const instruments::Instruments& instruments_;
    const instruments::ParameterBook& parameters_;
    const prices::Prices& prices_;
    const accounts::Accounts& accounts_;
    const accounts::Positions& positions_;
    Block<Sums> sums_;               // by account
    mutable Block<OptionLeg> legs_;  // room to put a group together; nothing stays in it
    mutable Block<Member> members_;  // likewise, to sort an account's options
};

}  // namespace miletus::risk
