// Every message of every table goes through the codec and comes back; its bounds hold.
#include "protocol/codec.hpp"

#include "protocol/fields.hpp"
#include "protocol/random_messages_test.hpp"
#include "protocol/remade_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace miletus::protocol {
namespace {

// Numbers of entries that a group of this message is tried with.
template <class Message>
std::vector<std::uint32_t> group_sizes() {
    if constexpr (Grouped<Message>) {
        return {0, 1, 2, Message::group_max - 1, Message::group_max};
    } else {
        return {0};
    }
}

struct RoundTrip {
    template <class Message>
    void operator()() const {
        Prng prng(static_cast<std::uint64_t>(Message::type));
        for (const std::uint32_t entries : group_sizes<Message>()) {
            const std::vector<Unit> units = random_message<Message>(prng, entries);
            EXPECT_EQ(units.size(), units_of<Message>(entries));
            const auto type = decode_as<Message>(units);
            ASSERT_TRUE(type.has_value()) << Message::name_text << " " << name(type.error());
            EXPECT_EQ(*type, Message::type);
            EXPECT_TRUE(survives(*type, units)) << Message::name_text;
        }
    }
};

TEST(Codec, every_message_comes_back_as_it_went) {
    visit_commands(RoundTrip{});
    visit_queries(RoundTrip{});
    visit_events(RoundTrip{});
    visit_answers(RoundTrip{});
}

struct GroupBound {
    template <class Message>
    void operator()() const {
        if constexpr (Grouped<Message>) {
            Prng prng(1);
            const std::vector<Unit> units = random_message<Message>(prng, Message::group_max);
            for (const std::uint32_t count : {Message::group_max + 1, 0xFFFFFFFFU}) {
                Message message = view<Message>(units);
                message.group_count = count;
                std::vector<Unit> wrong = units;
                place_in(std::span(wrong), message);
                EXPECT_EQ(decode_as<Message>(wrong).error(), Reject::group_too_long)
                    << Message::name_text;
            }
        }
    }
};

TEST(Codec, a_group_over_its_bound_is_refused) {
    visit_commands(GroupBound{});
    visit_queries(GroupBound{});
    visit_events(GroupBound{});
    visit_answers(GroupBound{});
}

struct GroupCount {
    template <class Message>
    void operator()() const {
        if constexpr (Grouped<Message>) {
            Prng prng(2);
            const std::vector<Unit> units = random_message<Message>(prng, Message::group_max);
            Message message = view<Message>(units);
            message.group_count = 0;
            std::vector<Unit> wrong = units;
            place_in(std::span(wrong), message);
            EXPECT_EQ(decode_as<Message>(wrong).error(), Reject::wrong_length)
                << Message::name_text;
        }
    }
};

TEST(Codec, units_beyond_the_group_are_refused) {
    visit_commands(GroupCount{});
    visit_queries(GroupCount{});
    visit_events(GroupCount{});
    visit_answers(GroupCount{});
}

struct LongestLength {
    template <class Message>
    void operator()() const {
        EXPECT_LE(longest<Message>(), units_max()) << Message::name_text;
        EXPECT_LE(longest<Message>(), 0xFFFFU) << Message::name_text;
    }
};

TEST(Codec, the_longest_message_fits_the_rings_and_the_header) {
    visit_commands(LongestLength{});
    visit_queries(LongestLength{});
    visit_events(LongestLength{});
    visit_answers(LongestLength{});
}

struct FieldNames {
    template <class Message>
    void operator()() const {
        std::set<std::string_view> names;
        const Message message;
        visit_fields(message, [&](std::string_view name, const auto&, std::string_view sentence) {
            EXPECT_TRUE(names.insert(name).second) << Message::name_text << " has two " << name;
            EXPECT_FALSE(sentence.empty());
        });
    }
};

TEST(Codec, fields_have_distinct_names_and_sentences) {
    visit_commands(FieldNames{});
    visit_queries(FieldNames{});
    visit_events(FieldNames{});
    visit_answers(FieldNames{});
}

TEST(Codec, a_label_reads_as_text) {
    std::array<Unit, 8> room{};
    const std::string label = "hedge \xC3\xA9";
    const auto units = encode(CancelByLabel{}, std::span<const char>(label), room);
    ASSERT_TRUE(decode_command(units).has_value());
    EXPECT_EQ(text<CancelByLabel>(units), label);
}

TEST(Codec, encoding_leaves_nothing_of_what_lay_there_before) {
    std::array<Unit, 8> room{};
    for (Unit& unit : room) {
        unit.bytes.fill(std::byte{0xFF});
    }
    const std::string label = "x";
    const auto units = encode(CancelByLabel{}, std::span<const char>(label), room);
    EXPECT_TRUE(decode_command(units).has_value());
}

TEST(CodecDeathTest, encoding_more_entries_than_the_bound_trips) {
    std::vector<Unit> room(10);
    const std::string label(65, 'x');
    EXPECT_DEATH(
        static_cast<void>(encode(CancelByLabel{}, std::span<const char>(label), std::span(room))),
        "ASSERT");
}

}  // namespace
}  // namespace miletus::protocol
