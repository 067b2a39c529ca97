// Prepared: slow, pure work that is done beside the engine before the command comes that needs its
// result (design: prepare, then commit). What is prepared is known by the digest of all that it was
// made from, and made by the one function that the engine would call itself: to have it changes how
// long a command takes, and nothing else. It knows neither the engine nor who prepares.
#pragma once

#include "prepared/hand_over.hpp"
#include "prepared/prepared_marks.hpp"
#include "prepared/slices.hpp"
