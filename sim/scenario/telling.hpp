// Telling: one function for each event of the table, by subject in tell_*.cpp. Private to the
// narrator.
#pragma once

#include "protocol/codec.hpp"
#include "sim/scenario/names.hpp"

#include <span>
#include <string>

namespace miletus::scenario {

// An event's units, and the names to tell it with.
struct Said {
    std::span<const Unit> units;
    Names& names;
};

#define MESSAGE(number, Type, name, sentence) \
    [[nodiscard]] std::string tell(const protocol::Type& event, Said said);
#include "protocol/events.def"

[[nodiscard]] std::string order_text(OrderId order);  // o7, or o7.2
[[nodiscard]] std::string text_of(Lots lots);
[[nodiscard]] std::string text_of(Ticks price);
[[nodiscard]] std::string text_of(Grid price);  // in ticks
[[nodiscard]] std::string text_of(IndexPrice price);
[[nodiscard]] std::string text_of(protocol::Side side);
[[nodiscard]] std::string at(Lots lots, Ticks price);  // 5 @ 100
// last >= 105
[[nodiscard]] std::string awaited(protocol::TriggerKind trigger, protocol::Side side,
                                  protocol::TriggerReference reference, Ticks price);

}  // namespace miletus::scenario
