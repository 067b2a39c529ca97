// Attributes that clang checks and other compilers ignore.
#pragma once

#if defined(__clang__)
#define LIFETIME_BOUND [[clang::lifetimebound]]
#else
#define LIFETIME_BOUND
#endif
