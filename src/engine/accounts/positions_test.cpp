// The table of positions against a plain list: what each account holds, by age; open interest and
// counts; and bytes that do not know of slots.
#include "base/byte_sink.hpp"
#include "base/prng.hpp"
#include "engine/accounts/accounts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::accounts {
namespace {

constexpr AccountId alice{1};
constexpr AccountId bob{2};
constexpr InstrumentId gold{0};
constexpr InstrumentId silver{1};
constexpr InstrumentId tin{2};

Limits few(std::uint32_t positions = 4) {
    Limits limits;
    limits.accounts = 5;
    limits.instruments = 4;
    limits.positions = positions;
    return limits;
}

using Ids = std::vector<InstrumentId>;

Ids held_by(const Positions& positions, AccountId account) {
    Ids instruments;
    positions.visit(account,
                    [&](const Position& position) { instruments.push_back(position.instrument); });
    return instruments;
}

// A position that stands, though nobody holds lots of it yet.
std::uint32_t add_waiting(Positions& positions, AccountId account, InstrumentId instrument) {
    const std::uint32_t slot = positions.add(account, instrument);
    positions.at(slot).orders = 1;
    return slot;
}

void drop(Positions& positions, std::uint32_t slot) {
    positions.at(slot).orders = 0;
    positions.set_lots(slot, Lots(0));
    positions.at(slot).cost = Amount(0);
    positions.remove(slot);
}

struct Bytes final : ByteSink {
    std::vector<std::byte> all;
    void update(std::span<const std::byte> added) override {
        all.insert(all.end(), added.begin(), added.end());
    }
};

std::vector<std::byte> bytes_of(const Positions& positions) {
    Bytes bytes;
    {
        StateEncoder encoder(bytes);
        positions.encode(encoder);
    }
    return bytes.all;
}

// Accounts and instruments below these numbers are known, and whatever is said of them can be.
std::string restore(Positions& positions, std::span<const std::byte> bytes) {
    StateDecoder decoder(bytes);
    positions.decode(
        decoder,
        [](AccountId account, InstrumentId instrument) {
            return account < AccountId(5) && instrument < InstrumentId(4);
        },
        [](const Position& position) {
            const bool is_kept = position.is_held() || position.orders != 0;
            return is_kept ? std::string_view() : "nothing keeps a position";
        });
    decoder.require(decoder.is_at_end(), "bytes are left over");
    return std::string(decoder.fault());
}

TEST(Positions, are_found_by_account_and_instrument) {
    Positions positions(few());
    EXPECT_EQ(positions.find(alice, gold), 0U);
    const std::uint32_t first = add_waiting(positions, alice, gold);
    const std::uint32_t second = add_waiting(positions, bob, gold);
    EXPECT_EQ(positions.find(alice, gold), first);
    EXPECT_EQ(positions.find(bob, gold), second);
    EXPECT_EQ(positions.find(alice, silver), 0U);
    EXPECT_EQ(positions[0].lots, Lots(0));
    drop(positions, first);
    EXPECT_EQ(positions.find(alice, gold), 0U);
    EXPECT_EQ(positions.find(bob, gold), second);
}

TEST(Positions, of_an_account_stand_oldest_first_whichever_goes) {
    Positions positions(few());
    const std::uint32_t first = add_waiting(positions, alice, tin);
    const std::uint32_t second = add_waiting(positions, alice, gold);
    const std::uint32_t third = add_waiting(positions, alice, silver);
    add_waiting(positions, bob, gold);
    EXPECT_EQ(held_by(positions, alice), (Ids{tin, gold, silver}));
    drop(positions, second);
    EXPECT_EQ(held_by(positions, alice), (Ids{tin, silver}));
    drop(positions, first);
    EXPECT_EQ(held_by(positions, alice), (Ids{silver}));
    add_waiting(positions, alice, tin);
    EXPECT_EQ(held_by(positions, alice), (Ids{silver, tin}));
    drop(positions, third);
    EXPECT_EQ(held_by(positions, alice), (Ids{tin}));
    EXPECT_EQ(held_by(positions, bob), (Ids{gold}));
}

TEST(Positions, are_as_many_as_there_is_room_for) {
    Positions positions(few(2));
    const std::uint32_t first = add_waiting(positions, alice, gold);
    EXPECT_FALSE(positions.is_full());
    add_waiting(positions, alice, silver);
    EXPECT_TRUE(positions.is_full());
    drop(positions, first);
    EXPECT_FALSE(positions.is_full());
    add_waiting(positions, bob, tin);
    EXPECT_TRUE(positions.is_full());
}

TEST(Positions, one_in_a_used_slot_starts_empty) {
    Positions positions(few(1));
    const std::uint32_t slot = add_waiting(positions, alice, gold);
    positions.set_lots(slot, Lots(3));
    positions.at(slot).cost = Amount(5);
    positions.at(slot).funding = LotValue(7);
    positions.at(slot).open = {Lots(1), Lots(2)};
    drop(positions, slot);
    const Position& next = positions[positions.add(bob, silver)];
    EXPECT_EQ(next.lots, Lots(0));
    EXPECT_EQ(next.cost, Amount(0));
    EXPECT_EQ(next.funding, LotValue(0));
    EXPECT_EQ(next.open[0], Lots(0));
    EXPECT_EQ(next.open[1], Lots(0));
    EXPECT_EQ(next.orders, 0U);
}

TEST(Positions, the_open_interest_is_what_longs_hold) {
    Positions positions(few());
    const std::uint32_t one = add_waiting(positions, alice, gold);
    const std::uint32_t other = add_waiting(positions, bob, gold);
    const auto turn = [&](std::int64_t lots, std::int64_t interest) {
        positions.set_lots(one, Lots(lots));
        positions.set_lots(other, Lots(-lots));
        EXPECT_EQ(positions.open_interest(gold), Lots(interest));
    };
    turn(5, 5);
    turn(2, 2);
    turn(-4, 4);
    turn(0, 0);
    EXPECT_EQ(positions.open_interest(silver), Lots(0));
}

TEST(Positions, those_that_only_orders_keep_are_counted) {
    Positions positions(few());
    const std::uint32_t slot = add_waiting(positions, alice, gold);
    EXPECT_EQ(positions.count_of(gold), 1U);
    EXPECT_EQ(positions.count_of(silver), 0U);
    drop(positions, slot);
    EXPECT_EQ(positions.count_of(gold), 0U);
}

TEST(Positions, all_slots_can_be_walked_while_positions_go) {
    Positions positions(few(6));
    for (const InstrumentId instrument : {gold, silver, tin}) {
        add_waiting(positions, alice, instrument);
        add_waiting(positions, bob, instrument);
    }
    std::uint32_t seen = 0;
    for (std::uint32_t slot = 1; slot <= positions.slots_used(); ++slot) {
        // One that went already is nobody's.
        if (positions[slot].account != AccountId(0)) {
            ++seen;
            const bool is_gold = positions[slot].instrument == gold;
            drop(positions, slot);
            if (is_gold && positions.find(bob, tin) != 0) {
                drop(positions, positions.find(bob, tin));
            }
        }
    }
    EXPECT_EQ(seen, 5U);
    EXPECT_EQ(held_by(positions, alice), Ids{});
    EXPECT_EQ(held_by(positions, bob), Ids{});
    positions.check_invariants();
}

TEST(Positions, the_worst_that_orders_can_make_of_one_is_the_larger_of_both_ways) {
    Positions positions(few());
    const std::uint32_t slot = positions.add(alice, gold);
    Position& position = positions.at(slot);
    positions.set_lots(slot, Lots(3));
    position.open = {Lots(4), Lots(9)};
    EXPECT_EQ(positions.worst(slot), Lots(7));
    position.open[1] = Lots(11);
    EXPECT_EQ(positions.worst(slot), Lots(8));
    EXPECT_EQ(positions.worst_with(slot, protocol::Side::sell, Lots(2)), Lots(10));
    positions.set_lots(slot, Lots(-3));
    position.open = {Lots(20), Lots(0)};
    EXPECT_EQ(positions.worst(slot), Lots(17));
    position.open = {Lots(4), Lots(0)};
    EXPECT_EQ(positions.worst(slot), Lots(3));
    EXPECT_EQ(positions.worst_with(slot, protocol::Side::buy, Lots(4)), Lots(5));
}

TEST(Positions, orders_that_only_reduce_are_open_for_no_more_than_is_held) {
    Positions positions(few());
    const std::uint32_t slot = positions.add(alice, gold);
    positions.set_lots(slot, Lots(5));
    positions.change_open(slot, protocol::Side::sell, Lots(2), false);
    positions.change_open(slot, protocol::Side::sell, Lots(4), true);
    EXPECT_EQ(positions.open(slot, protocol::Side::sell), Lots(6));
    EXPECT_EQ(positions.growth(slot, protocol::Side::sell, Lots(4)), Lots(1));
    positions.change_open(slot, protocol::Side::sell, Lots(4), true);
    EXPECT_EQ(positions.reducing(slot, protocol::Side::sell), Lots(8));
    EXPECT_EQ(positions.open(slot, protocol::Side::sell), Lots(7));
    EXPECT_EQ(positions.worst(slot), Lots(5));
    EXPECT_EQ(positions.growth(slot, protocol::Side::sell, Lots(-4)), Lots(-1));
    positions.set_lots(slot, Lots(0));
    EXPECT_EQ(positions.open(slot, protocol::Side::sell), Lots(2));
    positions.set_lots(slot, Lots(-5));
    EXPECT_EQ(positions.open(slot, protocol::Side::sell), Lots(2));
    EXPECT_EQ(positions.worst(slot), Lots(7));
    positions.change_open(slot, protocol::Side::sell, Lots(-8), true);
    EXPECT_EQ(positions.reducing(slot, protocol::Side::sell), Lots(0));
    EXPECT_FALSE(positions[slot].has_reducing);
}

TEST(Positions, removing_one_that_is_held_or_waited_for_is_a_bug) {
    Positions positions(few());
    const std::uint32_t slot = add_waiting(positions, alice, gold);
    EXPECT_DEATH(positions.remove(slot), "orders");
    positions.at(slot).orders = 0;
    positions.set_lots(slot, Lots(-1));
    EXPECT_DEATH(positions.remove(slot), "is_held");
}

// ---- Against a plain list ----

struct Plain {
    AccountId account;
    InstrumentId instrument;
    std::int64_t lots = 0;
};

TEST(Positions, any_stream_leaves_what_a_plain_list_holds) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Prng prng(seed);
        Positions positions(few(8));
        std::vector<Plain> list;
        for (std::uint32_t at = 0; at < 1000; ++at) {
            const AccountId account(static_cast<std::uint32_t>(prng.between(1, 4)));
            const InstrumentId instrument(static_cast<std::uint32_t>(prng.below(4)));
            const auto found = std::ranges::find_if(list, [&](const Plain& plain) {
                return plain.account == account && plain.instrument == instrument;
            });
            const std::uint32_t slot = positions.find(account, instrument);
            ASSERT_EQ(slot != 0, found != list.end());
            ASSERT_EQ(positions.is_full(), list.size() == 8);
            if (slot == 0 && list.size() < 8) {
                add_waiting(positions, account, instrument);
                list.push_back({.account = account, .instrument = instrument});
            } else if (slot != 0 && prng.one_in(3)) {
                drop(positions, slot);
                list.erase(found);
            } else if (slot != 0) {
                found->lots = prng.between(-5, 5);
                positions.set_lots(slot, Lots(found->lots));
            }
            positions.check_invariants();
            for (std::uint32_t each = 0; each < 4; ++each) {
                std::int64_t longs = 0;
                std::uint32_t count = 0;
                Ids of_account;
                for (const Plain& plain : list) {
                    const bool is_of_it = plain.instrument == InstrumentId(each);
                    longs += is_of_it ? std::max<std::int64_t>(plain.lots, 0) : 0;
                    count += is_of_it ? 1U : 0U;
                    if (plain.account == AccountId(each + 1)) {
                        of_account.push_back(plain.instrument);
                    }
                }
                ASSERT_EQ(positions.open_interest(InstrumentId(each)), Lots(longs));
                ASSERT_EQ(positions.count_of(InstrumentId(each)), count);
                ASSERT_EQ(held_by(positions, AccountId(each + 1)), of_account);
            }
        }
    }
}

