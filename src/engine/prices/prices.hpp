// Prices: index, marks, last trades, funding and delivery prices of everything listed. It decides
// no margin and moves no money: others read its table. Marks of options come from surfaces; here
// they are kept, and move with their index in between. Called by the engine thread only.
#pragma once

#include "base/decoder.hpp"
#include "base/encoder.hpp"
#include "base/limits.hpp"
#include "base/memory.hpp"
#include "base/result.hpp"
#include "engine/instruments/instruments.hpp"
#include "engine/prices/delivery.hpp"
#include "engine/prices/index.hpp"
#include "engine/prices/marks.hpp"
#include "protocol/event_writer.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace miletus::prices {

// What others read of one instrument: one cache line.
struct alignas(64) Quote {
    Grid mark;
    LotValue mark_value;   // of a lot: exact
    LotValue index_value;  // of a lot of the underlying, floored
    LotValue funding;      // what a long lot has paid since the listing
    Ticks last;
    LotValue grid_value;  // of a lot, for a tenth of a tick
    std::uint32_t older;  // neighbours among the underlying's: number + 1, or 0
    std::uint32_t newer;
    UnderlyingId underlying;
    protocol::InstrumentKind kind{};
    bool is_listed : 1;
    bool is_settled : 1;
    bool has_mark : 1;
    bool has_last : 1;
};
static_assert(sizeof(Quote) == 64);

struct Delivery {
    Grid price;          // what a long lot is paid, in tenths of a tick: of an option, its payoff
    IndexPrice average;  // of the index
    std::uint64_t samples = 0;
};

class Prices {
  public:
    Prices(const Limits& limits, const instruments::Instruments& instruments,
           const instruments::ParameterBook& parameters, protocol::EventWriter& events);

    // ---- What there is ----
    // Refused where marks of it might not fit their integers.
    [[nodiscard]] Result<void> check_listing(const instruments::Listing& listing) const;
    // It has no mark yet.
    void list(InstrumentId instrument);
    // Of a perpetual or a future that was listed just now: from the index, if there is one.
    void mark_new(InstrumentId instrument);
    // Its last mark is what it was delivered at; no other follows, and its values stay as they are.
    void settle(InstrumentId instrument, Grid price);
    // The same, at the mark that it has, or at none.
    void settle(InstrumentId instrument);
    // Forgets it: its number may be used again.
    void archive(InstrumentId instrument);

    // ---- Index and time ----
    [[nodiscard]] Result<void> check_sources(UnderlyingId underlying,
                                             std::span<const protocol::SourcePrice> sources,
                                             UnixNanos now) const;
    void update_index(UnderlyingId underlying, std::span<const protocol::SourcePrice> sources,
                      UnixNanos now);
    // The last whole second that was sampled; 0 for none.
    [[nodiscard]] std::int64_t sampled_second(UnderlyingId underlying) const {
        return rows_[underlying.value()].sampled;
    }
    // Once a whole second for each underlying that has an index; `seconds` passed since the last
    // time. One book for each instrument that visit_linear() visits, in its order.
    void sample(UnderlyingId underlying, UnixNanos now, std::int64_t seconds,
                std::span<const BookSample> books);
    // Calls visit(instrument) for perpetuals and futures that are not settled, as they were listed.
    template <class Visit>
    void visit_linear(UnderlyingId underlying, Visit visit) const {
        visit_chain(rows_[underlying.value()].linear, visit);
    }
    // The same for its options.
    template <class Visit>
    void visit_options(UnderlyingId underlying, Visit visit) const {
        visit_chain(rows_[underlying.value()].options, visit);
    }
    // The last trade; one of a liquidation is none.
    void trade(InstrumentId instrument, Ticks price) {
        Quote& quote = quotes_[instrument.value()];
        quote.last = price;
        quote.has_last = true;
    }

    // ---- Options ----
    // Whether it is of a listed, unsettled option of this underlying, and can be at all.
    [[nodiscard]] bool can_install(UnderlyingId underlying, const OptionMark& mark) const;
    // One book for each option that visit_options() visits, in its order: best bid and best ask.
    void sample_options(UnderlyingId underlying, std::span<const BookSample> books);
    // Puts these marks in the place of older ones, within books that are tight; others of the
    // underlying stay.
    void install(UnderlyingId underlying, IndexPrice base_index, std::span<const OptionMark> marks);

    // ---- Delivery ----
    // Of an expired instrument; empty until it had samples enough, or waited long enough for them.
    [[nodiscard]] std::optional<Delivery> delivery(InstrumentId instrument) const;

