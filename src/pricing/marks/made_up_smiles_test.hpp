// Surfaces and options in whole numbers that tests make up, with the same bits everywhere.
#pragma once

#include "pricing/marks/marks.hpp"
#include "pricing/surface/surface_test.hpp"

#include <vector>

namespace miletus::pricing {

constexpr UnixNanos made_up_now{1'800'000'000'000'000'000};
constexpr IndexPrice made_up_index{100'000'000'000};  // 100,000
constexpr std::int64_t hour_nanos = 3'600'000'000'000;
constexpr std::int64_t day_nanos = 24 * hour_nanos;

inline UnixNanos after(std::int64_t nanos) {
    return made_up_now + Nanos(nanos);
}

// Of one SSVI surface at this volatility, which has no arbitrage.
inline Smile made_up_smile(UnixNanos expiry, IndexPrice forward, double vol) {
    const Ssvi surface{.rho = -0.3, .eta = 0.8, .gamma = 0.5, .theta = {}};
    const double theta = vol * vol * years_between(made_up_now, expiry);
    const auto smile = smile_of(expiry, forward, slice_of(surface, theta));
    EXPECT_TRUE(smile.has_value());
    return smile.value_or(Smile{});
}

inline std::vector<Smile> made_up_smiles(double vol = 0.5) {
    std::vector<Smile> smiles;
    for (const std::int64_t days : {1, 2, 7, 30, 90}) {
        const IndexPrice forward(made_up_index.value() + 20'000'000 * days);
        smiles.push_back(made_up_smile(after(days * day_nanos), forward, vol));
    }
    return smiles;
}

// A lot of a hundredth of a coin, in micros, and a tick of half a dollar.
inline MarkOption made_up_option(UnixNanos expiry, std::int64_t strike, std::int8_t kind) {
    return {.expiry = expiry,
            .strike = IndexPrice(strike),
            .tick = IndexPrice(500'000),
            .tick_value = LotValue(5000),
            .kind = kind};
}

struct MarksFound {
    std::vector<Mark> marks;
    std::vector<std::int64_t> entries;
    MarkFault fault = MarkFault::none;

    [[nodiscard]] Marks columns() { return {.marks = marks, .entries = entries}; }
    [[nodiscard]] std::span<const std::int64_t> row(std::size_t option) const {
        return std::span(entries).subspan(option * usual_scenarios_count, usual_scenarios_count);
    }
};

inline MarksFound marks_of(const MarkSurface& surface, std::span<const MarkOption> options) {
    MarksFound found{.marks = std::vector<Mark>(options.size()),
                     .entries = std::vector<std::int64_t>(options.size() * usual_scenarios_count)};
    found.fault = find_marks(surface, options, found.columns());
    return found;
}

}  // namespace miletus::pricing
