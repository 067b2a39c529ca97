// What was encoded comes back; what was not is a fault that stays.
#include "base/decoder.hpp"

#include "base/units.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace miletus {
namespace {

struct Collector final : ByteSink {
    std::vector<std::byte> bytes;
    void update(std::span<const std::byte> added) override {
        bytes.insert(bytes.end(), added.begin(), added.end());
    }
};

enum class Fruit : std::uint8_t { apple = 1, pear = 2 };
constexpr bool is_valid(Fruit fruit) {
    return fruit == Fruit::apple || fruit == Fruit::pear;
}

template <class... Values>
std::vector<std::byte> bytes_of(Values... values) {
    Collector collector;
    {
        StateEncoder encoder(collector);
        (encoder.add(values), ...);
    }
    return collector.bytes;
}

TEST(Decoder, takes_what_was_added_in_the_same_order) {
    Collector collector;
    {
        StateEncoder encoder(collector);
        encoder.add(std::uint32_t{0xDEADBEEF});
        encoder.add(std::int16_t{-2});
        encoder.add(Fruit::pear);
        encoder.add(true);
        encoder.add_text("ab");
        encoder.add(Ticks(-1));
        encoder.add(OrderId(2, 1));
    }
    StateDecoder decoder(collector.bytes);
    EXPECT_EQ(decoder.take<std::uint32_t>(), 0xDEADBEEFU);
    EXPECT_EQ(decoder.take<std::int16_t>(), -2);
    EXPECT_EQ(decoder.take<Fruit>(), Fruit::pear);
    EXPECT_TRUE(decoder.take<bool>());
    EXPECT_EQ(decoder.take_text<2>().view(), "ab");
    EXPECT_EQ(decoder.take<Ticks>(), Ticks(-1));
    EXPECT_FALSE(decoder.is_at_end());
    EXPECT_EQ(decoder.take<OrderId>(), OrderId(2, 1));
    EXPECT_TRUE(decoder.is_at_end());
    EXPECT_TRUE(decoder.is_sound());
}

TEST(Decoder, keeps_its_first_fault_and_gives_zeros_from_then_on) {
    const std::vector<std::byte> bytes = bytes_of(std::uint64_t{7}, std::uint8_t{7});
    StateDecoder decoder(bytes);
    EXPECT_TRUE(decoder.require(true, "no fault"));
    EXPECT_FALSE(decoder.require(false, "the first fault"));
    EXPECT_FALSE(decoder.require(true, "no fault"));
    EXPECT_FALSE(decoder.require(false, "the second fault"));
    EXPECT_EQ(decoder.take<std::uint64_t>(), 0U);
    EXPECT_EQ(decoder.take<Fruit>(), Fruit{});
    EXPECT_EQ(decoder.take_count(9, "too many"), 0U);
    EXPECT_EQ(decoder.take_text<4>().view(), "");
    EXPECT_FALSE(decoder.take<bool>());
    EXPECT_EQ(decoder.fault(), "the first fault");
}

TEST(Decoder, bytes_that_end_within_a_value_are_a_fault) {
    const std::vector<std::byte> bytes = bytes_of(std::uint32_t{7});
    StateDecoder decoder(bytes);
    EXPECT_EQ(decoder.take<std::uint64_t>(), 0U);
    EXPECT_EQ(decoder.fault(), "the bytes end too early");
}

TEST(Decoder, a_flag_is_zero_or_one) {
    const std::vector<std::byte> bytes = bytes_of(std::uint8_t{2});
    StateDecoder decoder(bytes);
    EXPECT_FALSE(decoder.take<bool>());
    EXPECT_FALSE(decoder.is_sound());
}

TEST(Decoder, a_number_without_a_name_is_no_enumerator) {
    const std::vector<std::byte> bytes = bytes_of(std::uint8_t{3});
    StateDecoder decoder(bytes);
    EXPECT_EQ(decoder.take<Fruit>(), Fruit{});
    EXPECT_FALSE(decoder.is_sound());
}

TEST(Decoder, a_count_beyond_its_limit_is_the_named_fault) {
    const std::vector<std::byte> bytes = bytes_of(std::uint32_t{9}, std::uint32_t{10});
    StateDecoder decoder(bytes);
    EXPECT_EQ(decoder.take_count(9, "too many"), 9U);
    EXPECT_EQ(decoder.take_count(9, "too many"), 0U);
    EXPECT_EQ(decoder.fault(), "too many");
}

TEST(Decoder, a_text_longer_than_its_room_is_a_fault) {
    Collector collector;
    {
        StateEncoder encoder(collector);
        encoder.add_text("abc");
    }
    StateDecoder decoder(collector.bytes);
    EXPECT_EQ(decoder.take_text<2>().view(), "");
    EXPECT_EQ(decoder.fault(), "a text is too long");
}

}  // namespace
}  // namespace miletus
