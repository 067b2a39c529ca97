// The heaps, and the line of queues that were reached.
#include "engine/triggers/triggers.hpp"

#include <algorithm>
#include <utility>

namespace miletus::triggers {

using protocol::TriggerReference;

Triggers::Triggers(const Limits& limits)
    : nodes_(std::size_t{limits.orders} + 1),
      queues_(std::size_t{limits.instruments} * queues_per_instrument),
      counts_(limits.instruments),
      waiting_max_(limits.waiting_orders) {}

// ---- The orders ----

void Triggers::add(std::uint32_t slot, const Terms& terms) {
    ASSERT(!is_full() && nodes_[slot].distance == 0);
    nodes_[slot].terms = terms;
    nodes_[slot].age = next_age_++;
    insert(slot);
    ++count_;
    ++counts_[terms.instrument.value()];
}

void Triggers::remove(std::uint32_t slot) {
    unlink(slot);
    nodes_[slot].distance = 0;
    --count_;
    --counts_[nodes_[slot].terms.instrument.value()];
    // One that is due is taken off the line when its turn comes.
    Queue& queue = queues_[place_of(nodes_[slot].terms)];
    queue.is_reached = queue.is_reached && (queue.is_due || has_reached(queue, queue.reached));
}

void Triggers::move(std::uint32_t slot, Ticks trigger_price) {
    Terms terms = nodes_[slot].terms;
    terms.trigger_price = trigger_price;
    remove(slot);
    add(slot, terms);
}

std::uint32_t Triggers::any_of(InstrumentId instrument) const {
    const std::size_t first = place_of(instrument, TriggerReference::index, false);
    const auto queues = queues_.items().subspan(first, queues_per_instrument);
    const auto found =
        std::ranges::find_if(queues, [](const Queue& queue) { return queue.top != 0; });
    ASSERT(found != queues.end());
    return found->top;
}

// ---- Prices ----

void Triggers::reach(InstrumentId instrument, TriggerReference reference, Reach price) {
    touch(place_of(instrument, reference, true), price.floor);
    touch(place_of(instrument, reference, false), price.ceil);
}

void Triggers::touch(std::size_t place, Ticks price) {
    Queue& queue = queues_[place];
    if (!has_reached(queue, price)) {
        return;
    }
    if (queue.is_reached) {
        const bool is_rising = place % ways == 1;
        queue.reached = is_rising ? std::max(queue.reached, price) : std::min(queue.reached, price);
        return;
    }
    queue.reached = price;
    queue.is_reached = true;
    append_due(place);
}

// Whether its first order is released at this price.
bool Triggers::has_reached(const Queue& queue, Ticks price) const {
    return queue.top != 0 && nodes_[queue.top].terms.is_reached({.floor = price, .ceil = price});
}

std::uint32_t Triggers::next() {
    while (first_due_ != 0) {
        Queue& queue = queues_[first_due_ - 1];
        if (has_reached(queue, queue.reached)) {
            return queue.top;
        }
        queue.is_reached = false;
        drop_first_due();
    }
    return 0;
}

void Triggers::hold() {
    ASSERT(next() != 0);
    drop_first_due();
}

void Triggers::resume(InstrumentId instrument) {
    const std::size_t first = place_of(instrument, TriggerReference::index, false);
    for (std::size_t place = first; place < first + queues_per_instrument; ++place) {
        if (queues_[place].is_reached && !queues_[place].is_due) {
            append_due(place);
        }
    }
}

void Triggers::append_due(std::size_t place) {
    const auto link = static_cast<std::uint32_t>(place + 1);
    (last_due_ != 0 ? queues_[last_due_ - 1].next_due : first_due_) = link;
    last_due_ = link;
    queues_[place].next_due = 0;
    queues_[place].is_due = true;
}

void Triggers::drop_first_due() {
    Queue& queue = queues_[first_due_ - 1];
    queue.is_due = false;
    first_due_ = queue.next_due;
    last_due_ = first_due_ != 0 ? last_due_ : 0;
}

// ---- The heaps ----

// In one queue all come from one side: the nearer one is met first.
bool Triggers::is_before(std::uint32_t left, std::uint32_t right) const {
    const Node& one = nodes_[left];
    const Node& other = nodes_[right];
    if (one.terms.trigger_price != other.terms.trigger_price) {
        return (one.terms.trigger_price < other.terms.trigger_price) == one.terms.is_rising();
    }
    return one.age < other.age;
}

void Triggers::insert(std::uint32_t slot) {
    Node& node = nodes_[slot];
    node.parent = 0;
    node.left = 0;
    node.right = 0;
    node.distance = 1;
    Queue& queue = queues_[place_of(node.terms)];
    queue.top = melded(queue.top, slot);
}

// What was below it takes its place.
void Triggers::unlink(std::uint32_t slot) {
    const Node node = nodes_[slot];
    ASSERT(node.distance != 0);
    const std::uint32_t below = melded(node.left, node.right);
    nodes_[below].parent = node.parent;  // slot 0 takes the write where nothing was below
    if (node.parent == 0) {
        queues_[place_of(node.terms)].top = below;
        return;
    }
    Node& parent = nodes_[node.parent];
    (parent.left == slot ? parent.left : parent.right) = below;
    for (std::uint32_t at = node.parent; at != 0 && lean_left(at); at = nodes_[at].parent) {
    }
}

// Down the right sides of both, then back up.
std::uint32_t Triggers::melded(std::uint32_t one, std::uint32_t other) {
    std::uint32_t top = 0;
    std::uint32_t last = 0;
    while (one != 0 && other != 0) {
        if (is_before(other, one)) {
            std::swap(one, other);
        }
        (last != 0 ? nodes_[last].right : top) = one;
        nodes_[one].parent = last;
        last = one;
        one = nodes_[one].right;
    }
    const std::uint32_t rest = one != 0 ? one : other;
    (last != 0 ? nodes_[last].right : top) = rest;
    nodes_[rest].parent = last;
    for (std::uint32_t at = last; at != 0; at = nodes_[at].parent) {
        lean_left(at);
    }
    return top;
}

bool Triggers::lean_left(std::uint32_t slot) {
    Node& node = nodes_[slot];
    if (nodes_[node.left].distance < nodes_[node.right].distance) {
        std::swap(node.left, node.right);
    }
    const std::uint32_t distance = nodes_[node.right].distance + 1;
    return std::exchange(node.distance, distance) != distance;
}

}  // namespace miletus::triggers
