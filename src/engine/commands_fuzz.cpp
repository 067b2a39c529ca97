// Commands that decode, with any numbers in them, to a small open venue: a byte says which command,
// another how much time passes, and each field is drawn from those that follow. After every command
// money is conserved, holds and sums of margin add up; and a restored engine is the same.
#include "base/assert.hpp"
#include "engine/command_stream.hpp"
#include "engine/engine.hpp"
#include "fuzz/fuzz_one.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace miletus {

namespace {

constexpr std::size_t commands_max = 256;
constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t minute_ns = 60 * second_ns;

// What the input still holds; zeros behind its end.
class Source {
  public:
    Source(std::span<const std::byte> bytes, UnixNanos now) : bytes_(bytes), now_(now) {}

    [[nodiscard]] bool is_empty() const { return bytes_.empty(); }
    [[nodiscard]] std::uint8_t byte() {
        if (bytes_.empty()) {
            return 0;
        }
        const auto value = std::to_integer<std::uint8_t>(bytes_.front());
        bytes_ = bytes_.subspan(1);
        return value;
    }
    // Mostly small, or a power of two, or an end of what there is; now and then any.
    [[nodiscard]] std::int64_t number() {
        constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
        constexpr std::array<std::int64_t, 16> odd = {most,
                                                      -most,
                                                      most - 1,
                                                      -most - 1,
                                                      most / 2 + 1,
                                                      1'000,
                                                      10'000,
                                                      100'000,
                                                      1'000'000,
                                                      1'500'000,
                                                      10'000'000,
                                                      100'000'000,
                                                      10'000'000'000,
                                                      1'000'000'000'000,
                                                      500'000'000'000'000,
                                                      1'000'000'000'000'000'000};
        const std::uint8_t code = byte();
        if (code < 160) {
            return std::int64_t{code} - 8;
        }
        if (code < 192) {
            return std::int64_t{1} << (2U * (code - 160U));
        }
        if (code < 208) {
            return -(std::int64_t{1} << (4U * (code - 192U)));
        }
        return code < 224 ? odd.at(code - 208U) : raw();
    }
    [[nodiscard]] UnixNanos time() {
        const std::uint8_t code = byte();
        if (code < 8) {
            return UnixNanos(0);
        }
        return code < 248 ? now_ + Nanos(std::int64_t{code} * code * minute_ns) : UnixNanos(raw());
    }
    void pass(Nanos span) { now_ = now_ + span; }
    [[nodiscard]] UnixNanos now() const { return now_; }

  private:
    [[nodiscard]] std::int64_t raw() {
        std::uint64_t value = 0;
        for (std::size_t at = 0; at < sizeof(value); ++at) {
            value = value << 8U | byte();
        }
        return static_cast<std::int64_t>(value);
    }

