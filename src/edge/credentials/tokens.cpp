// Families of tokens: made, found by digest, rotated, ended.
#include "edge/credentials/tokens.hpp"

#include "base/assert.hpp"
#include "edge/credentials/cipher.hpp"
#include "edge/credentials/letters.hpp"
#include "edge/credentials/secret.hpp"

#include <algorithm>
#include <bit>

namespace miletus::credentials {

namespace {

constexpr std::size_t token_max = 256;
constexpr std::int64_t millisecond_ns = 1'000'000;
constexpr std::int64_t second_ns = 1'000'000'000;

// What a digest is found by; the whole of it is compared afterwards.
std::uint64_t front_of(const Sha256& digest) {
    std::array<std::byte, sizeof(std::uint64_t)> front{};
    std::ranges::copy(std::span(digest).first<sizeof(std::uint64_t)>(), front.begin());
    return std::bit_cast<std::uint64_t>(front);
}

}  // namespace

Tokens::Tokens(const TokenSettings& settings) : settings_(settings) {
    ASSERT(settings.families > 0);
    ASSERT(settings.sessions_per_key > 0);
    ASSERT(settings.others_per_key > 0);
}

// ---- Making ----

Outcome<TokenPair> Tokens::issue(const Terms& terms, UnixNanos now) {
    // What the connection stood on until now may be what makes room.
    const FamilyId before = leave(terms.connection);
    if (!make_room(terms, now)) {
        stand_on(terms.connection, before);
        return std::unexpected(Denial::too_many_logins);
    }
    const FamilyId id(next_++);
    families_.emplace(id, Family{.terms = terms});
    siblings(terms).insert(id);
    if (terms.is_bound()) {
        by_connection_[std::to_underlying(terms.connection)].insert(id);
    }
    stand_on(terms.connection, id);
    return renew(id, now);
}

bool Tokens::make_room(const Terms& terms, UnixNanos now) {
    const std::set<FamilyId>& others = siblings(terms);
    const std::size_t most =
        terms.session.empty() ? settings_.others_per_key : settings_.sessions_per_key;
    if (others.size() >= most) {
        const std::optional<FamilyId> gone = dispensable(others, now);
        revoke(gone.value_or(FamilyId()));
        return gone.has_value();
    }
    if (families_.size() >= settings_.families) {
        const std::optional<FamilyId> gone = dispensable(now);
        revoke(gone.value_or(FamilyId()));
        return gone.has_value();
    }
    return true;
}

std::optional<FamilyId> Tokens::dispensable(UnixNanos now) const {
    if (loose_.empty()) {
        return std::nullopt;
    }
    const auto& [expires, first] = *loose_by_expiry_.begin();
    return now >= expires ? first : *loose_.begin();
}

std::optional<FamilyId> Tokens::dispensable(const std::set<FamilyId>& siblings,
                                            UnixNanos now) const {
    std::optional<FamilyId> oldest;
    for (const FamilyId id : siblings) {
        const Family& family = families_.at(id);
        if (family.standing != 0) {
            continue;
        }
        if (now >= family.access_expires) {
            return id;
        }
        oldest = oldest.value_or(id);
    }
    return oldest;
}

// ---- Who stands on them ----

void Tokens::stand_on(Connection connection, FamilyId id) {
    static_cast<void>(leave(connection));
    const auto found = families_.find(id);
    if (connection == Connection::none || found == families_.end()) {
        return;
    }
    standing_.emplace(std::to_underlying(connection), id);
    ++found->second.standing;
    leave_loose(id, found->second);
}

// What it stood on.
FamilyId Tokens::leave(Connection connection) {
    const auto place = standing_.find(std::to_underlying(connection));
    if (place == standing_.end()) {
        return {};
    }
    const FamilyId id = place->second;
    standing_.erase(place);
    // It may have ended meanwhile.
    if (const auto found = families_.find(id); found != families_.end()) {
        --found->second.standing;
        enter_loose(id, found->second);
    }
    return id;
}

void Tokens::enter_loose(FamilyId id, const Family& family) {
    if (family.standing == 0) {
        loose_.insert(id);
        loose_by_expiry_.emplace(family.access_expires, id);
    }
}

void Tokens::leave_loose(FamilyId id, const Family& family) {
    loose_.erase(id);
    loose_by_expiry_.erase({family.access_expires, id});
}

// A pair in place of the one that the family had.
TokenPair Tokens::renew(FamilyId id, UnixNanos now) {
    Family& family = families_.at(id);
    leave_loose(id, family);
    const Nanos life = lifetime(family.terms);
    TokenPair pair{.family = id,
                   .access_token = new_token(now),
                   .refresh_token = new_token(now),
                   .expires_in = life.value() / second_ns};
    family.access = sha256_of(pair.access_token);
    family.refresh = sha256_of(pair.refresh_token);
    family.access_expires = now + life;
    family.refresh_expires = now + std::max(life, settings_.refresh_lifetime);
    by_digest_[front_of(family.access)] = {.family = id, .role = Role::access};
    by_digest_[front_of(family.refresh)] = {.family = id, .role = Role::refresh};
    enter_loose(id, family);
    return pair;
}

// 256 random bits behind the time, as others write it.
std::string Tokens::new_token(UnixNanos now) const {
    while (true) {
        std::array<std::byte, 32> bytes = random_bytes<32>();
        std::string token =
            std::to_string(now.value() / millisecond_ns) + "." + base64url_of(bytes);
        wipe(bytes);
        if (!by_digest_.contains(front_of(sha256_of(token)))) {
            return token;
        }
    }
}

Nanos Tokens::lifetime(const Terms& terms) const {
    const Nanos kind =
        terms.session.empty() ? settings_.connection_lifetime : settings_.session_lifetime;
    return terms.expires_after.value_or(kind);
}

std::set<FamilyId>& Tokens::siblings(const Terms& terms) {
    OfKey& of_key = by_key_[terms.key.value()];
    return terms.session.empty() ? of_key.others : of_key.sessions;
}

// ---- Checking ----

const Tokens::Place* Tokens::find(std::string_view token) const {
    if (token.size() > token_max) {
        return nullptr;
    }
    const Sha256 digest = sha256_of(token);
    const auto found = by_digest_.find(front_of(digest));
    if (found == by_digest_.end() || !is_digest_of(found->second, digest)) {
        return nullptr;
    }
    return &found->second;
}

bool Tokens::is_digest_of(const Place& place, const Sha256& digest) const {
    const Family& family = families_.at(place.family);
    if (place.role == Role::spent) {
        return std::ranges::any_of(family.spent,
                                   [&](const Sha256& spent) { return is_same(spent, digest); });
    }
    return is_same(place.role == Role::access ? family.access : family.refresh, digest);
}

Outcome<FamilyId> Tokens::check(std::string_view access_token, UnixNanos now) const {
    const Place* const place = find(access_token);
    if (place == nullptr || place->role != Role::access) {
        return std::unexpected(Denial::invalid_token);
    }
    if (now >= families_.at(place->family).access_expires) {
        return std::unexpected(Denial::expired_token);
    }
    return place->family;
}

Outcome<FamilyId> Tokens::check_refresh(std::string_view refresh_token, UnixNanos now) {
    const Place* const place = find(refresh_token);
    if (place == nullptr || place->role == Role::access) {
        return std::unexpected(Denial::invalid_token);
    }
    const FamilyId id = place->family;
    if (place->role == Role::spent) {
        revoke(id);
        return std::unexpected(Denial::invalid_token);
    }
    if (now >= families_.at(id).refresh_expires) {
        revoke(id);
        return std::unexpected(Denial::expired_token);
    }
    return id;
}

Outcome<TokenPair> Tokens::refresh(std::string_view refresh_token, UnixNanos now) {
    const Outcome<FamilyId> id = check_refresh(refresh_token, now);
    if (!id) {
        return std::unexpected(id.error());
    }
    Family& family = families_.at(*id);
    by_digest_.erase(front_of(family.access));
    Sha256& spent = family.spent.at(family.rotations % family.spent.size());
    if (family.rotations >= family.spent.size()) {
        by_digest_.erase(front_of(spent));
    }
    spent = family.refresh;
    by_digest_.at(front_of(spent)).role = Role::spent;
    ++family.rotations;
    return renew(*id, now);
}

const Tokens::Family* Tokens::find(FamilyId family) const {
    const auto found = families_.find(family);
    return found == families_.end() ? nullptr : &found->second;
}

// ---- Ending ----

void Tokens::revoke(FamilyId id) {
    const auto found = families_.find(id);
    if (found == families_.end()) {
        return;
    }
    const Family& family = found->second;
    by_digest_.erase(front_of(family.access));
    by_digest_.erase(front_of(family.refresh));
    const std::size_t spent = std::min<std::size_t>(family.rotations, family.spent.size());
    for (const Sha256& digest : std::span(family.spent).first(spent)) {
        by_digest_.erase(front_of(digest));
    }
    const std::uint64_t connection = std::to_underlying(family.terms.connection);
    if (family.terms.is_bound() && by_connection_.at(connection).erase(id) == 1 &&
        by_connection_.at(connection).empty()) {
        by_connection_.erase(connection);
    }
    siblings(family.terms).erase(id);
    leave_loose(id, family);
    families_.erase(found);
}

void Tokens::revoke_connection(Connection connection) {
    static_cast<void>(leave(connection));
    const auto found = by_connection_.find(std::to_underlying(connection));
    if (found == by_connection_.end()) {
        return;
    }
    const std::set<FamilyId> families = found->second;
    for (const FamilyId family : families) {
        revoke(family);
    }
}

void Tokens::revoke_key(KeyId key) {
    const auto found = by_key_.find(key.value());
    if (found == by_key_.end()) {
        return;
    }
    std::set<FamilyId> families = found->second.sessions;
    families.insert(found->second.others.begin(), found->second.others.end());
    for (const FamilyId family : families) {
        revoke(family);
    }
    by_key_.erase(key.value());
}

void Tokens::check_invariants() const {
    ASSERT(families_.size() <= settings_.families);
    std::size_t digests = 0;
    std::size_t bound = 0;
    std::size_t loose = 0;
    for (const auto& [id, family] : families_) {
        digests += 2 + std::min<std::size_t>(family.rotations, family.spent.size());
        bound += family.terms.is_bound() ? 1U : 0U;
        loose += family.standing == 0 ? 1U : 0U;
        ASSERT((family.standing == 0) == loose_.contains(id));
        ASSERT((family.standing == 0) == loose_by_expiry_.contains({family.access_expires, id}));
        ASSERT(by_digest_.at(front_of(family.access)).family == id);
        ASSERT(by_digest_.at(front_of(family.refresh)).family == id);
    }
    ASSERT(digests == by_digest_.size());
    std::size_t of_keys = 0;
    for (const auto& [key, of_key] : by_key_) {
        ASSERT(of_key.sessions.size() <= settings_.sessions_per_key);
        ASSERT(of_key.others.size() <= settings_.others_per_key);
        of_keys += of_key.sessions.size() + of_key.others.size();
    }
    ASSERT(of_keys == families_.size());
    std::size_t of_connections = 0;
    for (const auto& [connection, families] : by_connection_) {
        ASSERT(!families.empty());
        of_connections += families.size();
    }
    ASSERT(of_connections == bound);
    ASSERT(loose == loose_.size());
    ASSERT(loose == loose_by_expiry_.size());
    for (const auto& [connection, id] : standing_) {
        const auto found = families_.find(id);
        ASSERT(found == families_.end() || found->second.standing != 0);
    }
}

}  // namespace miletus::credentials
