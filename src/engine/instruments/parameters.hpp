// The numbers that a venue plays by and may change: margins, fees, funding, index, gates. One row
// for each underlying and one for the venue itself, all set by sequenced commands, at once or at a
// time to come, so that everybody can see a change before it bites.
#pragma once

#include "base/decoder.hpp"
#include "base/encoder.hpp"
#include "base/limits.hpp"
#include "base/memory.hpp"
#include "base/result.hpp"
#include "base/units.hpp"
#include "protocol/enums.hpp"
#include "protocol/rejects.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace miletus::instruments {

constexpr std::size_t parameter_count = 36;
constexpr UnderlyingId venue_itself{65'535};
constexpr std::int64_t millionths = 1'000'000;

// One row: the venue's own numbers have a meaning in its row only.
class Parameters {
  public:
    Parameters();  // what an underlying has until somebody says otherwise
    [[nodiscard]] std::int64_t of(protocol::Parameter parameter) const {
        return values_[static_cast<std::size_t>(parameter)];
    }
    void set(protocol::Parameter parameter, std::int64_t value) {
        values_[static_cast<std::size_t>(parameter)] = value;
    }

  private:
    std::array<std::int64_t, parameter_count> values_;
};

struct ParameterChange {
    UnixNanos effective;
    std::int64_t value = 0;
    UnderlyingId underlying;  // or `venue_itself`
    protocol::Parameter parameter{};
};

// Whether the row may have this value at all.
[[nodiscard]] Result<void> check_parameter(const ParameterChange& change);

class ParameterBook {
  public:
    explicit ParameterBook(const Limits& limits);

    [[nodiscard]] const Parameters& of(UnderlyingId underlying) const LIFETIME_BOUND {
        return rows_[underlying.value()];
    }
    [[nodiscard]] std::int64_t of_venue(protocol::Parameter parameter) const {
        return rows_[rows_.size() - 1].of(parameter);
    }

    void set(const ParameterChange& change);
    [[nodiscard]] bool has_room() const { return waiting_count_ != waiting_.size(); }
    // Behind those of the same time.
    void schedule(const ParameterChange& change);
    [[nodiscard]] std::optional<UnixNanos> next_due() const;
    // Takes the first one off; there is one.
    ParameterChange pop();

    void encode(StateEncoder& encoder) const;
    void decode(StateDecoder& decoder);

  private:
    [[nodiscard]] Parameters& row_of(UnderlyingId underlying);

    Block<Parameters> rows_;          // by underlying, and the venue's at the end
    Block<ParameterChange> waiting_;  // by time
    std::size_t waiting_count_ = 0;
};

}  // namespace miletus::instruments
