// The channels, from channels.def.
#pragma once

#include "edge/gateway/deribit/schema/methods.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace miletus::deribit {

enum class ChannelKind : std::uint8_t {
#define CHANNEL(enumerator, pattern, scope, state, data, sentence) enumerator,
#include "edge/gateway/deribit/schema/channels.def"
};

struct ChannelRow {
    ChannelKind kind{};
    std::string_view pattern;
    Scope scope{};
    State state{};
    Shape data;
    std::string_view sentence;

    [[nodiscard]] bool is_private() const { return scope != Scope::open; }
    [[nodiscard]] bool is_built() const { return state == State::built; }
};

[[nodiscard]] const ChannelRow& row(ChannelKind kind);
[[nodiscard]] std::span<const ChannelRow> all_channels();

}  // namespace miletus::deribit
