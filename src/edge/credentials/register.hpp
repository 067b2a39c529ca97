// Register: who the clients are. Users have accounts of the engine, the first of them their main
// one; API keys act for one account each. It is what the sealed file holds, and a plain value:
// changed by an operator, read by the keyring.
#pragma once

#include "base/units.hpp"
#include "edge/credentials/addresses.hpp"
#include "edge/credentials/scopes.hpp"
#include "edge/credentials/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::credentials {

using UserId = Id<struct UserTag, std::uint32_t>;
// Never given twice, also after a key was removed.
using KeyId = Id<struct KeyTag, std::uint32_t>;

constexpr std::size_t users_max = 4096;
constexpr std::size_t accounts_per_user_max = 21;  // the main one and twenty others
constexpr std::size_t keys_max = 16'384;
constexpr std::size_t ranges_per_key_max = 32;
constexpr std::size_t name_max = 32;

struct User {
    UserId id{};
    std::string name;
    OwnerId owner{};                  // of all its accounts, in the engine
    std::vector<AccountId> accounts;  // the main one first

    [[nodiscard]] bool has_account(AccountId account) const;
    [[nodiscard]] bool is_main(AccountId account) const;
};

struct Key {
    KeyId id{};
    std::string client_id;
    Secret secret;
    std::string name;
    UserId user{};
    AccountId account{};
    Scopes most{};
    bool is_enabled = true;
    std::vector<IpRange> addresses;  // from where it may be used; from anywhere where empty
    UnixNanos created{};

    [[nodiscard]] bool may_be_used_from(const IpAddress& address) const;
};

struct NewUser {
    std::string name;
    OwnerId owner{};  // the user's own number where 0
    std::vector<AccountId> accounts;
};

struct NewKey {
    UserId user{};
    AccountId account{};
    std::string name;
    Scopes most{};
    std::vector<IpRange> addresses;
    UnixNanos created{};
};

// Sentences that say what is wrong with a change; nothing has changed then.
template <class T>
using Change = std::expected<T, std::string>;

// Changes are written down by whoever holds it (sealed_file.hpp).
class Register {
  public:
    [[nodiscard]] const std::vector<User>& users() const { return users_; }  // by number
    [[nodiscard]] const std::vector<Key>& keys() const { return keys_; }     // by number
    [[nodiscard]] const User* user(UserId id) const;
    [[nodiscard]] const User* user_named(std::string_view name) const;
    [[nodiscard]] const Key* key(KeyId id) const;
    [[nodiscard]] const Key* key_of(std::string_view client_id) const;

    Change<UserId> add_user(const NewUser& wanted);
    Change<void> add_account(UserId user, AccountId account);
    // Makes the client id and the secret from the system's randomness.
    Change<KeyId> add_key(const NewKey& wanted);
    Change<void> enable(KeyId id, bool is_enabled);
    Change<void> limit(KeyId id, const Scopes& most);
    Change<void> limit(KeyId id, const std::vector<IpRange>& addresses);
    Change<void> rename(KeyId id, std::string_view name);
    Change<void> reset_secret(KeyId id);
    Change<void> remove(KeyId id);

    // The plain bytes under the seal (docs/formats/credentials.md), wiped by their owner.
    [[nodiscard]] std::vector<std::byte> encode() const;
    // Or what is wrong with them.
    [[nodiscard]] static std::expected<Register, std::string_view> decode(
        std::span<const std::byte> bytes);

  private:
    [[nodiscard]] Key* find(KeyId id);
    template <class Apply>
    Change<void> change(KeyId id, Apply apply);
    // What is wrong between the entries, or nothing.
    [[nodiscard]] std::string_view fault() const;
    void check_invariants() const;

    std::vector<User> users_;
    std::vector<Key> keys_;
    std::uint32_t next_user_ = 1;
    std::uint32_t next_key_ = 1;
};

}  // namespace miletus::credentials