// ---- State ----

TEST(Positions, restored_under_other_limits_they_are_the_same_whatever_slots_they_had) {
    Positions written(few());
    const std::uint32_t gone = add_waiting(written, alice, tin);
    const std::uint32_t of_bob = add_waiting(written, bob, gold);
    const std::uint32_t of_alice = add_waiting(written, alice, gold);
    drop(written, gone);
    add_waiting(written, alice, silver);
    written.set_lots(of_bob, Lots(6));
    written.set_lots(of_alice, Lots(-6));
    written.at(of_bob).cost = Amount(-11);
    written.at(of_bob).funding = LotValue(-12);
    written.at(of_bob).open = {Lots(13), Lots(14)};
    const std::vector<std::byte> bytes = bytes_of(written);
    Positions read(few(30));
    EXPECT_EQ(restore(read, bytes), "");
    EXPECT_EQ(bytes_of(read), bytes);
    read.check_invariants();
    EXPECT_EQ(read.open_interest(gold), Lots(6));
    EXPECT_EQ(read.count_of(gold), 2U);
    EXPECT_EQ(held_by(read, alice), (Ids{gold, silver}));
    const Position& position = read[read.find(bob, gold)];
    EXPECT_EQ(position.cost, Amount(-11));
    EXPECT_EQ(position.funding, LotValue(-12));
    EXPECT_EQ(position.open[1], Lots(14));
    Positions small(few(2));
    EXPECT_EQ(restore(small, bytes), "limits.positions is too small");
}

