// The generator. Every random draw is a statement of its own, because the order of draws is part of
// the flow, and no expression is contracted, so that all compilers draw the same.
#include "bench/flow.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

namespace miletus::bench {

using protocol::Side;

namespace {

constexpr std::int32_t price_low = 500;
constexpr std::int32_t price_high = 65'000;
constexpr std::int32_t first_middle = 32'768;
constexpr std::uint32_t lots_max = 100;
// Below so many live orders nothing is canceled any more.
constexpr std::size_t live_min = 10;
constexpr std::size_t live_min_in_burst = 1000;

std::int32_t clamped(std::int32_t price) {
    return std::clamp(price, price_low, price_high);
}

// xoroshiro128+ (Blackman and Vigna, 2018), seeded by SplitMix64.
class Random {
  public:
    explicit Random(std::uint64_t seed) : first_(split(seed)), second_(split(seed)) {}

    std::uint64_t next() {
        const std::uint64_t sum = first_ + second_;
        const std::uint64_t both = first_ ^ second_;
        first_ = std::rotl(first_, 24) ^ both ^ (both << 16U);
        second_ = std::rotl(both, 37);
        return sum;
    }
    bool flip() { return (next() & 1U) != 0; }
    // Uniform in [0, 1).
    double uniform() { return static_cast<double>(next() >> 11U) * 0x1p-53; }
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>((static_cast<uint128>(next()) * bound) >> 64U);
    }
    double exponential() { return -std::log(1 - uniform()); }
    double normal() {
        constexpr double two_pi = 6.283185307179586;
        const double radius = std::max(uniform(), 1e-300);
        const double angle = uniform();
        return std::sqrt(-2 * std::log(radius)) * std::cos(two_pi * angle);
    }

  private:
    __extension__ typedef unsigned __int128 uint128;

    static std::uint64_t split(std::uint64_t& state) {
        state += 0x9E3779B97F4A7C15U;
        std::uint64_t mixed = state;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
        return mixed ^ (mixed >> 31U);
    }

    std::uint64_t first_;
    std::uint64_t second_;
};

// Price-time books with nothing clever about them: a sorted map of levels, each a linked queue.
class ReferenceBooks {
  public:
    struct Order {
        std::uint64_t next;
        std::uint64_t prev;
        std::int32_t price;
        std::uint32_t quantity;
        std::uint32_t place;  // in live_
        std::uint16_t instrument;
        Side side;
    };

    explicit ReferenceBooks(std::uint32_t instruments) : books_(instruments), orders_(1) {}

    std::uint64_t new_id() {
        orders_.emplace_back();
        return orders_.size() - 1;
    }
    [[nodiscard]] std::uint64_t id_end() const { return orders_.size(); }
    [[nodiscard]] const Order& order(std::uint64_t id) const { return orders_[id]; }
    [[nodiscard]] const std::vector<std::uint64_t>& live() const { return live_; }
    [[nodiscard]] const TradeTotals& totals() const { return totals_; }
    [[nodiscard]] bool has(std::uint16_t instrument, Side side) const {
        return !books_[instrument].levels(side).empty();
    }
    [[nodiscard]] std::int32_t best(std::uint16_t instrument, Side side) const {
        return side_sign(side) * books_[instrument].levels(side).begin()->first;
    }

    void place(const Command& command);
    void remove(std::uint64_t id);

  private:
    struct Queue {
        std::uint64_t head = 0;
        std::uint64_t tail = 0;
    };
    // Sells by price, buys by its negative: the best comes first.
    using Levels = std::map<std::int32_t, Queue>;
    struct Book {
        std::array<Levels, 2> sides;
        Levels& levels(Side side) { return sides[static_cast<std::size_t>(side)]; }
        [[nodiscard]] const Levels& levels(Side side) const {
            return sides[static_cast<std::size_t>(side)];
        }
    };

    static std::int32_t side_sign(Side side) { return side == Side::buy ? -1 : 1; }
    std::uint32_t take(const Command& command);
    void rest(const Command& command, std::uint32_t quantity);
    void unlink(Levels& levels, std::uint64_t id);
    void forget(std::uint64_t id);

