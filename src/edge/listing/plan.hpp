// Plan: what is missing on the venue, or in need of a next step. A pure function of what exists, of
// the settings, and of the time of the last command.
#pragma once

#include "edge/listing/catalogue.hpp"
#include "edge/listing/settings.hpp"
#include "edge/listing/task.hpp"

#include <vector>

namespace miletus::listing {

// Tasks have no numbers yet.
struct Plan {
    std::vector<Task> tasks;
    std::vector<Goal> crowded;  // expiries that would have more strikes if they were allowed to
};

// What should be listed, where the index is good.
[[nodiscard]] Plan listings_due(const Catalogue& catalogue, const Settings& settings);

// The next steps in an instrument's life.
[[nodiscard]] std::vector<Task> steps_due(const Catalogue& catalogue, const Settings& settings,
                                          InstrumentId instrument);

// Whether there is nothing left to do, or no time left to do it.
[[nodiscard]] bool is_void(const Task& task, const Catalogue& catalogue, const Settings& settings);

}  // namespace miletus::listing
