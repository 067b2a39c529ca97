// A chain of quotes, and what is wrong with each of them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace miletus::pricing {

// Zero where a side, a mark or a listed future is absent.
struct Quote {
    double time = 0;  // to expiry, in years
    double strike = 0;
    std::int8_t kind = 1;  // call or put
    double bid = 0;
    double ask = 0;
    double age = 0;      // in seconds
    double mark = 0;     // what the venue takes the option to be worth
    double forward = 0;  // the listed future of the expiry
};

enum class Settlement : std::uint8_t {
    coin,  // prices in the asset: times the forward, they are Black's, not discounted
    cash,  // prices in the unit of strikes
};

struct QuotedChain {
    std::span<const Quote> quotes;
    Settlement settlement = Settlement::coin;
    double spot = 0;       // the index; zero where it is not known
    double discount = 1;   // of cash; zero: estimated with each forward
    double age_max = 1e9;  // older quotes are stale
};

enum class QuoteStatus : std::uint8_t {
    used = 0,
    no_side,          // neither bid nor ask
    one_sided,        // bid or ask is absent
    crossed,          // bid above ask
    zero_width,       // bid equals ask
    stale,            // older than age_max
    below_intrinsic,  // the ask is less than what exercise brings
    above_maximum,    // the bid is more than the forward, or a put's strike
    duplicate,        // an earlier or younger quote of the same option is there
    not_a_number,
    out_of_domain,  // a negative price, a strike or a kind that no option has
    expired,        // no time left
    no_forward,     // nothing says what the forward of its expiry is
    too_few,        // its expiry has not enough quotes
};
constexpr std::size_t quote_statuses = 14;
[[nodiscard]] std::string_view sentence(QuoteStatus status);

struct QuoteReport {
    QuoteStatus status = QuoteStatus::used;
    std::uint32_t expiry = 0;  // in order of time; meaningless where the time is not a number
    double bid_vol = 0;        // zero where nothing implies it
    double ask_vol = 0;
    double fitted = 0;  // in the chain's unit
    double fitted_vol = 0;
    bool is_inside = false;  // fitted between bid and ask
};

enum class ForwardSource : std::uint8_t {
    parity,  // from calls and puts at the same strikes
    listed,  // too few of those: the listed future
    carry,   // none listed: from the carry of other expiries
    spot,    // no other expiry has one
    none,
};
[[nodiscard]] std::string_view sentence(ForwardSource source);

struct ForwardEstimate {
    double forward = 0;
    double discount = 1;
    double error = 0;  // standard, of the regression
    double least = 0;  // between these the most pairs agree; zero without pairs
    double most = 0;
    std::uint32_t pairs = 0;
    std::uint32_t agreeing = 0;
    ForwardSource source = ForwardSource::none;
};

// A call and a put of one strike: what parity says of them.
struct ParityPair {
    double strike = 0;
    double difference = 0;  // call less put, at the middle
    double half_width = 0;  // of both together
};

constexpr std::size_t parity_pairs_min = 3;

// A moment, and the logarithm of the forward then.
struct ForwardPoint {
    double time = 0;
    double log_forward = 0;
};

// From three pairs or more; `discount` zero asks for it too. Source none where pairs say nothing.
[[nodiscard]] ForwardEstimate forward_by_parity(std::span<const ParityPair> pairs,
                                                Settlement settlement, double discount);

}  // namespace miletus::pricing
