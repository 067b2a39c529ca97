// A venue in plain words: it takes the operator's commands, keeps what is listed in a map, settles
// what expires, and writes down all events. Nothing in it is of the engine, or of the agent.
#pragma once

#include "protocol/codec.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace miletus::listing {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t minute_ns = 60 * second_ns;
constexpr std::int64_t hour_ns = 60 * minute_ns;
constexpr std::int64_t day_ns = 24 * hour_ns;
constexpr std::int64_t quote_unit = 1'000'000;

// What a book is, and no other may be.
struct BookName {
    UnderlyingId underlying;
    UnixNanos expiry;
    IndexPrice strike;
    protocol::InstrumentKind kind{};
    friend auto operator<=>(const BookName&, const BookName&) = default;
};

struct Book {
    BookName name;
    protocol::ListingTerms terms;
    protocol::InstrumentState state = protocol::InstrumentState::pre_open;
    std::optional<protocol::SetBand> band{};
    UnixNanos settled{};
};

class Venue {
  public:
    using Units = std::vector<Unit>;

    explicit Venue(UnixNanos start) : now_(start) {}

    // ---- What is to be seen ----
    [[nodiscard]] UnixNanos now() const { return now_; }
    [[nodiscard]] const std::vector<Units>& events() const { return events_; }
    [[nodiscard]] const std::vector<Units>& commands() const { return commands_; }
    [[nodiscard]] const std::map<std::uint32_t, Book>& books() const { return books_; }
    [[nodiscard]] std::size_t refused() const { return refused_; }
    [[nodiscard]] std::uint32_t ids() const { return ids_; }  // ever given

    [[nodiscard]] const Book* find(const BookName& name) const {
        const auto id = names_.find(name);
        return id == names_.end() ? nullptr : &books_.at(id->second);
    }

    // ---- What happens without the agent ----
    std::size_t room = 4096;  // for instruments
    std::map<protocol::CommandType, Reject> refusals;

    void add_underlying(const std::string& name, std::uint32_t decimals) {
        const AssetId base(assets_++);
        emit(protocol::AssetAdded{
            .name = protocol::Name(name.substr(0, 3)), .decimals = decimals, .asset = base});
        emit(protocol::UnderlyingAdded{.name = protocol::Name(name),
                                       .underlying = UnderlyingId(underlyings_++),
                                       .base = base,
                                       .quote = AssetId(100)});
        complete(protocol::CommandHeader{}, Reject::none);
    }

    void set_index(UnderlyingId underlying, IndexPrice price,
                   protocol::IndexState state = protocol::IndexState::good) {
        index_[underlying] = price;
        emit(protocol::IndexChanged{
            .price = price, .time = now_, .underlying = underlying, .state = state});
        complete(protocol::CommandHeader{}, Reject::none);
    }

    // Settles what has expired: it is settling at once, and settled with the next command.
    void pass_to(UnixNanos time) {
        ASSERT_GE(time, now_);
        now_ = time;
        for (auto& [id, book] : books_) {
            using enum protocol::InstrumentState;
            const bool is_dated = book.name.expiry != UnixNanos(0);
            if (book.state == settling) {
                emit(protocol::DeliveryPriceSet{.instrument = InstrumentId(id)});
                enter(id, book, settled);
                book.settled = now_;
            } else if (is_dated && book.name.expiry <= now_ && book.state != settled) {
                enter(id, book, settling);
            }
        }
        complete(protocol::CommandHeader{}, Reject::none);
    }

    void set_state(std::uint32_t id, protocol::InstrumentState state) {
        enter(id, books_.at(id), state);
        complete(protocol::CommandHeader{}, Reject::none);
    }

    void restart() {
        emit(protocol::EpochStarted{.epoch = 2});
        complete(protocol::CommandHeader{}, Reject::none);
    }

