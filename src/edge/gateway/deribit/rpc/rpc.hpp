// The language of the Deribit gateway: calls out of bytes, answers and notifications into bytes,
// names of channels. It knows nothing of connections, accounts and instruments, and keeps nothing
// but buffers. A reader belongs to one thread; all else may be called from any.
#pragma once

#include "edge/gateway/deribit/rpc/call.hpp"
#include "edge/gateway/deribit/rpc/channel.hpp"
#include "edge/gateway/deribit/rpc/envelope.hpp"
#include "edge/gateway/deribit/rpc/failure.hpp"
#include "edge/gateway/deribit/rpc/json_writer.hpp"
#include "edge/gateway/deribit/rpc/parameters.hpp"
#include "edge/gateway/deribit/rpc/word.hpp"
