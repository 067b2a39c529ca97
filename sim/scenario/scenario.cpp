// From a line to a command, from events to lines.
#include "sim/scenario/scenario.hpp"

#include "sim/scenario/narrator.hpp"
#include "sim/scenario/text.hpp"

#include <algorithm>
#include <utility>

namespace miletus::scenario {

Limits scenario_limits() {
    return {.assets = 8,
            .underlyings = 8,
            .instruments = 256,
            .accounts = 64,
            .positions = 1024,
            .orders = 1024,
            .labels = 256,
            .sessions = 16,
            .waiting_orders = 64,
            .level_pages = 1024,
            .directory_entries = 1U << 16U,
            .position_lots = 1'000'000'000'000,
            .orders_per_account = 512,
            .orders_per_instrument = 1024,
            .sessions_per_account = 8,
            .closed_orders_per_account = 4,
            .answers_per_session = 4,
            .fills_per_command = 256,
            .timers_per_command = 16,
            .sweep_per_command = 64,
            .settlements_per_command = 64,
            .triggers_per_command = 8,
            .levels_per_answer = 32,
            .event_units = 1U << 14U,
            .cache_bytes = 1U << 16U};
}

Hash128 replayed(std::span<const Unit> log, const Limits& limits) {
    engine::Engine engine(limits);
    while (!log.empty()) {
        const std::size_t units = protocol::view<protocol::CommandHeader>(log).units;
        engine.apply(log.first(units));
        log = log.subspan(units);
    }
    return engine.state_hash();
}

// repeat 256 LINE: what the last one told.
std::expected<Scenario::Told, std::string> Scenario::play(std::string_view text) {
    Arguments line(words_of(text), names_);
    if (!line.take("repeat")) {
        return play_once(text);
    }
    const std::string_view count = line.word("number of times");
    const std::int64_t times = integer_of(count).value_or(0);
    if (times < 1 || line.is_done()) {
        return std::unexpected("write: repeat 5 LINE");
    }
    const std::string_view rest = text.substr(text.find(count) + count.size());
    std::expected<Told, std::string> told;
    for (std::int64_t time = 0; time < times && told; ++time) {
        told = play_once(rest);
    }
    return told;
}

std::expected<Scenario::Told, std::string> Scenario::play_once(std::string_view text) {
    Arguments line(words_of(text), names_);
    if (line.is_done()) {
        return Told{};
    }
    read_sender(line);
    actor_ = accounts::operator_account;
    Handler handler = nullptr;
    if (const auto account = names_.find_account(line.peek())) {
        actor_ = *account;
        static_cast<void>(line.word("an account"));
        handler = find(account_verbs(), line.word("what the account does"));
    } else {
        handler = find(venue_verbs(), line.word("a verb"));
    }
    if (handler == nullptr) {
        return std::unexpected("no such verb; see docs/scenarios.md");
    }
    Told told = (this->*handler)(line);
    if (!line.error().empty()) {
        return std::unexpected(line.error());
    }
    return told;
}

// sent=3/7: the seventh command of session 3. sent=3: that session's, without a number.
void Scenario::read_sender(Arguments& line) {
    const std::string_view sent = line.option("sent").value_or("0/0");
    const std::size_t slash = sent.find('/');
    const auto session = integer_of(sent.substr(0, slash));
    const auto number = integer_of(slash == std::string_view::npos ? "0" : sent.substr(slash + 1));
    if (!session || !number) {
        line.fail("write sent=SESSION/NUMBER");
    }
    session_ = SessionId(static_cast<std::uint64_t>(session.value_or(0)));
    number_ = ClientSequence(static_cast<std::uint64_t>(number.value_or(0)));
}

Scenario::Handler Scenario::find(std::span<const Verb> verbs, std::string_view word) {
    const auto found = std::ranges::find(verbs, word, &Verb::word);
    return found != verbs.end() ? found->handler : nullptr;
}

engine::Engine& Scenario::engine() {
    if (!engine_) {
        engine_ = std::make_unique<engine::Engine>(limits_);
    }
    return *engine_;
}

void Scenario::stamp(protocol::CommandHeader& header, AccountId account) {
    header.account = account;
    header.ingress_time = now_;
    header.time = now_;
    header.sequence = Sequence(sequence_ + 1);
    header.session = session_ != SessionId(0) ? session_ : header.session;
    header.client_sequence = number_;
}

Scenario::Told Scenario::apply(std::span<Unit> command) {
    for (const auto& [at, byte] : patches_) {
        if (at < command.size_bytes()) {
            std::as_writable_bytes(command)[at] = std::byte{byte};
        }
    }
    command = command.first(command.size() - std::min(cut_, command.size() - 1));
    patches_.clear();
    cut_ = 0;
    ++sequence_;
    log_.insert(log_.end(), command.begin(), command.end());
    if (std::exchange(passes_over_, false)) {
        engine().pass_over(protocol::view<protocol::CommandHeader>(command));
    } else {
        engine().apply(command);
    }
    Told told;
    engine().events().visit_from(engine().events().start(), [&](std::span<const Unit> event) {
        told.push_back(tell_event(event, names_));
    });
    return told;
}

Scenario::Told Scenario::answer(std::span<const Unit> query) {
    protocol::EventWriter answers(1024);
    engine().answer(query, answers);
    return tell_answer(answers.message_at(answers.start()), names_);
}

}  // namespace miletus::scenario
