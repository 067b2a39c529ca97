// Listing: an agent outside the engine that lists what the calendar asks for, opens it, and
// archives it once it is settled, by commands of the operator like any other. It follows events and
// their times, and nothing else: no clock, no threads, no bytes of any wire. One thread owns it.
#pragma once

#include "edge/listing/agent.hpp"
#include "edge/listing/calendar.hpp"
#include "edge/listing/settings.hpp"
#include "edge/listing/strikes.hpp"
