// What a mutex guards is touched only by who holds it.
// expect clang: requires holding mutex
#include "base/mutex.hpp"

class Counter {
  public:
    void add() {
#ifdef WRONG
#else
        const miletus::Lock lock(mutex_);
#endif
        ++count_;
    }

  private:
    miletus::Mutex mutex_;
    int count_ GUARDED_BY(mutex_) = 0;
};

void add(Counter& counter) {
    counter.add();
}
