// Bytes and where they end.
#include "bench/gateway/wire.hpp"

#include <array>
#include <charconv>
#include <iterator>

namespace miletus::bench {

namespace {

constexpr std::size_t short_bytes_max = 125;
constexpr unsigned two_bytes_follow = 126;
constexpr unsigned eight_bytes_follow = 127;
constexpr unsigned is_masked = 0x80;
constexpr unsigned whole_text = 0x81;
constexpr unsigned whole_ping = 0x89;

std::size_t octet(char letter) {
    return static_cast<unsigned char>(letter);
}

}  // namespace

// Passes over pings: whoever says something soon is heard anyway.
std::optional<Extent> frame_in(std::string_view bytes) {
    std::size_t start = 0;
    while (bytes.size() >= start + 2 && octet(bytes[start]) == whole_ping) {
        start += 2 + octet(bytes[start + 1]);
    }
    if (bytes.size() < start + 2) {
        return std::nullopt;
    }
    std::size_t size = octet(bytes[start + 1]);
    const std::size_t more = size == two_bytes_follow ? 2 : size == eight_bytes_follow ? 8 : 0;
    const std::size_t begin = start + 2 + more;
    if (bytes.size() < begin) {
        return std::nullopt;
    }
    if (more != 0) {
        size = 0;
        for (const char letter : bytes.substr(start + 2, more)) {
            size = size << 8U | octet(letter);
        }
    }
    return bytes.size() < begin + size ? std::nullopt
                                       : std::optional(Extent{.begin = begin, .end = begin + size});
}

std::optional<Extent> response_in(std::string_view bytes) {
    constexpr std::string_view length_name = "\r\nContent-Length: ";
    constexpr std::string_view blank_line = "\r\n\r\n";
    const std::size_t head = bytes.find(blank_line);
    if (head == std::string_view::npos) {
        return std::nullopt;
    }
    const std::size_t begin = head + blank_line.size();
    const std::size_t length_at = bytes.substr(0, head).find(length_name);
    std::size_t size = 0;
    if (length_at != std::string_view::npos) {
        const std::string_view digits = bytes.substr(length_at + length_name.size());
        std::from_chars(digits.data(), std::to_address(digits.end()), size);
    }
    return bytes.size() < begin + size ? std::nullopt
                                       : std::optional(Extent{.begin = begin, .end = begin + size});
}

std::string frame_of(std::string_view text) {
    constexpr std::array<unsigned, 4> mask{0x11, 0x22, 0x33, 0x44};
    ASSERT(text.size() < (1U << 16U));
    const auto size = static_cast<unsigned>(text.size());
    std::string frame(1, static_cast<char>(whole_text));
    if (size <= short_bytes_max) {
        frame += static_cast<char>(is_masked | size);
    } else {
        frame += static_cast<char>(is_masked | two_bytes_follow);
        frame += static_cast<char>(size >> 8U);
        frame += static_cast<char>(size & 0xffU);
    }
    for (const unsigned byte : mask) {
        frame += static_cast<char>(byte);
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
        frame += static_cast<char>(octet(text[at]) ^ mask.at(at % mask.size()));
    }
    return frame;
}

Wire::Wire(host::Network& network, const std::string& address, std::size_t room)
    : network_(network), room_(room, '\0') {
    const auto connected = network_.connect(address);
    ASSERT(connected.has_value());
    connection_ = *connected;
}

void Wire::send(std::string_view bytes) {
    while (!bytes.empty()) {
        bytes.remove_prefix(try_send(bytes));
    }
}

void Wire::receive() {
    if (begin_ == end_) {
        begin_ = 0;
        end_ = 0;
    } else if (end_ > room_.size() / 2) {
        std::copy(std::next(room_.begin(), static_cast<std::ptrdiff_t>(begin_)),
                  std::next(room_.begin(), static_cast<std::ptrdiff_t>(end_)), room_.begin());
        end_ -= begin_;
        begin_ = 0;
    }
    const auto free = std::as_writable_bytes(std::span(room_)).subspan(end_);
    const host::Transfer got = network_.receive(connection_, free);
    ASSERT(got.is_open);
    end_ += got.bytes;
}

void Wire::upgrade() {
    ASSERT(ask(upgrade_request, response_in).empty());
}

std::unique_ptr<host::SocketNetwork> client_network() {
    auto network = host::SocketNetwork::make();
    ASSERT(network.has_value());
    return std::move(*network);
}

}  // namespace miletus::bench
