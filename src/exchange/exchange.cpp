// Opening, and the four steps.
#include "exchange/exchange.hpp"

#include "base/result.hpp"
#include "exchange/terms.hpp"

#include <algorithm>
#include <utility>

namespace miletus::exchange {

using protocol::CommandHeader;
using protocol::EventChain;
using protocol::Intake;
using protocol::units_max;
using protocol::view;

namespace {

// What tells a query from a command among what was numbered.
constexpr Sequence no_sequence{0};

// Of each underlying: marks in force, marks on their way, and those that they will replace.
constexpr std::uint32_t prepared_per_underlying = 3;

std::uint32_t count_of(const std::vector<SeatSettings>& seats) {
    return static_cast<std::uint32_t>(seats.size());
}

std::uint32_t count_of_hearing(const std::vector<SeatSettings>& seats) {
    return static_cast<std::uint32_t>(std::ranges::count_if(seats, &SeatSettings::hears_answers));
}

constexpr auto install_marks_number = std::to_underlying(protocol::CommandType::install_marks);
constexpr auto set_venue_state_number = std::to_underlying(protocol::CommandType::set_venue_state);

JournalResult<Vetoes> find_vetoes(host::Disk& disk, Sequence from) {
    Vetoes vetoes;
    TRY(journal::scan(disk, from, [&vetoes](const journal::Record& record) {
        add_vetoes(vetoes, record.payload);
    }));
    return vetoes;
}

}  // namespace

// ---- Opening ----

JournalResult<std::unique_ptr<Exchange>> Exchange::open(const Resources& resources,
                                                        const Settings& settings) {
    TRY(check_terms(resources.disk, settings));
    auto engine = std::make_unique<engine::Engine>(settings.limits);
    const EventChain::Point point = TRY(restore(*engine, resources.disk, journal::Age::youngest));
    if (resources.on_standing) {
        engine->tell_standing(resources.on_standing);
    }
    const Sequence from(point.upto.value() + 1);
    const Vetoes vetoes = TRY(find_vetoes(resources.disk, from));
    Replayer replayer(*engine, vetoes, EventChain(settings.attest_interval, point));
    replayer.watch(resources.on_replayed);
    journal::Options options = settings.journal;
    options.terms = terms_of(settings);
    auto log = journal::LocalLog::open(
        {.writing = resources.disk, .waiting = resources.segments_disk}, options,
        resources.fresh_log, from, [&replayer](std::span<const Unit> commands) {
            replayer.play(commands, Replayer::to_the_end);
        });
    if (!log) {
        return failure_of(log);
    }
    TRY(replayer.check_attestations());
    const journal::Expected& next = (*log)->recovered().tail.place;
    if (next.first.value() != engine->events().sequence().value() + 1) {
        return std::unexpected(journal::Failure(journal::Damage::missing,
                                                journal::segment_name(next.segment), next.offset,
                                                next.first));
    }
    return std::make_unique<Exchange>(resources, settings,
                                      Past{.engine = std::move(engine),
                                           .chain = replayer.chain(),
                                           .vetoes = vetoes,
                                           .log = std::move(*log)});
}

Exchange::Exchange(const Resources& resources, const Settings& settings, Past past)
    : clock_(resources.clock),
      vetoes_(std::move(past.vetoes)),
      log_(std::move(past.log)),
      // What a snapshot holds may have been all that there was.
      sequencer_({.next = recovered().tail.place.first,
                  .last_time = std::max(recovered().last_time, past.engine->events().time()),
                  .epoch = log_->epoch()}),
      engine_(std::move(past.engine)),
      answers_(settings.answer_units),
      events_max_(engine::Engine::events_max(settings.limits)),
      intake_(settings.ring_units),
      prepared_(settings.limits.underlyings * prepared_per_underlying),
      numbered_(settings.ring_units, units_max(), 2),
      events_gate_(first_seat_reader + count_of(settings.seats)),
      answers_gate_(first_seat_answers_reader + count_of_hearing(settings.seats)),
      writer_reader_(numbered_.buffer(), numbered_.gate(), writer_reader),
      engine_reader_(numbered_.buffer(), numbered_.gate(), engine_reader),
      durable_(log_->committed().value()),
      events_reader_(events_from_here(outward_reader)),
      attester_(past.chain, events_from_here(attester_reader)),
      answers_reader_(answers_.ring(), answers_gate_, outward_answers_reader, durable_) {
    // The longest message fits, or it would wait for ever.
    ASSERT(settings.answer_units >= units_max());
    add_seats(settings);
}

void Exchange::add_seats(const Settings& settings) {
    std::uint32_t reader = first_seat_reader;
    std::uint32_t answers_reader = first_seat_answers_reader;
    for (const SeatSettings& seat : settings.seats) {
        std::optional<protocol::DurableReader> answers;
        if (seat.hears_answers) {
            answers.emplace(answers_.ring(), answers_gate_, answers_reader++, durable_);
        }
        seats_.emplace_back(events_from_here(reader++), answers, settings.ring_units);
    }
}

// What replay told, it told nobody: reading begins behind it.
protocol::DurableReader Exchange::events_from_here(std::uint32_t reader) {
    const std::uint64_t here = engine_->events().position();
    events_gate_.publish(here);
    protocol::DurableReader events(engine_->events().ring(), events_gate_, reader, durable_);
    events.skip_to(here);
    return events;
}

// ---- The sequencer ----

// The clock is read once for all that wait.
bool Exchange::sequence() {
    if (log_->role() != journal::Role::leader) {
        return false;
    }
    const UnixNanos now = clock_.now();
    if (accepts_clock_.exchange(false, std::memory_order_relaxed)) {
        sequencer_.accept_clock();
    }
    const bool may_stamp = sequencer_.may_stamp(now);
    waits_for_clock_.store(!may_stamp, std::memory_order_relaxed);
    if (!may_stamp) {
        return false;
    }
    const bool has_entered = enter_own_commands(now);
    const std::uint64_t passed = has_started_ ? take_in(now) : 0;
    numbered_.publish();
    return has_entered || passed != 0;
}

// Claims first: the longer one waits, the fewer still know what it is about. Then all others, each
// in its turn the first: one that always has more than there is room for holds nobody up for long.
std::uint64_t Exchange::take_in(UnixNanos now) {
    const auto pass_on = [&](std::span<const Unit> message, bool is_query) {
        return is_query ? protocol::copy_marked(numbered_, message, no_sequence)
                        : number(message, now);
    };
    std::uint64_t passed = attester_.intake().poll(pass_on);
    const std::size_t intakes = seats_.size() + 1;
    for (std::size_t at = 0; at < intakes; ++at) {
        const std::size_t seat = (first_in_turn_ + at) % intakes;
        Intake& intake = seat < seats_.size() ? seats_[seat].intake() : intake_;
        passed += intake.poll(pass_on);
    }
    first_in_turn_ = (first_in_turn_ + 1) % intakes;
    return passed;
}

bool Exchange::enter_own_commands(UnixNanos now) {
    if (!has_started_) {
        has_started_ = enter(protocol::Started{.started_epoch = log_->epoch()}, now);
        return has_started_;
    }
    const bool is_full = log_->is_full();
    if (is_full && !has_warned_) {
        has_warned_ =
            enter(protocol::SetVenueState{.state = protocol::VenueState::cancel_only}, now);
        return has_warned_;
    }
    has_warned_ = is_full;
    return sequencer_.is_tick_due(now) && enter(protocol::Tick{}, now);
}

template <class Message>
bool Exchange::enter(Message message, UnixNanos now) {
    const auto units = numbered_.try_append(protocol::units_of<Message>(0));
    if (!units) {
        return false;
    }
    sequencer_.stamp(protocol::encode(message, *units), now);
    return true;
}

bool Exchange::number(std::span<const Unit> message, UnixNanos now) {
    const auto units = numbered_.try_append(static_cast<std::uint32_t>(message.size()));
    if (!units) {
        return false;
    }
    std::ranges::copy(message, units->begin());
    sequencer_.stamp(*units, now);
    // While the disk is full, no opening holds; only the operator's can.
    const auto& header = view<CommandHeader>(message);
    if (header.type == set_venue_state_number && header.account == AccountId(0)) {
        has_warned_ = false;
    }
    return true;
}

// ---- The log ----

JournalResult<Progress> Exchange::write() {
    const std::uint64_t taken = writer_reader_.poll([this](std::span<const Unit> message) {
        const bool is_query = view<CommandHeader>(message).sequence == no_sequence;
        if (!is_query && !log_->has_room(message.size())) {
            return false;
        }
        if (!is_query) {
            log_->append(message);
        }
        return true;
    });
    const Progress progress = TRY(log_->do_work());
    const std::uint64_t committed = log_->committed().value();
    if (committed != durable_.load(std::memory_order_relaxed)) {
        durable_.store(committed, std::memory_order_release);
    }
    return taken != 0 ? Progress::made : progress;
}

// ---- The engine ----

bool Exchange::execute() {
    const std::uint64_t taken = engine_reader_.poll([this](std::span<const Unit> message) {
        if (!has_room_for_events()) {
            return false;
        }
        carry_out(message);
        return true;
    });
    return taken != 0;
}

bool Exchange::has_room_for_events() {
    const auto has_room = [](Gate& gate, const UnitBuffer& ring, std::uint64_t units) {
        const std::uint64_t end = ring.position() + units;
        return end <= ring.capacity() || gate.is_free_before(end - ring.capacity());
    };
    return has_room(events_gate_, engine_->events().ring(), events_max_) &&
           has_room(answers_gate_, answers_.ring(), units_max());
}

void Exchange::carry_out(std::span<const Unit> message) {
    const auto& header = view<CommandHeader>(message);
    if (header.type == install_marks_number) [[unlikely]] {
        stage_prepared();
    }
    if (header.sequence == no_sequence) {
        engine_->answer(message, answers_);
        answers_gate_.publish(answers_.position());
    } else {
        engine_->apply(message);
        events_gate_.publish(engine_->events().position());
    }
}

// Whoever asks for marks handed them over before: they are here, if they come at all.
void Exchange::stage_prepared() {
    while (std::unique_ptr<prepared::PreparedMarks> marks = prepared_.take()) {
        if (auto old = engine_->stage(std::move(marks))) {
            prepared_.give_back(std::move(old));
        }
    }
}

// ---- Ending ----

bool Exchange::is_idle() const {
    return attester_.intake().backlog() == 0 && intake_.backlog() == 0 &&
           std::ranges::all_of(seats_, &Seat::is_idle) &&
           numbered_.gate().backlog(writer_reader) == 0 &&
           numbered_.gate().backlog(engine_reader) == 0 &&
           events_gate_.backlog(outward_reader) == 0 &&
           answers_gate_.backlog(outward_answers_reader) == 0 && log_->is_idle();
}

JournalResult<void> Exchange::close() {
    ASSERT(is_idle());
    return log_->close();
}

}  // namespace miletus::exchange
