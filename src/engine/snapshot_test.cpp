// Snapshots of seeded streams: an engine restored from one tells the same story from there on, to
// the byte; and whatever the bytes are, restoring ends with a state that can be or with a sentence.
#include "engine/command_stream.hpp"
#include "engine/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::engine {
namespace {

using Bytes = std::vector<std::byte>;

struct Collector final : ByteSink {
    Bytes bytes;
    void update(std::span<const std::byte> added) override {
        bytes.insert(bytes.end(), added.begin(), added.end());
    }
};

Bytes snapshot_of(const Engine& engine) {
    Collector collector;
    engine.encode_snapshot(collector);
    return collector.bytes;
}

Bytes events_of(const Engine& engine) {
    Bytes bytes;
    engine.events().visit_from(engine.events().start(), [&](std::span<const Unit> event) {
        const std::span<const std::byte> raw = std::as_bytes(event);
        bytes.insert(bytes.end(), raw.begin(), raw.end());
    });
    return bytes;
}

// What is wrong with these bytes; empty where they can be restored.
std::string fault_of(std::span<const std::byte> snapshot, const Limits& limits) {
    Engine engine(limits);
    const auto restored = engine.restore(snapshot);
    return restored ? "" : std::string(restored.error());
}

// One command, and what the engine that never stopped made of it.
struct Step {
    std::vector<Unit> command;
    Bytes events;
    Hash128 state;
};

struct Story {
    std::vector<Step> steps;
    std::vector<Bytes> snapshots;  // before each step, and after the last
};

Story story_of(std::uint64_t seed, std::size_t commands, const Limits& limits) {
    CommandStream stream(seed);
    Engine engine(limits);
    Story story;
    for (std::size_t at = 0; at < commands; ++at) {
        story.snapshots.push_back(snapshot_of(engine));
        const std::span<const Unit> command = stream.next();
        engine.apply(command);
        engine.events().visit_from(engine.events().start(),
                                   [&](std::span<const Unit> event) { stream.learn(event); });
        story.steps.push_back({.command = {command.begin(), command.end()},
                               .events = events_of(engine),
                               .state = engine.state_hash()});
    }
    story.snapshots.push_back(snapshot_of(engine));
    return story;
}

// Restores before this step and plays the rest; returns the first difference.
std::string go_on(const Story& story, std::size_t cut, const Limits& limits) {
    Engine engine(limits);
    if (const auto restored = engine.restore(story.snapshots[cut]); !restored) {
        return std::string(restored.error());
    }
    engine.check_invariants();
    if (snapshot_of(engine) != story.snapshots[cut]) {
        return "a restored engine gives another snapshot";
    }
    for (std::size_t at = cut; at < story.steps.size(); ++at) {
        const Step& step = story.steps[at];
        engine.apply(step.command);
        if (events_of(engine) != step.events) {
            return "other events at " + std::to_string(at);
        }
        if (engine.state_hash() != step.state) {
            return "another state at " + std::to_string(at);
        }
    }
    engine.check_invariants();
    return snapshot_of(engine) == story.snapshots.back() ? "" : "another snapshot at the end";
}

// Tables so large that the streams fill none; the work per command stays as it is.
Limits roomy_limits(std::uint32_t times) {
    Limits limits = stream_limits();
    for (std::uint32_t Limits::* const table :
         {&Limits::assets, &Limits::underlyings, &Limits::instruments, &Limits::accounts,
          &Limits::positions, &Limits::orders, &Limits::labels, &Limits::level_pages,
          &Limits::directory_entries, &Limits::orders_per_account, &Limits::orders_per_instrument,
          &Limits::event_units}) {
        limits.*table *= times;
    }
    limits.position_lots *= times;
    return limits;
}

TEST(Snapshot, a_restored_engine_goes_on_as_if_it_had_never_stopped) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const Story story = story_of(seed, 1200, stream_limits());
        for (std::size_t cut = 0; cut <= story.steps.size(); cut += 11) {
            ASSERT_EQ(go_on(story, cut, stream_limits()), "") << "seed " << seed << " cut " << cut;
        }
    }
}

