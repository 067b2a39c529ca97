// A board to watch prices on: BTC in USDC, listings in a line each, time that passes by the second,
// and the events that were told.
#pragma once

#include "base/byte_sink.hpp"
#include "base/prng.hpp"
#include "engine/prices/prices.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace miletus::prices {

constexpr std::int64_t usd = 1'000'000;  // in 1e-6, and in units of USDC
constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t coin = 100'000'000;  // in units of BTC
constexpr UnderlyingId btc{0};
constexpr std::int64_t start_second = 1'000'000'000;

[[nodiscard]] inline UnixNanos at_second(std::int64_t second) {
    return UnixNanos(second * second_ns);
}

struct Bytes final : ByteSink {
    std::vector<std::byte> all;
    void update(std::span<const std::byte> bytes) override {
        all.insert(all.end(), bytes.begin(), bytes.end());
    }
};

[[nodiscard]] inline Limits few() {
    Limits limits;
    limits.assets = 4;
    limits.underlyings = 2;
    limits.instruments = 64;
    limits.event_units = 4096;
    return limits;
}

struct Board {
    explicit Board(Limits limits_given = few()) : limits(limits_given) {
        const AssetId base = *instruments.add_asset(protocol::Name("BTC"), 8);
        const AssetId quote = *instruments.add_asset(protocol::Name("USDC"), 6);
        static_cast<void>(*instruments.add_underlying(protocol::Name("BTC_USDC"), base, quote));
        static_cast<void>(*instruments.add_underlying(protocol::Name("SPREAD_USDC"), base, quote));
    }

    // Half a USDC a tick; a lot of so much of a coin.
    [[nodiscard]] InstrumentId list(protocol::InstrumentKind kind, std::int64_t expiry_second = 0,
                                    std::int64_t strike = 0, std::int64_t lot = coin / 1000,
                                    std::int64_t price_low = 0) {
        const instruments::ListingRequest request{.kind = kind,
                                                  .underlying = btc,
                                                  .expiry = at_second(expiry_second),
                                                  .strike = IndexPrice(strike * usd),
                                                  .terms = {.tick = IndexPrice(usd / 2),
                                                            .lot = Amount(lot),
                                                            .price_low = Ticks(price_low),
                                                            .price_high = Ticks(1'000'000),
                                                            .lots_max = Lots(1'000'000)},
                                                  .steps = {}};
        const Result<instruments::Listing> listing = instruments.draft(request, UnixNanos(1));
        EXPECT_TRUE(listing.has_value()) << name(listing.error());
        EXPECT_TRUE(prices->check_listing(*listing).has_value());
        const InstrumentId instrument = instruments.list(*listing);
        prices->list(instrument);
        return instrument;
    }
    [[nodiscard]] InstrumentId perpetual(std::int64_t lot = coin / 1000) {
        return list(protocol::InstrumentKind::perpetual, 0, 0, lot);
    }
    [[nodiscard]] InstrumentId future(std::int64_t expiry_second) {
        return list(protocol::InstrumentKind::future, expiry_second);
    }

    void set(protocol::Parameter parameter, std::int64_t value) {
        const instruments::ParameterChange change{
            .effective = {}, .value = value, .underlying = btc, .parameter = parameter};
        EXPECT_TRUE(instruments::check_parameter(change).has_value());
        parameters.set(change);
    }

    void begin() {
        sequence = Sequence(sequence.value() + 1);
        events.begin(sequence, at_second(second));
    }
    [[nodiscard]] Result<void> update(std::span<const protocol::SourcePrice> sources) {
        begin();
        const Result<void> is_fine = prices->check_sources(btc, sources, at_second(second));
        if (is_fine) {
            prices->update_index(btc, sources, at_second(second));
        }
        return is_fine;
    }
    // Three sources of equal weight say the same, in 1e-6.
    void agree_on(std::int64_t price) {
        std::vector<protocol::SourcePrice> sources;
        for (std::uint32_t source = 0; source < 3; ++source) {
            sources.push_back({.price = IndexPrice(price),
                               .time = at_second(second),
                               .source = source,
                               .weight = 1});
        }
        ASSERT_TRUE(update(sources).has_value());
    }
    // The seconds pass, and the books are these at the end.
    void pass(std::int64_t seconds, std::span<const BookSample> books) {
        second += seconds;
        begin();
        prices->sample(btc, at_second(second), seconds, books);
    }
    void pass(std::int64_t seconds = 1) {
        std::vector<BookSample> books;
        prices->visit_linear(btc, [&](InstrumentId) { books.emplace_back(); });
        pass(seconds, books);
    }
    // Second by second, with sources that keep saying the same.
    void run(std::int64_t seconds, std::int64_t price) {
        for (std::int64_t passed = 0; passed < seconds; ++passed) {
            second += 1;
            agree_on(price);
            second -= 1;
            pass();
        }
    }

    [[nodiscard]] std::int64_t index() const { return prices->index(btc).value(); }
    [[nodiscard]] protocol::IndexState state() const { return prices->index_state(btc); }
    [[nodiscard]] std::int64_t mark(InstrumentId instrument) const {
        return prices->mark(instrument).value();
    }

    // Events of this kind that the last call told of.
    template <class Event>
    [[nodiscard]] std::vector<Event> told() const {
        std::vector<Event> found;
        events.visit_from(events.start(), [&](std::span<const Unit> units) {
            if (view_as<protocol::EventHeader>(units).type ==
                static_cast<std::uint8_t>(Event::type)) {
                found.push_back(view_as<Event>(units));
            }
        });
        return found;
    }

    [[nodiscard]] std::vector<std::byte> bytes() const {
        Bytes sink;
        StateEncoder encoder(sink);
        prices->encode(encoder);
        encoder.flush();
        return sink.all;
    }
    // Puts other prices in the place of these, made of such bytes; says what was wrong with them.
    std::string restore(std::span<const std::byte> bytes) {
        auto restored = std::make_unique<Prices>(limits, instruments, parameters, events);
        StateDecoder decoder(bytes);
        restored->decode(decoder);
        decoder.require(decoder.is_at_end(), "bytes are left over");
        if (decoder.is_sound()) {
            prices = std::move(restored);
        }
        return std::string(decoder.fault());
    }

    Limits limits;
    instruments::Instruments instruments{limits};
    instruments::ParameterBook parameters{limits};
    protocol::EventWriter events{limits.event_units};
    std::unique_ptr<Prices> prices =
        std::make_unique<Prices>(limits, instruments, parameters, events);
    std::int64_t second = start_second;
    Sequence sequence{0};
};

}  // namespace miletus::prices
