// Labels: chains of equal ones stand oldest first, whichever link is taken out; an equal digest is
// not yet an equal text.
#include "engine/accounts/labels.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::accounts {
namespace {

constexpr AccountId alice{1};
constexpr AccountId bob{2};

Limits limits_of(std::uint32_t count) {
    Limits limits;
    limits.labels = count;
    return limits;
}

// The orders of a label, oldest first.
std::vector<std::uint32_t> orders_of(const Labels& labels, AccountId account,
                                     std::string_view text) {
    std::vector<std::uint32_t> orders;
    for (std::uint32_t at = labels.first(account, text); at != 0; at = labels.younger(at)) {
        orders.push_back(labels.order(at));
    }
    return orders;
}

using Orders = std::vector<std::uint32_t>;

TEST(Labels, are_found_by_account_and_text) {
    Labels labels(limits_of(4));
    const std::uint32_t label = labels.add(alice, "one", 7);
    EXPECT_EQ(labels.first(alice, "one"), label);
    EXPECT_EQ(labels.text(label), "one");
    EXPECT_EQ(labels.order(label), 7U);
    EXPECT_EQ(labels.first(bob, "one"), 0U);
    EXPECT_EQ(labels.first(alice, "on"), 0U);
    EXPECT_EQ(labels.first(alice, "one "), 0U);
}

TEST(Labels, equal_ones_stand_oldest_first) {
    Labels labels(limits_of(4));
    labels.add(alice, "x", 5);
    labels.add(bob, "x", 6);
    labels.add(alice, "x", 3);
    labels.add(alice, "x", 9);
    EXPECT_EQ(orders_of(labels, alice, "x"), (Orders{5, 3, 9}));
    EXPECT_EQ(orders_of(labels, bob, "x"), (Orders{6}));
}

TEST(Labels, a_chain_holds_when_its_oldest_goes) {
    Labels labels(limits_of(4));
    const std::uint32_t oldest = labels.add(alice, "x", 1);
    labels.add(alice, "x", 2);
    labels.add(alice, "x", 3);
    labels.remove(oldest);
    EXPECT_EQ(orders_of(labels, alice, "x"), (Orders{2, 3}));
    labels.add(alice, "x", 4);
    EXPECT_EQ(orders_of(labels, alice, "x"), (Orders{2, 3, 4}));
}

TEST(Labels, a_chain_holds_when_one_of_the_middle_goes) {
    Labels labels(limits_of(4));
    labels.add(alice, "x", 1);
    const std::uint32_t middle = labels.add(alice, "x", 2);
    labels.add(alice, "x", 3);
    labels.remove(middle);
    EXPECT_EQ(orders_of(labels, alice, "x"), (Orders{1, 3}));
    labels.add(alice, "x", 4);
    EXPECT_EQ(orders_of(labels, alice, "x"), (Orders{1, 3, 4}));
}

TEST(Labels, a_chain_holds_when_its_youngest_goes) {
    Labels labels(limits_of(4));
    labels.add(alice, "x", 1);
    labels.add(alice, "x", 2);
    const std::uint32_t youngest = labels.add(alice, "x", 3);
    labels.remove(youngest);
    EXPECT_EQ(orders_of(labels, alice, "x"), (Orders{1, 2}));
    labels.add(alice, "x", 4);
    EXPECT_EQ(orders_of(labels, alice, "x"), (Orders{1, 2, 4}));
}

TEST(Labels, a_chain_that_is_gone_can_begin_again) {
    Labels labels(limits_of(2));
    labels.remove(labels.add(alice, "x", 1));
    EXPECT_EQ(orders_of(labels, alice, "x"), Orders{});
    labels.add(alice, "x", 2);
    EXPECT_EQ(orders_of(labels, alice, "x"), (Orders{2}));
}

TEST(Labels, are_full_at_their_bound_and_not_after_one_went) {
    Labels labels(limits_of(2));
    labels.add(alice, "x", 1);
    EXPECT_FALSE(labels.is_full());
    const std::uint32_t last = labels.add(bob, "y", 2);
    EXPECT_TRUE(labels.is_full());
    labels.remove(last);
    EXPECT_FALSE(labels.is_full());
}

TEST(Labels, the_longest_text_is_kept_whole_and_a_reused_slot_shows_nothing_of_it) {
    Labels labels(limits_of(1));
    const std::string longest(label_size_max, 'z');
    labels.remove(labels.add(alice, longest, 1));
    const std::uint32_t label = labels.add(alice, "zz", 2);
    EXPECT_EQ(labels.text(label), "zz");
    EXPECT_EQ(labels.first(alice, longest), 0U);
    EXPECT_EQ(labels.first(alice, "zz"), label);
}

// The index keeps 32 bits of a digest; among this many texts some pairs share theirs.
TEST(Labels, texts_whose_digests_look_equal_are_told_apart) {
    constexpr std::uint32_t count = 200'000;
    Labels labels(limits_of(count));
    for (std::uint32_t at = 1; at <= count; ++at) {
        labels.add(alice, "label " + std::to_string(at), at);
    }
    for (std::uint32_t at = 1; at <= count; ++at) {
        ASSERT_EQ(orders_of(labels, alice, "label " + std::to_string(at)), (Orders{at}));
    }
}

TEST(Labels, any_stream_keeps_every_chain_as_a_plain_list_would) {
    struct Kept {
        AccountId account;
        std::string_view text;
        std::uint32_t order;
        std::uint32_t label;
    };
    constexpr std::array<std::string_view, 3> texts = {"a", "b", "ab"};
    Prng prng(3);
    Labels labels(limits_of(12));
    std::vector<Kept> kept;
    for (std::uint32_t at = 1; at < 20'000; ++at) {
        if (prng.one_in(2) && !labels.is_full()) {
            const AccountId account(static_cast<std::uint32_t>(1 + prng.below(2)));
            const std::string_view text = texts[prng.below(texts.size())];
            kept.push_back({account, text, at, labels.add(account, text, at)});
        } else if (!kept.empty()) {
            const auto gone = kept.begin() + prng.between(0, std::ssize(kept) - 1);
            labels.remove(gone->label);
            kept.erase(gone);
        }
        for (const AccountId account : {alice, bob}) {
            for (const std::string_view text : texts) {
                Orders expected;
                for (const Kept& one : kept) {
                    if (one.account == account && one.text == text) {
                        expected.push_back(one.order);
                    }
                }
                ASSERT_EQ(orders_of(labels, account, text), expected);
            }
        }
    }
}

}  // namespace
}  // namespace miletus::accounts
