// The index of one underlying, made of its sources: the median of what is fresh, the weighted mean
// of all once clamped to it, and how far it may go in five minutes.
#pragma once

#include "base/decoder.hpp"
#include "base/encoder.hpp"
#include "base/result.hpp"
#include "engine/instruments/instruments.hpp"
#include "protocol/records.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace miletus::prices {

constexpr std::size_t sources_max = 16;
constexpr std::int64_t index_end = 1'000'000'000'000'000;  // a billion, in 1e-6
constexpr std::uint32_t source_weight_max = 1'000'000;

// What readers of an index may see change.
struct Reading {
    IndexPrice price;
    protocol::IndexState state = protocol::IndexState::none;
    std::uint8_t sources = 0;  // that counted

    friend bool operator==(const Reading&, const Reading&) = default;
};

class Index {
  public:
    [[nodiscard]] const Reading& reading() const LIFETIME_BOUND { return reading_; }
    [[nodiscard]] IndexPrice price() const { return reading_.price; }
    [[nodiscard]] protocol::IndexState state() const { return reading_.state; }
    [[nodiscard]] bool exists() const { return state() != protocol::IndexState::none; }

    [[nodiscard]] Result<void> check(std::span<const protocol::SourcePrice> sources,
                                     UnixNanos now) const;
    // Weight 0 switches a source off and says no more; a price older than the known one is late,
    // and passed over.
    void take(std::span<const protocol::SourcePrice> sources, UnixNanos now);
    // Weighs what is fresh now; says whether the reading changed.
    bool weigh(const instruments::Parameters& parameters, UnixNanos now);
    // Notes the price that stood until this second: what the index may not run away from.
    void remember(std::int64_t second);

    void encode(StateEncoder& encoder) const;
    void decode(StateDecoder& decoder);
    void check_invariants() const;

  private:
    struct Source {
        IndexPrice price;  // 0 before the first one
        UnixNanos time;
        std::uint32_t weight = 0;
    };
    // One price each ten seconds, the newest and those of five minutes before it.
    static constexpr std::size_t memory = 31;
    static constexpr std::int64_t memory_seconds = 10;

    [[nodiscard]] IndexPrice within_velocity(IndexPrice price, std::int64_t velocity) const;

    Reading reading_;
    UnixNanos weighed_;  // when a fresh source was seen last
    std::array<Source, sources_max> sources_{};
    std::array<IndexPrice, memory> remembered_{};  // by stretch of ten seconds, in turn
    std::int64_t stretch_ = 0;                     // the newest
};

}  // namespace miletus::prices
