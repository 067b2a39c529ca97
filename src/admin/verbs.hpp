// The verbs of an operator. Each tells what it did, or what is wrong and what to do about it, and
// returns whether it was done.
#pragma once

#include "edge/credentials/credentials.hpp"

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace miletus::admin {

// Where answers go, and where mistakes.
struct Told {
    std::ostream& out;
    std::ostream& mistakes;
};

// ---- The file of credentials ----

struct Files {
    std::string credentials = "credentials.sealed";
    std::string seal_key = "credentials.key";
};

// Makes both files, where none of them is.
bool init(Told told, const Files& files);

struct UserWish {
    std::string name;
    std::uint32_t owner = 0;                // the number of the user where 0
    std::vector<std::uint32_t> accounts{};  // the next free one where empty
};
bool add_user(Told told, const Files& files, const UserWish& wish);
bool add_accounts(Told told, const Files& files, const UserWish& wish);
bool list_users(Told told, const Files& files);

struct KeyWish {
    std::string user;
    std::uint32_t account = 0;  // the main one where 0
    std::string name{};
    std::string scope{};
    bool is_read_only = false;
    std::vector<std::string> addresses{};
    UnixNanos now{};
};
// What a key may where nobody says: all but moving money out.
[[nodiscard]] const std::string& usual_scope();
bool add_key(Told told, const Files& files, const KeyWish& wish);
bool list_keys(Told told, const Files& files);

// `key` is a client id, or the number of a key.
bool enable_key(Told told, const Files& files, const std::string& key, bool is_enabled);
bool remove_key(Told told, const Files& files, const std::string& key);
bool scope_key(Told told, const Files& files, const std::string& key, const std::string& scope);
// From anywhere where there are none.
bool bind_key(Told told, const Files& files, const std::string& key,
              const std::vector<std::string>& addresses);
bool reset_key(Told told, const Files& files, const std::string& key);

// ---- The running venue ----

struct Door {
    std::string address = "unix:data/operator.sock";
    std::uint32_t patience_seconds = 10;
};

bool open_account(Told told, const Door& door, AccountId account, OwnerId owner);
// An amount such as 1000.5, in units of the asset of that name.
bool deposit(Told told, const Door& door, AccountId account, const std::string& amount,
             const std::string& asset);

}  // namespace miletus::admin
