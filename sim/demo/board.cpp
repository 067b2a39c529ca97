// Columns and bars.
#include "sim/demo/board.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>

namespace miletus::demo {

using protocol::LevelView;
using protocol::Side;

namespace {

constexpr std::size_t bar_width = 18;

std::string padded(const std::string& text, std::size_t width) {
    return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

std::string with_commas(std::string text) {
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::size_t first = text.starts_with('-') ? 1 : 0;
    for (std::size_t at = point; at > first + 3; at -= 3) {
        text.insert(at - 3, ",");
    }
    return text;
}

std::string bar(Lots total, Lots most) {
    const auto width = static_cast<std::size_t>(total.value() * std::int64_t{bar_width} /
                                                std::max<std::int64_t>(most.value(), 1));
    std::string blocks;
    for (std::size_t at = 0; at < std::max<std::size_t>(width, 1); ++at) {
        blocks += "█";
    }
    return blocks +
           std::string(bar_width - std::min(bar_width, std::max<std::size_t>(width, 1)), ' ');
}

std::string clock_text(UnixNanos time) {
    const std::int64_t millis = time.value() / 1'000'000 % 1000;
    const std::string digits = std::to_string(millis);
    return scenario::time_text(time).substr(11) + "." + std::string(3 - digits.size(), '0') +
           digits;
}

}  // namespace

std::string price_text(const Scale& scale, Ticks price) {
    std::string text = decimal_text(price.value() * scale.tick.value(), 6);
    // All prices of an instrument show as many digits as its tick.
    const std::string tick = decimal_text(scale.tick.value(), 6);
    const std::size_t digits =
        tick.find('.') == std::string::npos ? 0 : tick.size() - tick.find('.') - 1;
    const std::size_t has =
        text.find('.') == std::string::npos ? 0 : text.size() - text.find('.') - 1;
    if (digits > has) {
        text += has == 0 ? "." : "";
        text.append(digits - has, '0');
    }
    return with_commas(text);
}

std::string quantity_text(const Scale& scale, Lots lots) {
    return decimal_text(lots.value() * scale.lot.value(), scale.lot_decimals);
}

void print_book(std::ostream& out, scenario::Scenario& market, InstrumentId instrument,
                const Scale& scale, std::uint32_t depth) {
    protocol::EventWriter answers(1024);
    const std::span<const Unit> answer =
        market.ask(accounts::operator_account,
                   protocol::QueryBook{.instrument = instrument, .depth = depth}, answers);
    const std::span<const LevelView> levels = protocol::group<protocol::BookAnswer>(answer);
    Lots most;
    for (const LevelView& level : levels) {
        most = std::max(most, level.total);
    }
    std::vector<std::string> asks;
    std::vector<std::string> bids;
    for (const LevelView& level : levels) {
        const std::string line = padded(price_text(scale, level.price), 12) + "  " +
                                 bar(level.total, most) + " " + quantity_text(scale, level.total);
        (level.side == Side::sell ? asks : bids).push_back(line);
    }
    std::ranges::reverse(asks);
    out << "\n  " << market.names().instrument(instrument) << "\n";
    for (const std::string& line : asks) {
        out << "    sell " << line << "\n";
    }
    out << "         " << std::string(12, '-') << "\n";
    for (const std::string& line : bids) {
        out << "    buy  " << line << "\n";
    }
}

void print_tape(std::ostream& out, const Scale& scale, const std::vector<TapeEntry>& tape,
                std::size_t last) {
    const std::size_t from = tape.size() - std::min(last, tape.size());
    for (std::size_t at = from; at < tape.size(); ++at) {
        const TapeEntry& entry = tape[at];
        out << "    " << clock_text(entry.time) << padded("#" + std::to_string(entry.number), 7)
            << padded(price_text(scale, entry.price), 13)
            << (entry.taker == Side::buy ? " ▲ " : " ▼ ")
            << padded(quantity_text(scale, entry.quantity), 7) << "   " << entry.buyer
            << " buys from " << entry.seller << "\n";
    }
}

void print_accounts(std::ostream& out, scenario::Scenario& market) {
    for (const auto& [id, name] : market.names().accounts) {
        protocol::EventWriter answers(1024);
        const std::span<const Unit> answer =
            market.ask(AccountId(id), protocol::QueryAccount{}, answers);
        out << "    " << name << std::string(8 - std::min<std::size_t>(name.size(), 8), ' ');
        for (const auto& entry : protocol::group<protocol::AccountAnswer>(answer)) {
            const std::uint32_t decimals = market.names().assets[entry.asset.value()].decimals;
            const std::string& asset = market.names().assets[entry.asset.value()].name;
            const auto text = [&](Amount amount) {
                return with_commas(decimal_text(amount.value(), decimals));
            };
            out << padded(text(entry.balance), 15) << " " << asset << " (" << text(entry.held)
                << " held)";
        }
        out << "\n";
        if (AccountId(id) == accounts::operator_account) {
            continue;  // it has money from fees, and never a position
        }
        for (const std::string& line : market.ask(AccountId(id), protocol::QueryPositions{})) {
            out << "            " << line << "\n";
        }
    }
}

}  // namespace miletus::demo
