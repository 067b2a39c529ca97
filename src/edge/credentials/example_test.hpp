// A register with two users and some keys, for the tests of this folder.
#pragma once

#include "edge/credentials/credentials.hpp"

#include <string>
#include <vector>

namespace miletus::credentials {

constexpr UnixNanos noon{1'767'225'600'000'000'000};
constexpr Nanos second{1'000'000'000};

inline IpAddress address(std::string_view text) {
    const std::optional<IpAddress> parsed = IpAddress::parse(text);
    return parsed.has_value() ? *parsed : IpAddress();
}

struct Example {
    Register content;
    UserId alice;
    UserId bob;
    KeyId main;  // Alice's account 7, everything
    KeyId sub;   // Alice's account 8, reads account and trade
    KeyId bobs;  // account 9, from 10.0.0.0/8 only

    Example() {
        alice = *content.add_user(
            {.name = "alice", .owner = OwnerId(1), .accounts = {AccountId(7), AccountId(8)}});
        bob = *content.add_user({.name = "bob", .owner = OwnerId(2), .accounts = {AccountId(9)}});
        main = *content.add_key({.user = alice,
                                 .account = AccountId(7),
                                 .name = "main",
                                 .most = Scopes::all(Access::read_write),
                                 .addresses = {},
                                 .created = noon});
        sub = *content.add_key({.user = alice,
                                .account = AccountId(8),
                                .name = "",
                                .most = *parse_maximum("account:read trade:read"),
                                .addresses = {},
                                .created = noon});
        bobs = *content.add_key({.user = bob,
                                 .account = AccountId(9),
                                 .name = "bot",
                                 .most = *parse_maximum("trade:read_write"),
                                 .addresses = {*IpRange::parse("10.0.0.0/8")},
                                 .created = noon});
    }
    [[nodiscard]] const Key& key(KeyId id) const { return *content.key(id); }
    [[nodiscard]] std::string id(KeyId id) const { return key(id).client_id; }
    [[nodiscard]] std::string secret(KeyId id) const { return std::string(key(id).secret.view()); }
    [[nodiscard]] Register copy() const { return *Register::decode(content.encode()); }
};

}  // namespace miletus::credentials
