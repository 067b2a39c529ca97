// What cannot be marked by.
#include "edge/marks/settings.hpp"

#include <set>

namespace miletus::marks {

std::optional<std::string> mistake_in(const Settings& settings) {
    std::set<std::string_view> names;
    for (const UnderlyingSettings& underlying : settings.underlyings) {
        const std::string name(underlying.name.view());
        if (!names.insert(underlying.name.view()).second) {
            return name + " comes twice";
        }
        if (underlying.fixed && !is_sound(*underlying.fixed)) {
            return name + ": the fixed surface has arbitrage: eta (1 + |rho|) must be 2 at most";
        }
    }
    if (settings.interval < interval_min) {
        return "interval must be a tenth of a second or more";
    }
    if (settings.memory < Nanos(0)) {
        return "memory must not be below zero";
    }
    if (settings.session == SessionId(0)) {
        return "session must not be zero";
    }
    return std::nullopt;
}

}  // namespace miletus::marks
