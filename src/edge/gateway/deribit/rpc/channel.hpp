// Names of channels, taken apart and put together.
#pragma once

#include "edge/gateway/deribit/schema/schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace miletus::deribit {

// What a name says; the parts that its pattern does not have are as they are here. Views are into
// the name.
struct Channel {
    ChannelKind kind{};
    std::string_view instrument_name;
    std::string_view index_name;
    std::string_view currency;  // in any case of letters; "any" for all
    choices::Kind instrument_kind = choices::Kind::any;
    choices::Interval interval = choices::Interval::ms_100;
    choices::Resolution resolution{};
    choices::Group group{};
    choices::Depth depth{};

    friend bool operator==(const Channel&, const Channel&) = default;
};

// Empty where no channel has such a name. (One that is known and not built is found: see its row.)
[[nodiscard]] std::optional<Channel> parse_channel(std::string_view name);

// As answers and notifications spell it: currencies in capitals, but user.portfolio and indexes in
// small letters.
[[nodiscard]] std::string canonical_name(const Channel& channel);

}  // namespace miletus::deribit
