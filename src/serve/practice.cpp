// The files, then the user, then the key.
#include "serve/practice.hpp"

#include "base/assert.hpp"
#include "edge/credentials/credentials.hpp"

#include <algorithm>
#include <filesystem>

namespace miletus::serve {

using credentials::Register;
using credentials::SealKey;

namespace {

constexpr const char* practice_name = "practice";

std::expected<SealKey, std::string> seal_key_at(const std::string& path) {
    return std::filesystem::exists(path) ? SealKey::read(path) : SealKey::make(path);
}

const credentials::Key* key_of(const Register& known, AccountId account) {
    const auto found = std::ranges::find_if(known.keys(), [&](const credentials::Key& key) {
        const credentials::User* user = known.user(key.user);
        return user != nullptr && user->name == practice_name && key.account == account;
    });
    return found == known.keys().end() ? nullptr : &*found;
}

std::expected<void, std::string> add_key(Register& known, AccountId account, UnixNanos now) {
    const credentials::User* user = known.user_named(practice_name);
    std::expected<credentials::UserId, std::string> id =
        user != nullptr ? user->id : credentials::UserId();
    if (user == nullptr) {
        id = known.add_user(
            {.name = practice_name, .owner = OwnerId(account.value()), .accounts = {account}});
    }
    if (!id) {
        return std::unexpected(id.error());
    }
    const auto key =
        known.add_key({.user = *id,
                       .account = account,
                       .name = practice_name,
                       .most = credentials::Scopes::all(credentials::Access::read_write),
                       .addresses = {},
                       .created = now});
    return key ? std::expected<void, std::string>() : std::unexpected(key.error());
}

}  // namespace

std::expected<PracticeKey, std::string> practice_key(const DeribitConfig& deribit,
                                                     AccountId account, UnixNanos now) {
    const auto seal = seal_key_at(deribit.seal_key);
    if (!seal) {
        return std::unexpected(seal.error());
    }
    if (!std::filesystem::exists(deribit.credentials)) {
        const auto created = credentials::create_sealed(deribit.credentials, *seal);
        if (!created) {
            return std::unexpected(created.error());
        }
    }
    auto read = credentials::read_sealed(deribit.credentials, *seal);
    if (!read) {
        return std::unexpected(read.error());
    }
    Register& known = read->content;
    if (key_of(known, account) == nullptr) {
        const auto added = add_key(known, account, now);
        const auto written =
            added ? credentials::write_sealed(deribit.credentials, known, *seal) : added;
        if (!written) {
            return std::unexpected(written.error());
        }
    }
    const credentials::Key* key = key_of(known, account);
    ASSERT(key != nullptr);
    return PracticeKey{.id = key->client_id, .secret = std::string(key->secret.view())};
}

}  // namespace miletus::serve
