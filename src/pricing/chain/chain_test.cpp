// A chain prices as single options do, whatever stands beside them.
#include "pricing/chain/chain.hpp"

#include "base/prng.hpp"
#include "pricing/chain/chain_of_one_test.hpp"
#include "pricing/isa.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace miletus::pricing {
namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// Ordinary options, and among them some that are short, have no volatility, or are none.
struct Options {
    Options() {
        Prng prng(12);
        for (int at = 0; at < 203; ++at) {
            strike.push_back(60.0 + 0.4 * at);
            vol.push_back(0.2 + 0.005 * static_cast<double>(prng.next() % 100));
            kind.push_back(prng.one_in(2) ? call : put);
        }
        strike[7] = no_number;
        strike[30] = -1;
        strike[101] = 0;
        strike[150] = infinity;
        vol[11] = 0;
        vol[77] = 1e-9;
        vol[90] = -0.1;
        vol[120] = 1e4;
        kind[160] = 0;
    }
    std::vector<double> strike, vol;
    std::vector<std::int8_t> kind;
};

class OfEveryWidth : public testing::TestWithParam<Isa> {
  protected:
    void SetUp() override {
        if (!set_isa(GetParam())) {
            GTEST_SKIP() << "not on this machine";
        }
    }
    void TearDown() override { EXPECT_TRUE(set_isa(before_)); }

  private:
    Isa before_ = isa();
};

TEST_P(OfEveryWidth, prices_each_option_as_if_it_were_alone) {
    const Options options;
    for (const double time : {0.4, 1e-7, 0.0, -1.0}) {
        const auto chain =
            Chain::of({.time = time, .discount = 0.98}, options.strike, options.kind);
        ASSERT_TRUE(chain);
        std::vector<double> price(chain->size()), charm(chain->size());
        std::vector<std::uint8_t> status(chain->size());
        ASSERT_TRUE(
            chain->price(100, options.vol, {.price = price, .charm = charm, .status = status}));
        for (std::size_t at = 0; at < price.size(); ++at) {
            const Forward option{.forward = 100,
                                 .strike = options.strike[at],
                                 .time = time,
                                 .vol = options.vol[at],
                                 .discount = 0.98,
                                 .kind = options.kind[at]};
            const Valuation alone = value_in_chain(option);
            const Valuation general = value_of(option);
            ASSERT_EQ(std::bit_cast<std::uint64_t>(price[at]),
                      std::bit_cast<std::uint64_t>(alone.price))
                << at;
            ASSERT_EQ(std::bit_cast<std::uint64_t>(charm[at]),
                      std::bit_cast<std::uint64_t>(alone.charm));
            ASSERT_EQ(static_cast<Status>(status[at]), general.status) << at;
            if (!std::isnan(general.price)) {
                ASSERT_NEAR(price[at], general.price, 6e-14);
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Chain, OfEveryWidth, testing::Values(Isa::scalar, Isa::avx2, Isa::avx512),
                         [](const auto& tested) {
                             return std::string(tested.param == Isa::scalar ? "one"
                                                : tested.param == Isa::avx2 ? "avx2"
                                                                            : "avx512");
                         });

TEST(Chain, refuses_lengths_that_differ) {
    const std::vector<double> strikes{90, 100, 110};
    const std::vector<std::int8_t> kinds{call, put, call};
    EXPECT_FALSE(Chain::of({.time = 1}, strikes, std::span(kinds).first(2)));
    const auto chain = Chain::of({.time = 1}, strikes, kinds);
    ASSERT_TRUE(chain);
    std::vector<double> price(3, 7.0), short_one(2);
    const std::vector<double> vols{0.5, 0.5};
    EXPECT_FALSE(chain->price(100, vols, {.price = price}));
    EXPECT_FALSE(chain->price(100, std::span(vols).first(1), {.price = short_one}));
    EXPECT_FALSE(chain->price(100, std::span(vols).first(1), {.price = price, .delta = short_one}));
    EXPECT_EQ(price, std::vector<double>(3, 7.0));
    EXPECT_TRUE(chain->price(100, std::span(vols).first(1), {.price = price}));
    EXPECT_NE(price[0], 7.0);
}

TEST(Chain, may_be_empty) {
    const auto chain = Chain::of({.time = 1}, {}, {});
    ASSERT_TRUE(chain);
    const double vol = 0.5;
    EXPECT_TRUE(chain->price(100, std::span(&vol, 1), {.price = {}}));
}

TEST(Chain, tells_of_a_forward_that_is_none) {
    const std::vector<double> strikes{90, 100};
    const std::vector<std::int8_t> kinds{call, put};
    const auto chain = Chain::of({.time = 1}, strikes, kinds);
    ASSERT_TRUE(chain);
    for (const double forward : {no_number, infinity, -1.0, 0.0}) {
        std::vector<double> price(2), vols{0.5, 0.6};
        std::vector<std::uint8_t> status(2);
        EXPECT_TRUE(chain->price(forward, vols, {.price = price, .status = status}));
        EXPECT_EQ(static_cast<Status>(status[1]),
                  std::isnan(forward) ? Status::not_a_number : Status::out_of_domain);
        EXPECT_TRUE(std::isnan(price[0]));
    }
}

}  // namespace
}  // namespace miletus::pricing
