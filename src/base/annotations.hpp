// Attributes. Some that clang checks and other compilers ignore: what a returned view must not
// outlive, and which thread or lock a piece of data belongs to.
#pragma once

#if defined(__clang__)
#define LIFETIME_BOUND [[clang::lifetimebound]]
#define THREAD_ATTRIBUTE(attribute) __attribute__((attribute))
#else
#define LIFETIME_BOUND
#define THREAD_ATTRIBUTE(attribute)
#endif

// A class whose objects are capabilities: locks, or threads.
#define CAPABILITY(name) THREAD_ATTRIBUTE(capability(name))
#define SCOPED_CAPABILITY THREAD_ATTRIBUTE(scoped_lockable)
// Data that only a holder may touch; functions that only a holder may call, or that make or end
// one.
#define GUARDED_BY(capability) THREAD_ATTRIBUTE(guarded_by(capability))
#define REQUIRES(...) THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define ACQUIRE(...) THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define RELEASE(...) THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))

// Where a call would cost more than its work, or would have to hand over registers.
#define ALWAYS_INLINE [[gnu::always_inline]] inline
// The same of a lambda, behind its parameters.
#define ALWAYS_INLINE_LAMBDA __attribute__((always_inline))
