// Surfaces: the smiles that were sent for each underlying, and the marks and risk arrays that they
// make. What a surface holds is checked when it comes; its marks are in force once they are named
// by their digest. Between the two nothing of what is marked may change, or the surface is void.
// Marks that somebody prepared are taken where they are of the same inputs: they are the same to
// the bit, and only sooner there. Called by the engine thread only.
#pragma once

#include "base/decoder.hpp"
#include "base/encoder.hpp"
#include "base/limits.hpp"
#include "base/memory.hpp"
#include "base/result.hpp"
#include "engine/instruments/instruments.hpp"
#include "engine/prices/prices.hpp"
#include "prepared/prepared.hpp"
#include "pricing/pricing.hpp"
#include "protocol/records.hpp"

#include <array>
#include <memory>
#include <span>
#include <vector>

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
    // No mark will follow for it; what it has, it keeps.
    void retire(InstrumentId instrument);
    // Marks of options that were listed just now, by the surface that was taken last; nothing where
    // there is none, or they cannot have any.
    void mark_new(UnderlyingId underlying, std::span<const InstrumentId> instruments);

    // Puts the marks in force, if they are those that are named; a digest of zero names whatever
    // they are. Returns how many there are.
    struct Installed {
        protocol::Digest128 digest;
        std::uint32_t count = 0;
    };
    [[nodiscard]] Result<Installed> install(UnderlyingId underlying, Sequence surface,
                                            const protocol::Digest128& digest);
    // Lends marks to whoever installs them, if their inputs are those of a surface that was taken;
    // no state knows of them. Returns what is needed no longer, which may be the same.
    [[nodiscard]] std::unique_ptr<prepared::PreparedMarks> stage(
        std::unique_ptr<prepared::PreparedMarks> marks);

    // What a lot gains in each scenario; empty where it was never computed.
    [[nodiscard]] std::span<const std::int64_t> risk_array(InstrumentId instrument) const
        LIFETIME_BOUND;
    void archive(InstrumentId instrument) { places_[instrument.value()] = nowhere; }

    void encode(StateEncoder& encoder) const;
    void decode(StateDecoder& decoder);

  private:
    using PreparedMarks = prepared::PreparedMarks;

    struct Row {
        Sequence sequence;  // of the command that brought it; 0 where there is none to install
        UnixNanos time;
        IndexPrice index;
        std::uint32_t count;
        std::array<pricing::Smile, pricing::smiles_max> smiles;
        Hash128 key;  // of all that its marks are made from
    };
    // Where an instrument's risk array lies: in the table here, or in a row of the marks that are
    // lent to its underlying.
    static constexpr std::uint32_t nowhere = 0;
    static constexpr std::uint32_t here = 1;
    static constexpr std::uint32_t first_lent = 2;

    [[nodiscard]] prepared::ListedOption listed(InstrumentId instrument) const;
    [[nodiscard]] prepared::MarkInputs inputs_of(UnderlyingId underlying);
    [[nodiscard]] const PreparedMarks* find_ready(UnderlyingId underlying) const;
    void put_in_force(UnderlyingId underlying, const PreparedMarks& ready);
    void keep_array(InstrumentId instrument, std::span<const std::int64_t> array);
    void encode_row(StateEncoder& encoder, const Row& row) const;
    void decode_row(StateDecoder& decoder, UnderlyingId underlying);

    const instruments::Instruments& instruments_;
    prices::Prices& prices_;
    Block<Row> rows_;              // by underlying
    Block<std::int64_t> arrays_;   // by instrument
    Block<std::uint32_t> places_;  // by instrument
    // By underlying, if any: lent for the next marks, and those of the last that were.
    std::vector<std::unique_ptr<PreparedMarks>> staged_;
    std::vector<std::unique_ptr<PreparedMarks>> lent_;
    // Room to compute in; nothing in it decides anything.
    PreparedMarks room_;
    Block<prepared::ListedOption> options_;
    Block<prices::OptionMark> installed_;
};

}  // namespace miletus::engine
