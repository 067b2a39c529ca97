// Steps in integers.
#include "edge/crowd/walk.hpp"

#include <algorithm>

namespace miletus::crowd {

namespace {

constexpr std::int64_t millionths = 1'000'000;
constexpr int128 nanos_per_year = int128{365} * 86'400 * 1'000'000'000;

std::int64_t root_of(int128 square) {
    std::int64_t low = 0;
    std::int64_t high = std::int64_t{1} << 62U;
    while (low < high) {
        const std::int64_t middle = low + (high - low + 1) / 2;
        if (int128{middle} * middle <= square) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

}  // namespace

// Twelve uniform draws have a variance of one.
std::int64_t normal_draw(Prng& prng) {
    std::int64_t sum = 0;
    for (int draw = 0; draw < 12; ++draw) {
        sum += prng.between(0, millionths);
    }
    return sum - 6 * millionths;
}

void Mood::step(Prng& prng) {
    parts_ += prng.between(-pace_.step * parts_per_unit, pace_.step * parts_per_unit);
    parts_ -= parts_ / pace_.home;
}

Walk::Walk(IndexPrice home, std::int64_t volatility)
    : home_(home),
      price_(home),
      volatility_(volatility),
      sources_apart_{Mood({.step = 4, .home = 20}), Mood({.step = 6, .home = 20}),
                     Mood({.step = 8, .home = 20})} {}

void Walk::resume_at(IndexPrice price) {
    price_ = std::clamp(price, IndexPrice(home_.value() / 4), IndexPrice(home_.value() * 4));
}

// The deviation of the span is volatility times the root of its share of a year.
void Walk::step(Prng& prng, Nanos span) {
    const int128 square =
        int128{volatility_} * volatility_ * millionths * millionths / nanos_per_year * span.value();
    const std::int64_t deviation = root_of(square);  // in 1e-12
    const int128 moved = int128{price_.value()} * deviation / millionths * normal_draw(prng) /
                         millionths / millionths;
    resume_at(IndexPrice(price_.value() + static_cast<std::int64_t>(moved)));
    for (Mood& apart : sources_apart_) {
        apart.step(prng);
    }
}

std::array<protocol::SourcePrice, Walk::sources> Walk::quotes() const {
    std::array<protocol::SourcePrice, sources> quotes{};
    for (std::uint32_t source = 0; source < sources; ++source) {
        const int128 apart = int128{price_.value()} * sources_apart_.at(source).value();
        quotes.at(source) = {
            .price = IndexPrice(price_.value() + static_cast<std::int64_t>(apart / millionths)),
            .time = {},
            .source = source,
            .weight = 1};
    }
    return quotes;
}

}  // namespace miletus::crowd
