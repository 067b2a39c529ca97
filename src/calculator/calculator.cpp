// Names and numbers, one way or the other.
#include "calculator/calculator.hpp"

#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::calculator {

namespace {

struct Line {
    std::string_view name;
    double value = 0;
};

std::string text_of(double value) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), value);
    return {digits.begin(), end.ptr};
}

void tell_lines(std::ostream& out, const std::vector<Line>& lines) {
    constexpr std::size_t name_width = 8;
    for (const Line& line : lines) {
        out << line.name << std::string(name_width - line.name.size(), ' ') << text_of(line.value)
            << "\n";
    }
}

void tell_json(std::ostream& out, const std::vector<Line>& lines, std::string_view status) {
    out << "{";
    for (const Line& line : lines) {
        out << "\"" << line.name << "\": " << text_of(line.value) << ", ";
    }
    out << "\"status\": \"" << status << "\"}\n";
}

// What there is, and why there is no more.
void tell(std::ostream& out, const std::vector<Line>& lines, pricing::Status status,
          bool wants_json) {
    if (wants_json) {
        tell_json(out, lines, sentence(status));
        return;
    }
    tell_lines(out, lines);
    if (status != pricing::Status::ok) {
        out << sentence(status) << "\n";
    }
}

bool has_value(pricing::Status status) {
    return status == pricing::Status::ok || status == pricing::Status::no_time_value;
}

}  // namespace

bool implied_vol(std::ostream& out, const VolQuestion& question) {
    const pricing::ImpliedVol implied = pricing::implied_vol(question.option);
    std::vector<Line> lines;
    if (has_value(implied.status)) {
        lines.push_back({"vol", implied.vol});
    }
    tell(out, lines, implied.status, question.wants_json);
    return has_value(implied.status);
}

bool price(std::ostream& out, const PriceQuestion& question) {
    const pricing::Valuation value = pricing::value_of(question.option);
    const bool has_price = has_value(value.status);
    std::vector<Line> lines;
    if (has_price) {
        lines.push_back({"price", value.price});
    }
    if (has_price && question.wants_greeks) {
        lines.insert(lines.end(), {{"delta", value.delta},
                                   {"gamma", value.gamma},
                                   {"vega", value.vega},
                                   {"theta", value.theta},
                                   {"rho", value.rho},
                                   {"vanna", value.vanna},
                                   {"volga", value.volga},
                                   {"charm", value.charm}});
    }
    tell(out, lines, value.status, question.wants_json);
    return has_price;
}

}  // namespace miletus::calculator
