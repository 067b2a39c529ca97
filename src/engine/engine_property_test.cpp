// The whole engine under seeded streams of every command. After each of them all invariants hold,
// its events keep their promises, and what was refused left no trace. Played again, a log gives the
// same events to the byte.
#include "engine/command_stream.hpp"
#include "engine/engine.hpp"
#include "engine/engine_follower_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace miletus::engine {
namespace {

struct Entry {
    std::vector<Unit> command;
    bool is_passed_over = false;
};
using Log = std::vector<Entry>;

void play(Engine& engine, const Entry& entry) {
    if (entry.is_passed_over) {
        engine.pass_over(protocol::view<protocol::CommandHeader>(entry.command));
    } else {
        engine.apply(entry.command);
    }
}

// Multiplies how long the tests search.
std::uint64_t scale() {
    const char* text = std::getenv("MILETUS_TEST_SCALE");
    return text == nullptr ? 1 : std::stoul(text);
}

// The events of the last command without its completion, which comes last.
std::vector<std::byte> events_of(const Engine& engine) {
    std::vector<std::byte> bytes;
    std::size_t completion = 0;
    engine.events().visit_from(engine.events().start(), [&](std::span<const Unit> event) {
        completion = bytes.size();
        const std::span<const std::byte> raw = std::as_bytes(event);
        bytes.insert(bytes.end(), raw.begin(), raw.end());
    });
    bytes.resize(completion);
    return bytes;
}

void add_events(const Engine& engine, Xxh3& hash) {
    engine.events().visit_from(engine.events().start(), [&](std::span<const Unit> event) {
        hash.update(std::as_bytes(event));
    });
}

// A tick in place of a command: time passes, and nothing else.
std::vector<Unit> tick_like(std::span<const Unit> command) {
    const auto& header = protocol::view<protocol::CommandHeader>(command);
    std::vector<Unit> units(protocol::units_of<protocol::Tick>(0));
    protocol::encode(protocol::Tick{.header = {.sequence = header.sequence, .time = header.time}},
                     units);
    return units;
}

// Whether a session may have kept the answer, be it a refusal: then it leaves a trace. Not where
// the answer says that no session took the command.
bool may_be_kept(std::span<const Unit> command, Reject reject) {
    const auto& header = protocol::view<protocol::CommandHeader>(command);
    const bool is_numbered =
        header.session != SessionId(0) && header.client_sequence != ClientSequence(0);
    return is_numbered && reject != Reject::sessions_full && reject != Reject::answer_forgotten &&
           reject != Reject::vetoed;
}

// Applies the log of another engine, with a tick in place of everything refused, or told again: if
// those leave no trace, the two stay equal.
class Shadow {
  public:
    explicit Shadow(const Limits& limits)
        : limits_(limits), engine_(std::make_unique<Engine>(limits)) {}

    [[nodiscard]] std::string follow(const Engine& engine, std::span<const Unit> command,
                                     const Follower& follower) {
        const Reject reject = follower.reject();
        const bool is_done =
            !follower.is_again() && (reject == Reject::none || may_be_kept(command, reject));
        apply(is_done ? std::vector<Unit>(command.begin(), command.end()) : tick_like(command));
        if (events_of(*engine_) != events_of(engine)) {
            if (is_done) {
                return "two engines tell different events";
            }
            // The command itself found something overdue, and swept it.
            ++catch_ups;
            log_.back().command.assign(command.begin(), command.end());
            replay();
        }
        return engine_->state_hash() == engine.state_hash() ? "" : "a refusal left a trace";
    }

    std::uint32_t catch_ups = 0;

  private:
    void apply(std::vector<Unit> command) {
        log_.push_back({.command = std::move(command)});
        play(*engine_, log_.back());
    }
    void replay() {
        engine_ = std::make_unique<Engine>(limits_);
        for (const Entry& entry : log_) {
            play(*engine_, entry);
        }
    }

