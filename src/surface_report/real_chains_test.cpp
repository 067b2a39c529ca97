// Every snapshot of real quotes under $MILETUS_DATA: the fit lies between bid and ask for as many
// quotes as the venue's own marks, and there is no arbitrage on a dense grid.
#include "surface_report/chain_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace miletus::surface_report {
namespace {

// What `gzip` makes of a compressed file.
std::string unpacked(const std::filesystem::path& path) {
    std::string text;
    std::FILE* pipe = popen(("gzip -dc '" + path.string() + "'").c_str(), "r");
    if (pipe != nullptr) {
        std::array<char, 1U << 16U> bytes{};
        while (const std::size_t count = std::fread(bytes.data(), 1, bytes.size(), pipe)) {
            text.append(bytes.data(), count);
        }
        pclose(pipe);
    }
    return text;
}

std::vector<std::filesystem::path> snapshots() {
    std::vector<std::filesystem::path> paths;
    const char* data = std::getenv("MILETUS_DATA");
    if (data != nullptr) {
        for (const auto& entry :
             std::filesystem::directory_iterator(std::filesystem::path(data) / "option-chains")) {
            if (entry.path().string().ends_with(".csv.gz")) {
                paths.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(paths);
    return paths;
}

struct Counts {
    double quotes = 0;
    double fitted = 0;
    double marks = 0;

    Counts& operator+=(const Counts& other) {
        quotes += other.quotes;
        fitted += other.fitted;
        marks += other.marks;
        return *this;
    }
};

// Of all quotes with two sides, those that were passed over included.
Counts counts_of(const NamedChain& chain, const pricing::SurfaceFit& fit, double time) {
    Counts counts;
    for (std::size_t at = 0; at < chain.quotes.size(); ++at) {
        const pricing::Quote& quote = chain.quotes[at];
        if (quote.time == time && quote.bid > 0 && quote.ask > 0) {
            const pricing::QuoteReport& report = fit.quotes[at];
            const bool is_used = report.status == pricing::QuoteStatus::used;
            counts.quotes += 1;
            counts.fitted += is_used && quote.bid <= report.fitted && report.fitted <= quote.ask;
            counts.marks += quote.bid <= quote.mark && quote.mark <= quote.ask;
        }
    }
    return counts;
}

void expect_as_good_as_marks(const NamedChain& chain, const pricing::SurfaceFit& fit, Counts& all) {
    for (const pricing::ExpiryReport& expiry : fit.expiries) {
        const Counts counts = counts_of(chain, fit, expiry.time);
        all += counts;
        if (counts.quotes >= 5) {
            EXPECT_GE(counts.fitted / counts.quotes, counts.marks / counts.quotes - 0.01)
                << chain.name << ", " << expiry.time << " years: " << counts.fitted << " of "
                << counts.quotes << ", marks " << counts.marks;
            EXPECT_TRUE(expiry.arbitrage.is_free())
                << chain.name << ", " << expiry.time << " years: g " << expiry.arbitrage.least_g
                << ", calendar " << expiry.arbitrage.least_calendar;
            EXPECT_TRUE(expiry.svi_butterflies.is_free());
        }
    }
}

// Calls in forwards over equal steps of moneyness.
std::vector<double> calls_at(const pricing::Surface& surface, double time) {
    std::vector<double> calls;
    for (int step = 0; step <= 600; ++step) {
        const double moneyness = 0.2 + 0.005 * step;
        const double variance = surface.total_variance(std::log(moneyness), time);
        calls.push_back(pricing::value_of(pricing::Forward{.forward = 1,
                                                           .strike = moneyness,
                                                           .time = 1,
                                                           .vol = std::sqrt(variance)})
                            .price);
    }
    return calls;
}

void expect_no_arbitrage(const pricing::Surface& surface) {
    std::vector<double> times{0.5 * surface.slices().front().terms().time};
    for (const pricing::Slice& slice : surface.slices()) {
        times.push_back(0.5 * (times.back() + slice.terms().time));
        times.push_back(slice.terms().time);
    }
    times.push_back(2 * times.back());
    std::vector<double> before;
    for (const double time : times) {
        const std::vector<double> calls = calls_at(surface, time);
        for (std::size_t at = 1; at + 1 < calls.size(); ++at) {
            ASSERT_LE(calls[at], calls[at - 1] + 1e-14) << time;
            ASSERT_GE(calls[at - 1] - 2 * calls[at] + calls[at + 1], -2e-14) << time << " " << at;
        }
        for (std::size_t at = 0; at < before.size(); ++at) {
            ASSERT_GE(calls[at], before[at] - 2e-14) << time << " " << at;
        }
        before = calls;
    }
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return 0.5 * (values[(values.size() - 1) / 2] + values[values.size() / 2]);
}

TEST(RealChains, are_fitted_as_well_as_the_venue_marks_them) {
    const std::vector<std::filesystem::path> paths = snapshots();
    if (paths.empty()) {
        GTEST_SKIP() << "MILETUS_DATA names no folder with option-chains/*.csv.gz";
    }
    std::vector<double> fitted;
    std::vector<double> marks;
    for (const std::filesystem::path& path : paths) {
        const auto chains = read_chains(unpacked(path));
        ASSERT_TRUE(chains.has_value()) << path << ": " << chains.error();
        Counts all;
        for (const NamedChain& chain : *chains) {
            const auto fit = pricing::fit_surface({.quotes = chain.quotes,
                                                   .settlement = pricing::Settlement::coin,
                                                   .spot = chain.spot});
            ASSERT_TRUE(fit.has_value()) << path;
            expect_as_good_as_marks(chain, *fit, all);
            expect_no_arbitrage(fit->surface);
        }
        std::printf("%s: of %.0f quotes %.0f fitted inside, %.0f marks\n", path.filename().c_str(),
                    all.quotes, all.fitted, all.marks);
        fitted.push_back(all.fitted / all.quotes);
        marks.push_back(all.marks / all.quotes);
    }
    EXPECT_GT(median(fitted), median(marks));
}

}  // namespace
}  // namespace miletus::surface_report
