// Address: where someone comes from, as the 16 bytes of an IPv6 address; one of IPv4 stands there
// as ::ffff:a.b.c.d. All zero for a Unix socket, and where nobody knows.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace miletus::host {

struct Address {
    std::array<std::uint8_t, 16> bytes{};

    friend auto operator<=>(const Address&, const Address&) = default;

    [[nodiscard]] bool is_known() const { return *this != Address(); }
    [[nodiscard]] bool is_of_four() const;  // an address of IPv4
    // This machine itself: 127.0.0.0/8, ::1, or a Unix socket.
    [[nodiscard]] bool is_local() const;
    // What one client has to itself, for counting: an address of IPv4, the first 64 bits of
    // another.
    [[nodiscard]] Address household() const;
};

// Such as 192.0.2.7 or 2001:db8::1; empty where it is not known.
[[nodiscard]] std::string text_of(const Address& address);
// Nothing where the text is no numeric address.
[[nodiscard]] std::optional<Address> address_of(std::string_view text);

}  // namespace miletus::host
