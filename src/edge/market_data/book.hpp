// Book: the levels of one instrument, by the totals that events tell, and what each command changed
// of them. A level's total is told whole, so nothing is ever summed up here.
#pragma once

#include "base/annotations.hpp"
#include "base/units.hpp"
#include "protocol/enums.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace miletus::market_data {

struct Level {
    Ticks price;
    Lots total;
    friend constexpr bool operator==(const Level&, const Level&) = default;
};

enum class LevelAction : std::uint8_t { added, changed, removed };

struct LevelChange {
    Ticks price;
    Lots total;   // now; 0 where it is gone
    Lots before;  // 0 where there was none
    protocol::Side side{};
    LevelAction action{};
    friend constexpr bool operator==(const LevelChange&, const LevelChange&) = default;
};

// What happened between two states of a book, each named by the command that made it. Buys stand
// first, and on each side the best price does.
struct BookChange {
    InstrumentId instrument;
    Sequence previous;
    Sequence change;
    UnixNanos time;
    std::span<const LevelChange> levels;

    [[nodiscard]] std::span<const LevelChange> of(protocol::Side side) const;
};

// One side: sorted, the best price last, where most changes are.
class Ladder {
  public:
    explicit Ladder(protocol::Side side) : side_(side) {}

    // Zero takes the level away. Returns what it was before.
    Lots set(Ticks price, Lots total);

    [[nodiscard]] bool is_empty() const { return levels_.empty(); }
    [[nodiscard]] std::size_t size() const { return levels_.size(); }
    [[nodiscard]] std::optional<Level> best() const {
        return levels_.empty() ? std::nullopt : std::optional(levels_.back());
    }
    [[nodiscard]] Lots total_at(Ticks price) const;
    // Calls visit(level) for the best `most` levels, the best one first.
    template <class Visit>
    void visit_best(std::size_t most, Visit visit) const {
        const std::size_t end = levels_.size();
        for (std::size_t at = 0; at != end && at != most; ++at) {
            visit(levels_[end - 1 - at]);
        }
    }
    // For all of them, until it returns false.
    template <class Visit>
    void visit(Visit visit) const {
        std::size_t at = levels_.size();
        while (at != 0 && visit(levels_[at - 1])) {
            --at;
        }
    }

  private:
    [[nodiscard]] bool is_worse(Ticks left, Ticks right) const {
        return side_ == protocol::Side::buy ? left < right : left > right;
    }
    [[nodiscard]] std::size_t place_of(Ticks price) const;

    std::vector<Level> levels_;
    protocol::Side side_;
};

// Levels that were set since some moment, with what they were then; no more than one change of each
// comes out.
class TouchedLevels {
  public:
    void touch(protocol::Side side, Ticks price, Lots before);
    [[nodiscard]] bool is_empty() const { return levels_.empty(); }
    void clear() { levels_.clear(); }
    // Appends what is other now than it was then, buys first and on each side the best price, and
    // forgets it.
    void take_changes(const Ladder& bids, const Ladder& asks, std::vector<LevelChange>& changes);

  private:
    struct Touched {
        Ticks price;
        Lots before;
        std::uint32_t order = 0;
        protocol::Side side{};
    };
    [[nodiscard]] static bool is_before(const Touched& left, const Touched& right);
    static void add_change(const Touched& level, const Ladder& ladder,
                           std::vector<LevelChange>& changes);

    std::vector<Touched> levels_;
};

class Book {
  public:
    [[nodiscard]] const Ladder& bids() const LIFETIME_BOUND { return bids_; }
    [[nodiscard]] const Ladder& asks() const LIFETIME_BOUND { return asks_; }
    [[nodiscard]] const Ladder& side(protocol::Side side) const LIFETIME_BOUND {
        return side == protocol::Side::buy ? bids_ : asks_;
    }
    // The last command that changed it, and when that was.
    [[nodiscard]] Sequence change_id() const { return change_; }
    [[nodiscard]] UnixNanos time() const { return time_; }

    // ---- For whoever folds ----
    void set(protocol::Side side, Ticks price, Lots total);
    // The command ends: appends what it changed, and tells whether that is anything. If so, the
    // book is `sequence`'s from now on.
    [[nodiscard]] bool complete(Sequence sequence, UnixNanos time,
                                std::vector<LevelChange>& changes);

  private:
    Ladder bids_{protocol::Side::buy};
    Ladder asks_{protocol::Side::sell};
    Sequence change_;
    UnixNanos time_;
    TouchedLevels touched_;  // by the command that is being read
};

}  // namespace miletus::market_data
