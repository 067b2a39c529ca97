// Pools: records in slots of fixed number, and the lists that they stand in. Slot 0 is none.
// Nothing is allocated after the start; memory that is never used costs nothing.
#pragma once

#include "base/hash_index.hpp"
#include "base/memory.hpp"
#include "base/units.hpp"

#include <cstddef>
#include <cstdint>

namespace miletus::client_feed {

// Lists of slots, oldest first; a slot stands in one of them at most.
class Lists {
  public:
    Lists(std::size_t lists, std::size_t slots) : ends_(lists), links_(slots + 1) {}

    [[nodiscard]] std::uint32_t oldest(std::size_t list) const { return ends_[list].oldest; }
    [[nodiscard]] std::uint32_t newest(std::size_t list) const { return ends_[list].newest; }
    [[nodiscard]] std::uint32_t count(std::size_t list) const { return ends_[list].count; }
    [[nodiscard]] std::uint32_t older(std::uint32_t slot) const { return links_[slot].older; }
    [[nodiscard]] std::uint32_t newer(std::uint32_t slot) const { return links_[slot].newer; }

    // Slot 0 takes the writes where there is no neighbour.
    void append(std::size_t list, std::uint32_t slot) {
        Ends& ends = ends_[list];
        links_[slot] = {.older = ends.newest, .newer = 0};
        links_[ends.newest].newer = slot;
        ends.newest = slot;
        ends.oldest = ends.oldest != 0 ? ends.oldest : slot;
        ++ends.count;
    }
    void remove(std::size_t list, std::uint32_t slot) {
        Ends& ends = ends_[list];
        const Link link = links_[slot];
        links_[link.older].newer = link.newer;
        links_[link.newer].older = link.older;
        ends.oldest = link.older != 0 ? ends.oldest : link.newer;
        ends.newest = link.newer != 0 ? ends.newest : link.older;
        --ends.count;
    }

  private:
    struct Ends {
        std::uint32_t oldest;
        std::uint32_t newest;
        std::uint32_t count;
    };
    struct Link {
        std::uint32_t older;
        std::uint32_t newer;
    };
    Block<Ends> ends_;
    Block<Link> links_;
};

// Slots with the same key, in chains; the index names the newest of each.
class Chains {
  public:
    explicit Chains(std::uint32_t slots) : newest_(slots), links_(std::size_t{slots} + 1) {}

    // `is_match(slot)` compares keys.
    template <class IsMatch>
    [[nodiscard]] std::uint32_t newest(std::uint64_t hash, IsMatch is_match) const {
        return newest_.find(hash, is_match);
    }
    [[nodiscard]] std::uint32_t older(std::uint32_t slot) const { return links_[slot].older; }

    // Before the one that was the newest of its key, or 0.
    void add(std::uint64_t hash, std::uint32_t slot, std::uint32_t newest) {
        links_[slot] = {.older = newest, .newer = 0};
        if (newest != 0) {
            links_[newest].newer = slot;
            newest_.erase(hash, newest);
        }
        newest_.insert(hash, slot);
    }
    void remove(std::uint64_t hash, std::uint32_t slot) {
        const Link link = links_[slot];
        if (link.newer == 0) {
            newest_.erase(hash, slot);
            if (link.older != 0) {
                newest_.insert(hash, link.older);
            }
        }
        links_[link.newer].older = link.older;
        links_[link.older].newer = link.newer;
    }

  private:
    struct Link {
        std::uint32_t older;
        std::uint32_t newer;
    };
    HashIndex newest_;
    Block<Link> links_;
};

// Slots in use by age, and those that are free. Where all are in use, the oldest has to go.
class Slots {
  public:
    explicit Slots(std::uint32_t capacity) : lists_(2, capacity), capacity_(capacity) {}

    [[nodiscard]] bool is_full() const { return lists_.count(free) == 0 && used_ == capacity_; }
    // Not among those in use yet; there is one.
    [[nodiscard]] std::uint32_t take() {
        const std::uint32_t slot = lists_.oldest(free);
        if (slot == 0) {
            ASSERT(used_ < capacity_);
            return ++used_;
        }
        lists_.remove(free, slot);
        return slot;
    }
    void age(std::uint32_t slot) { lists_.append(aging, slot); }
    void rejuvenate(std::uint32_t slot) { lists_.remove(aging, slot); }
    // One that is not aging.
    void release(std::uint32_t slot) { lists_.append(free, slot); }
    [[nodiscard]] std::uint32_t oldest() const { return lists_.oldest(aging); }
    [[nodiscard]] std::uint32_t newer(std::uint32_t slot) const { return lists_.newer(slot); }

  private:
    static constexpr std::size_t aging = 0;
    static constexpr std::size_t free = 1;

    Lists lists_;
    std::uint32_t capacity_;
    std::uint32_t used_ = 0;
};

// The last records of each account, and of all.
template <class Record>
class Window {
  public:
    Window(std::uint32_t accounts, std::uint32_t capacity, std::uint32_t per_account)
        : records_(std::size_t{capacity} + 1),
          by_account_(accounts, capacity),
          slots_(capacity),
          per_account_(per_account) {}

    // What the next record takes the place of; 0 where there is room.
    [[nodiscard]] std::uint32_t next_to_go() const {
        return slots_.is_full() ? slots_.oldest() : 0;
    }
    // Returns its place. The oldest of all goes where there is no room.
    std::uint32_t add(const Record& record) {
        if (slots_.is_full()) {
            remove(slots_.oldest());
        }
        const std::uint32_t place = slots_.take();
        slots_.age(place);
        by_account_.append(record.account.value(), place);
        records_[place] = record;
        return place;
    }
    // The account's oldest go, those beyond what an account may have.
    void trim(AccountId account) {
        while (by_account_.count(account.value()) > per_account_) {
            remove(by_account_.oldest(account.value()));
        }
    }

    [[nodiscard]] Record& operator[](std::uint32_t place) LIFETIME_BOUND { return records_[place]; }
    [[nodiscard]] const Record& operator[](std::uint32_t place) const LIFETIME_BOUND {
        return records_[place];
    }
    [[nodiscard]] std::uint32_t oldest(AccountId account) const {
        return by_account_.oldest(account.value());
    }
    [[nodiscard]] std::uint32_t newest(AccountId account) const {
        return by_account_.newest(account.value());
    }
    [[nodiscard]] std::uint32_t older(std::uint32_t place) const {
        return by_account_.older(place);
    }
    [[nodiscard]] std::uint32_t newer(std::uint32_t place) const {
        return by_account_.newer(place);
    }

    // Calls visit(record) until it returns false, newest first.
    template <class Visit>
    void visit(AccountId account, Visit visit) const {
        for (std::uint32_t place = newest(account); place != 0; place = older(place)) {
            if (!visit(records_[place])) {
                return;
            }
        }
    }

  private:
    void remove(std::uint32_t place) {
        by_account_.remove(records_[place].account.value(), place);
        slots_.rejuvenate(place);
        slots_.release(place);
    }

    Block<Record> records_;
    Lists by_account_;
    Slots slots_;
    std::uint32_t per_account_;
};

}  // namespace miletus::client_feed
