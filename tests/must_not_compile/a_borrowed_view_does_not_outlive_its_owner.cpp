// What LIFETIME_BOUND returns may not outlive the object it was borrowed from.
// expect clang: will be destroyed at the end of the full-expression
#include "base/annotations.hpp"

#include <array>
#include <span>

class Levels {
  public:
    [[nodiscard]] std::span<const int> all() const LIFETIME_BOUND { return levels_; }

  private:
    std::array<int, 4> levels_{};
};

int first() {
#ifdef WRONG
    const std::span<const int> levels = Levels().all();
#else
    const Levels owner;
    const std::span<const int> levels = owner.all();
#endif
    return levels.front();
}
