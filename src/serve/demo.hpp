// Demo: the venue that anybody gets with one command: two coins, their perpetuals, futures and
// options, a crowd that trades them, and an account to practise with. Only on this machine, and
// never by default.
#pragma once

#include "serve/config.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace miletus::serve {

struct DemoOptions {
    std::string folder;
    // Of Deribit's API, with TLS on the next one; 0 for any that is free. Where none is said, the
    // usual one, or the next that is free.
    std::optional<std::uint16_t> port{};
};

[[nodiscard]] Config demo_config(const DemoOptions& options);

// What the desk lists and marks for such a crowd: a perpetual, two futures and three expiries of
// options on each coin, marked by the crowd's own smiles where the books say nothing.
[[nodiscard]] desk::Settings demo_desk(const crowd::Settings& crowd);

}  // namespace miletus::serve
