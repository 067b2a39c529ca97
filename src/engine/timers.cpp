// The heap. Keys are unique, so its inner layout never shows.
#include "engine/timers.hpp"

#include <algorithm>
#include <span>

namespace miletus::engine {

Timers::Timers(const Subjects& subjects)
    : subjects_(subjects),
      heap_(std::size_t{subjects.orders} + subjects.instruments),
      places_(std::size_t{subjects.orders} + subjects.instruments + 1) {}

void Timers::set(std::uint32_t subject, UnixNanos due) {
    ASSERT(subject != 0);
    cancel(subject);
    add({.due = due, .id = next_id_++, .subject = subject});
}

void Timers::add(const Timer& timer) {
    put(size_, timer);
    ++size_;
    rise(size_ - 1);
}

void Timers::cancel(std::uint32_t subject) {
    if (places_[subject] != 0) {
        remove(places_[subject] - 1);
    }
}

std::uint32_t Timers::pop() {
    ASSERT(size_ != 0);
    const std::uint32_t subject = heap_[0].subject;
    remove(0);
    return subject;
}

void Timers::remove(std::uint32_t at) {
    places_[heap_[at].subject] = 0;
    --size_;
    if (at == size_) {
        return;
    }
    put(at, heap_[size_]);
    rise(at);
    sink(at);
}

void Timers::put(std::uint32_t at, const Timer& timer) {
    heap_[at] = timer;
    places_[timer.subject] = at + 1;
}

void Timers::rise(std::uint32_t at) {
    const Timer timer = heap_[at];
    while (at != 0 && is_before(timer, heap_[(at - 1) / 2])) {
        put(at, heap_[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(at, timer);
}

void Timers::sink(std::uint32_t at) {
    const Timer timer = heap_[at];
    for (;;) {
        std::uint32_t child = 2 * at + 1;
        if (child >= size_) {
            break;
        }
        if (child + 1 < size_ && is_before(heap_[child + 1], heap_[child])) {
            ++child;
        }
        if (!is_before(heap_[child], timer)) {
            break;
        }
        put(at, heap_[child]);
        at = child;
    }
    put(at, timer);
}

std::optional<UnixNanos> Timers::due(std::uint32_t subject) const {
    return places_[subject] != 0 ? std::optional(heap_[places_[subject] - 1].due) : std::nullopt;
}

// ---- State ----

// Subjects go by their kind and number, which do not depend on the limits.
void Timers::encode(StateEncoder& encoder) const {
    encoder.add(next_id_);
    encoder.add(size_);
    for (std::uint32_t subject = 1; subject < places_.size(); ++subject) {
        if (places_[subject] != 0) {
            const Timer& timer = heap_[places_[subject] - 1];
            const bool is_order = subject <= subjects_.orders;
            encoder.add(is_order ? Kind::order : Kind::instrument);
            encoder.add(is_order ? subject : subject - subjects_.orders - 1);
            encoder.add(timer.due);
            encoder.add(timer.id);
        }
    }
}

void Timers::decode(StateDecoder& decoder) {
    next_id_ = decoder.take<std::uint64_t>();
    const std::uint32_t count =
        decoder.take_count(heap_.size(), "limits.orders or limits.instruments is too small");
    std::uint32_t last = 0;
    for (std::uint32_t at = 0; at < count; ++at) {
        const auto kind = decoder.take<Kind>();
        const auto number = decoder.take<std::uint32_t>();
        const auto due = decoder.take<UnixNanos>();
        const auto id = decoder.take<std::uint64_t>();
        if (!decoder.require(kind != Kind::order || number <= subjects_.orders,
                             "limits.orders is too small") ||
            !decoder.require(kind != Kind::instrument || number < subjects_.instruments,
                             "limits.instruments is too small")) {
            return;
        }
        const std::uint32_t subject = kind == Kind::order ? number : subjects_.orders + 1 + number;
        if (!decoder.require(subject > last, "timers are not in order") ||
            !decoder.require(id < next_id_, "a timer is newer than the newest")) {
            return;
        }
        heap_[size_] = {.due = due, .id = id, .subject = subject};
        ++size_;
        last = subject;
    }
    sort(decoder);
}

// Sorted, they are a heap, and lie side by side where two have one key.
void Timers::sort(StateDecoder& decoder) {
    const std::span<Timer> timers = heap_.items().first(size_);
    std::ranges::sort(timers, is_before);
    for (std::uint32_t at = 0; at < size_; ++at) {
        places_[timers[at].subject] = at + 1;
        decoder.require(at == 0 || is_before(timers[at - 1], timers[at]),
                        "two timers have one key");
    }
}

void Timers::check_invariants() const {
    for (std::uint32_t at = 0; at < size_; ++at) {
        ASSERT(places_[heap_[at].subject] == at + 1);
        ASSERT(at == 0 || is_before(heap_[(at - 1) / 2], heap_[at]));
    }
}

}  // namespace miletus::engine
