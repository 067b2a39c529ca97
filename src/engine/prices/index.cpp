// Which sources count, and what they come to.
#include "engine/prices/index.hpp"

#include "base/division.hpp"
#include "engine/prices/delivery.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace miletus::prices {

using protocol::IndexState;
using protocol::Parameter;
using protocol::SourcePrice;

namespace {

struct Fresh {
    std::int64_t price = 0;
    std::int64_t weight = 0;
};

constexpr std::int64_t nanos_per_milli = 1'000'000;
// The last ten seconds that a moment can lie in.
constexpr std::int64_t stretch_last =
    std::numeric_limits<std::int64_t>::max() / nanos_per_second / 10;

Nanos span_of(const instruments::Parameters& parameters, Parameter milliseconds) {
    return Nanos(parameters.of(milliseconds) * nanos_per_milli);
}

// Of an even number, the floored mean of the middle two. Every source has one voice here, whatever
// its weight: a heavy one that errs is outvoted.
std::int64_t median_of(std::span<Fresh> fresh) {
    std::ranges::sort(fresh, {}, &Fresh::price);
    const std::int64_t upper = fresh[fresh.size() / 2].price;
    const std::int64_t lower = fresh[(fresh.size() - 1) / 2].price;
    return lower + (upper - lower) / 2;
}

// The weighted mean, floored, of prices clamped to the median: taken as what the sources add to the
// median, which keeps the sums small. It lies between the lowest and the highest source.
std::int64_t mean_of(std::span<Fresh> fresh, std::int64_t clamp) {
    const std::int64_t median = median_of(fresh);
    const std::int64_t reach = share_floor(median, clamp, instruments::millionths);
    int128 added = 0;
    std::int64_t weights = 0;
    for (const Fresh& source : fresh) {
        const std::int64_t apart = std::clamp(source.price - median, -reach, reach);
        added += int128{apart} * source.weight;
        weights += source.weight;
    }
    return median + floor_div(added, weights);
}

}  // namespace

Result<void> Index::check(std::span<const SourcePrice> sources, UnixNanos now) const {
    std::array<bool, sources_max> named{};
    std::array<bool, sources_max> counts{};
    std::ranges::transform(sources_, counts.begin(),
                           [](const Source& source) { return source.weight != 0; });
    for (const SourcePrice& source : sources) {
        if (source.source >= sources_max || named[source.source]) {
            return Refusal(Reject::source_repeated);
        }
        named[source.source] = true;
        counts[source.source] = source.weight != 0;
        if (source.weight > source_weight_max) {
            return Refusal(Reject::source_weight_out_of_range);
        }
        if (source.weight == 0) {
            continue;
        }
        if (source.price <= IndexPrice(0) || source.price >= IndexPrice(index_end)) {
            return Refusal(Reject::source_price_out_of_range);
        }
        if (source.time > now) {
            return Refusal(Reject::source_from_the_future);
        }
    }
    if (std::ranges::find(counts, true) == counts.end()) {
        return Refusal(Reject::source_weight_out_of_range);
    }
    return {};
}

void Index::take(std::span<const SourcePrice> sources, UnixNanos now) {
    for (const SourcePrice& told : sources) {
        Source& source = sources_[told.source];
        source.weight = told.weight;
        const UnixNanos time = told.time != UnixNanos(0) ? told.time : now;
        const bool is_news = source.price == IndexPrice(0) || time >= source.time;
        if (told.weight != 0 && is_news) {
            source.price = told.price;
            source.time = time;
        }
    }
}

