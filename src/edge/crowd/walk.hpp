// Walk: a price as it might go, and what three sources say of it. All of it is drawn from the
// generator, and from nothing else. And Mood: a number that wanders, and comes back.
#pragma once

#include "base/prng.hpp"
#include "base/units.hpp"
#include "protocol/records.hpp"

#include <array>
#include <cstdint>

namespace miletus::crowd {

// In ppm: a step that is drawn, and a thousandth part or more of the way home.
class Mood {
  public:
    struct Pace {
        std::int64_t step = 0;  // the most that it goes at once
        std::int64_t home = 1;  // in so many steps it comes home
    };
    explicit Mood(Pace pace) : pace_(pace) {}
    void step(Prng& prng);
    [[nodiscard]] std::int64_t value() const { return parts_ / parts_per_unit; }

  private:
    static constexpr std::int64_t parts_per_unit = 1024;
    Pace pace_;
    std::int64_t parts_ = 0;
};

class Walk {
  public:
    static constexpr std::uint32_t sources = 3;

    // It stays between a quarter of the home price and four times as much.
    Walk(IndexPrice home, std::int64_t volatility);

    // Goes on from where the price was left.
    void resume_at(IndexPrice price);
    void step(Prng& prng, Nanos span);
    [[nodiscard]] IndexPrice price() const { return price_; }
    [[nodiscard]] std::array<protocol::SourcePrice, sources> quotes() const;

  private:
    IndexPrice home_;
    IndexPrice price_;
    std::int64_t volatility_;                  // in ppm a year
    std::array<Mood, sources> sources_apart_;  // from the price
};

// Of a standard normal distribution, nearly, in ppm.
[[nodiscard]] std::int64_t normal_draw(Prng& prng);

}  // namespace miletus::crowd