    Limits limits_;
    std::unique_ptr<Engine> engine_;
    Log log_;
};

struct Digest {
    Hash128 events;
    Hash128 state;
    friend bool operator==(const Digest&, const Digest&) = default;
};

Digest digest_of(const Log& log, const Limits& limits) {
    Engine engine(limits);
    Xxh3 events;
    for (const Entry& entry : log) {
        play(engine, entry);
        add_events(engine, events);
    }
    return {.events = events.digest(), .state = engine.state_hash()};
}

// Plays a seed; returns the first promise that was broken.
std::string play_seed(std::uint64_t seed, std::uint32_t commands, Follower::Coverage& coverage,
                      std::uint32_t& catch_ups) {
    const Limits limits = stream_limits();
    CommandStream stream(seed);
    Engine engine(limits);
    Shadow shadow(limits);
    Follower follower;
    protocol::EventWriter answers(1024);
    Xxh3 events;
    Log log;
    for (std::uint32_t at = 0; at < commands; ++at) {
        const std::span<const Unit> command = stream.next();
        log.push_back({.command = std::vector<Unit>(command.begin(), command.end()),
                       .is_passed_over = at % 100 == 99});
        play(engine, log.back());
        if (engine.events().position() - engine.events().start() > limits.event_units) {
            return "events outgrow their ring";
        }
        follower.begin(command);
        engine.events().visit_from(engine.events().start(), [&](std::span<const Unit> event) {
            follower.follow(event);
            stream.learn(event);
        });
        follower.end(command);
        add_events(engine, events);
        engine.check_invariants();
        if (at % 8 == 0) {
            follower.compare(engine, answers);
        }
        const std::string trace = shadow.follow(engine, command, follower);
        if (!follower.fault().empty() || !trace.empty()) {
            return follower.fault() + trace + " at " + std::to_string(at);
        }
    }
    follower.add_to(coverage);
    catch_ups += shadow.catch_ups;
    const Digest played{.events = events.digest(), .state = engine.state_hash()};
    return digest_of(log, limits) == played ? "" : "the log, played again, tells another story";
}

// What no stream brought about. That a venue is short of an asset takes a story of its own, which a
// scenario tells.
std::string missing(const Follower::Coverage& coverage) {
    std::string names;
#define MESSAGE(number, Type, message_name, sentence) \
    names += coverage.types.contains(protocol::EventType::message_name) ? "" : #message_name " ";
#include "protocol/events.def"
#define REJECT(number, reject_name, sentence)                            \
    names += coverage.rejects.contains(Reject::reject_name) ||           \
                     Reject::reject_name == Reject::venue_short_of_asset \
                 ? ""                                                    \
                 : #reject_name " ";
#include "protocol/rejects.def"
    for (std::uint8_t at = 0; protocol::is_valid(static_cast<protocol::RemovalReason>(at)); ++at) {
        const auto reason = static_cast<protocol::RemovalReason>(at);
        names += coverage.reasons.contains(reason) ? "" : std::string(name(reason)) + " ";
    }
    return names;
}

TEST(EngineProperty, every_stream_keeps_every_promise_and_reaches_every_event_and_refusal) {
    Follower::Coverage coverage;
    std::uint32_t catch_ups = 0;
    for (std::uint64_t seed = 1; seed <= 24 * scale(); ++seed) {
        ASSERT_EQ(play_seed(seed, 5000, coverage, catch_ups), "") << "seed " << seed;
    }
    EXPECT_EQ(missing(coverage), "");
    EXPECT_GT(catch_ups, 0U);
}

TEST(EngineProperty, hints_and_queries_leave_no_trace) {
    CommandStream stream(77);
    Engine plain(stream_limits());
    Engine asked(stream_limits());
    protocol::EventWriter answers(1024);
    for (std::uint32_t at = 0; at < 3000; ++at) {
        const std::span<const Unit> command = stream.next();
        for (const std::uint32_t ahead : {Engine::far_ahead, Engine::near_ahead, 1U}) {
            asked.hint(command, ahead);
        }
        // A command that is taken for a query is one of the four, or refused.
        asked.answer(command, answers);
        ASSERT_TRUE(protocol::decode_answer(answers.message_at(answers.start())).has_value());
        plain.apply(command);
        asked.apply(command);
        ASSERT_EQ(events_of(plain), events_of(asked));
        plain.events().visit_from(plain.events().start(),
                                  [&](std::span<const Unit> event) { stream.learn(event); });
    }
    EXPECT_EQ(plain.state_hash(), asked.state_hash());
}

}  // namespace
}  // namespace miletus::engine
