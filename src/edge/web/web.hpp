// web: HTTP/1.1, WebSocket and TLS for anyone who comes in over a host::Network. It knows how
// messages are put together, and nothing of what they mean: paths, methods, credentials and JSON
// are its owner's. It yields values (a WebSocket opened, a request, a message, a connection closed)
// and takes responses, frames and closes. It bounds everything that a stranger can make grow, and
// never waits. Owned by one thread.
#pragma once

#include "edge/web/certificate.hpp"
#include "edge/web/frames.hpp"
#include "edge/web/server.hpp"
#include "edge/web/settings.hpp"
#include "edge/web/tls.hpp"
