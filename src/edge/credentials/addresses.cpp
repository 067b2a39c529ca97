// Addresses as text: version 4 in four decimal numbers, version 6 in groups of hexadecimal digits
// (RFC 4291, 2.2). A number has no zeros in front that some would read as octal.
#include "edge/credentials/addresses.hpp"

#include "base/hash.hpp"
#include "edge/credentials/letters.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace miletus::credentials {

namespace {

constexpr std::size_t version_4_start = 12;
constexpr std::uint8_t version_4_bits = 96;  // in front of an address of version 4
constexpr std::size_t groups = 8;

// The text up to a mark, which is taken off with it.
std::string_view take_until(std::string_view& text, char mark) {
    const std::size_t end = std::min(text.find(mark), text.size());
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return taken;
}

std::optional<std::array<std::uint8_t, 4>> parse_version_4(std::string_view text) {
    if (std::ranges::count(text, '.') != 3) {
        return std::nullopt;
    }
    std::array<std::uint8_t, 4> bytes{};
    for (std::uint8_t& byte : bytes) {
        const std::string_view digits = take_until(text, '.');
        const std::optional<std::uint64_t> number = number_of(digits, 255);
        if (!number.has_value() || (digits.size() > 1 && digits.starts_with('0'))) {
            return std::nullopt;
        }
        byte = static_cast<std::uint8_t>(*number);
    }
    return bytes;
}

// Groups between colons, as bytes; the last may be an address of version 4.
std::optional<std::string> parse_groups(std::string_view text) {
    std::string bytes;
    if (text.empty()) {
        return bytes;
    }
    if (text.ends_with(':')) {
        return std::nullopt;
    }
    while (!text.empty()) {
        const bool is_last = text.find(':') == std::string_view::npos;
        const std::string_view group = take_until(text, ':');
        if (is_last && group.find('.') != std::string_view::npos) {
            const auto version_4 = parse_version_4(group);
            if (!version_4.has_value()) {
                return std::nullopt;
            }
            bytes.append(version_4->begin(), version_4->end());
            continue;
        }
        std::array<std::byte, 2> pair{};
        if (group.empty() || group.size() > 4 ||
            !read_hex(std::string(4 - group.size(), '0') + std::string(group), pair)) {
            return std::nullopt;
        }
        bytes += static_cast<char>(pair[0]);
        bytes += static_cast<char>(pair[1]);
    }
    return bytes;
}

std::optional<IpAddress> parse_version_6(std::string_view text) {
    IpAddress::Bytes bytes{};
    const std::size_t gap = text.find("::");
    if (gap < text.size() && text.substr(0, gap).find('.') != std::string_view::npos) {
        return std::nullopt;  // version 4 stands at the end only
    }
    const auto front = parse_groups(text.substr(0, gap));
    const auto back = gap == std::string_view::npos ? std::optional<std::string>("")
                                                    : parse_groups(text.substr(gap + 2));
    if (!front.has_value() || !back.has_value()) {
        return std::nullopt;
    }
    // A gap stands for one group of zeros at least, and nothing else is left out.
    const std::size_t given = front->size() + back->size();
    if (gap == std::string_view::npos ? given != bytes.size() : given > bytes.size() - 2) {
        return std::nullopt;
    }
    std::ranges::copy(*front, bytes.begin());
    std::ranges::copy_backward(*back, bytes.end());
    return IpAddress(bytes);
}

// The first of the longest runs of zero groups, of two at least (RFC 5952, 4.2).
struct Gap {
    std::size_t start = 0;
    std::size_t size = 0;
};
Gap longest_gap(const IpAddress::Bytes& bytes) {
    Gap longest;
    Gap current;
    for (std::size_t group = 0; group < groups; ++group) {
        const bool is_zero = bytes.at(group * 2) == 0 && bytes.at(group * 2 + 1) == 0;
        current = is_zero ? Gap{.start = current.start, .size = current.size + 1}
                          : Gap{.start = group + 1, .size = 0};
        longest = current.size > std::max<std::size_t>(longest.size, 1) ? current : longest;
    }
    return longest;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    if (text.find(':') != std::string_view::npos) {
        return parse_version_6(text);
    }
    const auto version_4 = parse_version_4(text);
    if (!version_4.has_value()) {
        return std::nullopt;
    }
    Bytes bytes{};
    bytes[10] = 255;
    bytes[11] = 255;
    std::ranges::copy(*version_4, std::span(bytes).subspan(version_4_start).begin());
    return IpAddress(bytes);
}

bool IpAddress::is_version_4() const {
    const auto front = std::span(bytes_).first(10);
    return std::ranges::all_of(front, [](std::uint8_t byte) { return byte == 0; }) &&
           bytes_[10] == 255 && bytes_[11] == 255;
}

std::string IpAddress::text() const {
    std::string text;
    if (is_version_4()) {
        for (const std::uint8_t byte : std::span(bytes_).subspan(version_4_start)) {
            text += (text.empty() ? "" : ".") + std::to_string(byte);
        }
        return text;
    }
    const Gap gap = longest_gap(bytes_);
    for (std::size_t group = 0; group < groups; ++group) {
        if (group >= gap.start && group < gap.start + gap.size) {
            text += group == gap.start ? "::" : "";
            continue;
        }
        const std::array<std::byte, 2> pair{std::byte{bytes_.at(group * 2)},
                                            std::byte{bytes_.at(group * 2 + 1)}};
        const std::string digits = hex(pair);
        const std::size_t start = std::min<std::size_t>(digits.find_first_not_of('0'), 3);
        text += (text.empty() || text.ends_with(':') ? "" : ":") + digits.substr(start);
    }
    return text;
}

std::optional<IpRange> IpRange::parse(std::string_view text) {
    const bool has_bits = text.find('/') != std::string_view::npos;
    const std::string_view letters = take_until(text, '/');
    const std::optional<IpAddress> address = IpAddress::parse(letters);
    if (!address.has_value()) {
        return std::nullopt;
    }
    // Bits are counted as the address is written: ::ffff:1.2.3.4 is written as version 6.
    const bool is_short = letters.find(':') == std::string_view::npos;
    const std::uint8_t skipped = is_short ? version_4_bits : 0;
    const std::optional<std::uint64_t> bits =
        has_bits ? number_of(text, 128U - skipped) : std::optional<std::uint64_t>(128U - skipped);
    if (!bits.has_value()) {
        return std::nullopt;
    }
    const IpRange range(*address, static_cast<std::uint8_t>(*bits + skipped));
    IpAddress::Bytes start = address->bytes();
    for (std::size_t bit = range.bits(); bit < 128; ++bit) {
        start.at(bit / 8) &= static_cast<std::uint8_t>(~(128U >> bit % 8));
    }
    return IpAddress(start) == *address ? std::optional(range) : std::nullopt;
}

bool IpRange::contains(const IpAddress& address) const {
    for (std::size_t place = 0; place < address.bytes().size(); ++place) {
        const std::size_t here = std::clamp<std::size_t>(bits_, place * 8, place * 8 + 8);
        const auto mask = static_cast<std::uint8_t>(0xff00U >> (here - place * 8));
        const auto different =
            static_cast<std::uint8_t>(address.bytes().at(place) ^ address_.bytes().at(place));
        if ((different & mask) != 0) {
            return false;
        }
    }
    return true;
}

std::string IpRange::text() const {
    if (bits_ == 128) {
        return address_.text();
    }
    const std::uint8_t skipped = address_.is_version_4() ? version_4_bits : 0;
    return address_.text() + "/" + std::to_string(bits_ - skipped);
}

}  // namespace miletus::credentials
