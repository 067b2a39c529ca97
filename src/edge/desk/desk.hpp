// Desk: the operator's own agents at one seat beside the engine: what the calendar asks for is
// listed, what the books say becomes surfaces and marks. They read every event once it is durable,
// and submit commands like anybody; they know no clock and no thread, so that server and simulator
// host the same. Owned by one thread.
#pragma once

#include "edge/listing/listing.hpp"
#include "edge/marks/marks.hpp"
#include "prepared/prepared.hpp"
#include "protocol/durable_reader.hpp"
#include "protocol/intake.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace miletus::desk {

// What is not there is off.
struct Settings {
    std::optional<listing::Settings> listing{};
    std::optional<marks::Settings> marks{};

    [[nodiscard]] bool wants_any() const { return listing.has_value() || marks.has_value(); }
};

// The first mistake, as a sentence.
[[nodiscard]] std::optional<std::string> mistake_in(const Settings& settings);

class Desk {
  public:
    // Of settings without a mistake.
    Desk(const Settings& settings, protocol::DurableReader& events, protocol::Intake& intake);

    // Before the first do_work(), if at all: the marks that it computes go this way as well, to be
    // there when the engine wants them.
    void hand_over_by(prepared::HandOver& hand_over);
    // What stands before the first event, told by Engine::tell_standing().
    void read(std::span<const Unit> event);
    // Reads on, and asks; whether there was anything to do. Tenths of a second at most, where a
    // surface is fitted, and mostly nothing.
    bool do_work();
    // Reads on only, where nothing more is wanted, so that the engine need not wait.
    void read_on();

    // What whoever runs the venue should know.
    [[nodiscard]] std::optional<listing::Note> take_note();
    // Of the surfaces; nothing where there are none.
    [[nodiscard]] std::optional<marks::MarkerCounts> marker_counts() const;

  private:
    std::uint64_t take_in();
    void follow_surfaces();
    bool ask_for_listings();
    bool ask_for_marks();

    std::optional<listing::Agent> lister_;
    std::optional<marks::Marker> marker_;
    // By which strikes are chosen, of each underlying that is listed.
    std::map<std::string, std::int64_t> volatilities_;
    protocol::DurableReader& events_;
    protocol::Intake& intake_;
};

}  // namespace miletus::desk
