// Each event to both; then what they ask for.
#include "edge/desk/desk.hpp"

#include <cstdlib>

namespace miletus::desk {

namespace {

// Strikes are not listed for every breath of the books: volatility is followed once it is off by so
// much of itself.
constexpr std::int64_t followed_part = 8;

}  // namespace

std::optional<std::string> mistake_in(const Settings& settings) {
    if (settings.listing) {
        if (const auto mistake = listing::mistake_in(*settings.listing)) {
            return "listing: " + *mistake;
        }
    }
    if (settings.marks) {
        if (const auto mistake = marks::mistake_in(*settings.marks)) {
            return "marks: " + *mistake;
        }
    }
    if (settings.listing && settings.marks &&
        settings.listing->session == settings.marks->session) {
        return "listing and marks need a session each";
    }
    return std::nullopt;
}

Desk::Desk(const Settings& settings, protocol::DurableReader& events, protocol::Intake& intake)
    : events_(events), intake_(intake) {
    ASSERT(!mistake_in(settings).has_value());
    if (settings.listing) {
        lister_.emplace(*settings.listing);
        for (const listing::UnderlyingSettings& underlying : settings.listing->underlyings) {
            volatilities_[underlying.name] = underlying.volatility;
        }
    }
    if (settings.marks) {
        marker_.emplace(*settings.marks);
    }
}

void Desk::hand_over_by(prepared::HandOver& hand_over) {
    if (marker_) {
        marker_->hand_over_by(hand_over);
    }
}

// Marks first: what is listed after a surface was taken follows it.
void Desk::read(std::span<const Unit> event) {
    if (marker_) {
        const std::uint64_t installed = marker_->counts().installed;
        marker_->read(event);
        if (marker_->counts().installed != installed) {
            follow_surfaces();
        }
    }
    if (lister_) {
        lister_->read(event);
    }
}

void Desk::follow_surfaces() {
    if (!marker_ || !lister_) {
        return;
    }
    for (auto& [name, followed] : volatilities_) {
        const std::optional<std::int64_t> found = marker_->volatility(protocol::Name(name));
        if (found && std::abs(*found - followed) > followed / followed_part) {
            followed = *found;
            lister_->set_volatility(name, followed);
        }
    }
}

bool Desk::do_work() {
    const std::uint64_t taken = take_in();
    const bool has_made = marker_ && marker_->make_surfaces();
    const bool has_listed = ask_for_listings();
    const bool has_marked = ask_for_marks();
    intake_.publish();
    return taken != 0 || has_made || has_listed || has_marked;
}

void Desk::read_on() {
    static_cast<void>(take_in());
}

std::uint64_t Desk::take_in() {
    return events_.poll([this](std::span<const Unit> event) {
        read(event);
        return true;
    });
}

bool Desk::ask_for_listings() {
    bool has_asked = false;
    while (lister_) {
        const std::span<const Unit> command = lister_->next_command();
        if (command.empty() || !intake_.submit_command(command)) {
            break;
        }
        lister_->mark_submitted();
        has_asked = true;
    }
    return has_asked;
}

bool Desk::ask_for_marks() {
    bool has_asked = false;
    if (marker_) {
        marker_->hand_out([&](std::span<const Unit> command) {
            const bool is_taken = intake_.submit_command(command);
            has_asked |= is_taken;
            return is_taken;
        });
    }
    return has_asked;
}

std::optional<listing::Note> Desk::take_note() {
    return lister_ ? lister_->take_note() : std::nullopt;
}

std::optional<marks::MarkerCounts> Desk::marker_counts() const {
    return marker_ ? std::optional(marker_->counts()) : std::nullopt;
}

}  // namespace miletus::desk
