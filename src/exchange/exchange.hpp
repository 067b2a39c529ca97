// Exchange: one venue at work. Commands and queries come in through one ring, are numbered, and go
// through a second ring to the log and to the engine, which work side by side; what the engine
// tells is shown only once the command that caused it is durable. Each part is a step that says
// whether there was anything to do: whoever owns the exchange places the steps on threads, or, as
// the simulator does, takes them in any order on one.
#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/ring.hpp"
#include "engine/engine.hpp"
#include "exchange/attester.hpp"
#include "exchange/replayer.hpp"
#include "exchange/settings.hpp"
#include "exchange/shadow.hpp"
#include "exchange/snapshots.hpp"
#include "exchange/terms.hpp"
#include "host/clock.hpp"
#include "journal/journal.hpp"
#include "prepared/prepared.hpp"
#include "protocol/durable_reader.hpp"
#include "protocol/intake.hpp"

#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

namespace miletus::exchange {

using journal::JournalResult;

// Where readers sit that submit commands of their own: the events from the start on, a way in, and
// where it was asked for the answers to everybody's queries. Owned by the thread of who sits there.
class Seat {
  public:
    Seat(const protocol::DurableReader& events,
         const std::optional<protocol::DurableReader>& answers, std::uint32_t intake_units)
        : events_(events), answers_(answers), intake_(intake_units) {}

    [[nodiscard]] protocol::DurableReader& events() LIFETIME_BOUND { return events_; }
    [[nodiscard]] protocol::DurableReader& answers() LIFETIME_BOUND {
        ASSERT(answers_.has_value());
        return *answers_;
    }
    [[nodiscard]] protocol::Intake& intake() LIFETIME_BOUND { return intake_; }

    // ---- Any thread ----
    // Everything sent from here was taken in, and everything to be heard was.
    [[nodiscard]] bool is_idle() const {
        return intake_.backlog() == 0 && events_.backlog() == 0 &&
               (!answers_ || answers_->backlog() == 0);
    }

  private:
    protocol::DurableReader events_;
    std::optional<protocol::DurableReader> answers_;
    protocol::Intake intake_;
};

class Exchange {
  public:
    // Reads the newest snapshot and the log behind it, carries that out, and takes the log over:
    // the new epoch's start is its first command.
    static JournalResult<std::unique_ptr<Exchange>> open(const Resources& resources,
                                                         const Settings& settings);
    // What a start brings back to life.
    struct Past {
        std::unique_ptr<engine::Engine> engine;
        protocol::EventChain chain;  // of its events
        Vetoes vetoes;
        std::unique_ptr<journal::Log> log;
    };
    Exchange(const Resources& resources, const Settings& settings, Past past);

    // ---- The gateways' thread ----
    [[nodiscard]] protocol::Intake& intake() LIFETIME_BOUND { return intake_; }

    // ---- The thread that prepares marks ----
    [[nodiscard]] prepared::HandOver& prepared() LIFETIME_BOUND { return prepared_; }

    // ---- The sequencer's thread ----
    bool sequence();

    // ---- The log's thread ----
    [[nodiscard]] JournalResult<Progress> write();

    // ---- The engine's thread ----
    bool execute();

    // ---- The attester's thread, which may be that of the readers ----
    bool attest() { return attester_.do_work(); }

    // ---- A thread that may wait ----
    [[nodiscard]] JournalResult<Progress> make_room() { return log_->make_room(); }
    // Nothing but a try tells whether there is room again, and each costs the disk some work.
    [[nodiscard]] bool is_disk_full() const { return log_->is_full(); }

    // ---- The readers' thread ----
    [[nodiscard]] protocol::DurableReader& events() LIFETIME_BOUND { return events_reader_; }
    [[nodiscard]] protocol::DurableReader& answers() LIFETIME_BOUND { return answers_reader_; }

    // ---- The thread of who sits there ----
    // As many as the settings name, in their order. What stood before its first event, the engine
    // tells at the start.
    [[nodiscard]] Seat& seat(std::size_t at) LIFETIME_BOUND {
        ASSERT(at < seats_.size());
        return seats_[at];
    }

    // ---- Any thread ----
    [[nodiscard]] Sequence durable() const {
        return Sequence(durable_.load(std::memory_order_acquire));
    }
    // The clock came ahead by more than it may, and nothing is numbered until somebody says that it
    // is right.
    [[nodiscard]] bool waits_for_clock() const {
        return waits_for_clock_.load(std::memory_order_relaxed);
    }
    void accept_clock() { accepts_clock_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] journal::Log& log() LIFETIME_BOUND { return *log_; }
    [[nodiscard]] const journal::Recovered& recovered() const LIFETIME_BOUND {
        return log_->recovered();
    }
    [[nodiscard]] const Vetoes& vetoes() const LIFETIME_BOUND { return vetoes_; }

    // ---- Only while no step is under way ----
    [[nodiscard]] const engine::Engine& engine() const LIFETIME_BOUND { return *engine_; }
    [[nodiscard]] bool is_idle() const;
    // Ends in good order: the disk itself says that everything is on it. Only when idle.
    [[nodiscard]] JournalResult<void> close();

  private:
    // Readers of the ring of what was numbered.
    static constexpr std::uint32_t writer_reader = 0;
    static constexpr std::uint32_t engine_reader = 1;
    // Readers of the event ring.
    static constexpr std::uint32_t outward_reader = 0;
    static constexpr std::uint32_t attester_reader = 1;
    static constexpr std::uint32_t first_seat_reader = 2;
    // Readers of the ring of answers.
    static constexpr std::uint32_t outward_answers_reader = 0;
    static constexpr std::uint32_t first_seat_answers_reader = 1;

    [[nodiscard]] protocol::DurableReader events_from_here(std::uint32_t reader);
    void add_seats(const Settings& settings);
    [[nodiscard]] std::uint64_t take_in(UnixNanos now);
    [[nodiscard]] bool number(std::span<const Unit> message, UnixNanos now);
    [[nodiscard]] bool enter_own_commands(UnixNanos now);
    template <class Message>
    [[nodiscard]] bool enter(Message message, UnixNanos now);
    [[nodiscard]] bool has_room_for_events();
    void carry_out(std::span<const Unit> message);
    void stage_prepared();

    host::Clock& clock_;
    const Vetoes vetoes_;
    const std::unique_ptr<journal::Log> log_;
    journal::Sequencer sequencer_;
    std::unique_ptr<engine::Engine> engine_;
    protocol::EventWriter answers_;
    std::uint32_t events_max_;  // units that one command may cause

    protocol::Intake intake_;
    prepared::HandOver prepared_;
    Ring numbered_;
    Gate events_gate_;
    Gate answers_gate_;
    RingReader<protocol::CommandHeader> writer_reader_;
    RingReader<protocol::CommandHeader> engine_reader_;
    std::atomic<std::uint64_t> durable_;
    protocol::DurableReader events_reader_;
    Attester attester_;
    std::deque<Seat> seats_;  // which never moves one
    protocol::DurableReader answers_reader_;
    std::atomic<bool> waits_for_clock_ = false;
    std::atomic<bool> accepts_clock_ = false;
    std::size_t first_in_turn_ =
        0;  // the seat taken in from first; behind all the gateways' intake
    bool has_started_ = false;
    bool has_warned_ = false;  // of a disk that fills up
};

}  // namespace miletus::exchange
