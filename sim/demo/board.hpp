// Board: prints order books, tapes and accounts for people.
#pragma once

#include "sim/scenario/scenario.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace miletus::demo {

// How an instrument's integers read: ticks and lots as decimals.
struct Scale {
    IndexPrice tick;
    Amount lot;
    std::uint32_t lot_decimals = 0;
};

struct TapeEntry {
    UnixNanos time;
    std::uint64_t number = 0;
    Ticks price;
    Lots quantity;
    protocol::Side taker = protocol::Side::buy;
    std::string buyer;
    std::string seller;
};

[[nodiscard]] std::string price_text(const Scale& scale, Ticks price);
[[nodiscard]] std::string quantity_text(const Scale& scale, Lots lots);

void print_book(std::ostream& out, scenario::Scenario& market, InstrumentId instrument,
                const Scale& scale, std::uint32_t depth);
void print_tape(std::ostream& out, const Scale& scale, const std::vector<TapeEntry>& tape,
                std::size_t last);
void print_accounts(std::ostream& out, scenario::Scenario& market);

}  // namespace miletus::demo
