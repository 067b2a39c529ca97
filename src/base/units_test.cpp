// The algebra of units: what adds, what refuses, what trips.
#include "base/units.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace miletus {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

TEST(Units, a_measure_adds_to_its_own_kind) {
    Lots lots = Lots(5) + Lots(-7);
    EXPECT_EQ(lots, Lots(-2));
    EXPECT_EQ(lots - Lots(3), Lots(-5));
    EXPECT_EQ(-lots, Lots(2));
    lots += Lots(10);
    lots -= Lots(1);
    EXPECT_EQ(lots.value(), 7);
    EXPECT_LT(Ticks(-1), Ticks(0));
    EXPECT_EQ(Ticks(), Ticks(0));
}

TEST(UnitsDeathTest, overflow_trips_instead_of_wrapping) {
    EXPECT_DEATH(static_cast<void>(Amount(most) + Amount(1)), "ASSERT");
    EXPECT_DEATH(static_cast<void>(Amount(least) - Amount(1)), "ASSERT");
    EXPECT_DEATH(static_cast<void>(-Amount(least)), "ASSERT");
    EXPECT_DEATH(static_cast<void>(UnixNanos(most) + Nanos(1)), "ASSERT");
}

TEST(Units, moments_differ_by_spans) {
    EXPECT_EQ(UnixNanos(100) + Nanos(-30), UnixNanos(70));
    EXPECT_EQ(UnixNanos(100) - UnixNanos(30), Nanos(70));
    EXPECT_LT(UnixNanos(1), UnixNanos(2));
}

TEST(Units, narrow_keeps_what_fits_to_the_last_value) {
    EXPECT_EQ(narrow(int128{most}), most);
    EXPECT_EQ(narrow(int128{least}), least);
    EXPECT_EQ(narrow(int128{most} + 1), std::nullopt);
    EXPECT_EQ(narrow(int128{least} - 1), std::nullopt);
}

TEST(Units, a_value_is_lots_times_the_value_of_one_or_nothing) {
    EXPECT_EQ(value_of(LotValue(-7), Lots(6)), Amount(-42));
    EXPECT_EQ(value_of(LotValue(most), Lots(1)), Amount(most));
    EXPECT_EQ(value_of(LotValue(most), Lots(2)), std::nullopt);
    EXPECT_EQ(value_of(LotValue(least), Lots(least)), std::nullopt);
}

TEST(Units, a_checked_sum_is_empty_where_it_does_not_fit) {
    EXPECT_EQ(checked_sum(Amount(most), Amount(least)), Amount(-1));
    EXPECT_EQ(checked_sum(Amount(most), Amount(1)), std::nullopt);
    EXPECT_EQ(checked_sum(Amount(least), Amount(-1)), std::nullopt);
}

TEST(Units, an_order_id_is_its_slot_and_generation) {
    const OrderId id(7, 3);
    EXPECT_EQ(id.slot(), 7U);
    EXPECT_EQ(id.generation(), 3U);
    EXPECT_EQ(OrderId(id.value()), id);
    EXPECT_EQ(OrderId(0xFFFFFFFFU, 0xFFFFFFFFU).value(), ~std::uint64_t{0});
    EXPECT_NE(OrderId(7, 3), OrderId(3, 7));
}

}  // namespace
}  // namespace miletus
