// tmp
#include "edge/crowd/crowd.hpp"

#include <gtest/gtest.h>
