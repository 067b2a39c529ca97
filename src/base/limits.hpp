// The bound of every table, queue and loop, given once at start. A full table refuses; it never
// grows. Tests and the simulator run with tiny values, so that every edge is near.
#pragma once

#include <cstdint>

namespace miletus {

struct Limits {
    // Tables.
    std::uint32_t assets = 16;
    std::uint32_t underlyings = 64;
    std::uint32_t instruments = 4096;
    std::uint32_t accounts = 4096;
    std::uint32_t positions = 65'536;
    std::uint32_t orders = 1U << 20U;
    std::uint32_t labels = 1U << 18U;
    std::uint32_t sessions = 8192;
    std::uint32_t waiting_parameters = 256;  // changes whose time is still to come
    std::uint32_t waiting_orders = 65'536;   // for a price
    // Price levels come in pages of 64; directory entries hold one page's worth of prices each.
    std::uint32_t level_pages = 1U << 16U;
    std::uint32_t directory_entries = 1U << 22U;
    // Per account, per instrument, per position, per session.
    std::int64_t position_lots = 1'000'000'000'000'000;
    std::uint32_t orders_per_account = 10'000;
    std::uint32_t orders_per_instrument = 1U << 20U;
    std::uint32_t sessions_per_account = 64;  // at most as many as sessions
    // Rings that are cold when they are written: 64 in place of 16 cost some 35 ns a command.
    std::uint32_t closed_orders_per_account = 16;
    std::uint32_t answers_per_session = 16;  // a power of two
    // Work per command.
    std::uint32_t fills_per_command = 1000;
    std::uint32_t timers_per_command = 64;
    std::uint32_t sweep_per_command = 256;
    std::uint32_t settlements_per_command = 4096;  // positions of which a result is booked
    std::uint32_t triggers_per_command = 64;       // orders released that waited for a price
    std::uint32_t levels_per_answer = 128;
    // Units of the event buffer; a power of two.
    std::uint32_t event_units = 1U << 18U;
    // Live books above this size wait for memory, and looking ahead pays.
    std::uint32_t cache_bytes = 4U << 20U;
};

#define LIMIT(name) visit(#name, limits.name);
// Calls visit(name, field) for each that decides what commands do. Logs keep them in this order:
// new ones come last.
template <class AnyLimits, class Visit>
void visit_deciding_limits(AnyLimits& limits, Visit& visit) {
    LIMIT(assets)
    LIMIT(underlyings)
    LIMIT(instruments)
    LIMIT(accounts)
    LIMIT(positions)
    LIMIT(orders)
    LIMIT(labels)
    LIMIT(sessions)
    LIMIT(level_pages)
    LIMIT(directory_entries)
    LIMIT(position_lots)
    LIMIT(orders_per_account)
    LIMIT(orders_per_instrument)
    LIMIT(closed_orders_per_account)
    LIMIT(answers_per_session)
    LIMIT(fills_per_command)
    LIMIT(timers_per_command)
    LIMIT(sweep_per_command)
    LIMIT(sessions_per_account)
    LIMIT(settlements_per_command)
    LIMIT(waiting_parameters)
    LIMIT(waiting_orders)
    LIMIT(triggers_per_command)
}
// The same for all of them.
template <class AnyLimits, class Visit>
void visit_limits(AnyLimits& limits, Visit visit) {
    visit_deciding_limits(limits, visit);
    LIMIT(levels_per_answer)
    LIMIT(event_units)
    LIMIT(cache_bytes)
}
#undef LIMIT

}  // namespace miletus
