// A thread as a capability: what is marked REQUIRES(engine_thread) does not compile under clang
// except where a RoleHolder, or a caller that is marked as well, says that this is that thread.
// Nothing is checked at run time, and nothing costs anything.
#pragma once

#include "base/annotations.hpp"

namespace miletus {

class CAPABILITY("thread") ThreadRole {
  public:
    void enter() ACQUIRE() {}
    void leave() RELEASE() {}
};

// Taken once, at the top of the function that runs on the thread.
class SCOPED_CAPABILITY RoleHolder {
  public:
    explicit RoleHolder(ThreadRole& role) ACQUIRE(role) : role_(role) { role_.enter(); }
    ~RoleHolder() RELEASE() { role_.leave(); }
    RoleHolder(const RoleHolder&) = delete;
    RoleHolder& operator=(const RoleHolder&) = delete;

  private:
    ThreadRole& role_;
};

}  // namespace miletus
