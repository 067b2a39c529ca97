// Accounts: who exists, what they own and hold, and how their open orders are found.
#include "engine/accounts/accounts.hpp"

#include "base/byte_sink.hpp"
#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

namespace miletus::accounts {
namespace {

constexpr AccountId alice{1};
constexpr AccountId bob{2};
constexpr AssetId coin{0};
constexpr AssetId money{1};
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

Limits few() {
    Limits limits;
    limits.accounts = 4;
    limits.assets = 2;
    limits.positions = 4;
    limits.orders = 6;
    limits.labels = 2;
    limits.closed_orders_per_account = 3;
    return limits;
}

struct Bytes final : ByteSink {
    std::vector<std::byte> all;
    void update(std::span<const std::byte> added) override {
        all.insert(all.end(), added.begin(), added.end());
    }
};

std::vector<std::byte> bytes_of(const Accounts& accounts) {
    Bytes bytes;
    {
        StateEncoder encoder(bytes);
        accounts.encode(encoder);
    }
    return bytes.all;
}

// Alice and Bob, with a hundred each.
struct Bank {
    Accounts accounts{few()};

    Bank() {
        EXPECT_TRUE(accounts.open(alice, OwnerId(10)).has_value());
        EXPECT_TRUE(accounts.open(bob, OwnerId(20)).has_value());
        EXPECT_TRUE(accounts.deposit(alice, money, Amount(100)).has_value());
        EXPECT_TRUE(accounts.deposit(bob, money, Amount(100)).has_value());
    }
    ~Bank() { accounts.check_invariants(); }
    Bank(const Bank&) = delete;
    Bank& operator=(const Bank&) = delete;

