// Keyring, tokens and replays, put together.
#include "edge/credentials/credentials.hpp"

#include "edge/credentials/letters.hpp"

#include <utility>

namespace miletus::credentials {

namespace {

constexpr std::uint64_t timestamp_max_ms = INT64_MAX;

// "connection mainaccount account:read trade:read_write expires:60".
std::string scope_text(const Terms& terms, const Grant& grant) {
    constexpr std::int64_t second_ns = 1'000'000'000;
    std::string text = terms.session.empty() ? "connection" : "session:" + terms.session;
    text += grant.is_main ? " mainaccount" : "";
    const std::string areas = grant.scopes.text();
    text += areas.empty() ? "" : " " + areas;
    if (terms.expires_after.has_value()) {
        text += " expires:" + std::to_string(terms.expires_after->value() / second_ns);
    }
    text += terms.address.has_value() ? " ip:" + terms.address->text() : "";
    return text;
}

Outcome<const Key*> at_its_address(const Outcome<const Key*>& key, const Asker& asker) {
    if (key && !(*key)->may_be_used_from(asker.address)) {
        return std::unexpected(Denial::forbidden_address);
    }
    return key;
}

// A key of a user's main account may act for each of the user's accounts, another for its own.
bool may_act_for(const Key& key, const User& user, AccountId account) {
    return account == key.account || (user.is_main(key.account) && user.has_account(account));
}

}  // namespace

Credentials::Credentials(Register content, const Settings& settings)
    : settings_(settings),
      keyring_(std::move(content)),
      tokens_(settings.tokens),
      replays_(settings.signatures_per_key) {}

Sentence<Credentials> Credentials::open(const Settings& settings) {
    const Sentence<SealKey> seal_key = SealKey::read(settings.seal_key);
    if (!seal_key) {
        return std::unexpected(seal_key.error());
    }
    Sentence<SealedContent> sealed = read_sealed(settings.path, *seal_key);
    if (!sealed) {
        return std::unexpected(sealed.error());
    }
    Credentials opened(std::move(sealed->content), settings);
    opened.seal_key_ = *seal_key;
    opened.stamp_ = sealed->stamp;
    return opened;
}

// ---- Logging in ----

Outcome<Login> Credentials::log_in(const SecretLogin& login, const Asker& asker) {
    const Outcome<const Key*> key =
        at_its_address(keyring_.verify_secret(login.client_id, login.client_secret), asker);
    return key ? issue(**key, login.scope, asker) : std::unexpected(key.error());
}

Outcome<Login> Credentials::log_in(const SignedLogin& login, const Asker& asker) {
    const Signed claim{.client_id = login.client_id,
                       .timestamp = login.timestamp,
                       .nonce = login.nonce,
                       .signature = login.signature,
                       .text = login.data};
    const Outcome<const Key*> key =
        at_its_address(keyring_.verify_signature(claim, asker.now), asker);
    return key ? issue(**key, login.scope, asker) : std::unexpected(key.error());
}

Outcome<Login> Credentials::issue(const Key& key, std::string_view scope, const Asker& asker) {
    const ScopeRequest request = parse_scope(scope);
    if (request.has_bad_address) {
        return std::unexpected(Denial::malformed);
    }
    const Terms terms{.key = key.id,
                      .user = key.user,
                      .account = key.account,
                      .scopes = request.granted(key.most),
                      .session = request.session,
                      .connection = asker.connection,
                      .expires_after = request.expires_after,
                      .address = request.address};
    return login_of(tokens_.issue(terms, asker.now), asker);
}

Outcome<Login> Credentials::refresh(std::string_view refresh_token, const Asker& asker) {
    const Outcome<Tokens::Family> family = family_of(refresh_token, asker);
    if (!family) {
        return std::unexpected(family.error());
    }
    const Outcome<TokenPair> tokens = tokens_.refresh(refresh_token, asker.now);
    if (tokens) {
        tokens_.stand_on(asker.connection, tokens->family);
    }
    return login_of(tokens, asker);
}

Outcome<Login> Credentials::fork(std::string_view refresh_token, std::string_view session,
                                 const Asker& asker) {
    if (!is_session_name(session)) {
        return std::unexpected(Denial::bad_session_name);
    }
    const Outcome<Tokens::Family> parent = family_of(refresh_token, asker);
    if (!parent) {
        return std::unexpected(parent.error());
    }
    if (parent->terms.session.empty()) {
        return std::unexpected(Denial::not_of_session);
    }
    Terms terms = parent->terms;
    terms.session = session;
    terms.connection = asker.connection;
    return login_of(tokens_.issue(terms, asker.now), asker);
}

Outcome<Login> Credentials::exchange(std::string_view refresh_token, AccountId subject,
                                     std::string_view scope, const Asker& asker) {
    const Outcome<Tokens::Family> parent = family_of(refresh_token, asker);
    if (!parent) {
        return std::unexpected(parent.error());
    }
    const Key* const key = keyring_.find(parent->terms.key);
    const User* const user = keyring_.user(parent->terms.user);
    if (key == nullptr || user == nullptr || !may_act_for(*key, *user, subject)) {
        return std::unexpected(Denial::unknown_subject);
    }
    const ScopeRequest request = parse_scope(scope);
    if (request.has_bad_address) {
        return std::unexpected(Denial::malformed);
    }
    Terms terms = parent->terms;
    terms.account = subject;
    terms.scopes = request.granted(parent->terms.scopes);
    terms.connection = asker.connection;
    return login_of(tokens_.issue(terms, asker.now), asker);
}

// Of a token that may still be refreshed, from there.
Outcome<Tokens::Family> Credentials::family_of(std::string_view refresh_token, const Asker& asker) {
    const Outcome<FamilyId> id = tokens_.check_refresh(refresh_token, asker.now);
    if (!id) {
        return std::unexpected(id.error());
    }
    const Outcome<Grant> grant = grant_of(*id, asker);
    if (!grant) {
        return std::unexpected(grant.error());
    }
    return *tokens_.find(*id);
}

Outcome<Login> Credentials::login_of(const Outcome<TokenPair>& tokens, const Asker& asker) const {
    if (!tokens) {
        return std::unexpected(tokens.error());
    }
    const Outcome<Grant> grant = grant_of(tokens->family, asker);
    if (!grant) {
        return std::unexpected(grant.error());
    }
    const Terms& terms = tokens_.find(tokens->family)->terms;
    const bool is_of_session = !terms.session.empty();
    return Login{.grant = *grant,
                 .tokens = *tokens,
                 .scope = scope_text(terms, *grant),
                 .sid = is_of_session ? std::to_string(grant->family.value()) : ""};
}

// ---- Each call ----

// As the key and its user stand in the file now; not whether the access token has expired.
Outcome<Grant> Credentials::grant_of(FamilyId id, const Asker& asker) const {
    const Tokens::Family* const family = tokens_.find(id);
    if (family == nullptr) {
        return std::unexpected(Denial::invalid_token);
    }
    const Terms& terms = family->terms;
    const Key* const key = keyring_.find(terms.key);
    const User* const user = keyring_.user(terms.user);
    if (key == nullptr || user == nullptr || !key->is_enabled ||
        !may_act_for(*key, *user, terms.account)) {
        return std::unexpected(Denial::invalid_token);
    }
    if (!key->may_be_used_from(asker.address) ||
        (terms.address.has_value() && *terms.address != asker.address)) {
        return std::unexpected(Denial::forbidden_address);
    }
    return Grant{.key = key->id,
                 .user = user->id,
                 .account = terms.account,
                 .scopes = terms.scopes.within(key->most),
                 .is_main = user->is_main(terms.account),
                 .family = id,
                 .is_of_session = !terms.session.empty(),
                 .expires = family->access_expires};
}

Outcome<Grant> Credentials::check(std::string_view access_token, const Asker& asker) const {
    const Outcome<FamilyId> family = tokens_.check(access_token, asker.now);
    return family ? grant_of(*family, asker) : std::unexpected(family.error());
}

Outcome<Grant> Credentials::renewed(const Grant& grant, const Asker& asker) const {
    Outcome<Grant> now = grant_of(grant.family, asker);
    if (now && asker.now >= now->expires) {
        return std::unexpected(Denial::expired_token);
    }
    return now;
}

Outcome<Grant> Credentials::authorize(std::string_view header, const HttpRequest& request,
                                      const Asker& asker) {
    const Outcome<Authorization> parsed = parse_authorization(header);
    if (!parsed) {
        return std::unexpected(parsed.error());
    }
    if (const auto* const bearer = std::get_if<BearerToken>(&*parsed)) {
        return check(bearer->token, asker);
    }
    if (const auto* const signature = std::get_if<HttpSignature>(&*parsed)) {
        return authorize_signed(*signature, request, asker);
    }
    const auto& login = std::get<BasicLogin>(*parsed);
    return granted(
        at_its_address(keyring_.verify_secret(login.client_id, login.secret.view()), asker));
}

Outcome<Grant> Credentials::authorize_signed(const HttpSignature& claim, const HttpRequest& request,
                                             const Asker& asker) {
    std::string text;
    text.reserve(request.method.size() + request.target.size() + request.body.size() + 3);
    for (const std::string_view part : {request.method, request.target, request.body}) {
        text.append(part).append("\n");
    }
    const Signed whole{.client_id = claim.client_id,
                       .timestamp = claim.timestamp,
                       .nonce = claim.nonce,
                       .signature = claim.signature,
                       .text = text};
    const Outcome<const Key*> key =
        at_its_address(keyring_.verify_signature(whole, asker.now), asker);
    const std::optional<std::uint64_t> timestamp = number_of(claim.timestamp, timestamp_max_ms);
    // Clients send the time as nonce, and may ask for two things in one millisecond.
    text.append(claim.nonce);
    if (key && timestamp.has_value() &&
        !replays_.admit((*key)->id, static_cast<std::int64_t>(*timestamp), text, asker.now)) {
        return std::unexpected(Denial::replayed);
    }
    return granted(key);
}

// What the key itself may do, without a token.
Outcome<Grant> Credentials::granted(const Outcome<const Key*>& key) const {
    if (!key) {
        return std::unexpected(key.error());
    }
    const User* const user = keyring_.user((*key)->user);
    return Grant{.key = (*key)->id,
                 .user = (*key)->user,
                 .account = (*key)->account,
                 .scopes = (*key)->most,
                 .is_main = user != nullptr && user->is_main((*key)->account)};
}

// ---- Endings ----

void Credentials::log_out(const Grant& grant) {
    tokens_.revoke(grant.family);
}

void Credentials::closed(Connection connection) {
    tokens_.revoke_connection(connection);
}

// ---- The file ----

Sentence<bool> Credentials::reload_if_changed() {
    if (!seal_key_.has_value()) {
        return false;
    }
    const host::IoResult<host::FileStamp> stamp = host::file_stamp(settings_.path);
    const host::FileStamp seen = stamp.value_or(host::FileStamp());
    if (std::exchange(stamp_, seen) == seen) {
        return false;
    }
    Sentence<SealedContent> sealed = read_sealed(settings_.path, *seal_key_);
    if (!sealed) {
        return std::unexpected(sealed.error());
    }
    stamp_ = sealed->stamp;
    const Keyring before = std::exchange(keyring_, Keyring(std::move(sealed->content)));
    end_lost_keys(before);
    return true;
}

// A key that is enabled again does not bring its old tokens back, nor does one with a new secret.
void Credentials::end_lost_keys(const Keyring& before) {
    for (const Key& old : before.content().keys()) {
        const Key* const now = keyring_.find(old.id);
        if (now == nullptr || !now->is_enabled || now->secret.view() != old.secret.view()) {
            tokens_.revoke_key(old.id);
        }
        if (now == nullptr) {
            replays_.forget(old.id);
        }
    }
}

}  // namespace miletus::credentials