    // The same instruments told again, as one would who starts from a snapshot.
    [[nodiscard]] std::vector<Units> inventory() {
        std::vector<Units> told;
        for (const Units& event : events_) {
            const auto type =
                static_cast<protocol::EventType>(protocol::view<protocol::EventHeader>(event).type);
            if (type == protocol::EventType::asset_added ||
                type == protocol::EventType::underlying_added) {
                told.push_back(event);
            }
        }
        std::swap(told, events_);
        for (const auto& [id, book] : books_) {
            emit_listed(id, book);
            if (book.state != protocol::InstrumentState::pre_open) {
                emit(protocol::InstrumentStateChanged{.instrument = InstrumentId(id),
                                                      .state = book.state});
            }
        }
        std::swap(told, events_);
        return told;
    }

    // ---- What the agent asks for ----
    void apply(std::span<const Unit> command) {
        const Result<protocol::CommandType> type = protocol::decode_command(command);
        ASSERT_TRUE(type.has_value());
        const auto header = protocol::view<protocol::CommandHeader>(command);
        ASSERT_EQ(header.account, AccountId(0));
        ASSERT_NE(header.session, SessionId(0));
        now_ = now_ + Nanos(1000);
        if (const auto answered = answers_.find(header.client_sequence);
            answered != answers_.end()) {
            complete(header, answered->second, Sequence(1));
            return;
        }
        ASSERT_TRUE(answers_.empty() || answers_.rbegin()->first < header.client_sequence);
        commands_.emplace_back(command.begin(), command.end());
        const auto refusal = refusals.find(*type);
        const Reject reject =
            refusal != refusals.end() ? refusal->second : carry_out(*type, command);
        answers_[header.client_sequence] = reject;
        refused_ += reject == Reject::none ? 0 : 1;
        complete(header, reject);
    }

  private:
    Reject carry_out(protocol::CommandType type, std::span<const Unit> command) {
        if (type == protocol::CommandType::list_future) {
            return list(protocol::view<protocol::ListFuture>(command));
        }
        if (type == protocol::CommandType::list_option_series) {
            return list(protocol::view<protocol::ListOptionSeries>(command),
                        protocol::group<protocol::ListOptionSeries>(command));
        }
        if (type == protocol::CommandType::set_instrument_state) {
            return open(protocol::view<protocol::SetInstrumentState>(command));
        }
        if (type == protocol::CommandType::set_band) {
            return set_band(protocol::view<protocol::SetBand>(command));
        }
        if (type == protocol::CommandType::archive_instrument) {
            return archive(protocol::view<protocol::ArchiveInstrument>(command));
        }
        ADD_FAILURE() << "not a command of the agent's";
        return Reject::not_supported_yet;
    }

    Reject list(const protocol::ListFuture& command) {
        const auto kind = command.expiry == UnixNanos(0) ? protocol::InstrumentKind::perpetual
                                                         : protocol::InstrumentKind::future;
        return list_all({{.underlying = command.underlying,
                          .expiry = command.expiry,
                          .strike = {},
                          .kind = kind}},
                        command.terms);
    }

    Reject list(const protocol::ListOptionSeries& command, std::span<const IndexPrice> strikes) {
        std::vector<BookName> names;
        IndexPrice last;
        for (const IndexPrice strike : strikes) {
            if (strike <= last) {
                return Reject::strike_not_positive;
            }
            last = strike;
            for (const auto kind :
                 {protocol::InstrumentKind::call, protocol::InstrumentKind::put}) {
                names.push_back({.underlying = command.underlying,
                                 .expiry = command.expiry,
                                 .strike = strike,
                                 .kind = kind});
            }
        }
        return names.empty() ? Reject::series_empty : list_all(names, command.terms);
    }

    Reject list_all(const std::vector<BookName>& names, const protocol::ListingTerms& terms) {
        if (books_.size() + names.size() > room) {
            return Reject::instruments_full;
        }
        for (const BookName& name : names) {
            if (name.expiry != UnixNanos(0) && name.expiry <= now_) {
                return Reject::expiry_not_in_future;
            }
            if (find(name) != nullptr) {
                return Reject::instrument_exists;
            }
            check(name, terms);
        }
        for (const BookName& name : names) {
            const std::uint32_t id = free_.empty() ? ids_++ : free_.back();
            if (!free_.empty()) {
                free_.pop_back();
            }
            books_[id] = {.name = name, .terms = terms};
            names_[name] = id;
            emit_listed(id, books_[id]);
        }
        return Reject::none;
    }