    void place(std::uint32_t slot, AccountId account, std::uint64_t client_order,
               std::string_view label = {}) {
        accounts.order(slot) = OpenOrder{.client_order = ClientOrderId(client_order),
                                         .hold_per_lot = Amount(0),
                                         .session = SessionId(1),
                                         .left = 1,
                                         .filled = 0,
                                         .account = account,
                                         .instrument = InstrumentId(0),
                                         .older = 0,
                                         .newer = 0,
                                         .label = 0,
                                         .generation = slot * 100,
                                         .position = 0,
                                         .fee_carry = 0,
                                         .side = protocol::Side::buy,
                                         .is_open = 0,
                                         .reduce_only = 0,
                                         .is_waiting = 0};
        accounts.remember(slot, label);
    }
    [[nodiscard]] std::vector<std::uint32_t> orders_of(AccountId account) const {
        std::vector<std::uint32_t> slots;
        for (std::uint32_t slot = accounts.oldest_order(account); slot != 0;
             slot = accounts.order(slot).newer) {
            slots.push_back(slot);
        }
        return slots;
    }
    // The owner's accounts as the ring goes, from this one round to it again.
    [[nodiscard]] std::set<AccountId> ring_of(AccountId account) const {
        std::set<AccountId> ring;
        while (ring.insert(account).second) {
            account = accounts.next_of_owner(account);
        }
        return ring;
    }
    [[nodiscard]] std::vector<std::byte> bytes() const { return bytes_of(accounts); }
    [[nodiscard]] Hash128 hash() const {
        Xxh3 hash;
        {
            StateEncoder encoder(hash);
            accounts.encode(encoder);
        }
        return hash.digest();
    }
};

using Slots = std::vector<std::uint32_t>;

// ---- Who ----

TEST(Accounts, open_once_below_the_limit_and_never_as_the_operator) {
    Bank bank;
    EXPECT_EQ(bank.accounts.open(alice, OwnerId(10)).error(), Reject::account_exists);
    EXPECT_EQ(bank.accounts.open(operator_account, OwnerId(1)).error(), Reject::account_exists);
    EXPECT_EQ(bank.accounts.open(AccountId(4), OwnerId(1)).error(), Reject::accounts_full);
    EXPECT_TRUE(bank.accounts.open(AccountId(3), OwnerId(10)).has_value());
    EXPECT_EQ(bank.accounts.owner(AccountId(3)), OwnerId(10));
}

TEST(Accounts, exist_once_opened) {
    const Bank bank;
    EXPECT_TRUE(bank.accounts.check_exists(alice).has_value());
    for (const std::uint32_t other : {0U, 3U, 4U, 4'000'000'000U}) {
        EXPECT_EQ(bank.accounts.check_exists(AccountId(other)).error(), Reject::unknown_account);
    }
}

TEST(Accounts, an_owners_accounts_form_a_ring) {
    Bank bank;
    EXPECT_EQ(bank.accounts.next_of_owner(alice), alice);
    EXPECT_TRUE(bank.accounts.open(AccountId(3), OwnerId(10)).has_value());
    EXPECT_EQ(bank.ring_of(alice), (std::set{alice, AccountId(3)}));
    EXPECT_EQ(bank.ring_of(AccountId(3)), (std::set{alice, AccountId(3)}));
    EXPECT_EQ(bank.ring_of(bob), std::set{bob});
}

TEST(Accounts, the_ring_is_the_owners_in_whatever_order_they_were_opened) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Prng prng(seed);
        Limits limits = few();
        limits.accounts = 30;
        Accounts accounts(limits);
        std::map<OwnerId, std::set<AccountId>> owned;
        for (std::uint32_t opened = 0; opened < 40; ++opened) {
            const AccountId account(static_cast<std::uint32_t>(prng.between(1, 29)));
            const OwnerId owner(static_cast<std::uint32_t>(prng.between(1, 5)));
            if (accounts.open(account, owner)) {
                owned[owner].insert(account);
            }
        }
        for (const auto& [owner, expected] : owned) {
            for (const AccountId first : expected) {
                std::set<AccountId> ring = {first};
                for (AccountId at = accounts.next_of_owner(first); at != first;
                     at = accounts.next_of_owner(at)) {
                    ASSERT_TRUE(ring.insert(at).second);
                }
                ASSERT_EQ(ring, expected);
            }
        }
    }
}

TEST(Accounts, each_has_a_state_and_the_venue_an_insurance_fund) {
    Bank bank;
    const Hash128 before = bank.hash();
    EXPECT_EQ(bank.accounts.state(alice), protocol::AccountState::normal);
    bank.accounts.set_state(alice, protocol::AccountState::reduce_only);
    EXPECT_EQ(bank.accounts.state(alice), protocol::AccountState::reduce_only);
    EXPECT_EQ(bank.accounts.state(bob), protocol::AccountState::normal);
    EXPECT_NE(bank.hash(), before);
    bank.accounts.set_state(alice, protocol::AccountState::normal);
    EXPECT_EQ(bank.hash(), before);
    EXPECT_EQ(bank.accounts.insurance(), operator_account);
    bank.accounts.set_insurance(bob);
    EXPECT_EQ(bank.accounts.insurance(), bob);
    EXPECT_NE(bank.hash(), before);
}

// ---- What they own ----

TEST(Accounts, deposits_and_withdrawals_change_one_balance_and_the_net) {
    Bank bank;
    EXPECT_EQ(*bank.accounts.deposit(alice, money, Amount(11)), Amount(111));
    EXPECT_EQ(*bank.accounts.withdraw(alice, money, Amount(41)), Amount(70));
    EXPECT_EQ(bank.accounts.balance(alice, money).total, Amount(70));
    EXPECT_EQ(bank.accounts.balance(alice, coin).total, Amount(0));
    EXPECT_EQ(bank.accounts.balance(bob, money).total, Amount(100));
    EXPECT_EQ(bank.accounts.net_deposits(money), Amount(170));
    EXPECT_EQ(bank.accounts.net_deposits(coin), Amount(0));
}

TEST(Accounts, amounts_are_above_zero) {
    Bank bank;
    for (const std::int64_t amount : {std::int64_t{0}, std::int64_t{-1}, -most - 1}) {
        EXPECT_EQ(bank.accounts.deposit(alice, money, Amount(amount)).error(),
                  Reject::amount_not_positive);
        EXPECT_EQ(bank.accounts.withdraw(alice, money, Amount(amount)).error(),
                  Reject::amount_not_positive);
    }
}

TEST(Accounts, only_those_that_exist_receive_and_pay) {
    Bank bank;
    EXPECT_EQ(bank.accounts.deposit(AccountId(3), money, Amount(1)).error(),
              Reject::unknown_account);
    EXPECT_EQ(bank.accounts.withdraw(AccountId(3), money, Amount(1)).error(),
              Reject::unknown_account);
}

TEST(Accounts, all_deposits_of_an_asset_leave_room_for_what_they_win) {
    Bank bank;
    const std::int64_t bound = deposits_max.value();
    EXPECT_EQ(bank.accounts.deposit(alice, money, Amount(bound - 199)).error(),
              Reject::balance_overflow);
    EXPECT_TRUE(bank.accounts.deposit(alice, money, Amount(bound - 200)).has_value());
    EXPECT_EQ(bank.accounts.deposit(bob, money, Amount(1)).error(), Reject::balance_overflow);
    EXPECT_TRUE(bank.accounts.deposit(bob, coin, Amount(bound)).has_value());
}

TEST(Accounts, nobody_takes_out_more_than_all_paid_in) {
    Bank bank;
    // A balance may fall below zero; what the venue holds may not.
    EXPECT_EQ(*bank.accounts.withdraw(alice, money, Amount(150)), Amount(-50));
    EXPECT_EQ(bank.accounts.net_deposits(money), Amount(50));
    EXPECT_EQ(bank.accounts.withdraw(bob, money, Amount(51)).error(), Reject::venue_short_of_asset);
    EXPECT_EQ(bank.accounts.withdraw(bob, coin, Amount(1)).error(), Reject::venue_short_of_asset);
    EXPECT_EQ(bank.accounts.balance(bob, money).total, Amount(100));
    EXPECT_EQ(*bank.accounts.withdraw(bob, money, Amount(50)), Amount(50));
    EXPECT_EQ(bank.accounts.net_deposits(money), Amount(0));
}

TEST(Accounts, what_is_held_stays_in_the_balance_and_is_counted_beside_it) {
    Bank bank;
    bank.accounts.hold(alice, money, Amount(60));
    bank.accounts.hold(alice, money, Amount(70));
    EXPECT_EQ(bank.accounts.balance(alice, money).held, Amount(130));
    EXPECT_EQ(bank.accounts.balance(alice, money).total, Amount(100));
    bank.accounts.release(alice, money, Amount(20));
    EXPECT_EQ(bank.accounts.balance(alice, money).held, Amount(110));
    EXPECT_EQ(bank.accounts.balance(alice, coin).held, Amount(0));
    EXPECT_EQ(bank.accounts.balance(bob, money).held, Amount(0));
}

TEST(Accounts, a_payment_moves_money_between_two_of_them_and_below_zero_if_need_be) {
    Bank bank;
    bank.accounts.pay(alice, money, Amount(-130));
    bank.accounts.pay(bob, money, Amount(130));
    EXPECT_EQ(bank.accounts.balance(alice, money).total, Amount(-30));
    EXPECT_EQ(bank.accounts.balance(bob, money).total, Amount(230));
    EXPECT_EQ(bank.accounts.net_deposits(money), Amount(200));
}

TEST(Accounts, what_a_session_brought_is_paid_once_when_it_is_settled) {
    Bank bank;
    bank.accounts.book(alice, money, Amount(50));
    bank.accounts.book(alice, money, Amount(-170));
    bank.accounts.book(bob, money, Amount(120));
    EXPECT_EQ(bank.accounts.balance(alice, money).session, Amount(-120));
    EXPECT_EQ(bank.accounts.balance(alice, money).total, Amount(100));
    EXPECT_EQ(bank.accounts.settle(alice, money), Amount(-120));
    EXPECT_EQ(bank.accounts.balance(alice, money).total, Amount(-20));
    EXPECT_EQ(bank.accounts.balance(alice, money).session, Amount(0));
    EXPECT_EQ(bank.accounts.settle(alice, money), Amount(0));
    EXPECT_EQ(bank.accounts.settle(bob, coin), Amount(0));
    EXPECT_EQ(bank.accounts.settle(bob, money), Amount(120));
    EXPECT_EQ(bank.accounts.balance(bob, money).total, Amount(220));
    EXPECT_EQ(bank.accounts.balance(alice, money).total, Amount(-20));
}

TEST(Accounts, holding_less_than_nothing_and_releasing_too_much_is_a_bug) {
    Bank bank;
    bank.accounts.hold(alice, money, Amount(60));
    EXPECT_DEATH(bank.accounts.hold(alice, money, Amount(-1)), "ASSERT");
    EXPECT_DEATH(bank.accounts.release(alice, money, Amount(61)), "held");
    EXPECT_DEATH(bank.accounts.release(alice, money, Amount(-1)), "ASSERT");
}

// ---- Their open orders ----

TEST(Accounts, orders_are_found_by_account_and_client_id) {
    Bank bank;
    bank.place(2, alice, 77);
    bank.place(5, bob, 77);
    EXPECT_EQ(bank.accounts.find(alice, ClientOrderId(77)), OrderId(2, 200));
    EXPECT_EQ(bank.accounts.find(bob, ClientOrderId(77)), OrderId(5, 500));
    EXPECT_EQ(bank.accounts.find(alice, ClientOrderId(78)), std::nullopt);
}

TEST(Accounts, no_order_is_found_by_no_client_id) {
    Bank bank;
    bank.place(1, alice, 0);
    EXPECT_EQ(bank.accounts.find(alice, ClientOrderId(0)), std::nullopt);
    EXPECT_TRUE(bank.accounts.admit_order(alice, ClientOrderId(0), "").has_value());
}

TEST(Accounts, a_client_id_is_taken_until_its_order_is_gone) {
    Bank bank;
    bank.place(1, alice, 9);
    EXPECT_EQ(bank.accounts.admit_order(alice, ClientOrderId(9), "").error(),
              Reject::duplicate_client_order_id);
    EXPECT_TRUE(bank.accounts.admit_order(bob, ClientOrderId(9), "").has_value());
    bank.accounts.close(1, {});
    EXPECT_TRUE(bank.accounts.admit_order(alice, ClientOrderId(9), "").has_value());
    EXPECT_EQ(bank.accounts.find(alice, ClientOrderId(9)), std::nullopt);
}

TEST(Accounts, labels_are_refused_when_full_and_free_again_with_their_orders) {
    Bank bank;
    bank.place(1, alice, 0, "a");
    bank.place(2, alice, 0, "a");
    EXPECT_EQ(bank.accounts.admit_order(bob, ClientOrderId(1), "b").error(), Reject::labels_full);
    EXPECT_TRUE(bank.accounts.admit_order(bob, ClientOrderId(1), "").has_value());
    bank.accounts.close(1, {});
    EXPECT_TRUE(bank.accounts.admit_order(bob, ClientOrderId(1), "b").has_value());
    EXPECT_EQ(bank.accounts.labels().order(bank.accounts.labels().first(alice, "a")), 2U);
}

TEST(Accounts, an_accounts_orders_stand_oldest_first_whichever_goes) {
    Bank bank;
    for (const std::uint32_t slot : {4U, 1U, 6U, 2U}) {
        bank.place(slot, alice, slot);
    }
    bank.place(3, bob, 1);
    EXPECT_EQ(bank.orders_of(alice), (Slots{4, 1, 6, 2}));
    bank.accounts.close(1, {});
    EXPECT_EQ(bank.orders_of(alice), (Slots{4, 6, 2}));
    bank.accounts.close(4, {});
    EXPECT_EQ(bank.orders_of(alice), (Slots{6, 2}));
    bank.accounts.close(2, {});
    EXPECT_EQ(bank.orders_of(alice), (Slots{6}));
    bank.accounts.close(6, {});
    EXPECT_EQ(bank.orders_of(alice), Slots{});
    bank.place(1, alice, 1);
    EXPECT_EQ(bank.orders_of(alice), (Slots{1}));
    EXPECT_EQ(bank.orders_of(bob), (Slots{3}));
}

TEST(Accounts, remembering_a_slot_twice_or_forgetting_none_is_a_bug) {
    Bank bank;
    bank.place(1, alice, 1);
    EXPECT_DEATH(bank.accounts.remember(1, {}), "is_open");
    EXPECT_DEATH(bank.accounts.close(2, {}), "is_open");
}

// ---- State ----

TEST(Accounts, the_hash_depends_on_owners_balances_holds_and_orders) {
    Bank bank;
    const Hash128 before = bank.hash();
    EXPECT_EQ(Bank().hash(), before);
    bank.accounts.hold(alice, money, Amount(1));
    const Hash128 held = bank.hash();
    EXPECT_NE(held, before);
    bank.accounts.release(alice, money, Amount(1));
    EXPECT_EQ(bank.hash(), before);
    bank.place(1, alice, 5, "x");
    const Hash128 placed = bank.hash();
    EXPECT_NE(placed, before);
    Bank other;
    other.place(1, alice, 5, "y");
    EXPECT_NE(other.hash(), placed);
}

TEST(Accounts, the_hash_depends_on_what_is_not_settled_and_on_what_orders_carry) {
    Bank bank;
    const Hash128 before = bank.hash();
    bank.accounts.book(bob, money, Amount(-1));
    EXPECT_NE(bank.hash(), before);
    bank.accounts.book(bob, money, Amount(1));
    EXPECT_EQ(bank.hash(), before);
    bank.place(1, alice, 5);
    std::set<Hash128> seen = {before, bank.hash()};
    bank.accounts.order(1).fee_carry = fee_carry_end - 1;
    EXPECT_TRUE(seen.insert(bank.hash()).second);
    bank.accounts.order(1).reduce_only = 1;
    EXPECT_TRUE(seen.insert(bank.hash()).second);
    bank.accounts.order(1).hold_per_lot = Amount(3);
    EXPECT_TRUE(seen.insert(bank.hash()).second);
}

TEST(Accounts, restored_under_other_limits_they_are_the_same) {
    Bank bank;
    EXPECT_TRUE(bank.accounts.open(AccountId(3), OwnerId(10)).has_value());
    bank.accounts.set_state(AccountId(3), protocol::AccountState::in_liquidation);
    bank.accounts.set_insurance(bob);
    bank.accounts.pay(alice, money, Amount(-130));
    bank.accounts.pay(operator_account, money, Amount(130));
    bank.accounts.book(alice, coin, Amount(-7));
    bank.accounts.hold(bob, money, Amount(9));
    bank.place(2, alice, 77, "label");
    bank.accounts.order(2).fee_carry = fee_carry_end - 1;
    bank.accounts.order(2).reduce_only = 1;
    bank.place(1, bob, 1);
    bank.accounts.close(1, {.state = protocol::OrderState::canceled, .reason = {}});
    const std::vector<std::byte> bytes = bank.bytes();
    Limits more = few();
    more.accounts = 9;
    more.assets = 5;
    more.orders = 20;
    Accounts read(more);
    StateDecoder decoder(bytes);
    read.decode(decoder);
    EXPECT_EQ(decoder.fault(), "");
    EXPECT_TRUE(decoder.is_at_end());
    EXPECT_EQ(bytes_of(read), bytes);
    EXPECT_EQ(read.state(AccountId(3)), protocol::AccountState::in_liquidation);
    EXPECT_EQ(read.insurance(), bob);
    EXPECT_EQ(read.next_of_owner(alice), AccountId(3));
    EXPECT_EQ(read.balance(alice, money).total, Amount(-30));
    EXPECT_EQ(read.balance(alice, coin).session, Amount(-7));
    EXPECT_EQ(read.net_deposits(money), Amount(200));
    EXPECT_EQ(read.order(2).fee_carry, fee_carry_end - 1);
    EXPECT_EQ(read.order(2).reduce_only, 1);
    EXPECT_EQ(read.find(alice, ClientOrderId(77)), OrderId(2, 200));
}

TEST(Accounts, an_order_that_carries_a_whole_unit_or_more_is_not_restored) {
    Bank bank;
    bank.place(1, alice, 5);
    bank.accounts.order(1).fee_carry = fee_carry_end;
    const std::vector<std::byte> bytes = bank.bytes();
    Accounts read(few());
    StateDecoder decoder(bytes);
    read.decode(decoder);
    EXPECT_NE(decoder.fault(), "");
    bank.accounts.order(1).fee_carry = 0;
}

TEST(Accounts, the_hash_depends_on_how_orders_ended_and_in_which_order) {
    const auto played = [](std::uint32_t first, std::uint32_t second, Ending ending) {
        Bank bank;
        bank.place(1, alice, 5);
        bank.place(2, alice, 6);
        bank.accounts.close(first, ending);
        bank.accounts.close(second, {});
        return bank.hash();
    };
    const Hash128 hash = played(1, 2, {});
    EXPECT_EQ(hash, played(1, 2, {}));
    EXPECT_NE(hash, Bank().hash());
    EXPECT_NE(hash, played(2, 1, {}));
    EXPECT_NE(hash, played(1, 2, {.state = protocol::OrderState::canceled}));
    EXPECT_NE(hash, played(1, 2, {.reason = protocol::RemovalReason::expired}));
}

TEST(Accounts, where_in_its_ring_a_closed_order_lies_is_no_state) {
    // Both banks close the same last orders; one has closed another before.
    Bank shorter;
    Bank longer;
    longer.place(6, alice, 99);
    longer.accounts.close(6, {});
    for (const std::uint32_t slot : {1U, 2U, 3U}) {
        for (Bank* bank : {&shorter, &longer}) {
            bank->place(slot, alice, slot);
            bank->accounts.close(slot, {});
        }
    }
    EXPECT_EQ(shorter.hash(), longer.hash());
}

// ---- Closed orders ----

TEST(Accounts, the_last_closed_orders_are_found_by_their_client_id) {
    Bank bank;
    bank.place(1, alice, 5);
    EXPECT_EQ(bank.accounts.find_closed(alice, ClientOrderId(5)), nullptr);
    bank.accounts.order(1).filled = 7;
    bank.accounts.close(
        1, {.state = protocol::OrderState::canceled, .reason = protocol::RemovalReason::expired});
    const ClosedOrder* closed = bank.accounts.find_closed(alice, ClientOrderId(5));
    ASSERT_NE(closed, nullptr);
    EXPECT_EQ(closed->id, OrderId(1, 100));
    EXPECT_EQ(closed->filled, 7U);
    EXPECT_EQ(closed->ending.state, protocol::OrderState::canceled);
    EXPECT_EQ(closed->ending.reason, protocol::RemovalReason::expired);
    EXPECT_EQ(bank.accounts.find_closed(bob, ClientOrderId(5)), nullptr);
    EXPECT_EQ(bank.accounts.find_closed(alice, ClientOrderId(0)), nullptr);
    // Of several, the one closed last; and three are known in all.
    bank.place(2, alice, 5);
    bank.accounts.close(2, {});
    EXPECT_EQ(bank.accounts.find_closed(alice, ClientOrderId(5))->id, OrderId(2, 200));
    for (const std::uint32_t slot : {3U, 4U}) {
        bank.place(slot, alice, slot);
        bank.accounts.close(slot, {});
    }
    EXPECT_EQ(bank.accounts.find_closed(alice, ClientOrderId(5))->id, OrderId(2, 200));
    bank.place(6, alice, 0);
    bank.accounts.close(6, {});
    EXPECT_EQ(bank.accounts.find_closed(alice, ClientOrderId(5)), nullptr);
}

}  // namespace
}  // namespace miletus::accounts
