// Any quotes as a chain: each has a status, and whatever is fitted has no arbitrage, and
// volatilities that are numbers.
#include "base/assert.hpp"
#include "fuzz/fuzz_one.hpp"
#include "pricing/pricing.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

namespace miletus {

namespace {

constexpr std::size_t numbers_each = 6;
constexpr std::size_t quotes_max = 20;

// Numbers as they are, or as a few steps on scales that chains have: half of the quotes each.
class Source {
  public:
    explicit Source(std::span<const std::byte> bytes) : bytes_(bytes) {}

    [[nodiscard]] bool has_quote() const {
        return bytes_.size() >= numbers_each * sizeof(double) + 1;
    }
    std::uint8_t byte() {
        const auto value = static_cast<std::uint8_t>(bytes_.front());
        bytes_ = bytes_.subspan(1);
        return value;
    }
    double number() {
        std::array<std::byte, sizeof(double)> number{};
        std::ranges::copy(bytes_.first(sizeof(double)), number.begin());
        bytes_ = bytes_.subspan(sizeof(double));
        return std::bit_cast<double>(number);
    }

  private:
    std::span<const std::byte> bytes_;
};

// What 0 to 255 stand for.
double step_of(double number, double low, double high) {
    const auto bits = std::bit_cast<std::uint64_t>(number) & 0xFFU;
    return low + (high - low) * static_cast<double>(bits) / 255;
}

pricing::Quote quote_of(Source& source) {
    const std::uint8_t kind = source.byte();
    std::array<double, numbers_each> numbers{};
    for (double& number : numbers) {
        number = source.number();
    }
    const auto [time, strike, bid, ask, age, forward] = numbers;
    if ((kind & 2U) != 0) {
        return {.time = time,
                .strike = strike,
                .kind = static_cast<std::int8_t>(kind),
                .bid = bid,
                .ask = ask,
                .age = age,
                .mark = 0,
                .forward = forward};
    }
    const double low = step_of(bid, 0, 0.3);
    return {.time = std::floor(step_of(time, 0, 6)) / 8,
            .strike = std::floor(step_of(strike, 5, 15)) * 10,
            .kind = (kind & 1U) != 0 ? pricing::call : pricing::put,
            .bid = low,
            .ask = low + step_of(ask, -0.005, 0.1),
            .age = step_of(age, 0, 70),
            .mark = low,
            .forward = (kind & 4U) != 0 ? 100.0 : 0.0};
}

void check_surface(const pricing::Surface& surface) {
    const pricing::Slice* before = nullptr;
    for (const pricing::Slice& slice : surface.slices()) {
        double mass = 0;
        double mean = 0;
        for (std::size_t at = 0; at < slice.nodes().size(); ++at) {
            ASSERT(slice.weights()[at] >= 0);
            mass += slice.weights()[at];
            mean += slice.weights()[at] * slice.nodes()[at];
            const double node = slice.nodes()[at];
            ASSERT(before == nullptr ||
                   slice.bare_call(node) >= before->bare_call(node) - 1e-9 * (1 + node));
        }
        ASSERT(std::abs(mass - 1) < 1e-9);
        ASSERT(std::abs(mean - 1) < 1e-6);
        ASSERT(before == nullptr || slice.terms().deviation >= before->terms().deviation);
        before = &slice;
        for (const double ratio : {1e-3, 0.5, 1.0, 1.7, 400.0}) {
            const pricing::SurfaceValue value =
                surface.vol(slice.terms().forward * ratio, 1.1 * slice.terms().time);
            const bool is_far = !(slice.terms().forward > 1e-45 && slice.terms().forward < 1e45);
            ASSERT(is_far || (value.status == pricing::Status::ok && value.vol >= 0));
        }
    }
}

void check_fit(const pricing::QuotedChain& chain, const pricing::SurfaceFit& fit) {
    ASSERT(fit.quotes.size() == chain.quotes.size());
    std::size_t used = 0;
    for (const pricing::QuoteReport& report : fit.quotes) {
        const bool is_used = report.status == pricing::QuoteStatus::used;
        used += is_used ? 1U : 0U;
        ASSERT(!is_used || std::isfinite(report.fitted));
        ASSERT(!is_used || fit.expiries[report.expiry].is_fitted);
    }
    for (const pricing::ExpiryReport& expiry : fit.expiries) {
        ASSERT(expiry.inside <= expiry.quotes[0]);
        used -= expiry.quotes[0];
    }
    ASSERT(used == 0);
    check_surface(fit.surface);
}

}  // namespace

void fuzz_one(std::span<const std::byte> bytes) {
    if (bytes.empty()) {
        return;
    }
    Source source(bytes);
    const std::uint8_t terms = source.byte();
    std::vector<pricing::Quote> quotes;
    while (source.has_quote() && quotes.size() < quotes_max) {
        quotes.push_back(quote_of(source));
    }
    const pricing::QuotedChain chain{
        .quotes = quotes,
        .settlement = (terms & 1U) != 0 ? pricing::Settlement::cash : pricing::Settlement::coin,
        .spot = (terms & 2U) != 0 ? 100.0 : 0.0,
        .discount = (terms & 4U) != 0 ? 0.0 : 1.0,
        .age_max = 60};
    const auto fit = pricing::fit_surface(chain);
    if (!fit) {
        ASSERT(!sentence(fit.error()).empty());
        return;
    }
    check_fit(chain, *fit);
}

}  // namespace miletus
