// The same prices in plain words: every sample and every source price is kept for ever, and each
// answer is worked out from all of them, in integers twice as wide. Slow, and easy to believe.
#pragma once

#include "engine/prices/board_test.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace miletus::prices {

inline int128 floored(int128 value, int128 by) {
    int128 quotient = value / by;
    while (quotient * by > value) {
        --quotient;
    }
    return quotient;
}
inline int128 middle(int128 first, int128 second, int128 third) {
    std::array<int128, 3> all{first, second, third};
    std::ranges::sort(all);
    return all[1];
}

struct NaiveInstrument {
    InstrumentId number;
    instruments::Listing listing;
    std::vector<std::pair<std::int64_t, BookSample>> books;  // with the seconds that they stand for
    std::optional<Ticks> last;
    std::optional<int128> mark;
    int128 owed = 0;  // in parts of the funding divisor
    std::optional<OptionMark> surface;
    int128 surface_index = 0;
};

class NaivePrices {
  public:
    explicit NaivePrices(const instruments::ParameterBook& parameters) : parameters_(parameters) {}

    std::vector<NaiveInstrument> instruments;
    int128 index = 0;
    protocol::IndexState state = protocol::IndexState::none;
    int sources = 0;

    void list(InstrumentId number, const instruments::Listing& listing) {
        instruments.push_back({.number = number,
                               .listing = listing,
                               .books = {},
                               .last = {},
                               .mark = {},
                               .owed = 0,
                               .surface = {},
                               .surface_index = 0});
        if (index != 0 && !instruments::is_option(listing.kind)) {
            mark_linear(instruments.back());
        }
    }
    void drop(InstrumentId number) {
        std::erase_if(instruments, [&](const auto& one) { return one.number == number; });
    }
    [[nodiscard]] NaiveInstrument& at(InstrumentId number) {
        return *std::ranges::find(instruments, number, &NaiveInstrument::number);
    }

    void update(std::span<const protocol::SourcePrice> told, UnixNanos now) {
        note(now);
        for (const protocol::SourcePrice& source : told) {
            if (source.weight != 0 &&
                (!known_.contains(source.source) || known_[source.source].time <= source.time)) {
                known_[source.source] = source;
            }
            if (known_.contains(source.source)) {
                known_[source.source].weight = source.weight;
            }
        }
        const int128 before = index;
        weigh(now);
        if (index != before) {
            mark_linear();
            mark_options();
        }
    }

    void sample(UnixNanos now, std::int64_t seconds, std::span<const BookSample> books) {
        const std::int64_t second = now.value() / second_ns;
        note(now);
        const int128 before = index;
        weigh(now);
        if (state == protocol::IndexState::none) {
            return;
        }
        for (std::int64_t missed = second - seconds + 1; missed < second; ++missed) {
            if (!seconds_.empty()) {
                seconds_[missed] = {seconds_.rbegin()->second.first, false};
            }
        }
        seconds_[second] = {index, sources != 0};
        std::size_t place = 0;
        for (NaiveInstrument& one : instruments) {
            if (!instruments::is_option(one.listing.kind)) {
                one.books.emplace_back(seconds, books[place++]);
                means_[one.number.value()] = step(one);
            }
        }
        mark_linear();
        if (index != before) {
            mark_options();
        }
        if (state == protocol::IndexState::good) {
            charge(seconds);
        }
    }

    [[nodiscard]] int128 lot_value(const NaiveInstrument& one, int128 price) const {
        return floored(price * one.listing.terms.lot.value(), 100'000'000);
    }

