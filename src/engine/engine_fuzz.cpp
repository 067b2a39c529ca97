// Any bytes as commands and queries to a small open venue. Two bytes say how many units follow,
// what they are and how much time passes; the units themselves may be anything.
#include "engine/engine.hpp"

#include "base/assert.hpp"
#include "engine/command_stream.hpp"
#include "fuzz/fuzz_one.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace miletus {

namespace {

using protocol::CommandHeader;

constexpr std::size_t units_max = 4;
constexpr std::size_t records_max = 512;
constexpr std::uint8_t as_query = 0x04;
constexpr std::uint8_t raw_header = 0x08;

struct Record {
    std::size_t units;
    bool is_query;
    bool is_raw;
    Nanos span;
};

Record record_of(std::uint8_t flags, std::uint8_t time) {
    return {.units = 1U + flags % units_max,
            .is_query = (flags & as_query) != 0,
            .is_raw = (flags & raw_header) != 0,
            .span = Nanos(std::int64_t{time} << (3U * (flags >> 4U)))};
}

class Venue {
  public:
    Venue() {
        engine::CommandStream stream(1);
        for (std::uint64_t at = 0; at < engine::CommandStream::opening_commands; ++at) {
            engine_.apply(stream.next());
        }
        now_ = stream.now();
    }

    void play(const Record& record, std::span<const std::byte> bytes) {
        const std::span<Unit> units = std::span(units_).first(record.units);
        std::ranges::copy(bytes, std::as_writable_bytes(units).begin());
        stamp(record, units);
        if (record.is_query) {
            engine_.answer(units, answers_);
            ASSERT(protocol::decode_answer(answers_.message_at(answers_.start())).has_value());
        } else {
            engine_.hint(units, engine::Engine::far_ahead);
            engine_.hint(units, engine::Engine::near_ahead);
            engine_.hint(units, 1);
            engine_.apply(units);
        }
    }

    void check() const {
        engine_.check_invariants();
        engine_.events().visit_from(engine_.events().start(), [](std::span<const Unit> event) {
            ASSERT(protocol::decode_event(event).has_value());
        });
    }

  private:
    // The sequencer's part of the header; and, unless the bytes are to stand as they are, what any
    // client gets right.
    void stamp(const Record& record, std::span<Unit> units) {
        CommandHeader header = view_as<CommandHeader>(units);
        if (!record.is_raw) {
            header.version = protocol::schema_version;
            header.units = static_cast<std::uint16_t>(record.units);
            header.reserved = 0;
            header.reserved_too = 0;
        }
        if (!record.is_query) {
            now_ = now_ + record.span;
        }
        header.sequence = Sequence(engine_.events().sequence().value() + 1);
        header.time = now_;
        place_in(units, header);
    }

    engine::Engine engine_{engine::stream_limits()};
    protocol::EventWriter answers_{1024};
    std::array<Unit, units_max> units_{};
    UnixNanos now_;
};

}  // namespace

void fuzz_one(std::span<const std::byte> bytes) {
    Venue venue;
    for (std::size_t at = 0; at < records_max && bytes.size() >= 2; ++at) {
        const Record record = record_of(std::to_integer<std::uint8_t>(bytes[0]),
                                        std::to_integer<std::uint8_t>(bytes[1]));
        bytes = bytes.subspan(2);
        const std::size_t size = record.units * sizeof(Unit);
        if (bytes.size() < size) {
            break;
        }
        venue.play(record, bytes.first(size));
        bytes = bytes.subspan(size);
        if (at % 4 == 3) {
            venue.check();
        }
    }
    venue.check();
}

}  // namespace miletus
