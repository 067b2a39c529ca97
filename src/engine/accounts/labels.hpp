// Labels: the texts by which clients find their orders. Kept apart from the orders, found by
// digest, compared by text; the orders of one label stand in a chain, oldest first.
#pragma once

#include "base/hash_index.hpp"
#include "base/limits.hpp"
#include "base/slab.hpp"
#include "base/units.hpp"

#include <array>
#include <string_view>

namespace miletus::accounts {

constexpr std::size_t label_size_max = 64;

class Labels {
  public:
    explicit Labels(const Limits& limits);

    [[nodiscard]] bool is_full() const { return labels_.is_full(); }

    // Returns the label's slot.
    std::uint32_t add(AccountId account, std::string_view text, std::uint32_t order);
    void remove(std::uint32_t label);

    // The oldest label of this account and text, or 0; then its next younger one.
    [[nodiscard]] std::uint32_t first(AccountId account, std::string_view text) const;
    [[nodiscard]] std::uint32_t younger(std::uint32_t label) const {
        return labels_[label].younger;
    }
    [[nodiscard]] std::uint32_t order(std::uint32_t label) const { return labels_[label].order; }
    [[nodiscard]] std::string_view text(std::uint32_t label) const LIFETIME_BOUND;

  private:
    struct Label {
        std::uint32_t next;  // among the free ones
        std::uint32_t older;
        std::uint32_t younger;
        std::uint32_t youngest;  // of the whole chain; kept by its oldest
        std::uint64_t hash;
        AccountId account;
        std::uint32_t order;
        std::uint32_t size;
        std::array<char, label_size_max> letters;
    };

    [[nodiscard]] bool is_same(const Label& label, AccountId account, std::string_view text) const;

    Slab<Label> labels_;
    HashIndex oldest_;
};

}  // namespace miletus::accounts
