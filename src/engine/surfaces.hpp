// Surfaces: the smiles that were sent for each underlying, and the marks and risk arrays that they
// make. What a surface holds is checked when it comes; its marks are in force once they are named
// by their digest. Between the two nothing of what is marked may change, or the surface is void.
// Called by the engine thread only.
#pragma once

#include "base/decoder.hpp"
#include "base/encoder.hpp"
#include "base/limits.hpp"
#include "base/memory.hpp"
#include "base/result.hpp"
#include "engine/instruments/instruments.hpp"
#include "engine/prices/prices.hpp"
#include "pricing/pricing.hpp"
#include "protocol/records.hpp"

#include <array>
#include <span>

namespace miletus::engine {

constexpr std::size_t risk_array_size = pricing::usual_scenarios_count;

class Surfaces {
  public:
    Surfaces(const Limits& limits, const instruments::Instruments& instruments,
             prices::Prices& prices);

    [[nodiscard]] static Result<void> check(std::span<const protocol::SurfaceSlice> slices,
                                            UnixNanos now);
    // The next marks of this underlying come from these.
    void take(UnderlyingId underlying, std::span<const protocol::SurfaceSlice> slices,
              Sequence sequence, UnixNanos now);
    // What is listed has changed: marks computed before are of other options.
    void invalidate(UnderlyingId underlying) { rows_[underlying.value()].sequence = Sequence(0); }

    // Computes the marks and puts them in force, if they are those that are named; a digest of zero
    // names whatever they are. Returns how many there are.
    struct Installed {
        protocol::Digest128 digest;
        std::uint32_t count = 0;
    };
    [[nodiscard]] Result<Installed> install(UnderlyingId underlying, Sequence surface,
                                            const protocol::Digest128& digest);

    // What a lot gains in each scenario; empty where it was never computed.
    [[nodiscard]] std::span<const std::int64_t> risk_array(InstrumentId instrument) const
        LIFETIME_BOUND;
    void archive(InstrumentId instrument) { has_array_[instrument.value()] = 0; }

    void encode(StateEncoder& encoder) const;
    void decode(StateDecoder& decoder);

  private:
    struct Row {
        Sequence sequence;  // of the command that brought it; 0 where there is none to install
        UnixNanos time;
        IndexPrice index;
        std::uint32_t count;
        std::array<pricing::Smile, pricing::smiles_max> smiles;
    };

    [[nodiscard]] std::uint32_t collect(UnderlyingId underlying);
    void put_in_force(UnderlyingId underlying, const Row& row, std::uint32_t count);
    void encode_row(StateEncoder& encoder, const Row& row) const;
    void decode_row(StateDecoder& decoder, Row& row);

    const instruments::Instruments& instruments_;
    prices::Prices& prices_;
    Block<Row> rows_;                // by underlying
    Block<std::int64_t> arrays_;     // by instrument
    Block<std::uint8_t> has_array_;  // by instrument
    // Room to compute in; nothing stays.
    Block<InstrumentId> numbers_;
    Block<pricing::MarkOption> options_;
    Block<pricing::Mark> marks_;
    Block<std::int64_t> entries_;
    Block<prices::OptionMark> installed_;
};

}  // namespace miletus::engine
