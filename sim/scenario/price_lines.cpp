// The operator's lines of parameters and prices.
#include "engine/instruments/instruments.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/text.hpp"

namespace miletus::scenario {

namespace {

constexpr std::uint32_t price_decimals = 6;
constexpr std::uint32_t smile_decimals = 12;

// -3s lies ahead.
std::optional<Nanos> age_of(std::string_view text) {
    const bool is_ahead = text.starts_with('-');
    const std::optional<Nanos> span = span_of(text.substr(is_ahead ? 1 : 0));
    return span && is_ahead ? std::optional(-*span) : span;
}

// 101.5, of the source whose turn it is; or SOURCE:PRICE:WEIGHT:AGE, the last two if need be.
std::optional<protocol::SourcePrice> source_of(std::string_view text, std::uint32_t turn,
                                               UnixNanos now) {
    const std::vector<std::string_view> parts = split(text, ':');
    const bool is_full = parts.size() > 1;
    const auto part = [&parts](std::size_t at, std::string_view otherwise) {
        return at < parts.size() ? parts[at] : otherwise;
    };
    const auto source = integer_of(is_full ? parts[0] : std::to_string(turn));
    const auto price = decimal_of(parts[is_full ? 1 : 0], price_decimals);
    const auto weight = integer_of(part(2, "1"));
    const auto age = age_of(part(3, "0s"));
    if (!source || !price || !weight || !age || parts.size() > 4) {
        return std::nullopt;
    }
    return protocol::SourcePrice{.price = IndexPrice(*price),
                                 .time = now + -*age,
                                 .source = static_cast<std::uint32_t>(*source),
                                 .weight = static_cast<std::uint32_t>(*weight)};
}

// EXPIRY,FORWARD,A,B,RHO,M,SIGMA
std::optional<protocol::SurfaceSlice> slice_of(std::string_view text) {
    const std::vector<std::string_view> parts = split(text, ',');
    if (parts.size() != 7) {
        return std::nullopt;
    }
    const auto expiry = time_of(parts[0]);
    const auto forward = decimal_of(parts[1], price_decimals);
    const auto a = decimal_of(parts[2], smile_decimals);
    const auto b = decimal_of(parts[3], smile_decimals);
    const auto rho = decimal_of(parts[4], smile_decimals);
    const auto m = decimal_of(parts[5], smile_decimals);
    const auto sigma = decimal_of(parts[6], smile_decimals);
    if (!expiry || !forward || !a || !b || !rho || !m || !sigma) {
        return std::nullopt;
    }
    return protocol::SurfaceSlice{.expiry = *expiry,
                                  .forward = IndexPrice(*forward),
                                  .a = *a,
                                  .b = *b,
                                  .rho = *rho,
                                  .m = *m,
                                  .sigma = *sigma};
}

}  // namespace

// parameter BTC_USDC maker_fee 100, parameter venue order_rate 5 at 2026-03-02T00:00
Scenario::Told Scenario::set_parameter(Arguments& line) {
    const bool is_venue = line.take("venue");
    const UnderlyingId underlying = is_venue ? instruments::venue_itself : line.underlying();
    const auto parameter = line.value<protocol::Parameter>("parameter");
    const std::int64_t value = line.integer("value");
    const UnixNanos effective = line.take("at") ? line.time("time") : UnixNanos(0);
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::SetParameter{.effective = effective,
                                               .value = value,
                                               .underlying = underlying,
                                               .parameter = parameter});
}

// index BTC_USDC 100 101 99, index BTC_USDC 3:100.5:2:5s
Scenario::Told Scenario::update_index(Arguments& line) {
    const UnderlyingId underlying = line.underlying();
    std::vector<protocol::SourcePrice> sources;
    while (!line.is_done()) {
        const std::string_view text = line.word("a price");
        const auto source = source_of(text, static_cast<std::uint32_t>(sources.size()), now_);
        if (!source) {
            line.fail(std::string(text) + " is no price; write 100.5, or SOURCE:PRICE:WEIGHT:AGE");
        }
        sources.push_back(source.value_or(protocol::SourcePrice{}));
    }
    line.check_count("sources", sources.size(), protocol::UpdateIndex::group_max);
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::UpdateIndex{.underlying = underlying}, sources);
}

// surface BTC_USDC 2026-03-27T08:00,100,0.01,0.1,-0.3,0,0.2: one a slice.
Scenario::Told Scenario::update_surface(Arguments& line) {
    const UnderlyingId underlying = line.underlying();
    std::vector<protocol::SurfaceSlice> slices;
    while (!line.is_done()) {
        const std::string_view text = line.word("a slice");
        const auto slice = slice_of(text);
        if (!slice) {
            line.fail(std::string(text) + " is no slice; write EXPIRY,FORWARD,A,B,RHO,M,SIGMA");
        }
        slices.push_back(slice.value_or(protocol::SurfaceSlice{}));
    }
    line.check_count("slices", slices.size(), protocol::UpdateSurface::group_max);
    if (!line.finish()) {
        return {};
    }
    surface_ = Sequence(sequence_ + 1);
    return send(actor_, protocol::UpdateSurface{.digest = {}, .underlying = underlying}, slices);
}

// marks BTC_USDC: of the last surface line, or of surface=12; with digest=7 where that matters.
Scenario::Told Scenario::install_marks(Arguments& line) {
    const UnderlyingId underlying = line.underlying();
    const auto last = static_cast<std::int64_t>(surface_.value());
    const auto surface = static_cast<std::uint64_t>(line.integer_option("surface", last));
    const auto digest = static_cast<std::uint64_t>(line.integer_option("digest", 0));
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::InstallMarks{.digest = {.high = 0, .low = digest},
                                               .surface = Sequence(surface),
                                               .underlying = underlying});
}

}  // namespace miletus::scenario
