// Pricing: numbers that are the same bits on every machine, compiler, instruction set and number of
// threads. It knows nothing of exchanges. `ARCHITECTURE.md` says what makes it so.
#pragma once

#include "pricing/chain/chain.hpp"
#include "pricing/implied/implied.hpp"
#include "pricing/isa.hpp"
#include "pricing/marks/marks.hpp"
#include "pricing/math/math.hpp"
#include "pricing/models/models.hpp"
#include "pricing/paths/paths.hpp"
#include "pricing/risk_arrays/risk_arrays.hpp"
#include "pricing/surface/surface.hpp"
#include "pricing/vanilla/vanilla.hpp"
