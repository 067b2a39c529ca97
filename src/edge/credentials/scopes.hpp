// Scopes: what a key or a token may do, area by area. A request's words are cut down to what the
// key may at most; words that nobody knows are passed over.
#pragma once

#include "base/units.hpp"
#include "edge/credentials/addresses.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace miletus::credentials {

enum class Area : std::uint8_t { account, trade, wallet, block_trade, block_rfq, custody };
constexpr std::size_t area_count = 6;
enum class Access : std::uint8_t { none, read, read_write };

[[nodiscard]] std::string_view word_of(Area area);
[[nodiscard]] std::string_view word_of(Access access);

class Scopes {
  public:
    constexpr Scopes() = default;  // nothing
    [[nodiscard]] static constexpr Scopes all(Access access) {
        Scopes scopes;
        scopes.access_.fill(access);
        return scopes;
    }

    [[nodiscard]] constexpr Access access(Area area) const {
        return access_.at(std::to_underlying(area));
    }
    [[nodiscard]] constexpr bool allows(Area area, Access access) const {
        return this->access(area) >= access;
    }
    constexpr void set(Area area, Access access) { access_.at(std::to_underlying(area)) = access; }
    // In each area no more than that.
    [[nodiscard]] Scopes within(const Scopes& most) const;
    // "account:read trade:read_write"; areas without access are left out.
    [[nodiscard]] std::string text() const;
    friend constexpr bool operator==(const Scopes&, const Scopes&) = default;

  private:
    std::array<Access, area_count> access_{};
};

// What a key may at most, as an operator writes it: "trade:read_write account:read". Here, and only
// here, a word that is no area's is a mistake; empty then. Areas that are not named are none.
[[nodiscard]] std::optional<Scopes> parse_maximum(std::string_view text);

constexpr std::size_t session_name_max = 64;

// What the `scope` of a request asks for.
struct ScopeRequest {
    // An area that is not named is asked for as far as the key goes.
    std::array<std::optional<Access>, area_count> areas{};
    std::string session;                 // a name, else the token is of the connection
    std::optional<Nanos> expires_after;  // expires:N
    std::optional<IpAddress> address;    // ip:A, the only one that may use the token
    bool has_bad_address = false;        // an ip: that is none; the request must then be refused

    [[nodiscard]] Scopes granted(const Scopes& most) const;
};
[[nodiscard]] ScopeRequest parse_scope(std::string_view text);
// Letters, digits and _-.:@ only; not too long.
[[nodiscard]] bool is_session_name(std::string_view name);

}  // namespace miletus::credentials
