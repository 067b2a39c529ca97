// history market|stream SEED COMMANDS: plays commands on the engine, those of a market or those of
// its own tests, and prints all that became of it, a line each, for tests/clearing/history_twin.py
// to work out again: the command, the funding of what it moved, its events, and every so often what
// queries answer. `NAME FIELD=VALUE...`; the entries of a group follow in lines that begin with a
// space.
#include "engine/command_stream.hpp"
#include "engine/engine.hpp"
#include "protocol/codec.hpp"
#include "protocol/field_text.hpp"
#include "protocol/fields.hpp"
#include "sim/history/market.hpp"

#include <charconv>
#include <concepts>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace miletus::history {

namespace {

using protocol::view;

constexpr std::uint64_t checkpoint_every = 20;

// ---- Fields ----

template <class Value>
std::string text_of(const Value& value) {
    return protocol::field_text(value);
}
std::string text_of(const protocol::ListingTerms& terms) {
    return text_of(terms.tick) + "/" + text_of(terms.lot);
}

std::string text_of(const protocol::BalanceView& entry) {
    return "asset=" + text_of(entry.asset) + " balance=" + text_of(entry.balance) +
           " held=" + text_of(entry.held) + " session=" + text_of(entry.session) +
           " worth=" + text_of(entry.worth);
}
std::string text_of(const protocol::PositionView& entry) {
    return "instrument=" + text_of(entry.instrument) + " lots=" + text_of(entry.lots) +
           " cost=" + text_of(entry.cost) + " unrealised=" + text_of(entry.unrealised) +
           " mark=" + text_of(entry.mark) + " initial=" + text_of(entry.initial) +
           " maintenance=" + text_of(entry.maintenance);
}
std::string text_of(const protocol::OrderView& entry) {
    return "instrument=" + text_of(entry.instrument) + " side=" + text_of(entry.side) +
           " left=" + text_of(entry.left) + " state=" + text_of(entry.state);
}

// ---- Messages ----

template <class Message>
void print(std::span<const Unit> units) {
    const auto& message = view<Message>(units);
    std::cout << Message::name_text;
    if constexpr (std::is_same_v<decltype(Message::header), protocol::CommandHeader>) {
        std::cout << " sender=" << message.header.account.value();
    }
    protocol::visit_fields(message, [](std::string_view name, const auto& value, std::string_view) {
        if constexpr (!requires { value.is_zero(); }) {
            std::cout << " " << name << "=" << text_of(value);
        }
    });
    std::cout << "\n";
    if constexpr (
        requires(typename Message::Entry entry) { entry.instrument; } ||
        requires(typename Message::Entry entry) { entry.asset; }) {
        for (const auto& entry : protocol::group<Message>(units)) {
            std::cout << " " << text_of(entry) << "\n";
        }
    }
}

void print_event(std::span<const Unit> event) {
    switch (view<protocol::EventHeader>(event).type) {
#define MESSAGE(number, Type, name, sentence) \
    case number:                              \
        return print<protocol::Type>(event);
#include "protocol/events.def"
        default:
            return;
    }
}

void print_answer(std::span<const Unit> answer) {
    switch (view<protocol::EventHeader>(answer).type) {
#define MESSAGE(number, Type, name, sentence) \
    case number:                              \
        return print<protocol::Type>(answer);
#include "protocol/answers.def"
        default:
            return;
    }
}

void print_command(std::span<const Unit> command) {
    const auto& header = view<protocol::CommandHeader>(command);
    std::cout << "command sequence=" << header.sequence.value() << " time=" << header.time.value()
              << "\n";
    const Result<protocol::CommandType> type = protocol::decode_command(command);
    if (!type) {
        return;
    }
    switch (*type) {
#define MESSAGE(number, Type, name, sentence) \
    case protocol::CommandType::name:         \
        return print<protocol::Type>(command);
#include "protocol/commands.def"
    }
}

// ---- The history ----

template <class Stream>
class History {
  public:
    History(std::uint64_t seed, const Limits& limits)
        : limits_(limits), engine_(limits), stream_(seed) {}

    void play(std::uint64_t commands) {
        for (std::uint64_t at = 1; at <= commands; ++at) {
            const std::span<const Unit> command = stream_.next();
            print_command(command);
            engine_.apply(command);
            print_funding();
            engine_.events().visit_from(engine_.events().start(), [&](std::span<const Unit> event) {
                print_event(event);
                stream_.learn(event);
            });
            if (at % checkpoint_every == 0) {
                print_checkpoint();
            }
        }
    }

  private:
    template <class Query>
    [[nodiscard]] std::span<const Unit> ask(AccountId account, Query query) {
        query.header.account = account;
        engine_.answer(protocol::encode(query, units_), answers_);
        return answers_.message_at(answers_.start());
    }
    static bool is_refused(std::span<const Unit> answer) {
        return view<protocol::EventHeader>(answer).type ==
               static_cast<std::uint8_t>(protocol::AnswerType::refused);
    }

    // It rises before anything that a command does. A number that is used again begins again.
    void print_funding() {
        for (std::uint32_t at = 0; at < limits_.instruments; ++at) {
            const InstrumentId id(at);
            const auto answer = ask(AccountId(0), protocol::QueryInstrument{.instrument = id});
            if (is_refused(answer)) {
                fundings_.erase(at);
                continue;
            }
            const LotValue now = view<protocol::InstrumentAnswer>(answer).funding;
            const auto known = fundings_.try_emplace(at).first;
            if (known->second != now) {
                known->second = now;
                std::cout << "funding instrument=" << at << " value=" << now.value() << "\n";
            }
        }
    }
    void print_checkpoint() {
        for (std::uint32_t at = 0; at < limits_.accounts; ++at) {
            const AccountId account(at);
            if (is_refused(ask(account, protocol::QueryMargin{}))) {
                continue;
            }
            print_answer(ask(account, protocol::QueryAccount{}));
            print_answer(ask(account, protocol::QueryPositions{}));
            print_answer(ask(account, protocol::QueryOrders{}));
            print_answer(ask(account, protocol::QueryMargin{}));
        }
    }

    Limits limits_;
    engine::Engine engine_;
    Stream stream_;
    protocol::EventWriter answers_{1024};
    std::array<Unit, protocol::units_max()> units_{};
    std::map<std::uint32_t, LotValue> fundings_;
};

std::uint64_t number_of(std::string_view text) {
    std::uint64_t number = 0;
    const char* const last = std::to_address(text.end());
    const auto [end, error] = std::from_chars(text.data(), last, number);
    ASSERT(error == std::errc() && end == last);
    return number;
}

}  // namespace

}  // namespace miletus::history

int main(int count, char** arguments) {
    namespace history = miletus::history;
    const std::vector<std::string_view> words(arguments, std::next(arguments, count));
    if (words.size() != 4 || (words[1] != "market" && words[1] != "stream")) {
        std::cerr << "usage: history market|stream SEED COMMANDS\n";
        return 2;
    }
    std::ios::sync_with_stdio(false);
    const std::uint64_t seed = history::number_of(words[2]);
    const std::uint64_t commands = history::number_of(words[3]);
    if (words[1] == "market") {
        history::History<history::Market>(seed, history::market_limits()).play(commands);
    } else {
        history::History<miletus::engine::CommandStream>(seed, miletus::engine::stream_limits())
            .play(commands);
    }
    return 0;
}
