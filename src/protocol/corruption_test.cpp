// Damaged messages: each decodes to a refusal of its own, or is another valid message.
#include "protocol/random_messages_test.hpp"
#include "protocol/remade_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

namespace miletus::protocol {
namespace {

bool is_about_bytes(Reject reject) {
    const auto number = static_cast<std::uint16_t>(reject);
    return number > 100 && number < 200 && name(reject) != "unknown_reject";
}

// Decodes each message with each of its bytes set to each value; counts the refusals.
struct EveryByte {
    std::map<Reject, std::uint64_t>& refusals;

    template <class Message>
    void operator()() const {
        Prng prng(3);
        for (const std::uint32_t entries : {0U, 2U}) {
            try_all<Message>(random_message<Message>(prng, entries));
        }
    }

    template <class Message>
    void try_all(std::vector<Unit> units) const {
        for (std::size_t at = 0; at < units.size() * sizeof(Unit); ++at) {
            std::byte& byte = units[at / sizeof(Unit)].bytes.at(at % sizeof(Unit));
            const std::byte right = byte;
            for (int value = 0; value < 256; ++value) {
                byte = static_cast<std::byte>(value);
                const auto type = decode_as<Message>(units);
                if (type) {
                    ASSERT_TRUE(survives(*type, units))
                        << Message::name_text << ", byte " << at << " = " << value;
                } else {
                    ASSERT_TRUE(is_about_bytes(type.error()));
                    ++refusals[type.error()];
                }
            }
            byte = right;
        }
    }
};

TEST(Corruption, any_changed_byte_gives_a_named_refusal_or_a_valid_message) {
    std::map<Reject, std::uint64_t> refusals;
    visit_commands(EveryByte{refusals});
    visit_queries(EveryByte{refusals});
    visit_events(EveryByte{refusals});
    visit_answers(EveryByte{refusals});
    for (std::uint16_t number = 101; number <= 199; ++number) {
        const auto reject = static_cast<Reject>(number);
        if (name(reject) != "unknown_reject") {
            EXPECT_TRUE(refusals.contains(reject)) << name(reject) << " was never reached";
        }
    }
}

struct EveryLength {
    template <class Message>
    void operator()() const {
        Prng prng(4);
        const std::vector<Unit> units = random_message<Message>(prng, 2);
        const std::span<const Unit> whole(units);
        for (std::size_t length = 0; length < units.size(); ++length) {
            EXPECT_EQ(decode_as<Message>(whole.first(length)).error(), Reject::truncated);
        }
        std::vector<Unit> longer = units;
        longer.emplace_back();
        EXPECT_EQ(decode_as<Message>(longer).error(), Reject::wrong_length);
    }
};

TEST(Corruption, a_message_cut_short_or_followed_by_more_is_refused) {
    visit_commands(EveryLength{});
    visit_queries(EveryLength{});
    visit_events(EveryLength{});
    visit_answers(EveryLength{});
}

template <class Type>
void expect_judged(const Result<Type>& type, std::span<const Unit> units) {
    EXPECT_TRUE(type ? survives(*type, units) : is_about_bytes(type.error()));
}

TEST(Corruption, random_units_do_no_harm) {
    Prng prng(5);
    std::array<Unit, 4> units{};
    for (int round = 0; round < 20'000; ++round) {
        for (Unit& unit : units) {
            for (std::byte& byte : unit.bytes) {
                byte = prng.one_in(3) ? static_cast<std::byte>(prng.next()) : std::byte{0};
            }
        }
        const auto message = std::span<const Unit>(units).first(prng.below(units.size() + 1));
        expect_judged(decode_command(message), message);
        expect_judged(decode_query(message), message);
        expect_judged(decode_event(message), message);
        expect_judged(decode_answer(message), message);
    }
}

// A valid message, to be spoilt in one place.
PlaceOrder order() {
    return {.order_type = OrderType::limit};
}

template <class Message>
Reject refusal_of(const Message& message, std::span<const char> label) {
    std::array<Unit, 8> room{};
    const auto type = decode_command(encode(message, label, room));
    return type ? Reject::none : type.error();
}

TEST(Corruption, each_refusal_of_bytes_has_its_cause) {
    const std::array<char, 2> label = {'o', 'k'};
    EXPECT_EQ(refusal_of(order(), label), Reject::none);
    PlaceOrder wrong = order();
    wrong.side = static_cast<Side>(2);
    EXPECT_EQ(refusal_of(wrong, label), Reject::unknown_value);
    wrong = order();
    wrong.reserved.bytes[9] = 1;
    EXPECT_EQ(refusal_of(wrong, label), Reject::reserved_not_zero);
    wrong = order();
    wrong.header.reserved = 1;
    EXPECT_EQ(refusal_of(wrong, label), Reject::reserved_not_zero);
    for (const char letter : {'\0', '\n', '\x1F', '\x7F'}) {
        EXPECT_EQ(refusal_of(order(), std::array{letter}), Reject::text_not_printable);
    }
    EXPECT_EQ(refusal_of(order(), std::array{' ', '~', '\x80', '\xFF'}), Reject::none);
}

TEST(Corruption, a_header_is_judged_before_the_body) {
    std::array<Unit, 1> room{};
    const std::span<Unit> units = encode(Tick{}, room);
    ASSERT_TRUE(decode_command(units).has_value());
    CommandHeader header = view<CommandHeader>(units);
    header.version = schema_version + 1;
    header.type = 999;
    place_in(units, header);
    EXPECT_EQ(decode_command(units).error(), Reject::unknown_version);
    header.version = schema_version;
    place_in(units, header);
    EXPECT_EQ(decode_command(units).error(), Reject::unknown_type);
    header.units = 2;
    place_in(units, header);
    EXPECT_EQ(decode_command(units).error(), Reject::truncated);
    header.units = 0;
    place_in(units, header);
    EXPECT_EQ(decode_command(units).error(), Reject::wrong_length);
}

TEST(Corruption, a_name_with_letters_behind_its_end_is_refused) {
    std::array<Unit, 2> room{};
    AddAsset command{.name = Name("USDC"), .decimals = 6};
    EXPECT_TRUE(decode_command(encode(command, room)).has_value());
    command.name.letters[5] = 'X';
    EXPECT_EQ(decode_command(encode(command, room)).error(), Reject::reserved_not_zero);
}

TEST(Corruption, entries_of_groups_are_checked_like_fields) {
    std::array<Unit, 4> room{};
    LevelView level{.price = Ticks(1), .total = Lots(1), .side = static_cast<Side>(9)};
    EXPECT_EQ(
        decode_answer(encode(BookAnswer{}, std::span<const LevelView>(&level, 1), room)).error(),
        Reject::unknown_value);
    BalanceView balance;
    balance.reserved.bytes[0] = 1;
    EXPECT_EQ(
        decode_answer(encode(AccountAnswer{}, std::span<const BalanceView>(&balance, 1), room))
            .error(),
        Reject::reserved_not_zero);
}

}  // namespace
}  // namespace miletus::protocol
