// Demo: the venue that anybody gets with one command: two coins, their perpetuals, futures and
// options, a crowd that trades them, and an account to practise with. Only on this machine, and
// never by default.
#pragma once

#include "serve/config.hpp"
#include "serve/practice.hpp"
#include "serve/serve.hpp"

#include <cstdint>
#include <optional>
#include <ostream>
#include <span>
#include <string>

namespace miletus::serve {

// In that folder.
[[nodiscard]] Config demo_config(const DemoOptions& options);

// What the desk lists and marks for such a crowd: a perpetual, two futures and three expiries of
// options on each coin, marked by the crowd's own smiles where the books say nothing.
[[nodiscard]] desk::Settings demo_desk(const crowd::Settings& crowd);

// How clients connect, in lines that can be copied.
struct DemoScene {
    std::string folder;
    bool is_temporary = false;
    PracticeKey key;
    std::span<const OpenDoor> doors;
};
void tell_scene(std::ostream& out, const DemoScene& scene);

}  // namespace miletus::serve
