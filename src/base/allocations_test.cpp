// The counters see what is allocated and freed, in every form.
#include "base/allocations_test.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <vector>

namespace miletus {
namespace {

struct alignas(64) Wide {
    std::array<int, 32> numbers{};
};

// What is compared is shown to somebody: the compiler may not leave it out.
TEST(AllocationsTest, every_form_of_allocating_is_counted) {
    const Allocations before = allocations;
    auto one = std::make_unique<int>(1);
    auto many = std::make_unique<int[]>(10);
    auto wide = std::make_unique<Wide>();
    std::vector<Wide> wides(3);
    EXPECT_NE(one.get(), many.get());
    EXPECT_NE(wide.get(), wides.data());
    EXPECT_EQ(allocations.made - before.made, 4U);
    EXPECT_EQ(allocations.released, before.released);
    one.reset();
    many.reset();
    wide.reset();
    wides = std::vector<Wide>();
    EXPECT_EQ(allocations.released - before.released, 4U);
}

}  // namespace
}  // namespace miletus
