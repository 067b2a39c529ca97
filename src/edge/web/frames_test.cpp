// The codec of frames, against a naive writer and every way to be wrong.
#include "base/prng.hpp"
#include "edge/web/bench_test.hpp"

#include <gtest/gtest.h>

namespace miletus::web {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text));
}

std::string text_of(std::span<const std::byte> bytes) {
    std::string text;
    for (const std::byte byte : bytes) {
        text += static_cast<char>(byte);
    }
    return text;
}

TEST(Frames, of_a_client_are_read_at_every_length) {
    for (const std::size_t size : {0UL, 1UL, 125UL, 126UL, 127UL, 65535UL, 65536UL, 70000UL}) {
        const std::string text(size, 'x');
        std::string frame = text_frame(text);
        const auto head = read_head(bytes_of(frame));
        ASSERT_TRUE(head && *head) << size;
        EXPECT_EQ((*head)->payload_bytes, size);
        EXPECT_EQ((*head)->head_bytes + size, frame.size());
        EXPECT_TRUE((*head)->is_final);
        const std::span<std::byte> payload =
            std::as_writable_bytes(std::span(frame)).subspan((*head)->head_bytes);
        unmask(payload, (*head)->mask);
        EXPECT_EQ(text_of(payload), text);
        // No shorter piece is a head, and none is refused.
        for (std::size_t cut = 0; cut < (*head)->head_bytes; ++cut) {
            const auto part = read_head(bytes_of(frame).first(cut));
            EXPECT_TRUE(part && !*part) << size << " cut at " << cut;
        }
    }
}

TEST(Frames, of_ours_are_what_a_naive_writer_makes) {
    Frame frame;
    for (const std::size_t size : {0UL, 125UL, 126UL, 65535UL, 65536UL}) {
        const std::string text(size, 'y');
        frame.encode(text);
        EXPECT_EQ(text_of(frame.bytes()), server_frame(0x81, text));
        EXPECT_EQ(text_of(own_head(Opcode::text, size).bytes()) + text, server_frame(0x81, text));
    }
    EXPECT_EQ(text_of(own_head(Opcode::pong, 3).bytes()), "\x8A\x03");
}

TEST(Frames, that_no_client_may_send_are_refused_as_soon_as_it_shows) {
    const std::vector<std::string> cases{
        "\xC1",  // a reserved bit: compressed
        "\xA1",  // another
        "\x91",  // the third
        "\x83",
        "\x87",
        "\x8B",
        "\x8F",  // opcodes that nobody defined
        "\x09",
        "\x0A",
        "\x08",  // control frames in pieces
        std::string("\x81\x00", 2),
        "\x81\x05",  // no mask
        "\x89\xFE",
        "\x88\xFF",                          // control frames of more than 125 bytes
        std::string("\x81\xFE\x00\x7D", 4),  // 125 in the long form
        std::string("\x81\xFF\x00\x00\x00\x00\x00\x00\xFF\xFF", 10),  // 65535 in the longest
        "\x81\xFF\x80\x01\x01\x01\x01\x01\x01\x01",                   // a negative length
    };
    for (const std::string& bytes : cases) {
        const auto head = read_head(bytes_of(bytes));
        ASSERT_FALSE(head) << bytes.size() << " bytes from " << int{bytes[0]};
        EXPECT_EQ(head.error(), CloseCode::protocol_error);
    }
}

TEST(Frames, closing_has_a_code_that_may_be_sent_and_a_reason_in_utf8) {
    const auto code_of = [](const std::string& payload) {
        const auto closing = read_closing(bytes_of(payload));
        return closing ? static_cast<int>(closing->code) : -static_cast<int>(closing.error());
    };
    const auto with = [](unsigned code, const std::string& reason) {
        return std::string{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)} + reason;
    };
    EXPECT_EQ(code_of(""), 1005);
    EXPECT_EQ(code_of("x"), -1002);
    for (const unsigned code : {1000U, 1001U, 1003U, 1007U, 1011U, 1014U, 3000U, 4999U}) {
        EXPECT_EQ(code_of(with(code, "bye")), static_cast<int>(code));
    }
    for (const unsigned code :
         {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1100U, 2999U, 5000U, 65535U}) {
        EXPECT_EQ(code_of(with(code, "")), -1002);
    }
    EXPECT_EQ(code_of(with(1000, "\xFF")), -1007);
}

// A naive twin: decode every sequence to its number, and judge the number.
bool is_utf8_naively(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = [&](std::size_t offset) {
            return at + offset < text.size() ? static_cast<unsigned char>(text[at + offset]) : 0U;
        };
        const unsigned first = byte(0);
        const std::size_t size = first < 0x80        ? 1
                                 : first >> 5U == 6  ? 2
                                 : first >> 4U == 14 ? 3
                                 : first >> 3U == 30 ? 4
                                                     : 0;
        if (size == 0) {
            return false;
        }
        unsigned number = size == 1 ? first : first & (0x7FU >> size);
        for (std::size_t offset = 1; offset < size; ++offset) {
            if (byte(offset) >> 6U != 2) {
                return false;
            }
            number = number << 6U | (byte(offset) & 0x3FU);
        }
        const std::array<unsigned, 5> least{0, 0, 0x80, 0x800, 0x10000};
        if (number < least[size] || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF)) {
            return false;
        }
        at += size;
    }
    return true;
}

TEST(Frames, text_is_utf8_exactly_where_a_naive_reader_says_so) {
    Prng prng(3);
    std::size_t good = 0;
    for (int count = 0; count < 200'000; ++count) {
        // Bytes at the edges of what is allowed, behind letters that a fast path may skip.
        static constexpr std::array<unsigned char, 20> edges{
            'a',  0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1,
            0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF, 0xE1};
        std::string text(prng.below(3) == 0 ? prng.below(130) : 0, 'b');
        for (std::uint64_t left = 1 + prng.below(4); left != 0; --left) {
            text += static_cast<char>(edges[prng.below(edges.size())]);
        }
        text.append(prng.below(3), 'c');
        const bool is_good = is_utf8_naively(text);
        good += is_good ? 1 : 0;
        ASSERT_EQ(is_utf8(bytes_of(text)), is_good);
    }
    EXPECT_GT(good, 5'000U);
}

}  // namespace
}  // namespace miletus::web
