// Triggers: the orders that wait for a price, by order slot, and which of them the prices so far
// have reached. It knows nothing of what an order is besides, nor what becomes of it. Each
// instrument has a queue for each reference and each way that the price may come. Queues that were
// reached are released in the order in which that happened; of one queue the trigger that a moving
// price meets first, then the oldest order. Nothing looks at orders that were not reached, but for
// the first of each queue. Called by the engine thread only.
#pragma once

#include "base/decoder.hpp"
#include "base/encoder.hpp"
#include "base/limits.hpp"
#include "base/memory.hpp"
#include "base/units.hpp"
#include "protocol/enums.hpp"

#include <cstddef>
#include <cstdint>

namespace miletus::triggers {

// A price in whole ticks: where it lies between two, both of them.
struct Reach {
    Ticks floor;
    Ticks ceil;
};

// What an order waits for, and what a book does not keep of it meanwhile.
struct Terms {
    Ticks trigger_price;
    InstrumentId instrument;
    protocol::Side side{};
    protocol::TriggerKind kind{};
    protocol::TriggerReference reference{};
    protocol::OrderType order_type{};
    protocol::TimeInForce time_in_force{};

    // Whether it waits for the price to come up to it, not down.
    [[nodiscard]] bool is_rising() const {
        return (kind == protocol::TriggerKind::stop) == (side == protocol::Side::buy);
    }
    [[nodiscard]] bool is_reached(Reach price) const {
        return is_rising() ? price.floor >= trigger_price : price.ceil <= trigger_price;
    }
};

class Triggers {
  public:
    explicit Triggers(const Limits& limits);

    // ---- The orders ----
    [[nodiscard]] bool is_full() const { return count_ == waiting_max_; }
    [[nodiscard]] std::uint32_t count() const { return count_; }
    [[nodiscard]] std::uint32_t count_of(InstrumentId instrument) const {
        return counts_[instrument.value()];
    }
    // Behind those that wait for the same price.
    void add(std::uint32_t slot, const Terms& terms);
    void remove(std::uint32_t slot);
    // To another price, and behind those that wait there.
    void move(std::uint32_t slot, Ticks trigger_price);
    [[nodiscard]] const Terms& operator[](std::uint32_t slot) const LIFETIME_BOUND {
        return nodes_[slot].terms;
    }
    [[nodiscard]] bool waits(std::uint32_t slot) const { return nodes_[slot].distance != 0; }
    // One of the instrument's; there is one.
    [[nodiscard]] std::uint32_t any_of(InstrumentId instrument) const;

    // ---- Prices ----
    void reach(InstrumentId instrument, protocol::TriggerReference reference, Reach price);
    // Whether the queue of such an order was reached and is not released yet: one that came now
    // would be taken for one of those.
    [[nodiscard]] bool is_under_way(const Terms& terms) const {
        return queues_[place_of(terms)].is_reached;
    }
    // Whether next() may have an order. Read with every command, and so a number of its own.
    [[nodiscard]] std::uint32_t first_due() const { return first_due_; }
    // The slot of the order that is released next, or 0. It stays until it is removed.
    [[nodiscard]] std::uint32_t next();
    // What was reached of the next order's queue waits until the instrument's are resumed.
    void hold();
    void resume(InstrumentId instrument);

    // ---- State ----
    void encode(StateEncoder& encoder) const;
    // Instruments from `instruments` on are not listed.
    void decode(StateDecoder& decoder, std::uint32_t instruments);
    void check_invariants() const;

  private:
    // A leftist heap: the way down to the right is the shortest to an end, so that two heaps become
    // one in logarithmic time, whatever the prices.
    struct alignas(64) Node {
        Terms terms;
        std::uint64_t age;  // rises with every add() and move()
        std::uint32_t parent;
        std::uint32_t left;
        std::uint32_t right;
        std::uint32_t distance;  // to the nearest end; 0 of a slot whose order does not wait
    };
    static_assert(sizeof(Node) == 64);

    struct Queue {
        Ticks reached;  // as far as the price came; where it was
        std::uint32_t top;
        std::uint32_t next_due;  // place + 1 of the queue that is released after it, or 0
        bool is_reached;
        bool is_due;
    };

    static constexpr std::size_t ways = 2;
    static constexpr std::size_t references = 3;
    static constexpr std::size_t queues_per_instrument = ways * references;
    static constexpr std::size_t place_of(InstrumentId instrument,
                                          protocol::TriggerReference reference, bool is_rising) {
        return instrument.value() * queues_per_instrument +
               static_cast<std::size_t>(reference) * ways + (is_rising ? 1 : 0);
    }
    static std::size_t place_of(const Terms& terms) {
        return place_of(terms.instrument, terms.reference, terms.is_rising());
    }

    void touch(std::size_t place, Ticks price);
    [[nodiscard]] bool has_reached(const Queue& queue, Ticks price) const;
    void append_due(std::size_t place);
    void drop_first_due();

    [[nodiscard]] bool is_before(std::uint32_t left, std::uint32_t right) const;
    void insert(std::uint32_t slot);
    void unlink(std::uint32_t slot);
    [[nodiscard]] std::uint32_t melded(std::uint32_t one, std::uint32_t other);
    // Returns whether the distance changed.
    bool lean_left(std::uint32_t slot);

    void encode_queue(StateEncoder& encoder, std::size_t place) const;
    [[nodiscard]] std::uint32_t decode_order(StateDecoder& decoder, std::uint32_t instruments,
                                             std::uint32_t last);
    [[nodiscard]] bool has_unique_ages() const;
    [[nodiscard]] std::size_t decode_queue(StateDecoder& decoder, std::uint32_t instruments,
                                           bool is_due);
    void check_node(std::uint32_t slot) const;

    Block<Node> nodes_;            // by order slot
    Block<Queue> queues_;          // by instrument, reference and way
    Block<std::uint32_t> counts_;  // by instrument
    std::uint64_t next_age_ = 1;
    std::uint32_t count_ = 0;
    std::uint32_t waiting_max_;
    std::uint32_t first_due_ = 0;  // place + 1
    std::uint32_t last_due_ = 0;
};

}  // namespace miletus::triggers
