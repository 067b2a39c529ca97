// Strangers: what those who did not log in have left to spend, by household (a client of IPv6 has
// as many addresses as it likes). There are so many at most: then whoever owes least makes room.
// That one is nearly always whole again, so that forgetting it forgives nothing.
#pragma once

#include "edge/gateway/deribit/bucket.hpp"
#include "host/address.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace miletus::deribit {

class Strangers {
  public:
    explicit Strangers(std::size_t most) : most_(most) {}

    // Whether a call from there may pass: take(Buckets&) says so.
    template <class Take>
    [[nodiscard]] bool charge(const host::Address& address, const Rates& rates, Take take) {
        const host::Address household = address.household();
        auto place = by_household_.find(household);
        if (place == by_household_.end()) {
            make_room();
            place = by_household_.try_emplace(household).first;
        } else {
            by_debt_.erase({place->second.whole_at, household});
        }
        Stranger& stranger = place->second;
        const bool may = take(stranger.buckets);
        stranger.whole_at = stranger.buckets.whole_at(rates);
        by_debt_.emplace(stranger.whole_at, household);
        return may;
    }

    [[nodiscard]] std::size_t size() const { return by_household_.size(); }

  private:
    struct Stranger {
        Buckets buckets;
        UnixNanos whole_at;
    };

    void make_room() {
        if (by_household_.size() >= most_) {
            by_household_.erase(by_debt_.begin()->second);
            by_debt_.erase(by_debt_.begin());
        }
    }

    std::size_t most_;
    std::map<host::Address, Stranger> by_household_;
    std::set<std::pair<UnixNanos, host::Address>> by_debt_;  // by when they owe nothing
};

}  // namespace miletus::deribit
