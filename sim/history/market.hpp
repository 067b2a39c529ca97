// A market for histories: a perpetual, futures and options that expire within hours, a few accounts
// with little money, and an index that walks and sometimes jumps; all from one seed. Unlike the
// streams of the engine's own tests nearly every command is a good one: this is about money.
#pragma once

#include "base/limits.hpp"
#include "base/prng.hpp"
#include "protocol/codec.hpp"

#include <array>
#include <map>
#include <span>
#include <vector>

namespace miletus::history {

[[nodiscard]] Limits market_limits();

class Market {
  public:
    explicit Market(std::uint64_t seed) : prng_(seed) {}

    // The next command, numbered and timed; valid until the next call.
    [[nodiscard]] std::span<const Unit> next() LIFETIME_BOUND;
    // One event of a command that was applied.
    void learn(std::span<const Unit> event);

  private:
    struct Listed {
        protocol::InstrumentKind kind;
        UnixNanos expiry;
        protocol::InstrumentState state = protocol::InstrumentState::pre_open;
        std::int64_t mark = 0;  // in ticks
    };

    void open(std::uint64_t step);
    void make_any();
    void place();
    void close();
    void move_money();
    void update_index();
    void update_surface();
    void install_marks();
    void list();
    void look_after_instruments();
    void set_parameter();
    [[nodiscard]] AccountId any_account();
    [[nodiscard]] std::int64_t jump();

    template <class Message>
    void put(Message message, AccountId sender = AccountId(0));
    template <protocol::Grouped Message>
    void put(Message message, std::span<const typename Message::Entry> entries,
             AccountId sender = AccountId(0));
    template <class Message>
    void stamp(Message& message, AccountId sender) const;

    Prng prng_;
    std::uint64_t sequence_ = 0;
    std::uint64_t opened_ = 0;
    UnixNanos now_{1'772'323'200'000'000'000};  // 2026-03-01T00:00
    std::int64_t index_ = 1'000'000'000;        // a thousand
    Sequence surface_;
    bool has_new_surface_ = false;
    std::map<InstrumentId, Listed> listed_;
    std::vector<Unit> units_;
};

}  // namespace miletus::history
