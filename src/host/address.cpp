// Addresses as text, and back.
#include "host/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <bit>
#include <span>

namespace miletus::host {

namespace {

constexpr std::size_t four_at = 12;  // where an address of IPv4 stands
constexpr std::array<std::uint8_t, four_at> before_four{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::uint8_t local_net = 127;

}  // namespace

bool Address::is_of_four() const {
    return std::ranges::equal(std::span(bytes).first(four_at), before_four);
}

bool Address::is_local() const {
    Address six;
    six.bytes.back() = 1;
    return !is_known() || *this == six || (is_of_four() && bytes[four_at] == local_net);
}

Address Address::household() const {
    constexpr std::size_t net_bytes = 8;
    Address whole = *this;
    if (!is_of_four()) {
        std::ranges::fill(std::span(whole.bytes).subspan(net_bytes), std::uint8_t{0});
    }
    return whole;
}

std::string text_of(const Address& address) {
    if (!address.is_known()) {
        return {};
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    const std::span<const std::uint8_t> bytes(address.bytes);
    const bool is_of_four = address.is_of_four();
    const void* const from = is_of_four ? bytes.subspan(four_at).data() : bytes.data();
    const char* const written = inet_ntop(is_of_four ? AF_INET : AF_INET6, from, text.data(),
                                          static_cast<socklen_t>(text.size()));
    return written == nullptr ? std::string() : std::string(written);
}

std::optional<Address> address_of(std::string_view text) {
    const std::string terminated(text);
    Address address;
    std::array<std::uint8_t, sizeof(in_addr)> four{};
    if (inet_pton(AF_INET, terminated.c_str(), four.data()) == 1) {
        std::ranges::copy(before_four, address.bytes.begin());
        std::ranges::copy(four, std::span(address.bytes).subspan(four_at).begin());
        return address;
    }
    if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) {
        return address;
    }
    return std::nullopt;
}

}  // namespace miletus::host
