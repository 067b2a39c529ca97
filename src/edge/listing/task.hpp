// Task: one command that is to be sent, and what it is for.
#pragma once

#include "protocol/codec.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <vector>

namespace miletus::listing {

enum class Aim : std::uint8_t { list_future, list_options, set_band, open, archive };

// What a task is for: while one is under way, or was refused a short while ago, there is no second.
struct Goal {
    Aim aim{};
    UnderlyingId underlying;  // of listings, with the expiry
    UnixNanos expiry;
    InstrumentId instrument;  // of all others
    friend constexpr auto operator<=>(const Goal&, const Goal&) = default;
};

struct Band {
    Ticks low;
    Ticks high;
    friend constexpr bool operator==(const Band&, const Band&) = default;
};

struct Task {
    Goal goal;
    ClientSequence number{};
    protocol::ListingTerms terms{};     // of listings
    std::vector<IndexPrice> strikes{};  // of options
    Band band{};
};

[[nodiscard]] constexpr bool is_listing(Aim aim) {
    return aim == Aim::list_future || aim == Aim::list_options;
}

using CommandRoom = std::array<Unit, protocol::longest<protocol::ListOptionSeries>()>;

// The operator's command, under the session's number of it.
[[nodiscard]] std::span<const Unit> command_of(const Task& task, SessionId session,
                                               CommandRoom& room LIFETIME_BOUND);

}  // namespace miletus::listing
