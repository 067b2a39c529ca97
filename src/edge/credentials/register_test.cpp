// Users and keys: what may be changed, and that bytes give back what was written.
#include "edge/credentials/example_test.hpp"

#include <gtest/gtest.h>

namespace miletus::credentials {
namespace {

TEST(Register, bytes_give_back_what_was_written) {
    const Example example;
    const auto read = Register::decode(example.content.encode());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->encode(), example.content.encode());
    ASSERT_EQ(read->keys().size(), 3U);
    const Key& key = *read->key(example.bobs);
    EXPECT_EQ(key.client_id, example.id(example.bobs));
    EXPECT_EQ(key.secret.view(), example.secret(example.bobs));
    EXPECT_EQ(key.addresses, std::vector{IpRange::parse("10.0.0.0/8").value()});
    EXPECT_EQ(key.most.text(), "trade:read_write");
    EXPECT_EQ(key.created, noon);
}

TEST(Register, bytes_that_are_cut_short_or_go_on_are_refused) {
    const std::vector<std::byte> bytes = Example().content.encode();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(Register::decode(std::span(bytes).first(size))) << size;
    }
    std::vector<std::byte> longer = bytes;
    longer.push_back(std::byte{0});
    EXPECT_FALSE(Register::decode(longer));
}

TEST(Register, a_flipped_bit_gives_a_sound_register_or_none) {
    const std::vector<std::byte> bytes = Example().content.encode();
    for (std::size_t place = 0; place < bytes.size(); ++place) {
        std::vector<std::byte> flipped = bytes;
        flipped[place] ^= std::byte{4};
        const auto read = Register::decode(flipped);
        EXPECT_TRUE(!read || read->encode() == flipped) << place;
    }
}

TEST(Register, an_account_is_of_one_user) {
    Example example;
    EXPECT_EQ(
        example.content.add_user({.name = "eve", .owner = OwnerId(3), .accounts = {AccountId(8)}})
            .error(),
        "account 8 is alice's already");
    EXPECT_EQ(example.content.user_named("eve"), nullptr);
    EXPECT_FALSE(example.content.add_account(example.bob, AccountId(0)));
    EXPECT_TRUE(example.content.add_account(example.bob, AccountId(10)));
    EXPECT_TRUE(example.content.user(example.bob)->is_main(AccountId(9)));
}

TEST(Register, names_are_plain_and_of_one_user) {
    Example example;
    for (const std::string_view name :
         {"alice", "", "a b", "a\n", "ä", "a_name_of_more_letters_than_there_may_be"}) {
        EXPECT_FALSE(example.content.add_user(
            {.name = std::string(name), .owner = OwnerId(3), .accounts = {AccountId(10)}}))
            << name;
    }
    EXPECT_EQ(example.content.users().size(), 2U);
}

TEST(Register, a_key_acts_for_an_account_of_its_user) {
    Example example;
    EXPECT_EQ(example.content
                  .add_key({.user = example.bob,
                            .account = AccountId(7),
                            .name = "",
                            .most = {},
                            .addresses = {},
                            .created = noon})
                  .error(),
              "account 7 is not bob's");
}

TEST(Register, numbers_of_removed_keys_come_never_again) {
    Example example;
    EXPECT_TRUE(example.content.remove(example.bobs));
    EXPECT_FALSE(example.content.remove(example.bobs));
    Register read = example.copy();
    const Change<KeyId> next = read.add_key({.user = example.bob,
                                             .account = AccountId(9),
                                             .name = "",
                                             .most = {},
                                             .addresses = {},
                                             .created = noon});
    EXPECT_GT(next.value(), example.bobs);
}

TEST(Register, secrets_and_ids_are_new_each_time) {
    Example example;
    const std::string before = example.secret(example.main);
    EXPECT_EQ(before.size(), 43U);
    EXPECT_EQ(example.id(example.main).size(), 10U);
    EXPECT_NE(before, example.secret(example.sub));
    EXPECT_NE(example.id(example.main), example.id(example.sub));
    EXPECT_TRUE(example.content.reset_secret(example.main));
    EXPECT_NE(before, example.secret(example.main));
}

}  // namespace
}  // namespace miletus::credentials
