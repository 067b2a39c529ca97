// EventWriter: what the engine's modules write events with. It numbers them within their command;
// the ring behind it carries them to every reader. Owned by the engine thread.
#pragma once

#include "base/unit_buffer.hpp"
#include "protocol/codec.hpp"

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <span>
#include <type_traits>

namespace miletus::protocol {

class EventWriter {
  public:
    explicit EventWriter(std::uint32_t ring_units) : ring_(ring_units, units_max()) {}

    // Starts the events of the next command.
    void begin(Sequence sequence, UnixNanos time) {
        sequence_ = sequence;
        time_ = time;
        ordinal_ = 0;
        start_ = ring_.position();
    }

    // `make` returns the event for its header, and so builds it in place.
    template <class Make, class Event = std::invoke_result_t<Make, EventHeader>>
        requires(!Grouped<Event>)
    [[gnu::always_inline]] void emit(Make make) {
        const EventHeader header = next_header<Event>(units_of<Event>(0));
        ring_.append([&] { return make(header); });
    }

    template <class Event>
        requires(!Grouped<Event> && !std::invocable<Event, EventHeader>)
    void emit(const Event& event) {
        emit([&event](EventHeader header) {
            Event headed = event;
            headed.header = header;
            return headed;
        });
    }

    template <class Make, class Event = std::invoke_result_t<Make, EventHeader>>
        requires Grouped<Event>
    [[gnu::always_inline]] void emit(Make make, std::span<const typename Event::Entry> entries) {
        static_assert(sizeof(Event) % sizeof(Unit) == 0);
        const auto count = static_cast<std::uint32_t>(entries.size());
        ASSERT(count <= Event::group_max);
        const std::uint32_t units = units_of<Event>(count);
        const EventHeader header = next_header<Event>(units);
        Event& event = ring_.append([&] { return make(header); });
        event.group_count = count;
        if (count != 0) [[unlikely]] {
            append_entries<Event>(entries, units - units_of<Event>(0));
        }
    }

    template <Grouped Event>
        requires(!std::invocable<Event, EventHeader>)
    void emit(const Event& event, std::span<const typename Event::Entry> entries) {
        emit(
            [&event](EventHeader header) {
                Event headed = event;
                headed.header = header;
                return headed;
            },
            entries);
    }

    [[nodiscard]] UnixNanos time() const { return time_; }
    [[nodiscard]] Sequence sequence() const { return sequence_; }
    [[nodiscard]] std::uint64_t start() const { return start_; }
    [[nodiscard]] std::uint64_t position() const { return ring_.position(); }
    [[nodiscard]] const UnitBuffer& ring() const LIFETIME_BOUND { return ring_; }

    // The message that starts at this position.
    [[nodiscard]] std::span<const Unit> message_at(std::uint64_t position) const LIFETIME_BOUND {
        const auto& header = view_as<EventHeader>(ring_.at(position, 1));
        return ring_.at(position, header.units);
    }

    // Calls visit(units) for each event in [from, position()).
    template <class Visit>
    void visit_from(std::uint64_t from, Visit visit) const {
        const std::uint64_t end = position();
        while (from < end) {
            const std::span<const Unit> units = message_at(from);
            visit(units);
            from += units.size();
        }
    }

  private:
    // The entries follow in units of their own, right behind the fixed part.
    template <class Event>
    void append_entries(std::span<const typename Event::Entry> entries, std::uint32_t units) {
        const std::span<Unit> tail = ring_.append_behind(units_of<Event>(0), units);
        std::ranges::fill(tail, Unit{});
        std::ranges::copy(std::as_bytes(entries), std::as_writable_bytes(tail).begin());
    }

    template <class Event>
    EventHeader next_header(std::uint32_t units) {
        return {.type = static_cast<std::uint8_t>(Event::type),
                .version = schema_version,
                .units = static_cast<std::uint16_t>(units),
                .ordinal = ordinal_++,
                .sequence = sequence_};
    }

    UnitBuffer ring_;
    Sequence sequence_;
    UnixNanos time_;
    std::uint32_t ordinal_ = 0;
    std::uint64_t start_ = 0;
};

}  // namespace miletus::protocol
