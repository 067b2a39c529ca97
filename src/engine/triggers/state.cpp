// Canonical bytes and invariants of what waits. The shape of a heap never shows.
#include "engine/triggers/triggers.hpp"

#include <algorithm>

namespace miletus::triggers {

using protocol::TriggerReference;

// ---- Encoding ----

// Orders by slot, which is part of their id; then the queues that were reached: those on the line
// in its order, then those that are held.
void Triggers::encode(StateEncoder& encoder) const {
    encoder.add(next_age_);
    encoder.add(count_);
    for (std::uint32_t slot = 1, left = count_; left != 0; ++slot) {
        const Node& node = nodes_[slot];
        if (node.distance == 0) {
            continue;
        }
        encoder.add(slot);
        encoder.add(node.age);
        encoder.add(node.terms.trigger_price);
        encoder.add(node.terms.instrument);
        encoder.add(node.terms.side);
        encoder.add(node.terms.kind);
        encoder.add(node.terms.reference);
        encoder.add(node.terms.order_type);
        encoder.add(node.terms.time_in_force);
        --left;
    }
    std::uint32_t due = 0;
    for (std::uint32_t link = first_due_; link != 0; link = queues_[link - 1].next_due) {
        ++due;
    }
    encoder.add(due);
    for (std::uint32_t link = first_due_; link != 0; link = queues_[link - 1].next_due) {
        encode_queue(encoder, link - 1);
    }
    const auto is_held = [](const Queue& queue) {
        return queue.is_reached && !queue.is_due;
    };
    std::uint32_t held = 0;
    for (const Queue& queue : queues_.items()) {
        held += is_held(queue) ? 1U : 0U;
    }
    encoder.add(held);
    for (std::size_t place = 0; place < queues_.size(); ++place) {
        if (is_held(queues_[place])) {
            encode_queue(encoder, place);
        }
    }
}

void Triggers::encode_queue(StateEncoder& encoder, std::size_t place) const {
    encoder.add(static_cast<std::uint32_t>(place / queues_per_instrument));
    encoder.add(static_cast<TriggerReference>(place % queues_per_instrument / ways));
    encoder.add(static_cast<std::uint8_t>(place % ways));
    encoder.add(queues_[place].reached);
}

// ---- Decoding ----

void Triggers::decode(StateDecoder& decoder, std::uint32_t instruments) {
    next_age_ = decoder.take<std::uint64_t>();
    const std::uint32_t count =
        decoder.take_count(waiting_max_, "limits.waiting_orders is too small");
    std::uint32_t last = 0;
    for (std::uint32_t at = 0; at < count && decoder.is_sound(); ++at) {
        last = decode_order(decoder, instruments, last);
    }
    decoder.require(has_unique_ages(), "two waiting orders have one age");
    for (const bool is_due : {true, false}) {
        const std::uint32_t queues = decoder.take_count(queues_.size(), "too many queues wait");
        std::size_t before = 0;
        for (std::uint32_t at = 0; at < queues && decoder.is_sound(); ++at) {
            const std::size_t place = decode_queue(decoder, instruments, is_due);
            decoder.require(is_due || at == 0 || place > before, "queues are not in order");
            before = place;
        }
    }
}

// Returns its slot.
std::uint32_t Triggers::decode_order(StateDecoder& decoder, std::uint32_t instruments,
                                     std::uint32_t last) {
    const auto slot = decoder.take<std::uint32_t>();
    const auto age = decoder.take<std::uint64_t>();
    const auto trigger_price = decoder.take<Ticks>();
    const auto instrument = decoder.take<InstrumentId>();
    const auto side = decoder.take<protocol::Side>();
    const auto kind = decoder.take<protocol::TriggerKind>();
    const auto reference = decoder.take<TriggerReference>();
    const auto order_type = decoder.take<protocol::OrderType>();
    const auto time_in_force = decoder.take<protocol::TimeInForce>();
    if (!decoder.require(slot < nodes_.size(), "limits.orders is too small") ||
        !decoder.require(slot > last, "waiting orders are not in order") ||
        !decoder.require(instrument.value() < instruments, "an order waits for nothing's price") ||
        !decoder.require(age < next_age_, "a waiting order is newer than the newest")) {
        return last;
    }
    nodes_[slot].terms = {.trigger_price = trigger_price,
                          .instrument = instrument,
                          .side = side,
                          .kind = kind,
                          .reference = reference,
                          .order_type = order_type,
                          .time_in_force = time_in_force};
    nodes_[slot].age = age;
    insert(slot);
    ++count_;
    ++counts_[instrument.value()];
    return slot;
}

bool Triggers::has_unique_ages() const {
    Block<std::uint64_t> ages(count_);
    std::size_t found = 0;
    for (std::uint32_t slot = 1; found < count_; ++slot) {
        if (nodes_[slot].distance != 0) {
            ages[found++] = nodes_[slot].age;
        }
    }
    std::ranges::sort(ages.items());
    return std::ranges::adjacent_find(ages.items()) == ages.items().end();
}

// Returns its place.
std::size_t Triggers::decode_queue(StateDecoder& decoder, std::uint32_t instruments, bool is_due) {
    const auto instrument = decoder.take<InstrumentId>();
    const auto reference = decoder.take<TriggerReference>();
    const auto is_rising = decoder.take<bool>();
    const auto reached = decoder.take<Ticks>();
    if (!decoder.require(instrument.value() < instruments, "a queue is of no instrument")) {
        return 0;
    }
    const std::size_t place = place_of(instrument, reference, is_rising);
    Queue& queue = queues_[place];
    if (!decoder.require(!queue.is_reached, "a queue was reached twice") ||
        !decoder.require(is_due || has_reached(queue, reached), "a queue is held for nothing")) {
        return place;
    }
    queue.reached = reached;
    queue.is_reached = true;
    if (is_due) {
        append_due(place);
    }
    return place;
}

// ---- Invariants ----

void Triggers::check_invariants() const {
    std::uint32_t count = 0;
    for (std::uint32_t slot = 1; slot < nodes_.size() && count < count_; ++slot) {
        if (nodes_[slot].distance != 0) {
            check_node(slot);
            ++count;
        }
    }
    ASSERT(count == count_);
    std::uint32_t last = 0;
    for (std::uint32_t link = first_due_; link != 0; link = queues_[link - 1].next_due) {
        ASSERT(queues_[link - 1].is_due && queues_[link - 1].is_reached);
        last = link;
    }
    ASSERT(last == last_due_);
    for (const Queue& queue : queues_.items()) {
        ASSERT(queue.is_due || !queue.is_reached || has_reached(queue, queue.reached));
    }
}

void Triggers::check_node(std::uint32_t slot) const {
    const Node& node = nodes_[slot];
    if (node.parent == 0) {
        ASSERT(queues_[place_of(node.terms)].top == slot);
    } else {
        const Node& parent = nodes_[node.parent];
        ASSERT(parent.left == slot || parent.right == slot);
        ASSERT(place_of(parent.terms) == place_of(node.terms));
        ASSERT(is_before(node.parent, slot));
    }
    const std::uint32_t right = node.right != 0 ? nodes_[node.right].distance : 0;
    const std::uint32_t left = node.left != 0 ? nodes_[node.left].distance : 0;
    ASSERT(left >= right && node.distance == right + 1);
    ASSERT(node.age < next_age_);
}

}  // namespace miletus::triggers