TEST(Positions, what_cannot_be_is_not_restored) {
    const auto fault = [](const std::vector<std::byte>& bytes) {
        Positions read(few());
        return restore(read, bytes);
    };
    Positions unknown(few());
    add_waiting(unknown, alice, gold);
    std::vector<std::byte> bytes = bytes_of(unknown);
    constexpr std::size_t instrument_at = 8;  // behind the count and the account
    bytes[instrument_at] = std::byte{4};
    EXPECT_EQ(fault(bytes), "a position is of nobody, or in nothing");
    Positions empty(few());
    empty.add(alice, gold);
    EXPECT_EQ(fault(bytes_of(empty)), "nothing keeps a position");
    Positions two(few());
    add_waiting(two, alice, gold);
    add_waiting(two, alice, silver);
    bytes = bytes_of(two);
    constexpr std::size_t size = 4 + 4 + 8 + 8 + 8 + 8 + 8 + 4;
    bytes[instrument_at + size] = bytes[instrument_at];
    EXPECT_EQ(fault(bytes), "there are two of one position");
    bytes = bytes_of(two);
    bytes[4] = std::byte{2};
    EXPECT_EQ(fault(bytes), "positions are not in order");
    bytes.pop_back();
    EXPECT_NE(fault(bytes), "");
}

}  // namespace
}  // namespace miletus::accounts
