// Agent: knows what the venue told, and what to ask of it next. Whatever it decides is a function
// of the events it has read: one that starts later, and reads the same, asks for the same. It has
// no thread and no clock; time passes for it with each command's `Completed`.
#pragma once

#include "edge/listing/catalogue.hpp"
#include "edge/listing/plan.hpp"
#include "edge/listing/settings.hpp"
#include "edge/listing/task.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::listing {

// What whoever runs the venue should know.
struct Note {
    UnixNanos time;
    Reject reject = Reject::none;  // or strikes were left out
    std::string text;              // without a full stop
};

class Agent {
  public:
    // Of settings without a mistake.
    explicit Agent(const Settings& settings);

    // ---- What the venue tells ----
    // Every event, in order, from the log's first on. Where there are snapshots instead, the
    // events that would list what is in them, and nothing twice: AssetAdded, UnderlyingAdded, then
    // of each instrument InstrumentListed, BandChanged where it has a band, and
    // InstrumentStateChanged unless it waits to be opened for the first time.
    void read(std::span<const Unit> event);
    // In 1e-6 a year, from now on; one that cannot be is taken for the nearest that can. Not in any
    // event: who wants the same commands again says this at the same place.
    void set_volatility(std::string_view underlying, std::int64_t volatility);

    // ---- What it asks for ----
    // The next command, of account 0; empty where there is none for now. It stays the same, and in
    // place, until it was submitted or an event was read.
    [[nodiscard]] std::span<const Unit> next_command() LIFETIME_BOUND;
    void mark_submitted();

    // ---- What is worth telling ----
    [[nodiscard]] std::optional<Note> take_note();

    [[nodiscard]] const Catalogue& catalogue() const LIFETIME_BOUND { return catalogue_; }

  private:
    // The venue keeps some last answers of a session: what is sent again is not done again.
    static constexpr std::size_t in_flight_max = 8;
    static constexpr std::size_t notes_max = 256;

    void finish_command(const protocol::Completed& event);
    void take_answer(const protocol::Completed& answer);
    void refresh();
    void refresh_listings(const std::set<Goal>& taken);
    void append(Task task);
    [[nodiscard]] const Task* next_task() const LIFETIME_BOUND;
    void note_refusal(const Goal& goal, Reject reject);
    void note_crowd(const Goal& goal);
    void note(Reject reject, const std::string& text);
    [[nodiscard]] std::string text_of(const Goal& goal) const;

    Settings settings_;
    Catalogue catalogue_;
    std::deque<Task> tasks_;            // oldest first; those in flight are the first of them
    ClientSequence last_number_;        // of a task, or of an answer to one
    ClientSequence submitted_;          // up to here
    std::vector<InstrumentId> listed_;  // by the command whose events are being read
    UnixNanos next_refresh_;
    std::map<Goal, UnixNanos> waiting_;  // refused, and until when they wait
    std::set<Goal> crowded_;             // told already
    std::deque<Note> notes_;
    CommandRoom room_{};
};

}  // namespace miletus::listing
