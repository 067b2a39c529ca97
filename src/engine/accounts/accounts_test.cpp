// Accounts: who exists, what they own and hold, and how their open orders are found.
#include "engine/accounts/accounts.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
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
    limits.orders = 6;
    limits.labels = 2;
    limits.closed_orders_per_account = 3;
    return limits;
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
        accounts.order(slot) = {.client_order = ClientOrderId(client_order),
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
                                .side = protocol::Side::buy,
                                .is_open = 0};
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

TEST(Accounts, all_deposits_of_an_asset_fit_one_integer) {
    Bank bank;
    EXPECT_EQ(bank.accounts.deposit(alice, money, Amount(most - 199)).error(),
              Reject::balance_overflow);
    EXPECT_TRUE(bank.accounts.deposit(alice, money, Amount(most - 200)).has_value());
    EXPECT_EQ(bank.accounts.deposit(bob, money, Amount(1)).error(), Reject::balance_overflow);
    EXPECT_TRUE(bank.accounts.deposit(bob, coin, Amount(most)).has_value());
}

TEST(Accounts, what_is_held_cannot_be_withdrawn_until_it_is_released) {
    Bank bank;
    bank.accounts.hold(alice, money, Amount(60));
    EXPECT_EQ(bank.accounts.balance(alice, money).available(), Amount(40));
    EXPECT_EQ(bank.accounts.withdraw(alice, money, Amount(41)).error(),
              Reject::insufficient_balance);
    bank.accounts.release(alice, money, Amount(20));
    EXPECT_EQ(*bank.accounts.withdraw(alice, money, Amount(60)), Amount(40));
    EXPECT_EQ(bank.accounts.balance(alice, money).available(), Amount(0));
}

TEST(Accounts, a_payment_moves_money_between_two_of_them) {
    Bank bank;
    bank.accounts.pay(alice, money, Amount(-30));
    bank.accounts.pay(bob, money, Amount(30));
    EXPECT_EQ(bank.accounts.balance(alice, money).total, Amount(70));
    EXPECT_EQ(bank.accounts.balance(bob, money).total, Amount(130));
}

TEST(Accounts, holding_releasing_and_paying_too_much_is_a_bug) {
    Bank bank;
    bank.accounts.hold(alice, money, Amount(60));
    EXPECT_DEATH(bank.accounts.hold(alice, money, Amount(41)), "available");
    EXPECT_DEATH(bank.accounts.release(alice, money, Amount(61)), "held");
    EXPECT_DEATH(bank.accounts.pay(alice, money, Amount(-41)), "held");
}

TEST(Accounts, money_from_nowhere_breaks_an_invariant) {
    Bank bank;
    EXPECT_DEATH(
        {
            bank.accounts.pay(alice, money, Amount(1));
            bank.accounts.check_invariants();
        },
        "net_deposits");
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
