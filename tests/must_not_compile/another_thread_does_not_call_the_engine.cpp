// What belongs to a thread is called only where it is known to be that thread.
// expect clang: requires holding thread
#include "base/thread_role.hpp"

miletus::ThreadRole engine_thread;

void apply() REQUIRES(engine_thread) {}

void run() {
#ifdef WRONG
#else
    const miletus::RoleHolder here(engine_thread);
#endif
    apply();
}
