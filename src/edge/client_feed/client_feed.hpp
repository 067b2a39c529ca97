// Client feed: the events that may be known, kept for a while so that a connection which was away
// or slow can catch up, the rule of who may know what, and what every account owns and did. It
// knows nothing of bytes and sockets. Owned by the gateway's thread.
#pragma once

#include "edge/client_feed/accounts.hpp"
#include "edge/client_feed/audience.hpp"
#include "edge/client_feed/history.hpp"
