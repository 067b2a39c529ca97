// RiskSums: what the positions of an account come to by index: deltas and Greeks, and the worth of
// its options, by the marks and values of the market fold.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/gateway/deribit/objects/listing.hpp"

#include <span>
#include <vector>

namespace miletus::deribit {

// Deltas and Greeks are rounded to this many decimals.
constexpr std::uint32_t risk_decimals = 8;

// A position's own.
struct PositionRisk {
    int128 delta = 0;
    int128 gamma = 0;
    int128 vega = 0;
    int128 theta = 0;
};
[[nodiscard]] PositionRisk risk_of(const Markets& markets, const Listing& listing, Lots lots);

// What the lots are worth at this mark, in smallest units of the quote asset.
[[nodiscard]] int128 worth_of(const market_data::Instrument& instrument, Lots lots, Grid mark);

class RiskSums {
  public:
    struct OfIndex {
        UnderlyingId underlying;
        int128 options_delta = 0;
        int128 gamma = 0;
        int128 vega = 0;
        int128 theta = 0;
        int128 delta = 0;  // of everything
    };

    RiskSums() = default;
    RiskSums(const Markets& markets, const client_feed::Accounts& accounts, AccountId account);

    [[nodiscard]] std::span<const OfIndex> by_index() const LIFETIME_BOUND { return by_index_; }
    [[nodiscard]] OfIndex total() const;
    // In the quote asset; decimals are those of risk and of an index together.
    [[nodiscard]] int128 delta_value() const { return delta_value_; }
    [[nodiscard]] Amount options_value() const { return options_value_; }
    // That, less what the options cost.
    [[nodiscard]] Amount options_result() const { return options_result_; }

  private:
    void add(const Markets& markets, const client_feed::Position& position);
    [[nodiscard]] OfIndex& of(UnderlyingId underlying);

    std::vector<OfIndex> by_index_;
    int128 delta_value_ = 0;
    Amount options_value_;
    Amount options_result_;
};

}  // namespace miletus::deribit