    std::vector<Book> books_;
    std::vector<Order> orders_;  // by id
    std::vector<std::uint64_t> live_;
    TradeTotals totals_;
};

void ReferenceBooks::place(const Command& command) {
    const std::uint32_t left = take(command);
    if (left != 0) {
        rest(command, left);
    }
}

std::uint32_t ReferenceBooks::take(const Command& command) {
    const Side maker_side = protocol::opposite(command.side);
    const std::int32_t sign = side_sign(maker_side);
    Levels& levels = books_[command.instrument].levels(maker_side);
    std::uint32_t left = command.quantity;
    while (left != 0 && !levels.empty() && levels.begin()->first <= sign * command.price) {
        const std::uint64_t id = levels.begin()->second.head;
        Order& maker = orders_[id];
        const std::uint32_t traded = std::min(left, maker.quantity);
        left -= traded;
        maker.quantity -= traded;
        totals_.add(id, command.id, maker.price, traded);
        if (maker.quantity == 0) {
            unlink(levels, id);
            forget(id);
        }
    }
    return left;
}

void ReferenceBooks::rest(const Command& command, std::uint32_t quantity) {
    Levels& levels = books_[command.instrument].levels(command.side);
    Queue& queue = levels[side_sign(command.side) * command.price];
    orders_[command.id] = {.next = 0,
                           .prev = queue.tail,
                           .price = command.price,
                           .quantity = quantity,
                           .place = static_cast<std::uint32_t>(live_.size()),
                           .instrument = command.instrument,
                           .side = command.side};
    (queue.tail != 0 ? orders_[queue.tail].next : queue.head) = command.id;
    queue.tail = command.id;
    live_.push_back(command.id);
}

void ReferenceBooks::remove(std::uint64_t id) {
    const Order& order = orders_[id];
    unlink(books_[order.instrument].levels(order.side), id);
    forget(id);
}

void ReferenceBooks::unlink(Levels& levels, std::uint64_t id) {
    const Order& order = orders_[id];
    const auto level = levels.find(side_sign(order.side) * order.price);
    Queue& queue = level->second;
    (order.prev != 0 ? orders_[order.prev].next : queue.head) = order.next;
    (order.next != 0 ? orders_[order.next].prev : queue.tail) = order.prev;
    if (queue.head == 0) {
        levels.erase(level);
    }
}

// The last live order takes over the place of the one that leaves.
void ReferenceBooks::forget(std::uint64_t id) {
    const std::uint32_t place = orders_[id].place;
    const std::uint64_t last = live_.back();
    live_[place] = last;
    orders_[last].place = place;
    live_.pop_back();
}

class Generator {
  public:
    explicit Generator(const FlowTerms& terms)
        : terms_(terms),
          random_(terms.seed),
          books_(terms.instruments),
          middles_(terms.instruments, first_middle) {}

    Flow make();

  private:
    [[nodiscard]] bool is_full() const { return commands_.size() == terms_.commands; }
    void step();
    void burst(std::uint16_t instrument);
    void quote(std::uint16_t instrument);
    void sweep(std::uint16_t instrument, std::uint32_t quantity, std::int32_t through);
    void cancel();
    void replace();
    [[nodiscard]] std::uint16_t pick_instrument();
    [[nodiscard]] std::uint64_t pick_order();
    [[nodiscard]] double drift() const;
    void issue(const Command& command);

