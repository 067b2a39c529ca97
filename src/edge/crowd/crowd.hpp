// Crowd: the market of a demonstration, at a seat of its own beside the engine. As the operator it
// sets a new venue up, sends index prices and opens the venue; a few makers quote around what
// instruments are worth, and takers trade with them. What is listed and marked is the desk's. It
// goes by ordinary commands; it knows no clock and no thread, and what it draws comes from the seed
// of its settings. Owned by one thread.
#pragma once

#include "base/prng.hpp"
#include "edge/crowd/makers.hpp"
#include "edge/crowd/market.hpp"
#include "edge/crowd/outbox.hpp"
#include "edge/crowd/settings.hpp"
#include "edge/crowd/setup.hpp"
#include "edge/crowd/takers.hpp"
#include "edge/crowd/walk.hpp"
#include "protocol/durable_reader.hpp"
#include "protocol/intake.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace miletus::crowd {

class Crowd {
  public:
    // Of settings without a mistake.
    Crowd(const Settings& settings, protocol::DurableReader& events, protocol::Intake& intake);
    // What belongs together refers to each other.
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;
    Crowd(Crowd&&) = delete;
    Crowd& operator=(Crowd&&) = delete;
    ~Crowd() = default;

    // What stands before the first event, told by Engine::tell_standing().
    void read(std::span<const Unit> event);
    // Reads on, and sends what is due by the clock; whether there was anything to do. Less than a
    // millisecond, and mostly nothing.
    bool do_work(UnixNanos now);
    // Reads on only, where nothing more is wanted, so that the engine need not wait.
    void read_on();

    // Whether the venue is set up and open.
    [[nodiscard]] bool is_open() const { return is_open_; }
    // Whether there is something to look at: quotes on both sides of all perpetuals and futures,
    // and of most options.
    [[nodiscard]] bool is_alive() const;
    [[nodiscard]] std::uint64_t sent() const { return outbox_.sent(); }
    [[nodiscard]] std::size_t quotes() const { return makers_.resting(); }

  private:
    // Of an underlying, in the order of the settings.
    struct Sentiment {
        Walk walk;
        Mood premium;
        Mood volatility;
        bool has_moved = false;
    };

    std::uint64_t take_in();
    void hear(const protocol::IndexChanged& changed);
    void hear(const protocol::VenueStateChanged& changed);
    bool send_prices(UnixNanos now);
    bool open_venue(UnixNanos now);
    bool quote(UnixNanos now);
    template <class IsWanted>
    [[nodiscard]] bool quote_some(IsWanted is_wanted, UnixNanos now);
    [[nodiscard]] bool quote_one(InstrumentId id, const Instrument& instrument, UnixNanos now);

    const Settings settings_;
    protocol::DurableReader& events_;
    Prng prng_;
    Outbox outbox_;
    Market market_;
    Setup setup_;
    Makers makers_;
    Takers takers_;
    std::vector<Sentiment> sentiments_;
    UnixNanos prices_due_;
    UnixNanos look_due_;
    UnixNanos opening_due_;
    InstrumentId next_;       // of the options, to look at first
    bool is_open_ = false;    // since this process
    bool has_begun_ = false;  // this process, as the log has it
    bool has_opened_ = false;
};

}  // namespace miletus::crowd