    // Price, average and samples.
    [[nodiscard]] std::optional<std::array<int128, 3>> delivery(const NaiveInstrument& one) const {
        const std::int64_t end = one.listing.expiry.value() / second_ns;
        if (seconds_.empty() || end == 0 || seconds_.rbegin()->first < end - 1) {
            return std::nullopt;
        }
        const auto all = within(end - 1800, end, false);
        const auto real = within(end - 1800, end, true);
        if (real.size() >= 1620) {
            return paid(one, all);
        }
        auto waited = within(end - 1800, end + 1800, true);
        waited.resize(std::min(waited.size(), std::size_t{1620}));
        if (waited.size() < 1620 && seconds_.rbegin()->first < end + 1799) {
            return std::nullopt;
        }
        return paid(one, waited);
    }

  private:
    struct Means {
        int128 fast = 0;
        int128 slow = 0;
        std::optional<std::pair<int128, int128>> book;
    };

    [[nodiscard]] std::int64_t of(protocol::Parameter parameter) const {
        return parameters_.of(btc).of(parameter);
    }

    // What stood when each ten seconds began, as far as anybody looked.
    void note(UnixNanos now) {
        const std::int64_t stretch = now.value() / second_ns / 10;
        const std::int64_t last = stood_.empty() ? stretch - 1 : stood_.rbegin()->first;
        for (std::int64_t passed = last + 1; passed <= stretch && index != 0; ++passed) {
            stood_[passed] = index;
        }
        stretch_ = stretch;
    }

    void weigh(UnixNanos now) {
        std::vector<protocol::SourcePrice> fresh;
        for (const auto& [number, source] : known_) {
            const std::int64_t age = (now - source.time).value();
            if (source.weight != 0 &&
                age <= of(protocol::Parameter::index_source_age) * 1'000'000) {
                fresh.push_back(source);
            }
        }
        const auto count = static_cast<std::int64_t>(fresh.size());
        const bool is_enough = count >= of(protocol::Parameter::index_sources_min);
        if (index == 0 && !is_enough) {
            return;
        }
        sources = static_cast<int>(count);
        if (fresh.empty()) {
            const bool is_old =
                (now - weighed_).value() > of(protocol::Parameter::index_freeze) * 1'000'000;
            state = is_old ? protocol::IndexState::frozen : protocol::IndexState::degraded;
            return;
        }
        weighed_ = now;
        state = is_enough ? protocol::IndexState::good : protocol::IndexState::degraded;
        index = bounded(mean(fresh));
    }

    [[nodiscard]] int128 mean(const std::vector<protocol::SourcePrice>& fresh) const {
        std::vector<int128> prices;
        for (const protocol::SourcePrice& source : fresh) {
            prices.push_back(source.price.value());
        }
        std::ranges::sort(prices);
        const std::size_t half = prices.size() / 2;
        const int128 median =
            prices.size() % 2 == 1 ? prices[half] : floored(prices[half - 1] + prices[half], 2);
        const int128 reach = floored(median * of(protocol::Parameter::index_clamp), 1'000'000);
        int128 sum = 0;
        int128 weights = 0;
        for (const protocol::SourcePrice& source : fresh) {
            const int128 price = source.price.value();
            sum += source.weight * std::clamp(price, median - reach, median + reach);
            weights += source.weight;
        }
        return floored(sum, weights);
    }

    [[nodiscard]] int128 bounded(int128 price) {
        if (stood_.empty()) {
            stood_[stretch_] = price;
        }
        const auto past = stood_.find(stretch_ - 30);
        const int128 then = past != stood_.end() ? past->second : stood_.begin()->second;
        const int128 reach = floored(then * of(protocol::Parameter::index_velocity), 1'000'000);
        return std::clamp(price, std::max(then - reach, int128{1}), then + reach);
    }

    [[nodiscard]] int128 index_grid(const NaiveInstrument& one) const {
        return floored(10 * index, one.listing.terms.tick.value());
    }
    [[nodiscard]] int128 reach(const NaiveInstrument& one) const {
        const bool is_perpetual = one.listing.kind == protocol::InstrumentKind::perpetual;
        return floored(index_grid(one) * of(is_perpetual ? protocol::Parameter::mark_clamp_perpetual
                                                         : protocol::Parameter::mark_clamp_future),
                       1'000'000);
    }

