// Changes of the sealed file: one at a time, each read anew, made, and written whole.
#include "admin/verbs.hpp"
#include "host/private_file.hpp"

#include <algorithm>
#include <charconv>
#include <expected>
#include <filesystem>
#include <iomanip>
#include <memory>
#include <string_view>
#include <utility>

namespace miletus::admin {

using credentials::Access;
using credentials::IpRange;
using credentials::Key;
using credentials::KeyId;
using credentials::Register;
using credentials::Scopes;
using credentials::SealedContent;
using credentials::SealKey;
using credentials::Sentence;
using credentials::User;

namespace {

bool fail(Told told, const std::string& sentence) {
    told.mistakes << "miletus: " << sentence << "\n";
    return false;
}

std::unexpected<std::string> wrong(std::string sentence) {
    return std::unexpected(std::move(sentence));
}

Sentence<Register> opened(const Files& files) {
    const Sentence<SealKey> key = SealKey::read(files.seal_key);
    if (!key) {
        return std::unexpected(key.error());
    }
    Sentence<SealedContent> sealed = credentials::read_sealed(files.credentials, *key);
    if (!sealed) {
        return std::unexpected(sealed.error());
    }
    return std::move(sealed->content);
}

// Changes the file by change(register), and only once that is written calls tell(register, made).
template <class Change, class Tell>
bool change_file(Told told, const Files& files, Change change, Tell tell) {
    const host::IoResult<host::FileLock> lock = host::FileLock::take(files.credentials);
    if (!lock) {
        return fail(told, lock.error().sentence());
    }
    Sentence<Register> content = opened(files);
    if (!content) {
        return fail(told, content.error());
    }
    const auto made = change(*content);
    if (!made) {
        return fail(told, made.error());
    }
    const Sentence<SealKey> key = SealKey::read(files.seal_key);
    const Sentence<void> written =
        key ? credentials::write_sealed(files.credentials, *content, *key)
            : Sentence<void>(std::unexpected(key.error()));
    if (!written) {
        return fail(told, written.error());
    }
    tell(*content, made);
    return true;
}

// By client id, or by number.
const Key* key_named(const Register& content, const std::string& text) {
    const Key* const found = content.key_of(text);
    std::uint32_t number = 0;
    const char* const last = std::to_address(text.end());
    const auto [end, error] = std::from_chars(text.data(), last, number);
    const bool is_number = error == std::errc() && end == last;
    return found == nullptr && is_number ? content.key(KeyId(number)) : found;
}

// Changes one key by change(register, id).
template <class Change>
bool change_key(Told told, const Files& files, const std::string& name, std::string_view words,
                Change change) {
    return change_file(
        told, files,
        [&](Register& content) -> Sentence<std::string> {
            const Key* const key = key_named(content, name);
            if (key == nullptr) {
                return wrong("there is no key " + name + "; `miletus admin key list` shows all");
            }
            const std::string client_id = key->client_id;
            const credentials::Change<void> done = change(content, key->id);
            return done ? Sentence<std::string>(client_id) : std::unexpected(done.error());
        },
        [&](const Register&, const Sentence<std::string>& client_id) {
            told.out << "key " << *client_id << " " << words << "\n";
        });
}

Sentence<Scopes> scopes_of(const std::string& text) {
    const std::optional<Scopes> scopes = credentials::parse_maximum(text);
    if (!scopes.has_value()) {
        return wrong("\"" + text +
                     "\" is no scope; write words such as \"trade:read_write account:read\": "
                     "account, trade, wallet, block_trade, block_rfq, custody with none, read, "
                     "read_write");
    }
    return *scopes;
}

Sentence<std::vector<IpRange>> ranges_of(const std::vector<std::string>& texts) {
    std::vector<IpRange> ranges;
    for (const std::string& text : texts) {
        const std::optional<IpRange> range = IpRange::parse(text);
        if (!range.has_value()) {
            return wrong("\"" + text +
                         "\" is no address and no range; write 203.0.113.7, 10.0.0.0/8 or "
                         "2001:db8::/32, with zeros behind the bits that count");
        }
        ranges.push_back(*range);
    }
    return ranges;
}

std::string text_of(const std::vector<IpRange>& ranges) {
    std::string text;
    for (const IpRange& range : ranges) {
        text += (text.empty() ? "" : " ") + range.text();
    }
    return ranges.empty() ? "anywhere" : text;
}

std::string text_of(const std::vector<AccountId>& accounts) {
    std::string text;
    for (const AccountId account : accounts) {
        text += (text.empty() ? "" : " ") + std::to_string(account.value());
    }
    return text;
}

void show_secret(Told told, const Key& key) {
    told.out << "client_id  " << key.client_id << "\n"
             << "secret     " << key.secret.view() << "\n"
             << "The secret is shown this once.\n";
}

std::string no_user(const std::string& name) {
    return "there is no user " + name + "; `miletus admin user list` shows all";
}

std::uint32_t next_account(const Register& content) {
    std::uint32_t last = 0;
    for (const User& user : content.users()) {
        for (const AccountId account : user.accounts) {
            last = std::max(last, account.value());
        }
    }
    return last + 1;
}

void tell_accounts(Told told, const User& user, const std::vector<AccountId>& accounts) {
    told.out << "The venue opens accounts when it is told to:\n";
    for (const AccountId account : accounts) {
        told.out << "    miletus admin account open " << account.value() << " --owner "
                 << user.owner.value() << "\n";
    }
}

}  // namespace

bool init(Told told, const Files& files) {
    const host::IoResult<host::FileLock> lock = host::FileLock::take(files.credentials);
    if (!lock) {
        return fail(told, lock.error().sentence());
    }
    std::error_code unknown;
    for (const std::string& path : {files.credentials, files.seal_key}) {
        if (std::filesystem::exists(path, unknown)) {
            return fail(told, path + " is there already, and stays as it is");
        }
    }
    const Sentence<SealKey> key = SealKey::make(files.seal_key);
    const Sentence<void> made = key ? credentials::create_sealed(files.credentials, *key)
                                    : Sentence<void>(std::unexpected(key.error()));
    if (!made) {
        return fail(told, made.error());
    }
    told.out << "made " << files.credentials << " and its key " << files.seal_key << "\n"
             << "Keep copies of both, in different places: without the key the file is lost.\n";
    return true;
}

// ---- Users ----

bool add_user(Told told, const Files& files, const UserWish& wish) {
    return change_file(
        told, files,
        [&](Register& content) {
            credentials::NewUser wanted{
                .name = wish.name, .owner = OwnerId(wish.owner), .accounts = {}};
            for (const std::uint32_t account : wish.accounts) {
                wanted.accounts.emplace_back(account);
            }
            if (wanted.accounts.empty()) {
                wanted.accounts.emplace_back(next_account(content));
            }
            return content.add_user(wanted);
        },
        [&](const Register& content, const auto& id) {
            const User& user = *content.user(*id);
            told.out << "user " << user.name << " has number " << user.id.value() << ", owner "
                     << user.owner.value() << ", accounts " << text_of(user.accounts) << "\n";
            tell_accounts(told, user, user.accounts);
        });
}

bool add_accounts(Told told, const Files& files, const UserWish& wish) {
    std::vector<AccountId> added;
    return change_file(
        told, files,
        [&](Register& content) -> Sentence<credentials::UserId> {
            const User* const user = content.user_named(wish.name);
            if (user == nullptr) {
                return wrong(no_user(wish.name));
            }
            const credentials::UserId id = user->id;
            for (const std::uint32_t account : wish.accounts) {
                const credentials::Change<void> done = content.add_account(id, AccountId(account));
                if (!done) {
                    return std::unexpected(done.error());
                }
                added.emplace_back(account);
            }
            return id;
        },
        [&](const Register& content, const auto& id) {
            const User& user = *content.user(*id);
            told.out << "user " << user.name << " has accounts " << text_of(user.accounts) << "\n";
            tell_accounts(told, user, added);
        });
}

bool list_users(Told told, const Files& files) {
    const Sentence<Register> content = opened(files);
    if (!content) {
        return fail(told, content.error());
    }
    told.out << std::left << std::setw(8) << "number" << std::setw(34) << "name" << std::setw(8)
             << "owner"
             << "accounts\n";
    for (const User& user : content->users()) {
        told.out << std::setw(8) << user.id.value() << std::setw(34) << user.name << std::setw(8)
                 << user.owner.value() << text_of(user.accounts) << "\n";
    }
    return true;
}

// ---- Keys ----

const std::string& usual_scope() {
    static const std::string scope =
        "account:read_write trade:read_write wallet:read block_trade:read_write "
        "block_rfq:read_write custody:read";
    return scope;
}

bool add_key(Told told, const Files& files, const KeyWish& wish) {
    const Sentence<Scopes> scopes = scopes_of(wish.scope.empty() ? usual_scope() : wish.scope);
    if (!scopes) {
        return fail(told, scopes.error());
    }
    const Sentence<std::vector<IpRange>> ranges = ranges_of(wish.addresses);
    if (!ranges) {
        return fail(told, ranges.error());
    }
    return change_file(
        told, files,
        [&](Register& content) -> Sentence<KeyId> {
            const User* const user = content.user_named(wish.user);
            if (user == nullptr) {
                return wrong(no_user(wish.user));
            }
            const Access most = wish.is_read_only ? Access::read : Access::read_write;
            return content.add_key(
                {.user = user->id,
                 .account = wish.account == 0 ? user->accounts.front() : AccountId(wish.account),
                 .name = wish.name,
                 .most = scopes->within(Scopes::all(most)),
                 .addresses = *ranges,
                 .created = wish.now});
        },
        [&](const Register& content, const Sentence<KeyId>& id) {
            const Key& key = *content.key(*id);
            told.out << "key        " << key.id.value() << ", of " << wish.user << "'s account "
                     << key.account.value() << "\n"
                     << "scope      " << key.most.text() << "\n"
                     << "from       " << text_of(key.addresses) << "\n";
            show_secret(told, key);
        });
}

bool list_keys(Told told, const Files& files) {
    const Sentence<Register> content = opened(files);
    if (!content) {
        return fail(told, content.error());
    }
    for (const Key& key : content->keys()) {
        const User* const user = content->user(key.user);
        told.out << key.client_id << "  key " << key.id.value() << " of "
                 << (user == nullptr ? "" : user->name) << "'s account " << key.account.value()
                 << (key.name.empty() ? "" : ", " + key.name)
                 << (key.is_enabled ? "" : ", disabled") << "\n"
                 << "    " << key.most.text() << "\n"
                 << "    from " << text_of(key.addresses) << "\n";
    }
    return true;
}

bool enable_key(Told told, const Files& files, const std::string& key, bool is_enabled) {
    return change_key(told, files, key, is_enabled ? "is enabled" : "is disabled",
                      [&](Register& content, KeyId id) { return content.enable(id, is_enabled); });
}

bool remove_key(Told told, const Files& files, const std::string& key) {
    return change_key(told, files, key, "is removed",
                      [](Register& content, KeyId id) { return content.remove(id); });
}

bool scope_key(Told told, const Files& files, const std::string& key, const std::string& scope) {
    const Sentence<Scopes> scopes = scopes_of(scope);
    if (!scopes) {
        return fail(told, scopes.error());
    }
    return change_key(told, files, key, "may now: " + scopes->text(),
                      [&](Register& content, KeyId id) { return content.limit(id, *scopes); });
}

bool bind_key(Told told, const Files& files, const std::string& key,
              const std::vector<std::string>& addresses) {
    const Sentence<std::vector<IpRange>> ranges = ranges_of(addresses);
    if (!ranges) {
        return fail(told, ranges.error());
    }
    return change_key(told, files, key, "may be used from " + text_of(*ranges),
                      [&](Register& content, KeyId id) { return content.limit(id, *ranges); });
}

bool reset_key(Told told, const Files& files, const std::string& name) {
    return change_file(
        told, files,
        [&](Register& content) -> Sentence<KeyId> {
            const Key* const key = key_named(content, name);
            if (key == nullptr) {
                return wrong("there is no key " + name + "; `miletus admin key list` shows all");
            }
            const KeyId id = key->id;
            const credentials::Change<void> done = content.reset_secret(id);
            return done ? Sentence<KeyId>(id) : std::unexpected(done.error());
        },
        [&](const Register& content, const Sentence<KeyId>& id) {
            show_secret(told, *content.key(*id));
        });
}

}  // namespace miletus::admin
