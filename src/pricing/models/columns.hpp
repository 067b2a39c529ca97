// What the kernels of the models read. Columns that a model does not have are not looked at.
#pragma once

#include "pricing/implied/columns.hpp"
#include "pricing/vanilla/columns.hpp"

namespace miletus::pricing {

struct ModelColumns {
    OptionColumns option;
    lanes::Column<double> shift;
    lanes::Column<double> conversion;
    lanes::Column<double> conversion_vol;
    lanes::Column<double> correlation;
};

struct ModelPriceColumns {
    PriceColumns option;
    lanes::Column<double> shift;
};

}  // namespace miletus::pricing
