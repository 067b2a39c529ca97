// What everybody may read of the present.
#include "edge/gateway/deribit/objects/public_answers.hpp"

#include "edge/gateway/deribit/objects/objects.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace miletus::deribit {

namespace {

// Calls visit(market) for all that are listed, or for those that ended.
template <class Visit>
void visit_instruments(const Markets& markets, bool is_expired, Visit visit) {
    markets.visit_listed([&](const Market& market) {
        if (market.instrument().is_alive() != is_expired) {
            visit(market);
        }
    });
    if (is_expired) {
        markets.visit_archived(visit);
    }
}

}  // namespace

Answered answer_instruments(const PublicQuestion& question, JsonWriter& writer) {
    const auto currency = TRY(currency_asked(question.call, question.markets));
    const choices::Kind kind = kind_asked(question.call);
    writer.begin_array();
    visit_instruments(question.markets, question.call.parameters.flag(Parameter::expired),
                      [&](const Market& market) {
                          if (currency.has(question.markets, market.instrument()) &&
                              is_of_kind(market.instrument(), kind)) {
                              write_instrument(writer, question.markets, market);
                          }
                      });
    writer.end_array();
    return {};
}

Answered answer_instrument(const PublicQuestion& question, JsonWriter& writer) {
    const Market* market = TRY(market_asked(question.call, question.markets));
    write_instrument(writer, question.markets, *market);
    return {};
}

Answered answer_contract_size(const PublicQuestion& question, JsonWriter& writer) {
    const Market* market = TRY(market_asked(question.call, question.markets));
    const Listing listing = listing_of(question.markets, *market);
    writer.begin_object();
    writer.decimal("contract_size", listing.amount_of(Lots(1)), listing.base.decimals);
    writer.end_object();
    return {};
}

namespace {

// Moments of expiry, soonest first; a perpetual has none, and comes last.
class Expirations {
  public:
    void add(const market_data::Instrument& instrument) {
        if (instrument.is_perpetual()) {
            has_perpetual_ = true;
        } else {
            (instrument.is_option() ? options_ : futures_).push_back(instrument.expiry);
        }
    }
    void write(JsonWriter& writer, choices::Kind kind) {
        writer.begin_object();
        if (kind == choices::Kind::any || kind == choices::Kind::option) {
            write(writer, "option", options_, false);
        }
        if (kind == choices::Kind::any || kind == choices::Kind::future) {
            write(writer, "future", futures_, has_perpetual_);
        }
        writer.end_object();
    }

  private:
    static void write(JsonWriter& writer, std::string_view name, std::vector<UnixNanos>& expiries,
                      bool has_perpetual) {
        std::ranges::sort(expiries);
        const auto rest = std::ranges::unique(expiries);
        expiries.erase(rest.begin(), rest.end());
        writer.key(name);
        writer.begin_array();
        for (const UnixNanos expiry : expiries) {
            writer.text(expiry_text(expiry).view());
        }
        if (has_perpetual) {
            writer.text("PERPETUAL");
        }
        writer.end_array();
    }

    std::vector<UnixNanos> options_;
    std::vector<UnixNanos> futures_;
    bool has_perpetual_ = false;
};

}  // namespace

Answered answer_expirations(const PublicQuestion& question, JsonWriter& writer) {
    const auto currency = TRY(currency_asked(question.call, question.markets));
    const IndexName pair = lower_case(question.call.parameters.text(Parameter::currency_pair));
    Expirations expirations;
    question.markets.visit_listed([&](const Market& market) {
        const market_data::Instrument& instrument = market.instrument();
        const auto* underlying = question.markets.underlying(instrument.underlying);
        const bool is_of_pair =
            pair.view().empty() || pair.view() == index_name_of(underlying).view();
        if (instrument.is_alive() && is_of_pair && currency.has(question.markets, instrument)) {
            expirations.add(instrument);
        }
    });
    if (currency.is_any) {
        expirations.write(writer, kind_asked(question.call));
        return {};
    }
    writer.begin_object();
    writer.key(lower_case(question.call.parameters.text(Parameter::currency)).view());
    expirations.write(writer, kind_asked(question.call));
    writer.end_object();
    return {};
}

Answered answer_currencies(const PublicQuestion& question, JsonWriter& writer) {
    writer.begin_array();
    for (const market_data::Asset& asset : question.markets.assets()) {
        if (!asset.name.view().empty()) {
            write_currency(writer, asset);
        }
    }
    writer.end_array();
    return {};
}

