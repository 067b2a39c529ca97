// Sums of samples, and when they are enough.
#include "engine/prices/delivery.hpp"

#include "engine/prices/index.hpp"

#include <algorithm>

namespace miletus::prices {

namespace {

// A window of seconds is [expiry - 1800, expiry), and at most as long again past it.
void sample_one(Window& window, const Passage& passage) {
    const std::int64_t end = second_of(window.expiry);
    const std::int64_t start = end - window_seconds;
    // A missed second counts as the last price before it.
    const std::int64_t first = std::max(passage.second - passage.seconds + 1, start);
    const std::int64_t missed = std::max(std::min(passage.second, end) - first, std::int64_t{0});
    window.sum += missed * passage.before.value();
    window.samples += static_cast<std::uint32_t>(missed);
    if (passage.second < start) {
        return;
    }
    if (passage.second < end) {
        window.sum += passage.now.value();
        ++window.samples;
    } else {
        window.is_extended = window.is_extended || window.real_samples < real_samples_min;
    }
    const bool is_inside =
        passage.second < end || (window.is_extended && window.real_samples < real_samples_min &&
                                 passage.second < end + window_seconds);
    if (is_inside && passage.is_real) {
        window.real_sum += passage.now.value();
        ++window.real_samples;
    }
}

bool can_be(const Window& window) {
    const std::int64_t samples = window.samples;
    const std::int64_t real = window.real_samples;
    return window.expiry > UnixNanos(0) && samples <= window_seconds &&
           (window.is_extended ? real <= window_seconds : real <= samples) &&
           window.sum >= samples && window.sum <= samples * index_end && window.real_sum >= real &&
           window.real_sum <= real * index_end;
}

}  // namespace

std::optional<Average> average_of(const Window& window, std::int64_t second, IndexPrice last) {
    const std::int64_t end = second_of(window.expiry);
    if (second < end - 1) {
        return std::nullopt;
    }
    if (window.real_samples >= real_samples_min && !window.is_extended) {
        return Average{.price = IndexPrice(window.sum / window.samples), .samples = window.samples};
    }
    // A price that nobody confirmed for minutes must not count for minutes: once the window is
    // extended, only real samples do.
    if (window.real_samples < real_samples_min && second < end + window_seconds - 1) {
        return std::nullopt;
    }
    if (window.real_samples == 0) {
        return Average{.price = last, .samples = 0};
    }
    return Average{.price = IndexPrice(window.real_sum / window.real_samples),
                   .samples = window.real_samples};
}

const Window* Windows::find(UnixNanos expiry) const {
    const auto all = this->all();
    const auto place = std::ranges::find(all, expiry, &Window::expiry);
    return place != all.end() ? &*place : nullptr;
}

Window* Windows::find(UnixNanos expiry) {
    const auto all = std::span(windows_).first(count_);
    const auto place = std::ranges::find(all, expiry, &Window::expiry);
    return place != all.end() ? &*place : nullptr;
}

void Windows::open(UnixNanos expiry, std::uint32_t instruments) {
    ASSERT(!is_full() && instruments != 0);
    std::size_t place = count_;
    while (place != 0 && windows_[place - 1].expiry > expiry) {
        windows_[place] = windows_[place - 1];
        --place;
    }
    windows_[place] = {};
    windows_[place].expiry = expiry;
    windows_[place].instruments = instruments;
    ++count_;
}

void Windows::leave(UnixNanos expiry) {
    Window* window = find(expiry);
    if (window == nullptr) {
        return;
    }
    --window->instruments;
    if (window->instruments == 0) {
        const auto all = std::span(windows_).first(count_);
        const auto place = std::ranges::find(all, expiry, &Window::expiry);
        std::move(place + 1, all.end(), place);
        --count_;
    }
}

void Windows::sample(const Passage& passage) {
    for (Window& window : std::span(windows_).first(count_)) {
        sample_one(window, passage);
    }
}

// ---- State ----

// How many instruments wait is counted anew when they are restored.
void Windows::encode(StateEncoder& encoder) const {
    encoder.add(static_cast<std::uint32_t>(count_));
    for (const Window& window : all()) {
        encoder.add(window.expiry);
        encoder.add(window.sum);
        encoder.add(window.real_sum);
        encoder.add(window.samples);
        encoder.add(window.real_samples);
        encoder.add(window.is_extended);
    }
}

void Windows::decode(StateDecoder& decoder) {
    count_ = decoder.take_count(windows_.size(), "too many delivery windows");
    UnixNanos last;
    for (Window& window : std::span(windows_).first(count_)) {
        window.expiry = decoder.take<UnixNanos>();
        window.sum = decoder.take<std::int64_t>();
        window.real_sum = decoder.take<std::int64_t>();
        window.samples = decoder.take<std::uint32_t>();
        window.real_samples = decoder.take<std::uint32_t>();
        window.is_extended = decoder.take<bool>();
        decoder.require(window.expiry > last && can_be(window), "a delivery window cannot be");
        last = window.expiry;
    }
}

void Windows::check_invariants() const {
    UnixNanos last;
    for (const Window& window : all()) {
        ASSERT(window.expiry > last);
        ASSERT(window.instruments != 0);
        ASSERT(can_be(window));
        last = window.expiry;
    }
}

}  // namespace miletus::prices
