// Marks: an agent outside the engine that fits surfaces to the books of options, asks for them, and
// asks for the digest of the marks that follow. It decides nothing: the engine checks each surface,
// and comes to the same marks by itself, or finds them prepared. It follows events and their times,
// and nothing else: no clock, no threads, no bytes of any wire. One thread owns it.
#pragma once

#include "edge/marks/marker.hpp"
#include "edge/marks/settings.hpp"
