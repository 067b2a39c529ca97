// Addresses of the internet, and the ranges that a key may be used from. A version 4 address that
// comes in the clothes of version 6 (::ffff:1.2.3.4) is the same address.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace miletus::credentials {

// Sixteen bytes; version 4 lies in the last four, behind ::ffff.
class IpAddress {
  public:
    using Bytes = std::array<std::uint8_t, 16>;

    constexpr IpAddress() = default;  // the unspecified address, ::
    explicit constexpr IpAddress(const Bytes& bytes) : bytes_(bytes) {}
    // Without a port and without brackets; empty where the text is no address.
    [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

    [[nodiscard]] constexpr const Bytes& bytes() const { return bytes_; }
    [[nodiscard]] bool is_version_4() const;
    // 1.2.3.4, or 2001:db8::1 (RFC 5952).
    [[nodiscard]] std::string text() const;
    friend constexpr bool operator==(const IpAddress&, const IpAddress&) = default;

  private:
    Bytes bytes_{};
};

// An address, or all that share its first bits: 10.0.0.0/8, 2001:db8::/32.
class IpRange {
  public:
    constexpr IpRange() = default;
    constexpr IpRange(IpAddress address, std::uint8_t bits) : address_(address), bits_(bits) {}
    // Bits behind the prefix must be zero; empty where the text is no range.
    [[nodiscard]] static std::optional<IpRange> parse(std::string_view text);

    [[nodiscard]] bool contains(const IpAddress& address) const;
    [[nodiscard]] constexpr const IpAddress& address() const { return address_; }
    // Of 128, also where the address is of version 4.
    [[nodiscard]] constexpr std::uint8_t bits() const { return bits_; }
    [[nodiscard]] std::string text() const;
    friend constexpr bool operator==(const IpRange&, const IpRange&) = default;

  private:
    IpAddress address_;
    std::uint8_t bits_ = 128;
};

}  // namespace miletus::credentials