bool Index::weigh(const instruments::Parameters& parameters, UnixNanos now) {
    const UnixNanos oldest = now + -span_of(parameters, Parameter::index_source_age);
    std::array<Fresh, sources_max> places{};
    std::size_t count = 0;
    for (const Source& source : sources_) {
        if (source.weight != 0 && source.price != IndexPrice(0) && source.time >= oldest) {
            places[count++] = {.price = source.price.value(), .weight = source.weight};
        }
    }
    const std::span<Fresh> fresh = std::span(places).first(count);
    const bool is_enough =
        std::cmp_greater_equal(count, parameters.of(Parameter::index_sources_min));
    const Reading before = reading_;
    if (!exists() && !is_enough) {
        // One early source must not be what later ones may not run away from.
        return false;
    }
    reading_.sources = static_cast<std::uint8_t>(count);
    if (count == 0) {
        const bool is_old = now - weighed_ > span_of(parameters, Parameter::index_freeze);
        reading_.state = is_old ? IndexState::frozen : IndexState::degraded;
        return reading_ != before;
    }
    const IndexPrice mean(mean_of(fresh, parameters.of(Parameter::index_clamp)));
    if (!exists()) {
        remembered_.fill(mean);
    }
    reading_.price = within_velocity(mean, parameters.of(Parameter::index_velocity));
    reading_.state = is_enough ? IndexState::good : IndexState::degraded;
    weighed_ = now;
    return reading_ != before;
}

IndexPrice Index::within_velocity(IndexPrice price, std::int64_t velocity) const {
    const auto oldest = static_cast<std::size_t>(stretch_ + 1) % memory;
    const std::int64_t reference = remembered_[oldest].value();
    const std::int64_t reach = share_floor(reference, velocity, instruments::millionths);
    const std::int64_t low = std::max(reference - reach, std::int64_t{1});
    return IndexPrice(std::clamp(price.value(), low, reference + reach));
}

void Index::remember(std::int64_t second) {
    const std::int64_t stretch = floor_div(second, memory_seconds);
    const auto whole_memory = static_cast<std::int64_t>(memory);
    std::int64_t passed = std::max(stretch_, stretch - whole_memory);
    while (passed < stretch) {
        ++passed;
        remembered_[static_cast<std::size_t>(passed) % memory] = reading_.price;
    }
    stretch_ = std::max(stretch_, stretch);
}

// ---- State ----

void Index::encode(StateEncoder& encoder) const {
    for (const Source& source : sources_) {
        encoder.add(source.price);
        encoder.add(source.time);
        encoder.add(source.weight);
    }
    encoder.add(reading_.state);
    encoder.add(reading_.sources);
    encoder.add(reading_.price);
    encoder.add(weighed_);
    encoder.add(stretch_);
    for (const IndexPrice price : remembered_) {
        encoder.add(price);
    }
}

void Index::decode(StateDecoder& decoder) {
    const auto can_be = [](IndexPrice price) {
        return price >= IndexPrice(0) && price < IndexPrice(index_end);
    };
    for (Source& source : sources_) {
        source.price = decoder.take<IndexPrice>();
        source.time = decoder.take<UnixNanos>();
        source.weight = decoder.take<std::uint32_t>();
        decoder.require(can_be(source.price) && source.weight <= source_weight_max &&
                            (source.price != IndexPrice(0) || source.weight == 0),
                        "a source cannot be");
    }
    reading_.state = decoder.take<IndexState>();
    reading_.sources = decoder.take<std::uint8_t>();
    reading_.price = decoder.take<IndexPrice>();
    weighed_ = decoder.take<UnixNanos>();
    stretch_ = decoder.take<std::int64_t>();
    decoder.require(can_be(reading_.price) && exists() == (reading_.price != IndexPrice(0)) &&
                        reading_.sources <= sources_max && (exists() || reading_.sources == 0) &&
                        (state() != IndexState::good || reading_.sources != 0) &&
                        (state() != IndexState::frozen || reading_.sources == 0) &&
                        weighed_ >= UnixNanos(0) && stretch_ >= 0 && stretch_ <= stretch_last,
                    "an index cannot be");
    for (IndexPrice& price : remembered_) {
        price = decoder.take<IndexPrice>();
        decoder.require(can_be(price) && exists() == (price != IndexPrice(0)),
                        "an index remembers what cannot be");
    }
}

void Index::check_invariants() const {
    ASSERT(reading_.price >= IndexPrice(0) && reading_.price < IndexPrice(index_end));
    ASSERT(exists() == (reading_.price != IndexPrice(0)));
    ASSERT(state() != IndexState::good || reading_.sources != 0);
    ASSERT(state() != IndexState::frozen || reading_.sources == 0);
}

}  // namespace miletus::prices
