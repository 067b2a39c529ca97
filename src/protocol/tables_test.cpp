// The tables themselves: numbers are unique, names lead back to their values, the writer numbers
// events.
#include "protocol/event_writer.hpp"
#include "protocol/random_messages_test.hpp"
#include "protocol/rejects.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace miletus::protocol {
namespace {

struct Numbers {
    std::set<std::uint64_t>& numbers;
    std::set<std::string_view>& names;

    template <class Message>
    void operator()() const {
        EXPECT_TRUE(numbers.insert(static_cast<std::uint64_t>(Message::type)).second)
            << Message::name_text;
        EXPECT_TRUE(names.insert(Message::name_text).second) << Message::name_text;
        EXPECT_NE(static_cast<std::uint64_t>(Message::type), 0U) << Message::name_text;
    }
};

TEST(Tables, numbers_and_names_of_messages_are_unique_in_their_family) {
    std::set<std::uint64_t> numbers;
    std::set<std::string_view> names;
    visit_commands(Numbers{numbers, names});
    numbers.clear();
    visit_queries(Numbers{numbers, names});
    numbers.clear();
    visit_events(Numbers{numbers, names});
    numbers.clear();
    visit_answers(Numbers{numbers, names});
}

TEST(Tables, rejects_have_unique_numbers_in_rising_order) {
    std::uint16_t last = 0;
    std::set<std::string_view> names;
    for (const std::uint16_t number : std::vector<std::uint16_t>{
#define REJECT(number, name, sentence) number,
#include "protocol/rejects.def"
         }) {
        EXPECT_GT(number, last);
        last = number;
        const auto reject = static_cast<Reject>(number);
        EXPECT_TRUE(names.insert(name(reject)).second);
        EXPECT_NE(name(reject), "unknown_reject");
        EXPECT_TRUE(sentence(reject).ends_with("."));
    }
    EXPECT_EQ(name(static_cast<Reject>(0)), "unknown_reject");
    EXPECT_EQ(sentence(static_cast<Reject>(999)), "Unknown refusal.");
}

// Each name of an enumeration leads back to its value, and values without a name are not valid.
template <class Enum>
void check_names(const std::set<std::uint8_t>& numbers) {
    for (int number = 0; number < 256; ++number) {
        const auto value = static_cast<Enum>(number);
        const bool is_named = numbers.contains(static_cast<std::uint8_t>(number));
        EXPECT_EQ(is_valid(value), is_named) << number;
        if (is_named) {
            EXPECT_EQ(value_named<Enum>(name(value)), value);
        }
    }
    EXPECT_EQ(value_named<Enum>("?"), std::nullopt);
    EXPECT_EQ(value_named<Enum>(""), std::nullopt);
}

TEST(Tables, names_of_enumerations_round_trip) {
#define ENUM(Type, sentence) check_names<Type>({
#define VALUE(number, name, sentence) number,
#define END_ENUM \
    });
#include "protocol/enums.def"
}

TEST(Tables, sides_have_opposites) {
    EXPECT_EQ(opposite(Side::buy), Side::sell);
    EXPECT_EQ(opposite(Side::sell), Side::buy);
}

TEST(Tables, a_fixed_text_holds_as_much_as_its_room) {
    EXPECT_EQ(Name("").view(), "");
    EXPECT_EQ(Name("BTC").view(), "BTC");
    EXPECT_EQ(Name("ABCDEFGHIJKLMNOP").view(), "ABCDEFGHIJKLMNOP");
    EXPECT_EQ(Name("ABCDEFGHIJKLMNOPQ").view(), "ABCDEFGHIJKLMNOP");
    EXPECT_EQ(Name("BTC"), Name("BTC"));
}

TEST(EventWriter, numbers_the_events_of_a_command_from_zero) {
    EventWriter writer(16);
    for (std::uint64_t sequence = 1; sequence <= 20; ++sequence) {
        writer.begin(Sequence(sequence), UnixNanos(5));
        writer.emit(RulesChanged{.rules = 1});
        writer.emit(Trade{.price = Ticks(7)});
        const std::string label = "abc";
        writer.emit(OrderAccepted{}, std::span<const char>(label));
        std::vector<std::uint32_t> ordinals;
        writer.visit_from(writer.start(), [&](std::span<const Unit> units) {
            ASSERT_TRUE(decode_event(units).has_value());
            EXPECT_EQ(view<EventHeader>(units).sequence, Sequence(sequence));
            ordinals.push_back(view<EventHeader>(units).ordinal);
        });
        EXPECT_EQ(ordinals, (std::vector{0U, 1U, 2U}));
    }
    EXPECT_EQ(writer.time(), UnixNanos(5));
    EXPECT_EQ(writer.sequence(), Sequence(20));
}

TEST(EventWriter, an_event_is_found_by_its_position) {
    EventWriter writer(16);
    writer.begin(Sequence(1), UnixNanos(5));
    writer.emit(RulesChanged{.rules = 1});
    const std::uint64_t position = writer.position();
    const std::string label(64, 'x');
    writer.emit(OrderAccepted{}, std::span<const char>(label));
    const std::span<const Unit> units = writer.message_at(position);
    EXPECT_EQ(text<OrderAccepted>(units), label);
    EXPECT_EQ(position + units.size(), writer.position());
}

}  // namespace
}  // namespace miletus::protocol
