// Secret: letters that are wiped from memory when they are no longer needed. It is moved, copied
// only by name, compared in constant time, and never printed.
#pragma once

#include "base/annotations.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::credentials {

class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string_view letters) : letters_(letters.begin(), letters.end()) {}
    ~Secret() { wipe(); }
    Secret(Secret&& other) noexcept = default;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;

    [[nodiscard]] Secret copy() const { return Secret(view()); }
    [[nodiscard]] std::string_view view() const LIFETIME_BOUND {
        return {letters_.data(), letters_.size()};
    }
    [[nodiscard]] bool empty() const { return letters_.empty(); }
    void wipe();

  private:
    std::vector<char> letters_;  // on the heap always: moving leaves nothing behind
};

// Zeros over what was secret, not to be optimised away.
void wipe(std::span<std::byte> bytes);
void wipe(std::string& text);

}  // namespace miletus::credentials