    std::span<const std::byte> bytes_;
    UnixNanos now_;
};

// ---- Fields ----

constexpr std::array<std::string_view, 8> texts = {"EUR", "BTC",      "EUR_USDC", "GOLD",
                                                   "",    "SILVER_X", "a",        "OTHER"};

template <class Value>
[[nodiscard]] Value drawn(Source& source) {
    if constexpr (std::is_enum_v<Value>) {
        return static_cast<Value>(source.byte() % 32U);
    } else if constexpr (std::is_same_v<Value, UnixNanos>) {
        return source.time();
    } else if constexpr (std::is_integral_v<Value>) {
        return static_cast<Value>(source.number());
    } else if constexpr (requires(Value value) { value.view(); }) {
        return Value(texts.at(source.byte() % texts.size()));
    } else if constexpr (requires(Value value) { value.high; }) {
        const bool is_digest = source.byte() % 8U == 1;
        return {.high = 0, .low = is_digest ? 1U : 0U};
    } else if constexpr (requires(Value value) { value.size(); }) {
        return Value{};  // a digest of a body that nobody uploaded
    } else if constexpr (requires(Value value) { value.slot(); }) {
        return Value(static_cast<std::uint64_t>(source.number()));
    } else {
        return Value(static_cast<decltype(std::declval<Value>().value())>(source.number()));
    }
}
template <>
[[nodiscard]] protocol::ListingTerms drawn(Source& source) {
    if (source.byte() % 4U != 0) {
        return {.tick = IndexPrice(10'000),
                .lot = Amount(1'000'000),
                .price_low = Ticks(source.byte() % 2U),
                .price_high = Ticks(1 + source.byte()),
                .lots_max = Lots(50)};
    }
    return {.tick = IndexPrice(source.number()),
            .lot = Amount(source.number()),
            .price_low = Ticks(source.number()),
            .price_high = Ticks(source.number()),
            .lots_max = Lots(source.number())};
}
template <>
[[nodiscard]] protocol::TickStep drawn(Source& source) {
    return {.from = Ticks(source.number()), .multiple = Ticks(source.number())};
}
template <>
[[nodiscard]] protocol::SourcePrice drawn(Source& source) {
    return {.price = IndexPrice(source.number()),
            .time = source.byte() % 4U == 0 ? source.time() : UnixNanos(0),
            .source = source.byte(),
            .weight = 1U + source.byte()};
}
template <>
[[nodiscard]] protocol::SurfaceSlice drawn(Source& source) {
    constexpr std::int64_t unit = 1'000'000'000'000;  // one, in 1e-12
    const std::int64_t share = unit / 128;
    return {.expiry = source.time(),
            .forward = IndexPrice(source.number()),
            .a = share * source.byte(),
            .b = share * source.byte(),
            .rho = share * (std::int64_t{source.byte()} - 128),
            .m = share * (std::int64_t{source.byte()} - 128),
            .sigma = source.byte() % 8U == 0 ? source.number() : share * source.byte()};
}
template <>
[[nodiscard]] protocol::Quote drawn(Source& source) {
    return {.bid = Ticks(source.number()),
            .bid_lots = Lots(source.number()),
            .ask = Ticks(source.number()),
            .ask_lots = Lots(source.number()),
            .instrument = InstrumentId(source.byte()),
            .post_only = 0};
}

// ---- Commands ----

using Command = std::span<const Unit>;

class Writer {
  public:
    explicit Writer(std::uint64_t sequence) : sequence_(sequence) {}

    template <class Message>
    [[nodiscard]] Command write(Message message, Source& source) {
        message.header.sequence = Sequence(++sequence_);
        message.header.time = source.now();
        units_.fill(Unit{});
        if constexpr (protocol::Grouped<Message>) {
            std::vector<typename Message::Entry> entries;
            const std::uint32_t count = source.byte() % 6U;
            while (entries.size() < std::min(count, Message::group_max)) {
                entries.push_back(drawn<typename Message::Entry>(source));
            }
            return protocol::encode(message, std::span<const typename Message::Entry>(entries),
                                    units_);
        } else {
            return protocol::encode(message, units_);
        }
    }

  private:
    std::uint64_t sequence_;
    std::array<Unit, protocol::units_max()> units_{};
};

// A trader's commands come from a trader, all others from the operator; but not always.
AccountId sender_of(protocol::CommandType type, std::uint8_t chance) {
    const bool is_trade =
        type >= protocol::CommandType::place_order && type <= protocol::CommandType::close_position;
    return AccountId(is_trade != (chance >= 250) ? 1U + chance % 7U : 0U);
}

constexpr std::array types = {
#define MESSAGE(number, Type, name, sentence) protocol::CommandType::name,
#include "protocol/commands.def"
};

Command any_command(Writer& writer, Source& source) {
    const protocol::CommandType type = types.at(source.byte() % types.size());
    switch (type) {
#define MESSAGE(number, Type, name, sentence) \
    case protocol::CommandType::name: {       \
        protocol::Type made;                  \
        made.header.account = sender_of(type, source.byte());
#define FIELD(type, name, sentence) made.name = drawn<decltype(made.name)>(source);
#define END_MESSAGE                    \
    return writer.write(made, source); \
    }
#include "protocol/commands.def"
    }
    return {};
}

struct Collector final : ByteSink {
    std::vector<std::byte> bytes;
    void update(std::span<const std::byte> added) override {
        bytes.insert(bytes.end(), added.begin(), added.end());
    }
};

void check_restored(const engine::Engine& engine) {
    Collector collector;
    engine.encode_snapshot(collector);
    engine::Engine other(engine::stream_limits());
    ASSERT(other.restore(collector.bytes).has_value());
    ASSERT(other.state_hash() == engine.state_hash());
}

}  // namespace

void fuzz_one(std::span<const std::byte> bytes) {
    engine::Engine engine(engine::stream_limits());
    engine::CommandStream stream(1);
    for (std::uint64_t at = 0; at < engine::CommandStream::opening_commands; ++at) {
        engine.apply(stream.next());
    }
    Source source(bytes, stream.now());
    Writer writer(engine.events().sequence().value());
    for (std::size_t at = 0; at < commands_max && !source.is_empty(); ++at) {
        const std::uint8_t time = source.byte();
        source.pass(Nanos(time < 128 ? time * second_ns / 8 : (time - 128) * minute_ns));
        engine.apply(any_command(writer, source));
        engine.check_invariants();
    }
    check_restored(engine);
}

}  // namespace miletus