    FlowTerms terms_;
    Random random_;
    ReferenceBooks books_;
    std::vector<std::int32_t> middles_;  // the price that each instrument is quoted around
    std::size_t live_target_ = 0;
    std::vector<Command> commands_;
};

Flow Generator::make() {
    commands_.reserve(terms_.commands);
    for (std::uint32_t round = 0; round < terms_.prefill; ++round) {
        for (std::uint32_t instrument = 0; instrument < terms_.instruments; ++instrument) {
            quote(static_cast<std::uint16_t>(instrument));
        }
    }
    live_target_ = books_.live().size();
    std::vector<Command> prefill;
    prefill.swap(commands_);
    commands_.reserve(terms_.commands);
    while (!is_full()) {
        step();
    }
    ASSERT(books_.totals() == terms_.totals);
    return {.terms = terms_,
            .prefill = std::move(prefill),
            .commands = std::move(commands_),
            .id_end = books_.id_end()};
}

void Generator::step() {
    const std::uint16_t instrument = pick_instrument();
    std::int32_t& middle = middles_[instrument];
    if (random_.below(64) == 0) {
        middle = clamped(middle + (random_.flip() ? 1 : -1));
    }
    if (terms_.has_bursts && random_.below(4000) == 0) {
        burst(instrument);
        return;
    }
    const double choice = random_.uniform();
    const bool may_remove = books_.live().size() > live_min;
    if (choice < 0.45 - drift()) {
        quote(instrument);
    } else if (choice < 0.85) {
        if (may_remove) {
            cancel();
        }
    } else if (choice < 0.95) {
        if (may_remove) {
            replace();
        }
    } else {
        const auto through = static_cast<std::int32_t>(random_.below(4));
        const std::uint32_t quantity = 1 + random_.below(150);
        sweep(instrument, quantity, through);
    }
}

// Fewer new orders while more than the target are live, more while fewer are.
double Generator::drift() const {
    const auto live = static_cast<double>(books_.live().size());
    const auto target = static_cast<double>(live_target_);
    if (live > target * 1.05) {
        return 0.04;
    }
    return live < target * 0.95 ? -0.04 : 0;
}

// Takers go through the book in both directions, the price jumps, quotes are pulled and renewed.
void Generator::burst(std::uint16_t instrument) {
    const std::int32_t direction = random_.flip() ? 1 : -1;
    for (int round = 0; round < 12 && !is_full(); ++round) {
        const auto through = 60 + static_cast<std::int32_t>(random_.below(80));
        const std::uint32_t quantity = 2000 + random_.below(6000);
        sweep(instrument, quantity, through);
    }
    const auto jump = 40 + static_cast<std::int32_t>(random_.below(200));
    middles_[instrument] = clamped(middles_[instrument] + direction * jump);
    for (int round = 0; round < 600 && books_.live().size() > live_min_in_burst && !is_full();
         ++round) {
        cancel();
    }
    for (int round = 0; round < 700 && !is_full(); ++round) {
        quote(instrument);
    }
}

void Generator::quote(std::uint16_t instrument) {
    constexpr double tail = 500;  // ticks, of the one in twenty that lies far out
    const Side side = random_.flip() ? Side::sell : Side::buy;
    const bool is_far = random_.uniform() < 0.05;
    const double away =
        is_far ? random_.exponential() * tail : std::fabs(random_.normal()) * terms_.spread;
    const std::int32_t distance = 1 + static_cast<std::int32_t>(away);
    const std::int32_t middle = middles_[instrument];
    const std::uint32_t quantity = 1 + random_.below(lots_max);
    issue({.id = books_.new_id(),
           .price = clamped(side == Side::buy ? middle - distance : middle + distance),
           .quantity = quantity,
           .instrument = instrument,
           .operation = Operation::place,
           .side = side,
           .reserved = 0});
}

// Reaches so many ticks beyond the best price. Nothing happens where nobody quotes.
void Generator::sweep(std::uint16_t instrument, std::uint32_t quantity, std::int32_t through) {
    const Side side = random_.flip() ? Side::sell : Side::buy;
    const Side makers = protocol::opposite(side);
    if (!books_.has(instrument, makers)) {
        return;
    }
    const std::int32_t best = books_.best(instrument, makers);
    issue({.id = books_.new_id(),
           .price = clamped(side == Side::buy ? best + through : best - through),
           .quantity = quantity,
           .instrument = instrument,
           .operation = Operation::take,
           .side = side,
           .reserved = 0});
}

void Generator::cancel() {
    const std::uint64_t id = pick_order();
    const ReferenceBooks::Order& order = books_.order(id);
    issue({.id = id,
           .price = order.price,
           .quantity = 0,
           .instrument = order.instrument,
           .operation = Operation::cancel,
           .side = order.side,
           .reserved = 0});
}

void Generator::replace() {
    const std::uint64_t id = pick_order();
    const ReferenceBooks::Order& order = books_.order(id);
    const auto distance = 1 + static_cast<std::int32_t>(random_.below(5));
    const std::int32_t price = clamped(order.price + (random_.flip() ? distance : -distance));
    const std::uint32_t quantity = 1 + random_.below(lots_max);
    if (price == order.price) {
        return;
    }
    issue({.id = id,
           .price = price,
           .quantity = quantity,
           .instrument = order.instrument,
           .operation = Operation::replace,
           .side = order.side,
           .reserved = 0});
}

// Popularity falls with the instrument's number.
std::uint16_t Generator::pick_instrument() {
    if (terms_.instruments == 1) {
        return 0;
    }
    const double uniform = random_.uniform();
    const double skewed = terms_.instruments * uniform * uniform;
    return static_cast<std::uint16_t>(std::min<double>(terms_.instruments - 1, skewed));
}

// Three of five are recent orders.
std::uint64_t Generator::pick_order() {
    const std::vector<std::uint64_t>& live = books_.live();
    if (random_.uniform() < 0.6) {
        const double reach = terms_.instruments > 1 ? 1024 : 64;
        const auto age = static_cast<std::uint64_t>(random_.exponential() * reach);
        return live[live.size() - 1 - std::min<std::uint64_t>(age, live.size() - 1)];
    }
    return live[random_.below(static_cast<std::uint32_t>(live.size()))];
}

void Generator::issue(const Command& command) {
    commands_.push_back(command);
    if (command.operation == Operation::cancel || command.operation == Operation::replace) {
        books_.remove(command.id);
    }
    if (command.operation != Operation::cancel) {
        books_.place(command);
    }
}

}  // namespace

Flow make_flow(const FlowTerms& terms) {
    return Generator(terms).make();
}

}  // namespace miletus::bench