TEST(Snapshot, larger_limits_tell_the_same_story) {
    const Story story = story_of(5, 1200, roomy_limits(64));
    for (std::size_t cut = 0; cut <= story.steps.size(); cut += 50) {
        ASSERT_EQ(go_on(story, cut, roomy_limits(128)), "") << "cut " << cut;
    }
}

TEST(Snapshot, limits_that_are_too_small_are_named) {
    struct Row {
        std::string_view name;
        std::uint32_t Limits::* table;
    };
    constexpr std::array rows = {
        Row{.name = "assets", .table = &Limits::assets},
        Row{.name = "underlyings", .table = &Limits::underlyings},
        Row{.name = "instruments", .table = &Limits::instruments},
        Row{.name = "accounts", .table = &Limits::accounts},
        Row{.name = "positions", .table = &Limits::positions},
        Row{.name = "orders", .table = &Limits::orders},
        Row{.name = "labels", .table = &Limits::labels},
        Row{.name = "level_pages", .table = &Limits::level_pages},
        Row{.name = "directory_entries", .table = &Limits::directory_entries},
        Row{.name = "orders_per_account", .table = &Limits::orders_per_account},
        Row{.name = "orders_per_instrument", .table = &Limits::orders_per_instrument},
        Row{.name = "sessions_per_account", .table = &Limits::sessions_per_account}};
    const Story story = story_of(2, 400, stream_limits());
    const auto is_named = [&story](const Limits& limits, std::string_view name) {
        const std::string fault = "limits." + std::string(name) + " is too small";
        return std::ranges::any_of(story.snapshots, [&](const Bytes& snapshot) {
            return fault_of(snapshot, limits) == fault;
        });
    };
    for (const Row& row : rows) {
        Limits limits = stream_limits();
        limits.*row.table = 1;
        EXPECT_TRUE(is_named(limits, row.name)) << row.name;
    }
    Limits limits = stream_limits();
    limits.position_lots = 1;
    EXPECT_TRUE(is_named(limits, "position_lots"));
}

TEST(Snapshot, cut_short_anywhere_it_is_refused) {
    const Bytes snapshot = story_of(3, 120, stream_limits()).snapshots.back();
    for (std::size_t size = 0; size < snapshot.size(); ++size) {
        ASSERT_NE(fault_of(std::span(snapshot).first(size), stream_limits()), "") << size;
    }
    EXPECT_EQ(fault_of(snapshot, stream_limits()), "");
}

TEST(Snapshot, bytes_behind_it_are_refused) {
    Bytes snapshot = story_of(3, 60, stream_limits()).snapshots.back();
    snapshot.push_back(std::byte{0});
    EXPECT_EQ(fault_of(snapshot, stream_limits()), "bytes follow the state");
}

TEST(Snapshot, another_version_is_refused) {
    Bytes snapshot = snapshot_of(Engine(stream_limits()));
    snapshot[0] ^= std::byte{0x80};
    EXPECT_EQ(fault_of(snapshot, stream_limits()), "the version is unknown");
}

// A checksum stands around the bytes; but what gets past it is told apart all the same.
TEST(Snapshot, with_a_byte_changed_it_is_refused_or_is_another_sound_state) {
    const Bytes snapshot = story_of(4, 300, stream_limits()).snapshots.back();
    std::size_t refused = 0;
    for (std::size_t at = 0; at < snapshot.size(); ++at) {
        for (const std::byte mask : {std::byte{0x01}, std::byte{0x80}, std::byte{0xFF}}) {
            Bytes changed = snapshot;
            changed[at] ^= mask;
            Engine engine(stream_limits());
            if (!engine.restore(changed)) {
                ++refused;
                continue;
            }
            engine.check_invariants();
            const Bytes again = snapshot_of(engine);
            const std::size_t shorter = std::min(again.size(), changed.size());
            const auto differs = std::ranges::mismatch(std::span(again).first(shorter),
                                                       std::span(changed).first(shorter))
                                     .in1;
            ASSERT_TRUE(again == changed)
                << at << " sizes " << again.size() << " " << changed.size() << " differs "
                << differs - std::span(again).begin();
        }
    }
    EXPECT_GT(refused, snapshot.size());
}

}  // namespace
}  // namespace miletus::engine
