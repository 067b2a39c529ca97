// Gates: what no order may be, however well it is funded. Too large, too far from the mark, too
// many in a short time, or on prices that nobody can rely on. Each check is a comparison or two.
// Called by the engine thread only.
#pragma once

#include "base/decoder.hpp"
#include "base/encoder.hpp"
#include "base/limits.hpp"
#include "engine/accounts/accounts.hpp"
#include "engine/instruments/instruments.hpp"
#include "engine/prices/prices.hpp"

namespace miletus::risk {

struct Attempt {
    AccountId account;
    InstrumentId instrument;
    protocol::Side side = protocol::Side::buy;
    Lots lots;
    Ticks price;                 // its limit in force
    std::uint64_t likeness = 0;  // equal for orders that are the same
};

class Gates {
  public:
    Gates(const Limits& limits, const instruments::Instruments& instruments,
          const instruments::ParameterBook& parameters, const prices::Prices& prices,
          const accounts::Accounts& accounts);

    // Whether the instrument has the prices that any order needs.
    [[nodiscard]] Result<void> check_prices(InstrumentId instrument) const;
    // The worst price at which an order of this side may trade now: a tick of the instrument.
    [[nodiscard]] Ticks collar(InstrumentId instrument, protocol::Side side) const;
    [[nodiscard]] Result<void> check_price(const Attempt& attempt) const;
    // Worth, position and open interest. `position` is its slot, 0 where there is none.
    [[nodiscard]] Result<void> check_size(const Attempt& attempt, std::uint32_t position) const;
    // How many orders, and how many equal ones, came from the account of late.
    [[nodiscard]] Result<void> check_flow(const Attempt& attempt, UnixNanos now) const;
    void count(const Attempt& attempt, UnixNanos now);

    void encode(StateEncoder& encoder) const;
    void decode(StateDecoder& decoder);

  private:
    // The orders of one account, as far as their number matters.
    struct Flow {
        UnixNanos paid_until;  // every order moves it by the time that one may take
        UnixNanos repeats_since;
        std::uint64_t likeness;
        std::uint32_t repeats;
    };

    [[nodiscard]] static bool is_used(const Flow& flow);
    [[nodiscard]] std::int64_t width_of(InstrumentId instrument) const;
    [[nodiscard]] bool is_near(const Attempt& attempt) const;
    [[nodiscard]] bool is_repeat(const Flow& flow, const Attempt& attempt, UnixNanos now) const;
    [[nodiscard]] Nanos time_per_order() const;

    const instruments::Instruments& instruments_;
    const instruments::ParameterBook& parameters_;
    const prices::Prices& prices_;
    const accounts::Accounts& accounts_;
    Block<Flow> flows_;  // by account
};

}  // namespace miletus::risk