    // The worse of the last two books, if both have both sides, in grid.
    [[nodiscard]] static std::optional<std::pair<int128, int128>> standing(
        const NaiveInstrument& one) {
        if (one.books.size() < 2) {
            return std::nullopt;
        }
        std::pair<int128, int128> worst{1'000'000'000'000, -1'000'000'000'000};
        for (const auto& [seconds, book] : std::span(one.books).last(2)) {
            if (!book.bid || !book.ask || *book.bid > *book.ask) {
                return std::nullopt;
            }
            worst.first = std::min(worst.first, int128{10 * book.bid->value()});
            worst.second = std::max(worst.second, int128{10 * book.ask->value()});
        }
        return worst;
    }

    [[nodiscard]] Means step(const NaiveInstrument& one) {
        Means means = means_[one.number.value()];
        means.book = standing(one);
        if (!means.book) {
            return means;
        }
        const int128 near = reach(one);
        const bool is_perpetual = one.listing.kind == protocol::InstrumentKind::perpetual;
        const int128 centre =
            is_perpetual ? 0 : std::clamp(floored(means.slow, 65'536), -7 * near, 7 * near);
        const int128 bid =
            std::clamp(means.book->first - index_grid(one), centre - near, centre + near);
        const int128 ask =
            std::clamp(means.book->second - index_grid(one), centre - near, centre + near);
        const int128 target = (bid + ask) * 65'536 / 2;
        for (std::int64_t second = 0; second < std::min(one.books.back().first, std::int64_t{240});
             ++second) {
            means.fast -= floored(2 * (means.fast - target), 31);
            means.slow -= floored(2 * (means.slow - target), 301);
        }
        return means;
    }

    void mark_linear() {
        for (NaiveInstrument& one : instruments) {
            if (!instruments::is_option(one.listing.kind)) {
                mark_linear(one);
            }
        }
    }
    void mark_linear(NaiveInstrument& one) {
        const Means means = means_[one.number.value()];
        const int128 fast = index_grid(one) + floored(means.fast, 65'536);
        const int128 slow = index_grid(one) + floored(means.slow, 65'536);
        int128 mark = fast;
        if (means.book) {
            const auto [bid, ask] = *means.book;
            const int128 traded =
                one.last ? middle(bid, ask, 10 * one.last->value()) : floored(bid + ask, 2);
            mark = middle(fast, traded, slow);
        }
        mark = std::clamp(mark, slow - reach(one), slow + reach(one));
        mark = decayed(one, mark);
        one.mark = one.listing.terms.price_low < Ticks(0) ? mark : std::max(mark, int128{0});
    }

    [[nodiscard]] int128 decayed(const NaiveInstrument& one, int128 forward) const {
        const std::int64_t end = one.listing.expiry.value() / second_ns;
        const auto samples = within(end - 1800, end, false);
        if (samples.empty()) {
            return forward;
        }
        const auto elapsed = static_cast<int128>(samples.size());
        int128 sum = 0;
        for (const int128 price : samples) {
            sum += price;
        }
        const int128 tick = one.listing.terms.tick.value();
        return floored(10 * sum + (1800 - elapsed) * forward * tick, 1800 * tick);
    }

    void mark_options() {
        for (NaiveInstrument& one : instruments) {
            if (one.surface) {
                mark_option(one);
            }
        }
    }

  public:
    // The value of a surface, within the books of this option's last two samples if they are tight.
    [[nodiscard]] int128 within_books(const NaiveInstrument& one, int128 value, int128 at) const {
        const auto book = standing(one);
        if (!book || book->first <= 0) {
            return value;
        }
        const int128 apart = (book->second - book->first) * one.listing.terms.tick.value();
        if (apart * 1'000'000 > 10 * at * of(protocol::Parameter::option_spread)) {
            return value;
        }
        const int128 grid_value = one.listing.tick_value.value() / 10;
        return middle(value, book->first * grid_value, book->second * grid_value);
    }

    void mark_option(NaiveInstrument& one) const {
        const OptionMark& surface = *one.surface;
        const int128 billion = 1'000'000'000;
        const bool is_call = one.listing.kind == protocol::InstrumentKind::call;
        const int128 then = lot_value(one, one.surface_index);
        const int128 lift = floored(surface.forward.value() * billion, then);
        const int128 moved = floored(lift * (lot_value(one, index) - then), billion);
        const int128 apart = std::min(index - one.surface_index, one.surface_index);
        const int128 part = floored(apart * billion, one.surface_index);
        const int128 bend = floored(surface.gamma * part, 2 * billion);
        const int128 delta = is_call ? std::clamp(surface.delta + bend, int128{0}, billion)
                                     : std::clamp(surface.delta + bend, -billion, int128{0});
        const int128 forward = std::max(surface.forward.value() + moved, int128{0});
        const int128 strike = one.listing.strike_value.value();
        const int128 intrinsic = std::max(is_call ? forward - strike : strike - forward, int128{0});
        const int128 value = std::clamp(surface.value.value() + floored(delta * moved, billion),
                                        intrinsic, is_call ? forward : strike);
        one.mark = floored(10 * value, one.listing.tick_value.value());
    }

  private:
    void charge(std::int64_t seconds) {
        for (NaiveInstrument& one : instruments) {
            if (one.listing.kind != protocol::InstrumentKind::perpetual) {
                continue;
            }
            const int128 whole = 10 * index;
            const int128 above = *one.mark * one.listing.terms.tick.value() - whole;
            const int128 premium = floored(above * 1'000'000'000, whole);
            const int128 damp = int128{1000} * of(protocol::Parameter::funding_damp);
            const int128 cap = int128{1000} * of(protocol::Parameter::funding_cap);
            int128 rate = 0;
            if (premium > damp) {
                rate = premium - damp;
            } else if (premium < -damp) {
                rate = premium + damp;
            }
            one.owed += lot_value(one, index) * std::clamp(rate, -cap, cap) *
                        std::min(seconds, std::int64_t{60}) * 1000;
        }
    }

    [[nodiscard]] std::vector<int128> within(std::int64_t from, std::int64_t to,
                                             bool only_real) const {
        std::vector<int128> found;
        for (auto at = seconds_.lower_bound(from); at != seconds_.end() && at->first < to; ++at) {
            if (at->second.second || !only_real) {
                found.push_back(at->second.first);
            }
        }
        return found;
    }

    [[nodiscard]] std::array<int128, 3> paid(const NaiveInstrument& one,
                                             const std::vector<int128>& samples) const {
        int128 average = index;
        if (!samples.empty()) {
            average = 0;
            for (const int128 price : samples) {
                average += price;
            }
            average = floored(average, static_cast<int128>(samples.size()));
        }
        int128 price = average;
        const int128 strike = one.listing.strike.value();
        if (one.listing.kind == protocol::InstrumentKind::call) {
            price = std::max(average - strike, int128{0});
        } else if (one.listing.kind == protocol::InstrumentKind::put) {
            price = std::max(strike - average, int128{0});
        }
        return {floored(10 * price, one.listing.terms.tick.value()), average,
                static_cast<int128>(samples.size())};
    }

    const instruments::ParameterBook& parameters_;
    std::map<std::uint32_t, protocol::SourcePrice> known_;
    UnixNanos weighed_;
    std::map<std::int64_t, int128> stood_;  // by ten seconds
    std::int64_t stretch_ = 0;
    std::map<std::int64_t, std::pair<int128, bool>> seconds_;  // price, and whether it is real
    std::map<std::uint32_t, Means> means_;
};

}  // namespace miletus::prices