Answered answer_index_price(const PublicQuestion& question, JsonWriter& writer) {
    const auto* underlying = TRY(index_asked(question.call, question.markets));
    write_index_price(writer, question.markets, *underlying);
    return {};
}

namespace {

void write_index_names(const Markets& markets, bool is_extended, JsonWriter& writer) {
    writer.begin_array();
    for (const market_data::Underlying& underlying : markets.underlyings()) {
        const IndexName name = index_name_of(&underlying);
        if (name.view().empty()) {
            continue;
        }
        if (!is_extended) {
            writer.text(name.view());
            continue;
        }
        writer.begin_object();
        writer.text("name", name.view());
        writer.boolean("future_combo_creation_enabled", false);
        writer.boolean("option_combo_creation_enabled", false);
        writer.end_object();
    }
    writer.end_array();
}

}  // namespace

// Bare names, unless more is asked for.
Answered answer_index_names(const PublicQuestion& question, JsonWriter& writer) {
    write_index_names(question.markets, question.call.parameters.flag(Parameter::extended), writer);
    return {};
}

Answered answer_supported_indexes(const PublicQuestion& question, JsonWriter& writer) {
    write_index_names(question.markets, true, writer);
    return {};
}

namespace {

// Any number of levels may be asked for.
std::size_t depth_asked(const Call& call) {
    const std::int64_t depth = call.parameters.integer(Parameter::depth).value_or(5);
    return static_cast<std::size_t>(std::clamp<std::int64_t>(depth, 0, 10'000));
}

}  // namespace

Answered answer_order_book(const PublicQuestion& question, JsonWriter& writer) {
    const Market* market = TRY(market_asked(question.call, question.markets));
    write_order_book(writer, question.markets, *market, depth_asked(question.call));
    return {};
}

Answered answer_order_book_by_id(const PublicQuestion& question, JsonWriter& writer) {
    const std::int64_t number =
        question.call.parameters.integer(Parameter::instrument_id).value_or(-1);
    const bool is_number = number >= 0 && number <= std::numeric_limits<InstrumentId::Value>::max();
    const Market* market =
        is_number ? question.markets.find(InstrumentId(static_cast<InstrumentId::Value>(number)))
                  : nullptr;
    if (market == nullptr) {
        return std::unexpected(wrong(Parameter::instrument_id, "instrument not found"));
    }
    write_order_book(writer, question.markets, *market, depth_asked(question.call));
    return {};
}

Answered answer_ticker(const PublicQuestion& question, JsonWriter& writer) {
    const Market* market = TRY(market_asked(question.call, question.markets));
    write_ticker(writer, question.markets, *market);
    return {};
}

Answered answer_summary_by_currency(const PublicQuestion& question, JsonWriter& writer) {
    const auto currency = TRY(currency_asked(question.call, question.markets));
    const choices::Kind kind = kind_asked(question.call);
    writer.begin_array();
    visit_instruments(question.markets, false, [&](const Market& market) {
        if (currency.has(question.markets, market.instrument()) &&
            is_of_kind(market.instrument(), kind)) {
            write_book_summary(writer, question.markets, market);
        }
    });
    writer.end_array();
    return {};
}

Answered answer_summary_by_instrument(const PublicQuestion& question, JsonWriter& writer) {
    const Market* market = TRY(market_asked(question.call, question.markets));
    writer.begin_array();
    write_book_summary(writer, question.markets, *market);
    writer.end_array();
    return {};
}

Answered answer_time(const PublicQuestion& question, JsonWriter& writer) {
    writer.integer(milliseconds(question.now));
    return {};
}

Answered answer_status(const PublicQuestion& question, JsonWriter& writer) {
    write_status(writer, question.markets);
    return {};
}

Answered answer_version(const PublicQuestion&, JsonWriter& writer) {
    writer.begin_object();
    writer.text("version", interface_version);
    writer.end_object();
    return {};
}

// A client may ask for a failure, to see what it does with one.
Answered answer_test(const PublicQuestion& question, JsonWriter& writer) {
    const auto expected =
        question.call.parameters.choice<choices::ExpectedResult>(Parameter::expected_result);
    if (expected == choices::ExpectedResult::exception) {
        return std::unexpected(
            Failure{.code = ErrorCode::error, .reason = "exception", .param = {}});
    }
    return answer_version(question, writer);
}

Answered answer_empty_list(const PublicQuestion&, JsonWriter& writer) {
    writer.begin_array();
    writer.end_array();
    return {};
}

}  // namespace miletus::deribit
