// What the Deribit gateway speaks, as tables: methods, parameters, objects, channels, errors. All
// else is made from them: how calls are read, how they are documented, what is refused. It holds no
// state, and any thread may read it.
#pragma once

#include "edge/gateway/deribit/schema/channels.hpp"
#include "edge/gateway/deribit/schema/choices.hpp"
#include "edge/gateway/deribit/schema/errors.hpp"
#include "edge/gateway/deribit/schema/methods.hpp"
#include "edge/gateway/deribit/schema/objects.hpp"