    // ---- What others read ----
    [[nodiscard]] const Quote& quote(InstrumentId instrument) const LIFETIME_BOUND {
        return quotes_[instrument.value()];
    }
    [[nodiscard]] bool has_mark(InstrumentId instrument) const {
        return quote(instrument).has_mark;
    }
    [[nodiscard]] Grid mark(InstrumentId instrument) const { return quote(instrument).mark; }
    [[nodiscard]] LotValue mark_value(InstrumentId instrument) const {
        return quote(instrument).mark_value;
    }
    [[nodiscard]] LotValue index_value(InstrumentId instrument) const {
        return quote(instrument).index_value;
    }
    [[nodiscard]] LotValue funding(InstrumentId instrument) const {
        return quote(instrument).funding;
    }
    [[nodiscard]] std::optional<Ticks> last_trade(InstrumentId instrument) const {
        const Quote& quote = this->quote(instrument);
        return quote.has_last ? std::optional(quote.last) : std::nullopt;
    }
    [[nodiscard]] IndexPrice index(UnderlyingId underlying) const {
        return rows_[underlying.value()].index.price();
    }
    [[nodiscard]] protocol::IndexState index_state(UnderlyingId underlying) const {
        return rows_[underlying.value()].index.state();
    }
    [[nodiscard]] const Reading& index_reading(UnderlyingId underlying) const LIFETIME_BOUND {
        return rows_[underlying.value()].index.reading();
    }
    // Rises whenever a call changes a mark, an index, or what lots have paid.
    [[nodiscard]] std::uint64_t version() const { return version_; }

    void encode(StateEncoder& encoder) const;
    void decode(StateDecoder& decoder);
    void check_invariants() const;

  private:
    // Instruments of one underlying, as they were listed: number + 1, or 0.
    struct Chain {
        std::uint32_t oldest;
        std::uint32_t newest;
    };
    struct Row {
        Index index;
        Windows windows;
        std::int64_t sampled = 0;  // the last second
        IndexPrice sampled_price;  // the index in it; 0 before the first
        // No expiry without a window comes before this one.
        UnixNanos next_expiry;
        Chain linear{};
        Chain options{};
    };

    template <class Visit>
    void visit_chain(const Chain& chain, Visit visit) const {
        std::uint32_t link = chain.oldest;
        while (link != 0) {
            const Quote& quote = quotes_[link - 1];
            const InstrumentId instrument(link - 1);
            link = quote.newer;
            if (!quote.is_settled) {
                visit(instrument);
            }
        }
    }
    template <class Visit>
    void visit_all(const Row& row, Visit visit) const {
        visit_chain(row.linear, visit);
        visit_chain(row.options, visit);
    }

    // Once for each call, however much it changed.
    void note_changes() { version_ += static_cast<std::uint64_t>(is_changed_); }

    void link(Chain& chain, InstrumentId instrument);
    void unlink(Chain& chain, InstrumentId instrument);
    [[nodiscard]] Chain& chain_of(InstrumentId instrument);
    void emit_index(UnderlyingId underlying, UnixNanos now);
    void set_mark(InstrumentId instrument, Quote& quote, Grid wanted);
    [[nodiscard]] Band band_of(InstrumentId instrument, IndexPrice index) const;
    void step_books(const Row& row, std::int64_t seconds, std::span<const BookSample> books);
    void mark_all_linear(const Row& row);
    void mark_linear(const Row& row, InstrumentId instrument);
    void mark_all_options(const Row& row);
    Option& keep(const OptionMark& mark, IndexPrice base_index, LotValue base_value,
                 std::uint32_t lift);
    [[nodiscard]] static Grid marked(const Option& option, const Quote& quote, Moves& now);
    void open_windows(Row& row, std::int64_t second);
    [[nodiscard]] UnixNanos next_expiry_of(const Row& row) const;
    [[nodiscard]] std::uint32_t count_of(const Row& row, UnixNanos expiry) const;
    [[nodiscard]] std::optional<Average> average_of(const Row& row, UnixNanos expiry) const;
    void charge_funding(const Row& row, std::int64_t seconds);
    void charge_one(const Row& row, InstrumentId instrument, std::int64_t milliseconds);

    void encode_chain(StateEncoder& encoder, const Chain& chain) const;
    void encode_quote(StateEncoder& encoder, const Quote& quote) const;
    void encode_linear(StateEncoder& encoder, const Linear& linear) const;
    void encode_book(StateEncoder& encoder, const Book& book) const;
    void encode_option(StateEncoder& encoder, const Option& option) const;
    void decode_row(StateDecoder& decoder, UnderlyingId underlying);
    void decode_chain(StateDecoder& decoder, UnderlyingId underlying, bool is_of_options);
    void decode_quote(StateDecoder& decoder, InstrumentId instrument);
    void decode_linear(StateDecoder& decoder, Linear& linear);
    void decode_book(StateDecoder& decoder, Book& book);
    void decode_option(StateDecoder& decoder, InstrumentId instrument);
    void relate_windows(StateDecoder& decoder, Row& row);
    [[nodiscard]] std::uint32_t check_chain(const Row& row, const Chain& chain) const;

    const instruments::Instruments& instruments_;
    const instruments::ParameterBook& parameters_;
    protocol::EventWriter& events_;
    Block<Quote> quotes_;
    Block<Units> units_;
    Block<Linear> linears_;
    Block<Option> options_;
    Block<Book> option_books_;
    Block<Row> rows_;  // by underlying
    std::uint64_t version_ = 0;
    bool is_changed_ = false;  // within the call
};

}  // namespace miletus::prices
