// The heap. Keys are unique, so its inner layout never shows.
#include "engine/timers.hpp"

#include <algorithm>
#include <span>

namespace miletus::engine {

namespace {

std::size_t sum_of(const Timers::Counts& counts) {
    std::size_t sum = 0;
    for (const std::uint32_t count : counts) {
        sum += count;
    }
    return sum;
}

}  // namespace

Timers::Timers(const Counts& counts)
    : counts_(counts), heap_(sum_of(counts)), places_(sum_of(counts)) {
    for (std::size_t kind = 1; kind < timer_kinds; ++kind) {
        firsts_[kind] = firsts_[kind - 1] + counts_[kind - 1];
    }
}

std::uint32_t Timers::index_of(Subject subject) const {
    const auto kind = static_cast<std::size_t>(subject.kind);
    ASSERT(subject.number < counts_[kind]);
    return firsts_[kind] + subject.number;
}

Subject Timers::subject_at(std::uint32_t index) const {
    std::size_t kind = timer_kinds - 1;
    while (index < firsts_[kind]) {
        --kind;
    }
    return {.kind = static_cast<TimerKind>(kind), .number = index - firsts_[kind]};
}

void Timers::set(Subject subject, UnixNanos due) {
    const std::uint32_t index = index_of(subject);
    cancel_at(index);
    add({.due = due, .id = next_id_++, .subject = index});
}

void Timers::cancel(Subject subject) {
    cancel_at(index_of(subject));
}

void Timers::add(const Timer& timer) {
    put(size_, timer);
    ++size_;
    rise(size_ - 1);
}

void Timers::cancel_at(std::uint32_t index) {
    if (places_[index] != 0) {
        remove(places_[index] - 1);
    }
}

Subject Timers::pop() {
    ASSERT(size_ != 0);
    const std::uint32_t index = heap_[0].subject;
    remove(0);
    return subject_at(index);
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

std::optional<UnixNanos> Timers::due(Subject subject) const {
    const std::uint32_t place = places_[index_of(subject)];
    return place != 0 ? std::optional(heap_[place - 1].due) : std::nullopt;
}

// ---- State ----

// Subjects go by their kind and number, which do not depend on the limits.
void Timers::encode(StateEncoder& encoder) const {
    encoder.add(next_id_);
    encoder.add(size_);
    for (std::uint32_t index = 0; index < places_.size(); ++index) {
        if (places_[index] != 0) {
            const Timer& timer = heap_[places_[index] - 1];
            encoder.add(subject_at(index).kind);
            encoder.add(subject_at(index).number);
            encoder.add(timer.due);
            encoder.add(timer.id);
        }
    }
}

void Timers::decode(StateDecoder& decoder) {
    next_id_ = decoder.take<std::uint64_t>();
    const std::uint32_t count = decoder.take_count(heap_.size(), "there are too many timers");
    for (std::uint32_t at = 0; at < count; ++at) {
        const auto kind = decoder.take<TimerKind>();
        const auto number = decoder.take<std::uint32_t>();
        const auto due = decoder.take<UnixNanos>();
        const auto id = decoder.take<std::uint64_t>();
        if (!decoder.require(decoder.is_sound() && number < counts_[static_cast<std::size_t>(kind)],
                             "a timer is beyond the limits")) {
            return;
        }
        const std::uint32_t index = index_of({.kind = kind, .number = number});
        if (!decoder.require(at == 0 || index > heap_[at - 1].subject, "timers are not in order") ||
            !decoder.require(id < next_id_, "a timer is newer than the newest")) {
            return;
        }
        heap_[size_] = {.due = due, .id = id, .subject = index};
        ++size_;
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
