// Streams of commands for a small venue, from one seed: everything that operators and clients might
// send, nonsense included. For tests, fuzzers and digests; the engine knows nothing of it. It
// learns from the events, as clients do.
#pragma once

#include "base/limits.hpp"
#include "base/prng.hpp"
#include "protocol/codec.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace miletus::engine {

// Every bound is so near that a stream runs into it.
[[nodiscard]] Limits stream_limits();

class CommandStream {
  public:
    explicit CommandStream(std::uint64_t seed) : prng_(seed) {}

    // The first commands, the same from every seed, set the venue up.
    static constexpr std::uint64_t opening_commands = 50;

    // The next command, numbered and timed as the sequencer would; valid until the next call.
    [[nodiscard]] std::span<const Unit> next() LIFETIME_BOUND;
    // One event of a command that was applied.
    void learn(std::span<const Unit> event);
    [[nodiscard]] UnixNanos now() const { return now_; }

  private:
    struct Seen {
        OrderId order;
        ClientOrderId client_order;
        AccountId account;
        InstrumentId instrument;
        Ticks price;
        Lots quantity;
        Ticks trigger_price;
        bool waits = false;  // for that price
    };
    struct Market {
        Ticks low;
        Ticks high;
        IndexPrice tick;
        UnderlyingId underlying;
        protocol::InstrumentState state = protocol::InstrumentState::pre_open;
        Ticks mark;  // as far as it is known
    };
    struct Kind {
        std::uint32_t weight;
        void (CommandStream::*make)();
    };
    [[nodiscard]] static std::span<const Kind> kinds();

    void open_venue(std::uint64_t step);
    void open_market(std::uint64_t step);
    void make_any();
    void number();
    void pass_time();
    void stamp();
    template <class Message>
    void put(Message message);
    template <protocol::Grouped Message>
    void put(Message message, std::span<const typename Message::Entry> entries);

    // command_stream.cpp
    void place();
    void amend();
    void place_trigger();
    void amend_trigger();
    void cancel();
    void cancel_by_client_id();
    void cancel_by_label();
    void mass_cancel();
    void disconnect();
    void set_session();
    void transfer();
    void close_position();
    void damage();
    void babble();

    // venue_stream.cpp
    void tick();
    void set_rules();
    void set_venue_state();
    void add_asset();
    void add_underlying();
    void list_future();
    void list_series();
    void set_instrument_state();
    void set_band();
    void open_account();
    void deposit();
    void withdraw();
    void start();
    void attest();
    void veto();
    void set_parameter();
    void set_account_state();
    void set_insurance_account();
    void archive_instrument();
    void update_index();
    void update_surface();
    void install_marks();
    void send_unsupported();
    void open_prices(std::uint64_t step);
    [[nodiscard]] protocol::ListingTerms any_terms();
    void spoil(protocol::ListingTerms& terms);

    [[nodiscard]] Ticks any_price(InstrumentId instrument);
    [[nodiscard]] Ticks any_trigger(InstrumentId instrument, protocol::TriggerReference reference);
    [[nodiscard]] InstrumentId any_instrument();
    [[nodiscard]] InstrumentId traded_instrument();
    [[nodiscard]] AccountId any_account();
    [[nodiscard]] SessionId any_session();
    [[nodiscard]] ClientOrderId any_client_id();
    [[nodiscard]] std::string_view any_label();
    [[nodiscard]] UnixNanos any_expiry();
    [[nodiscard]] Seen any_order();
    // A valid value nearly always, the first one in half of the cases.
    template <class Enum>
    [[nodiscard]] Enum any(std::uint64_t values);
    void learn_of_order(protocol::EventType type, std::span<const Unit> event);
    void learn_of_venue(protocol::EventType type, std::span<const Unit> event);
    void learn_of_waiting(protocol::EventType type, std::span<const Unit> event);
    void forget(OrderId order);
    void put_index(UnderlyingId underlying, std::int64_t price);

    Prng prng_;
    std::uint64_t sequence_ = 0;
    UnixNanos now_{1'772'323'200'000'000'000};  // 2026-03-01T00:00
    protocol::CommandHeader header_;
    std::vector<Unit> units_;
    std::vector<Seen> open_;
    std::vector<Seen> gone_;
    std::vector<Market> markets_;  // by instrument
    protocol::PlaceOrder last_order_;
    // The last one that each session sent.
    std::map<std::pair<AccountId, SessionId>, std::uint64_t> numbers_;
    std::vector<IndexPrice> indices_;  // by underlying
    std::vector<Sequence> surfaces_;   // the last one of each underlying
    std::uint32_t epoch_ = 0;
    Sequence attested_;
    protocol::VenueState venue_state_ = protocol::VenueState::normal;
};

template <class Message>
void CommandStream::put(Message message) {
    message.header = header_;
    units_.assign(protocol::units_of<Message>(0), Unit{});
    protocol::encode(message, units_);
}

template <protocol::Grouped Message>
void CommandStream::put(Message message, std::span<const typename Message::Entry> entries) {
    message.header = header_;
    units_.assign(protocol::units_of<Message>(static_cast<std::uint32_t>(entries.size())), Unit{});
    protocol::encode(message, entries, units_);
}

template <class Enum>
Enum CommandStream::any(std::uint64_t values) {
    if (prng_.one_in(200)) {
        return static_cast<Enum>(prng_.below(256));
    }
    return static_cast<Enum>(prng_.one_in(2) ? 0 : prng_.below(values));
}

}  // namespace miletus::engine
