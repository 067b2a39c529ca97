// Delivery windows: the average of an underlying's index over the half hour before an expiry, one
// sample a second. All instruments of one expiry share a window.
#pragma once

#include "base/decoder.hpp"
#include "base/division.hpp"
#include "base/encoder.hpp"
#include "base/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace miletus::prices {

constexpr std::int64_t nanos_per_second = 1'000'000'000;
constexpr std::int64_t window_seconds = 1800;
// Fewer real samples than nine in ten, and the window goes on past the expiry.
constexpr std::uint32_t real_samples_min = 1620;

// The whole second that a moment lies in.
[[nodiscard]] constexpr std::int64_t second_of(UnixNanos moment) {
    return floor_div(moment.value(), nanos_per_second);
}

struct Window {
    UnixNanos expiry;
    std::int64_t sum = 0;       // of the samples before the expiry, 1e-6 of the quote asset
    std::int64_t real_sum = 0;  // of those that a fresh source stood behind
    std::uint32_t samples = 0;
    std::uint32_t real_samples = 0;
    std::uint32_t instruments = 0;  // that wait for it; at none it closes
    bool is_extended = false;       // past its expiry it was short of real samples
};

// What the index did since the last sample.
struct Passage {
    std::int64_t second = 0;   // now
    std::int64_t seconds = 0;  // that passed, this one included
    IndexPrice before;         // what stood in those that were missed
    IndexPrice now;
    bool is_real = false;  // a fresh source stands behind it now
};

struct Average {
    IndexPrice price;
    std::uint64_t samples = 0;
};

// At most four expiries of an underlying fall within half an hour; a fifth waits for its place.
class Windows {
  public:
    [[nodiscard]] bool is_full() const { return count_ == windows_.size(); }
    [[nodiscard]] const Window* find(UnixNanos expiry) const LIFETIME_BOUND;
    [[nodiscard]] Window* find(UnixNanos expiry) LIFETIME_BOUND;
    void open(UnixNanos expiry, std::uint32_t instruments);
    // One instrument no longer waits for this window; the last one closes it.
    void leave(UnixNanos expiry);
    void sample(const Passage& passage);

    [[nodiscard]] std::span<const Window> all() const LIFETIME_BOUND {
        return std::span(windows_).first(count_);
    }

    void encode(StateEncoder& encoder) const;
    void decode(StateDecoder& decoder);
    void check_invariants() const;

  private:
    std::array<Window, 4> windows_{};  // by expiry
    std::size_t count_ = 0;
};

// The average that a window came to, `second` being the last that was sampled; empty where it is
// still wanting. `last` is the index where nothing was ever seen.
[[nodiscard]] std::optional<Average> average_of(const Window& window, std::int64_t second,
                                                IndexPrice last);

}  // namespace miletus::prices
