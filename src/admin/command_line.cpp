// Options to wishes.
#include "admin/command_line.hpp"

#include "host/clock.hpp"

namespace miletus::admin {

namespace {

constexpr const char* key_words = "Its client id, or its number.";
constexpr const char* addresses_words = "Where from: addresses and ranges such as 10.0.0.0/8.";

// Words that came as one argument or as several.
std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

}  // namespace

void CommandLine::describe(CLI::App& admin) {
    admin.require_subcommand(1);
    add_verb(admin, "init", "Makes an empty file of credentials, and the key that seals it.",
             &CommandLine::init);
    describe_users(admin);
    describe_keys(admin);
    describe_venue(admin);
}

bool CommandLine::run(Told told) {
    return verb_ != nullptr && (this->*verb_)(told);
}

CLI::App* CommandLine::add_verb(CLI::App& under, const std::string& name, const std::string& words,
                                Verb verb) {
    CLI::App* const added = under.add_subcommand(name, words);
    added->callback([this, verb] { verb_ = verb; });
    const bool is_of_venue = verb == &CommandLine::account_open || verb == &CommandLine::deposit;
    if (is_of_venue) {
        add_door(added);
    } else {
        add_files(added);
    }
    return added;
}

void CommandLine::add_files(CLI::App* verb) {
    verb->add_option("--credentials", files_.credentials, "The sealed file.")
        ->capture_default_str();
    verb->add_option("--seal-key", files_.seal_key,
                     "The key that seals it: a file, or credential:NAME from systemd.")
        ->capture_default_str();
}

void CommandLine::add_door(CLI::App* verb) {
    verb->add_option("--door", door_.address, "The operator's door of the running venue.")
        ->capture_default_str();
    verb->add_option("--patience", door_.patience_seconds, "How many seconds to wait for it.")
        ->capture_default_str()
        ->check(CLI::Range(1, 3600));
}

void CommandLine::describe_users(CLI::App& admin) {
    CLI::App* const user = admin.add_subcommand("user", "Who trades, and with which accounts.");
    user->require_subcommand(1);
    CLI::App* const add = add_verb(*user, "add", "Adds a user.", &CommandLine::user_add);
    add->add_option("NAME", user_.name, "Letters, digits and _-.@.")->required();
    add->add_option("--account", user_.accounts,
                    "Numbers of accounts, the main one first; else the next free one.");
    add->add_option("--owner", user_.owner, "The owner of the accounts, else the user's number.");
    CLI::App* const more =
        add_verb(*user, "accounts", "Gives a user more accounts.", &CommandLine::user_accounts);
    more->add_option("NAME", user_.name, "The user.")->required();
    more->add_option("ACCOUNT", user_.accounts, "Numbers of accounts.")->required();
    add_verb(*user, "list", "Shows all users.", &CommandLine::user_list);
}

void CommandLine::describe_keys(CLI::App& admin) {
    CLI::App* const key = admin.add_subcommand("key", "What programs show to be let in.");
    key->require_subcommand(1);
    CLI::App* const add = add_verb(*key, "add", "Makes a key, and shows its secret this once.",
                                   &CommandLine::key_add);
    add->add_option("USER", key_wish_.user, "The name of its user.")->required();
    add->add_option("--name", key_wish_.name, "A name for people.");
    add->add_option("--account", key_wish_.account, "Which of the user's, else the main one.");
    add->add_option("--scope", scope_,
                    "What it may at most, such as \"trade:read_write account:read\"; else "
                    "everything but moving money out.");
    add->add_flag("--read-only", key_wish_.is_read_only, "It changes nothing.");
    add->add_option("--ip", key_wish_.addresses, addresses_words);
    add_verb(*key, "list", "Shows all keys, without secrets.", &CommandLine::key_list);

    const auto one = [&](const std::string& name, const std::string& words, Verb chosen) {
        CLI::App* const added = add_verb(*key, name, words, chosen);
        added->add_option("KEY", key_, key_words)->required();
        return added;
    };
    one("enable", "Lets a key in again.", &CommandLine::key_enable);
    one("disable", "Lets a key in no more; its tokens end.", &CommandLine::key_disable);
    one("remove", "Removes a key for good.", &CommandLine::key_remove);
    one("reset", "Gives a key a new secret, shown this once.", &CommandLine::key_reset);
    one("scope", "Says what a key may at most.", &CommandLine::key_scope)
        ->add_option("SCOPE", scope_, "Such as trade:read_write account:read.")
        ->required();
    one("ip", "Says where a key may be used from; from anywhere without addresses.",
        &CommandLine::key_ip)
        ->add_option("CIDR", key_wish_.addresses, addresses_words);
}

void CommandLine::describe_venue(CLI::App& admin) {
    CLI::App* const account = admin.add_subcommand("account", "Accounts of the running venue.");
    account->require_subcommand(1);
    CLI::App* const open =
        add_verb(*account, "open", "Opens an account.", &CommandLine::account_open);
    open->add_option("ACCOUNT", account_, "Its number.")->required();
    open->add_option("--owner", owner_, "Who is behind it.")->required();
    CLI::App* const deposit =
        add_verb(admin, "deposit", "Books money that came in.", &CommandLine::deposit);
    deposit->add_option("ACCOUNT", account_, "Whose.")->required();
    deposit->add_option("AMOUNT", amount_, "Such as 1000.5.")->required();
    deposit->add_option("ASSET", asset_, "Such as USDC.")->required();
}

// ---- The verbs ----

bool CommandLine::init(Told told) const {
    return admin::init(told, files_);
}

bool CommandLine::user_add(Told told) const {
    return add_user(told, files_, user_);
}

bool CommandLine::user_accounts(Told told) const {
    return add_accounts(told, files_, user_);
}

bool CommandLine::user_list(Told told) const {
    return list_users(told, files_);
}

bool CommandLine::key_add(Told told) const {
    KeyWish wish = key_wish_;
    wish.scope = joined(scope_);
    wish.now = host::SystemClock().now();
    return add_key(told, files_, wish);
}

bool CommandLine::key_list(Told told) const {
    return list_keys(told, files_);
}

bool CommandLine::key_enable(Told told) const {
    return enable_key(told, files_, key_, true);
}

bool CommandLine::key_disable(Told told) const {
    return enable_key(told, files_, key_, false);
}

bool CommandLine::key_remove(Told told) const {
    return remove_key(told, files_, key_);
}

bool CommandLine::key_scope(Told told) const {
    return scope_key(told, files_, key_, joined(scope_));
}

bool CommandLine::key_ip(Told told) const {
    return bind_key(told, files_, key_, key_wish_.addresses);
}

bool CommandLine::key_reset(Told told) const {
    return reset_key(told, files_, key_);
}

bool CommandLine::account_open(Told told) const {
    return open_account(told, door_, AccountId(account_), OwnerId(owner_));
}

bool CommandLine::deposit(Told told) const {
    return admin::deposit(told, door_, AccountId(account_), amount_, asset_);
}

}  // namespace miletus::admin
