// Users and keys, and what makes each of them sound.
#include "edge/credentials/register.hpp"

#include "base/assert.hpp"
#include "base/decoder.hpp"
#include "edge/credentials/cipher.hpp"
#include "edge/credentials/letters.hpp"

#include <algorithm>
#include <bit>
#include <memory>
#include <set>

namespace miletus::credentials {

namespace {

constexpr std::size_t client_id_max = 32;
constexpr std::size_t secret_max = 64;

std::unexpected<std::string> refused(std::string sentence) {
    return std::unexpected(std::move(sentence));
}

bool is_name(std::string_view name) {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.@";
    return name.size() <= name_max && name.find_first_not_of(allowed) == std::string_view::npos;
}

std::string problem_of_name(std::string_view name) {
    return "\"" + std::string(name) + "\" is no name; write letters, digits and _-.@, at most " +
           std::to_string(name_max);
}

// Letters and digits, so that it is nothing special in any header or address.
std::string new_client_id() {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    constexpr std::size_t size = 10;
    std::string id;
    while (id.size() < size) {
        // A number that is too large for all letters to be as likely is thrown again.
        const auto number = std::to_integer<std::size_t>(random_bytes<1>()[0]);
        if (number < 256 / letters.size() * letters.size()) {
            id += letters[number % letters.size()];
        }
    }
    return id;
}

Secret new_secret() {
    std::array<std::byte, 32> bytes = random_bytes<32>();
    std::string text = base64url_of(bytes);
    Secret secret(text);
    wipe(bytes);
    wipe(text);
    return secret;
}

template <class Entries, class EntryId>
auto found_in(Entries& entries, EntryId id) {
    const auto place =
        std::ranges::lower_bound(entries, id, {}, [](const auto& entry) { return entry.id; });
    return place != entries.end() && place->id == id ? std::to_address(place) : nullptr;
}

// Little-endian, as StateDecoder reads it. What holds secrets must not move while it grows.
class Writer {
  public:
    explicit Writer(std::size_t room) { bytes_.reserve(room); }

