// What the configuration says of the operator's desk: [listing] and [marks], off where they do not
// stand.
#pragma once

#include "edge/desk/desk.hpp"
#include "serve/config_section.hpp"

namespace miletus::serve {

// Into `settings`; `root` is the whole file.
void read_desk(Section& root, desk::Settings& settings);

}  // namespace miletus::serve
