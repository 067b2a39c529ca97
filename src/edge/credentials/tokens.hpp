// Tokens: pairs of an access and a refresh token. Refreshing makes a new pair and ends the old one;
// all pairs that came out of each other are a family, and a refresh token that is shown twice ends
// its family: one of the two who had it stole it. Of tokens only SHA-256 is kept. Every table has a
// bound, at which an expired family makes room, else the oldest; but none that an open connection
// stands on: where all are such, nothing more is issued. One thread uses it.
#pragma once

#include "base/hash.hpp"
#include "base/units.hpp"
#include "edge/credentials/denial.hpp"
#include "edge/credentials/register.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace miletus::credentials {

// A family of tokens; numbers rise, and none is given twice.
using FamilyId = Id<struct FamilyTag, std::uint64_t>;
// A connection by a number that its owner never gives twice.
enum class Connection : std::uint64_t { none = 0 };

// What a token was given for.
struct Terms {
    KeyId key{};
    UserId user{};
    AccountId account{};
    Scopes scopes{};
    std::string session;                   // its name; empty where it is of a connection
    Connection connection{};               // dies with it, unless of a session or `none`
    std::optional<Nanos> expires_after{};  // else by kind
    std::optional<IpAddress> address{};    // the only one it may be used from

    [[nodiscard]] bool is_bound() const {
        return session.empty() && connection != Connection::none;
    }
};

// Who is let in, and as what.
struct Grant {
    KeyId key{};
    UserId user{};
    AccountId account{};
    Scopes scopes{};
    bool is_main = false;  // the account is its user's first
    FamilyId family{};     // 0 where no token stands behind it
    bool is_of_session = false;
    UnixNanos expires{INT64_MAX};
};

struct TokenPair {
    FamilyId family{};
    std::string access_token;
    std::string refresh_token;
    std::int64_t expires_in = 0;  // seconds
};

struct TokenSettings {
    std::size_t families = 32'768;
    std::size_t sessions_per_key = 16;
    std::size_t others_per_key = 256;
    Nanos connection_lifetime{31'536'000'000'000'000};  // a year
    Nanos session_lifetime{900'000'000'000};
    Nanos refresh_lifetime{31'536'000'000'000'000};
};

class Tokens {
  public:
    struct Family {
        Terms terms{};
        Sha256 access{};
        Sha256 refresh{};
        std::array<Sha256, 8> spent{};  // refresh tokens that were used, a ring
        std::uint32_t rotations = 0;
        UnixNanos access_expires{};
        UnixNanos refresh_expires{};
        std::uint32_t standing = 0;  // open connections whose last login it is
    };

    explicit Tokens(const TokenSettings& settings);

    // The connection of the terms stands on the new family.
    [[nodiscard]] Outcome<TokenPair> issue(const Terms& terms, UnixNanos now);
    // It was the last that this connection logged in by; `none` stands on nothing.
    void stand_on(Connection connection, FamilyId family);
    // Whose access token it is; stays until the next change.
    [[nodiscard]] Outcome<FamilyId> check(std::string_view access_token, UnixNanos now) const;
    // Whose refresh token it is, without using it up; one that was used ends its family.
    [[nodiscard]] Outcome<FamilyId> check_refresh(std::string_view refresh_token, UnixNanos now);
    [[nodiscard]] Outcome<TokenPair> refresh(std::string_view refresh_token, UnixNanos now);

    // Empty where it has ended.
    [[nodiscard]] const Family* find(FamilyId family) const;
    void revoke(FamilyId family);
    void revoke_connection(Connection connection);
    void revoke_key(KeyId key);
    [[nodiscard]] std::size_t size() const { return families_.size(); }
    void check_invariants() const;

  private:
    enum class Role : std::uint8_t { access, refresh, spent };
    struct Place {
        FamilyId family;
        Role role{};
    };
    struct OfKey {
        std::set<FamilyId> sessions;  // oldest first
        std::set<FamilyId> others;
    };

    [[nodiscard]] const Place* find(std::string_view token) const;
    [[nodiscard]] bool is_digest_of(const Place& place, const Sha256& digest) const;
    [[nodiscard]] TokenPair renew(FamilyId id, UnixNanos now);
    [[nodiscard]] std::string new_token(UnixNanos now) const;
    [[nodiscard]] std::set<FamilyId>& siblings(const Terms& terms);
    [[nodiscard]] bool make_room(const Terms& terms, UnixNanos now);
    [[nodiscard]] std::optional<FamilyId> dispensable(UnixNanos now) const;
    [[nodiscard]] std::optional<FamilyId> dispensable(const std::set<FamilyId>& siblings,
                                                      UnixNanos now) const;
    [[nodiscard]] FamilyId leave(Connection connection);
    void enter_loose(FamilyId id, const Family& family);
    void leave_loose(FamilyId id, const Family& family);
    [[nodiscard]] Nanos lifetime(const Terms& terms) const;

    TokenSettings settings_;
    std::uint64_t next_ = 1;
    std::map<FamilyId, Family> families_;                 // oldest first
    std::unordered_map<std::uint64_t, Place> by_digest_;  // by its first eight bytes
    std::unordered_map<KeyId::Value, OfKey> by_key_;
    std::unordered_map<std::uint64_t, std::set<FamilyId>> by_connection_;
    std::unordered_map<std::uint64_t, FamilyId> standing_;  // by open connection
    // Those that no open connection stands on: oldest first, and by when they expire.
    std::set<FamilyId> loose_;
    std::set<std::pair<UnixNanos, FamilyId>> loose_by_expiry_;
};

}  // namespace miletus::credentials