    template <std::integral Integer>
    void add(Integer value) {
        ASSERT(bytes_.size() + sizeof(Integer) <= bytes_.capacity());
        const auto bytes = std::bit_cast<std::array<std::byte, sizeof(Integer)>>(value);
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }
    void add_text(std::string_view text) {
        add(static_cast<std::uint32_t>(text.size()));
        for (const char letter : text) {
            add(letter);
        }
    }
    [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

  private:
    std::vector<std::byte> bytes_;
};

constexpr std::size_t front_size = 4 * sizeof(std::uint32_t);
constexpr std::size_t user_size_max =
    4 * sizeof(std::uint32_t) + name_max + accounts_per_user_max * sizeof(std::uint32_t);
constexpr std::size_t key_size_max = 64 + client_id_max + secret_max + name_max + area_count +
                                     ranges_per_key_max * (sizeof(IpAddress::Bytes) + 1);

void add(Writer& writer, const User& user) {
    writer.add(user.id.value());
    writer.add_text(user.name);
    writer.add(user.owner.value());
    writer.add(static_cast<std::uint32_t>(user.accounts.size()));
    for (const AccountId account : user.accounts) {
        writer.add(account.value());
    }
}

void add(Writer& writer, const Key& key) {
    writer.add(key.id.value());
    writer.add_text(key.client_id);
    writer.add_text(key.secret.view());
    writer.add_text(key.name);
    writer.add(key.user.value());
    writer.add(key.account.value());
    for (std::size_t area = 0; area < area_count; ++area) {
        writer.add(std::to_underlying(key.most.access(static_cast<Area>(area))));
    }
    writer.add(static_cast<std::uint8_t>(key.is_enabled));
    writer.add(static_cast<std::uint32_t>(key.addresses.size()));
    for (const IpRange& range : key.addresses) {
        for (const std::uint8_t byte : range.address().bytes()) {
            writer.add(byte);
        }
        writer.add(range.bits());
    }
    writer.add(key.created.value());
}

User take_user(StateDecoder& from) {
    User user;
    user.id = from.take<UserId>();
    user.name = from.take_text<name_max>().view();
    user.owner = from.take<OwnerId>();
    user.accounts.resize(from.take_count(accounts_per_user_max, "a user has too many accounts"));
    for (AccountId& account : user.accounts) {
        account = from.take<AccountId>();
    }
    from.require(is_name(user.name) && !user.name.empty(), "a user's name is none");
    from.require(!user.accounts.empty(), "a user has no account");
    return user;
}

Key take_key(StateDecoder& from) {
    Key key;
    key.id = from.take<KeyId>();
    key.client_id = from.take_text<client_id_max>().view();
    TakenText<secret_max> secret = from.take_text<secret_max>();
    key.secret = Secret(secret.view());
    wipe(std::as_writable_bytes(std::span(secret.letters)));
    key.name = from.take_text<name_max>().view();
    key.user = from.take<UserId>();
    key.account = from.take<AccountId>();
    for (std::size_t area = 0; area < area_count; ++area) {
        const auto access = from.take<std::uint8_t>();
        const bool is_access = access <= std::to_underlying(Access::read_write);
        if (from.require(is_access, "a scope is none")) {
            key.most.set(static_cast<Area>(area), static_cast<Access>(access));
        }
    }
    key.is_enabled = from.take<bool>();
    key.addresses.resize(from.take_count(ranges_per_key_max, "a key has too many addresses"));
    for (IpRange& range : key.addresses) {
        IpAddress::Bytes bytes{};
        for (std::uint8_t& byte : bytes) {
            byte = from.take<std::uint8_t>();
        }
        const auto bits = from.take<std::uint8_t>();
        from.require(bits <= 128, "a range of addresses has too many bits");
        range = IpRange(IpAddress(bytes), bits);
    }
    key.created = from.take<UnixNanos>();
    from.require(is_name(key.name), "a key's name is none");
    from.require(!key.client_id.empty() && !key.secret.empty(), "a key has no secret");
    return key;
}

}  // namespace

bool User::has_account(AccountId account) const {
    return std::ranges::find(accounts, account) != accounts.end();
}

bool User::is_main(AccountId account) const {
    return !accounts.empty() && accounts.front() == account;
}

bool Key::may_be_used_from(const IpAddress& address) const {
    return addresses.empty() || std::ranges::any_of(addresses, [&](const IpRange& range) {
               return range.contains(address);
           });
}

// ---- Finding ----

const User* Register::user(UserId id) const {
    return found_in(users_, id);
}

const User* Register::user_named(std::string_view name) const {
    const auto found = std::ranges::find(users_, name, &User::name);
    return found == users_.end() ? nullptr : std::to_address(found);
}

const Key* Register::key(KeyId id) const {
    return found_in(keys_, id);
}

const Key* Register::key_of(std::string_view client_id) const {
    const auto found = std::ranges::find(keys_, client_id, &Key::client_id);
    return found == keys_.end() ? nullptr : std::to_address(found);
}

Key* Register::find(KeyId id) {
    return found_in(keys_, id);
}

// ---- Changing ----

Change<UserId> Register::add_user(const NewUser& wanted) {
    if (wanted.name.empty() || !is_name(wanted.name)) {
        return refused(problem_of_name(wanted.name));
    }
    if (user_named(wanted.name) != nullptr) {
        return refused("there is a user " + wanted.name + " already");
    }
    if (users_.size() == users_max) {
        return refused("there are as many users as there may be");
    }
    if (wanted.accounts.empty()) {
        return refused("a user needs an account");
    }
    const UserId id(next_user_);
    const OwnerId owner = wanted.owner == OwnerId(0) ? OwnerId(id.value()) : wanted.owner;
    users_.push_back({.id = id, .name = wanted.name, .owner = owner, .accounts = {}});
    for (const AccountId account : wanted.accounts) {
        const Change<void> added = add_account(id, account);
        if (!added) {
            users_.pop_back();
            return std::unexpected(added.error());
        }
    }
    ++next_user_;
    check_invariants();
    return id;
}

Change<void> Register::add_account(UserId user, AccountId account) {
    const std::string words = "account " + std::to_string(account.value());
    if (account == AccountId(0)) {
        return refused(words + " is the operator's");
    }
    for (const User& other : users_) {
        if (other.has_account(account)) {
            return refused(words + " is " + other.name + "'s already");
        }
    }
    User* const found = found_in(users_, user);
    if (found == nullptr) {
        return refused("there is no such user");
    }
    if (found->accounts.size() == accounts_per_user_max) {
        return refused(found->name + " has as many accounts as a user may have");
    }
    found->accounts.push_back(account);
    return {};
}

Change<KeyId> Register::add_key(const NewKey& wanted) {
    const User* const owner = user(wanted.user);
    if (owner == nullptr) {
        return refused("there is no such user");
    }
    if (!owner->has_account(wanted.account)) {
        return refused("account " + std::to_string(wanted.account.value()) + " is not " +
                       owner->name + "'s");
    }
    if (!is_name(wanted.name)) {
        return refused(problem_of_name(wanted.name));
    }
    if (keys_.size() == keys_max) {
        return refused("there are as many keys as there may be");
    }
    if (wanted.addresses.size() > ranges_per_key_max) {
        return refused("a key has at most " + std::to_string(ranges_per_key_max) + " addresses");
    }
    Key key{.id = KeyId(next_key_++),
            .client_id = new_client_id(),
            .secret = new_secret(),
            .name = wanted.name,
            .user = wanted.user,
            .account = wanted.account,
            .most = wanted.most,
            .is_enabled = true,
            .addresses = wanted.addresses,
            .created = wanted.created};
    while (key_of(key.client_id) != nullptr) {
        key.client_id = new_client_id();
    }
    keys_.push_back(std::move(key));
    check_invariants();
    return keys_.back().id;
}

template <class Apply>
Change<void> Register::change(KeyId id, Apply apply) {
    Key* const key = find(id);
    if (key == nullptr) {
        return refused("there is no such key");
    }
    apply(*key);
    return {};
}

Change<void> Register::enable(KeyId id, bool is_enabled) {
    return change(id, [&](Key& key) { key.is_enabled = is_enabled; });
}

Change<void> Register::limit(KeyId id, const Scopes& most) {
    return change(id, [&](Key& key) { key.most = most; });
}

Change<void> Register::limit(KeyId id, const std::vector<IpRange>& addresses) {
    if (addresses.size() > ranges_per_key_max) {
        return refused("a key has at most " + std::to_string(ranges_per_key_max) + " addresses");
    }
    return change(id, [&](Key& key) { key.addresses = addresses; });
}

Change<void> Register::rename(KeyId id, std::string_view name) {
    if (!is_name(name)) {
        return refused(problem_of_name(name));
    }
    return change(id, [&](Key& key) { key.name = name; });
}

Change<void> Register::reset_secret(KeyId id) {
    return change(id, [&](Key& key) { key.secret = new_secret(); });
}

Change<void> Register::remove(KeyId id) {
    if (std::erase_if(keys_, [&](const Key& key) { return key.id == id; }) == 0) {
        return refused("there is no such key");
    }
    return {};
}

// ---- Bytes ----

std::vector<std::byte> Register::encode() const {
    Writer writer(front_size + users_.size() * user_size_max + keys_.size() * key_size_max);
    writer.add(next_user_);
    writer.add(next_key_);
    writer.add(static_cast<std::uint32_t>(users_.size()));
    for (const User& user : users_) {
        add(writer, user);
    }
    writer.add(static_cast<std::uint32_t>(keys_.size()));
    for (const Key& key : keys_) {
        add(writer, key);
    }
    return writer.take();
}

std::expected<Register, std::string_view> Register::decode(std::span<const std::byte> bytes) {
    StateDecoder from(bytes);
    Register content;
    content.next_user_ = from.take<std::uint32_t>();
    content.next_key_ = from.take<std::uint32_t>();
    const std::uint32_t users = from.take_count(users_max, "there are too many users");
    while (from.is_sound() && content.users_.size() < users) {
        content.users_.push_back(take_user(from));
    }
    const std::uint32_t keys = from.take_count(keys_max, "there are too many keys");
    while (from.is_sound() && content.keys_.size() < keys) {
        content.keys_.push_back(take_key(from));
    }
    from.require(from.is_at_end(), "there is more than there should be");
    from.require(content.fault().empty(), content.fault());
    if (!from.is_sound()) {
        return std::unexpected(from.fault());
    }
    return content;
}

std::string_view Register::fault() const {
    std::set<std::string_view> names;
    std::set<AccountId> accounts;
    UserId last_user;
    for (const User& user : users_) {
        if (user.id <= last_user || user.id.value() >= next_user_ ||
            !names.insert(user.name).second) {
            return "users are out of order";
        }
        last_user = user.id;
        for (const AccountId account : user.accounts) {
            if (account == AccountId(0) || !accounts.insert(account).second) {
                return "an account is not of one user";
            }
        }
    }
    std::set<std::string_view> client_ids;
    KeyId last_key;
    for (const Key& key : keys_) {
        const User* const owner = user(key.user);
        if (key.id <= last_key || key.id.value() >= next_key_ ||
            !client_ids.insert(key.client_id).second) {
            return "keys are out of order";
        }
        last_key = key.id;
        if (owner == nullptr || !owner->has_account(key.account)) {
            return "a key is of nobody's account";
        }
    }
    return "";
}

void Register::check_invariants() const {
    ASSERT(fault().empty());
}

}  // namespace miletus::credentials
