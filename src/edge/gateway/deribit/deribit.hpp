// deribit: the gateway for clients of Deribit's API v2. Served by one thread; it reads events and
// answers at a seat of its own and submits through that seat's intake, like any other client.
#pragma once

#include "edge/gateway/deribit/gateway.hpp"