    // Whether anybody could trade it.
    void check(const BookName& name, const protocol::ListingTerms& terms) const {
        const std::int64_t index = index_.at(name.underlying).value();
        EXPECT_GT(terms.tick, IndexPrice(0));
        EXPECT_GT(terms.lot, Amount(0));
        EXPECT_EQ(terms.price_low, Ticks(1));
        EXPECT_LT(terms.price_high, Ticks(std::int64_t{1} << 24U));
        const bool is_option = name.strike != IndexPrice(0);
        const std::int64_t least = is_option ? std::max(index, name.strike.value()) : 3 * index;
        EXPECT_GE(terms.price_high.value() * terms.tick.value(), least);
        if (name.expiry != UnixNanos(0)) {
            EXPECT_GT(name.expiry - now_, Nanos(29 * minute_ns));
        }
    }

    Reject open(const protocol::SetInstrumentState& command) {
        const auto book = books_.find(command.instrument.value());
        if (book == books_.end()) {
            return Reject::unknown_instrument;
        }
        if (command.state != protocol::InstrumentState::open ||
            book->second.state != protocol::InstrumentState::pre_open) {
            return Reject::state_not_reachable;
        }
        enter(book->first, book->second, command.state);
        return Reject::none;
    }

    Reject set_band(const protocol::SetBand& command) {
        const auto book = books_.find(command.instrument.value());
        if (book == books_.end()) {
            return Reject::unknown_instrument;
        }
        const protocol::ListingTerms& terms = book->second.terms;
        if (command.low > command.high || command.low < terms.price_low ||
            command.high > terms.price_high) {
            return Reject::band_out_of_range;
        }
        book->second.band = command;
        emit(protocol::BandChanged{
            .low = command.low, .high = command.high, .instrument = command.instrument});
        return Reject::none;
    }

    Reject archive(const protocol::ArchiveInstrument& command) {
        const auto book = books_.find(command.instrument.value());
        if (book == books_.end()) {
            return Reject::unknown_instrument;
        }
        if (book->second.state != protocol::InstrumentState::settled) {
            return Reject::instrument_not_settled;
        }
        names_.erase(book->second.name);
        free_.push_back(book->first);
        books_.erase(book);
        emit(protocol::InstrumentArchived{.instrument = command.instrument});
        return Reject::none;
    }

    void enter(std::uint32_t id, Book& book, protocol::InstrumentState state) {
        book.state = state;
        emit(protocol::InstrumentStateChanged{.instrument = InstrumentId(id), .state = state});
    }

    void emit_listed(std::uint32_t id, const Book& book) {
        emit(protocol::InstrumentListed{.name = protocol::InstrumentName("unread"),
                                        .expiry = book.name.expiry,
                                        .strike = book.name.strike,
                                        .terms = book.terms,
                                        .instrument = InstrumentId(id),
                                        .underlying = book.name.underlying,
                                        .kind = book.name.kind});
    }

    void complete(const protocol::CommandHeader& header, Reject reject, Sequence first = {}) {
        emit(protocol::Completed{.session = header.session,
                                 .client_sequence = header.client_sequence,
                                 .time = now_,
                                 .account = header.account,
                                 .command = header.type,
                                 .reject = reject,
                                 .first = first});
    }

    template <class Event>
    void emit(const Event& event) {
        Units units(protocol::units_of<Event>(0));
        protocol::encode(event, units);
        events_.push_back(std::move(units));
    }

    UnixNanos now_;
    std::vector<Units> events_;
    std::vector<Units> commands_;
    std::map<ClientSequence, Reject> answers_;
    std::map<std::uint32_t, Book> books_;
    std::map<BookName, std::uint32_t> names_;
    std::vector<std::uint32_t> free_;  // numbers to be used again
    std::map<UnderlyingId, IndexPrice> index_;
    std::uint16_t assets_ = 0;
    std::uint16_t underlyings_ = 0;
    std::size_t refused_ = 0;
    std::uint32_t ids_ = 0;
};

}  // namespace miletus::listing
