// Marker: from events to commands. At every interval of the log's own time it makes each
// underlying's surface and asks for it; once the venue has taken it, it computes the marks and asks
// for those. Everything that it knows comes from events: one that begins in the middle of a log is
// first told by the same events what is listed and what rests.
#pragma once

#include "edge/marks/smile_maker.hpp"
#include "prepared/prepared.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace miletus::marks {

struct MarkerCounts {
    std::uint64_t surfaces = 0;   // asked for
    std::uint64_t refused = 0;    // and not taken
    std::uint64_t installed = 0;  // marks asked for
    std::uint64_t dropped_smiles = 0;
};

class Marker {
  public:
    explicit Marker(const Settings& settings);
    // Where prepared marks go; else nowhere.
    void hand_over_by(prepared::HandOver& hand_over) { hand_over_ = &hand_over; }

    // The next event, in order.
    void read(std::span<const Unit> event);
    // Makes the surfaces that are due; whether there were any. Tenths of a second at most, and
    // mostly nothing.
    bool make_surfaces();
    // Calls visit(command) for each that waits, in order, until it returns false: that one waits
    // on.
    template <class Visit>
    void hand_out(Visit visit) {
        while (!waiting_.empty() && visit(std::span<const Unit>(waiting_.front()))) {
            waiting_.pop_front();
        }
    }

    // At the money, some thirty days ahead, in 1e-6 a year: of the last surface that the venue
    // took.
    [[nodiscard]] std::optional<std::int64_t> volatility(const protocol::Name& underlying) const;
    [[nodiscard]] const MarkerCounts& counts() const LIFETIME_BOUND { return counts_; }

  private:
    // A surface that the venue was asked to take.
    struct Asked {
        ClientSequence number;
        std::vector<pricing::Smile> smiles;
    };
    struct Marked {
        SmileMaker maker;
        std::optional<Asked> asked{};
        UnixNanos due{};
        std::optional<std::int64_t> volatility{};
    };

    void hear(const protocol::UnderlyingAdded& added);
    void hear(const protocol::Completed& completed);
    bool make_surface(UnderlyingId underlying, Marked& marked);
    void ask_for_surface(UnderlyingId underlying, Marked& marked,
                         std::vector<pricing::Smile> smiles);
    void install_marks(UnderlyingId underlying, const Asked& asked,
                       const protocol::Completed& completed);
    [[nodiscard]] std::vector<prepared::ListedOption> options_of(UnderlyingId underlying) const;
    void make_room(std::size_t options);
    [[nodiscard]] protocol::CommandHeader next_header();

    Settings settings_;
    Markets markets_;
    std::map<UnderlyingId, Marked> marked_;
    std::deque<std::vector<Unit>> waiting_;
    UnixNanos now_;          // of the last command
    ClientSequence number_;  // of the last command asked for
    MarkerCounts counts_;
    prepared::HandOver* hand_over_ = nullptr;
    std::unique_ptr<prepared::PreparedMarks> room_;  // to compute the next marks in
};

}  // namespace miletus::marks
