// Questions: what a call asks about, read out of its parameters and checked against what exists.
#pragma once

#include "base/result.hpp"
#include "edge/client_feed/client_feed.hpp"
#include "edge/gateway/deribit/objects/listing.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"

#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <string_view>

namespace miletus::deribit {

template <class T>
using Checked = std::expected<T, Failure>;

// For TRY.
template <class T>
[[nodiscard]] std::unexpected<Failure> failure_of(const Checked<T>& checked) {
    return std::unexpected(checked.error());
}

// ---- Which instruments ----

[[nodiscard]] Checked<const Market*> market_asked(const Call& call, const Markets& markets);
[[nodiscard]] Checked<const Market*> perpetual_asked(const Call& call, const Markets& markets);
[[nodiscard]] Checked<const market_data::Underlying*> index_asked(const Call& call,
                                                                  const Markets& markets);

// A currency chooses what is settled in it and what is written on it. "any" chooses all; one that
// this venue could list and does not chooses nothing.
struct CurrencyChoice {
    bool is_any = true;
    std::optional<AssetId> asset{};

    [[nodiscard]] bool has(const Markets& markets, const market_data::Instrument& instrument) const;
    [[nodiscard]] bool has(const market_data::Underlying& underlying) const;
};
[[nodiscard]] Checked<CurrencyChoice> currency_asked(const Call& call, const Markets& markets);
// The same of a text, as channels carry it; none where there is no such currency.
[[nodiscard]] std::optional<CurrencyChoice> currency_named(const Markets& markets,
                                                           std::string_view name);

[[nodiscard]] bool is_of_kind(const market_data::Instrument& instrument, choices::Kind kind);
// Any, where the call does not say.
[[nodiscard]] choices::Kind kind_asked(const Call& call);

// What both choose, for the trades of the fold; none where nothing can be chosen.
[[nodiscard]] std::optional<market_data::Selection> selection_of(const Markets& markets,
                                                                 const CurrencyChoice& currency,
                                                                 choices::Kind kind);

// ---- When, and how many ----

constexpr std::uint32_t count_max = 1000;

// From milliseconds; what no UnixNanos holds is put to the nearest that does.
[[nodiscard]] UnixNanos moment_of(std::int64_t ms);

struct Span {
    UnixNanos start{0};
    UnixNanos end{std::numeric_limits<std::int64_t>::max()};
};
// start_timestamp and end_timestamp; an end that was left out is now.
[[nodiscard]] Span span_asked(const Call& call, UnixNanos now);

[[nodiscard]] Checked<std::uint32_t> count_asked(const Call& call);
[[nodiscard]] Checked<std::uint32_t> offset_asked(const Call& call);
// Oldest first, where a start and no end says what is looked for, and nothing else was said.
[[nodiscard]] bool is_newest_first(const Call& call);

[[nodiscard]] market_data::Resolution resolution_of(choices::Resolution resolution);

// ---- Which order ----

// The number behind the dash of an id, such as USDC-1234, or a bare one.
[[nodiscard]] std::optional<std::uint64_t> number_in_id(std::string_view id);
// What order_id names: it may have been forgotten, or never have been. There is no order 0.
[[nodiscard]] Checked<OrderId> order_id_asked(const Call& call);
// The account's order of that id. Another's is not told from one that never was, nor is one whose
// instrument was forgotten: nothing could be said of it.
[[nodiscard]] Checked<const client_feed::Order*> order_asked(const Call& call, AccountId account,
                                                             const Markets& markets,
                                                             const client_feed::Accounts& accounts);

}  // namespace miletus::deribit
