// Every number is told with its unit in the head of its column.
#include "surface_report/tables.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace miletus::surface_report {

namespace {

using pricing::ExpiryReport;
using pricing::QuoteStatus;

constexpr double days_a_year = 365;

class Table {
  public:
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

    // Columns as wide as they must be; the first is aligned left.
    void tell(std::ostream& out) const {
        std::vector<std::size_t> widths;
        for (const std::vector<std::string>& row : rows_) {
            widths.resize(std::max(widths.size(), row.size()));
            for (std::size_t at = 0; at < row.size(); ++at) {
                widths[at] = std::max(widths[at], letters_in(row[at]));
            }
        }
        for (const std::vector<std::string>& row : rows_) {
            for (std::size_t at = 0; at < row.size(); ++at) {
                const std::string room(widths[at] - letters_in(row[at]), ' ');
                const bool is_last = at + 1 == row.size();
                out << "  " << (at == 0 ? row[at] + (is_last ? "" : room) : room + row[at]);
            }
            out << "\n";
        }
    }

  private:
    // Letters, not bytes: those that go on within a letter begin with the bits 10.
    static std::size_t letters_in(std::string_view text) {
        return static_cast<std::size_t>(std::ranges::count_if(
            text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
    }

    std::vector<std::vector<std::string>> rows_;
};

std::uint32_t used_in(const ExpiryReport& expiry) {
    return expiry.quotes[static_cast<std::size_t>(QuoteStatus::used)];
}

std::string share(std::uint32_t part, std::uint32_t whole) {
    return std::to_string(part) + "/" + std::to_string(whole);
}

// "one-sided 12, stale 1", over all quotes.
std::string reasons_of(const std::vector<pricing::QuoteReport>& quotes) {
    std::string reasons;
    for (std::size_t at = 1; at < pricing::quote_statuses; ++at) {
        const auto status = static_cast<QuoteStatus>(at);
        const auto count = std::ranges::count(quotes, status, &pricing::QuoteReport::status);
        if (count > 0) {
            reasons += (reasons.empty() ? "" : ", ") + std::string(sentence(status)) + " " +
                       std::to_string(count);
        }
    }
    return reasons.empty() ? "none" : reasons;
}

std::string spread_of(const pricing::ForwardEstimate& forward) {
    if (forward.agreeing == 0) {
        return "-";
    }
    return fixed(forward.least, 2) + " to " + fixed(forward.most, 2);
}

void tell_forwards(std::ostream& out, const FittedChain& fitted) {
    Table table;
    table.add({"expiry", "days", "forward", "error", "pairs agree", "between", "from"});
    for (std::size_t at = 0; at < fitted.fit->expiries.size(); ++at) {
        const ExpiryReport& expiry = fitted.fit->expiries[at];
        const pricing::ForwardEstimate& forward = expiry.forward;
        table.add({fitted.label_of(at), fixed(expiry.time * days_a_year, 2),
                   fixed(forward.forward, 2), fixed(forward.error, 2),
                   share(forward.agreeing, forward.pairs), spread_of(forward),
                   std::string(sentence(forward.source))});
    }
    out << "\nForwards\n";
    table.tell(out);
}

void tell_quotes(std::ostream& out, const FittedChain& fitted) {
    Table table;
    table.add({"expiry", "quotes", "used", "inside", "marks inside", "SVI inside", "SSVI inside",
               "vol rms %", "price rms"});
    for (std::size_t at = 0; at < fitted.fit->expiries.size(); ++at) {
        const ExpiryReport& expiry = fitted.fit->expiries[at];
        std::uint32_t all = 0;
        for (const std::uint32_t count : expiry.quotes) {
            all += count;
        }
        const std::uint32_t used = used_in(expiry);
        table.add({fitted.label_of(at), std::to_string(all), std::to_string(used),
                   expiry.is_fitted ? share(expiry.inside, used) : "not fitted",
                   share(expiry.marks_inside, expiry.marks), share(expiry.svi_inside, used),
                   share(expiry.ssvi_inside, used), fixed(expiry.rms * 100, 3),
                   fixed(expiry.price_rms, 3)});
    }
    out << "\nQuotes and residuals (prices by half the width of a quote)\n";
    table.tell(out);
}

void tell_curves(std::ostream& out, const FittedChain& fitted) {
    Table table;
    table.add({"expiry", "a", "b", "rho", "m", "sigma", "rms of variance", "status"});
    for (std::size_t at = 0; at < fitted.fit->expiries.size(); ++at) {
        const ExpiryReport& expiry = fitted.fit->expiries[at];
        if (expiry.is_fitted) {
            const pricing::Svi& svi = expiry.svi.slice;
            table.add({fitted.label_of(at), fixed(svi.a, 6), fixed(svi.b, 6), fixed(svi.rho, 4),
                       fixed(svi.m, 5), fixed(svi.sigma, 5), fixed(expiry.svi.rms, 7),
                       std::string(sentence(expiry.svi.status))});
        }
    }
    out << "\nSVI: w = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2))\n";
    table.tell(out);
    const pricing::SsviFit& ssvi = fitted.fit->ssvi;
    if (ssvi.status == pricing::CurveStatus::ok) {
        out << "\nSSVI: rho " << fixed(ssvi.surface.rho, 4) << ", eta "
            << fixed(ssvi.surface.eta, 4) << ", gamma " << fixed(ssvi.surface.gamma, 4)
            << ", rms of variance " << fixed(ssvi.rms, 6) << "\n";
    } else {
        out << "\nSSVI: " << sentence(ssvi.status) << "\n";
    }
}

void tell_arbitrage(std::ostream& out, const FittedChain& fitted) {
    Table table;
    table.add({"expiry", "least density g", "least growth of variance", "left slope", "right slope",
               "verdict", "SVI's least g"});
    for (std::size_t at = 0; at < fitted.fit->expiries.size(); ++at) {
        const ExpiryReport& expiry = fitted.fit->expiries[at];
        if (expiry.is_fitted) {
            const pricing::ArbitrageReport& measured = expiry.arbitrage;
            table.add({fitted.label_of(at), fixed(measured.least_g, 5),
                       fixed(measured.least_calendar, 7), fixed(measured.left_slope, 3),
                       fixed(measured.right_slope, 3), measured.is_free() ? "none" : "ARBITRAGE",
                       fixed(expiry.svi_butterflies.least_g, 5)});
        }
    }
    out << "\nArbitrage (butterflies: g below zero; calendars: variance that falls; wings: a slope "
           "above 2)\n";
    table.tell(out);
}

// ---- JSON ----

class Members {
  public:
    explicit Members(std::ostream& out) : out_(out) { out_ << "{"; }
    Members(const Members&) = delete;
    Members& operator=(const Members&) = delete;
    ~Members() { out_ << "}"; }

    std::ostream& name(std::string_view name) {
        out_ << (is_first_ ? "" : ", ") << "\"" << name << "\": ";
        is_first_ = false;
        return out_;
    }
    void add(std::string_view name, double value) { this->name(name) << exact(value); }
    void add_count(std::string_view name, std::uint32_t value) { this->name(name) << value; }
    void add_text(std::string_view name, std::string_view text) {
        this->name(name) << json_text(text);
    }

  private:
    std::ostream& out_;
    bool is_first_ = true;
};

void tell_curve_json(std::ostream& out, const pricing::SviFit& svi) {
    Members members(out);
    members.add("a", svi.slice.a);
    members.add("b", svi.slice.b);
    members.add("rho", svi.slice.rho);
    members.add("m", svi.slice.m);
    members.add("sigma", svi.slice.sigma);
    members.add("rms", svi.rms);
    members.add_text("status", sentence(svi.status));
}

void tell_forward_json(std::ostream& out, const pricing::ForwardEstimate& forward) {
    Members members(out);
    members.add("forward", forward.forward);
    members.add("discount", forward.discount);
    members.add("error", forward.error);
    members.add("least", forward.least);
    members.add("most", forward.most);
    members.add_count("pairs", forward.pairs);
    members.add_count("agreeing", forward.agreeing);
    members.add_text("source", sentence(forward.source));
}

void tell_arbitrage_json(std::ostream& out, const ExpiryReport& expiry) {
    Members members(out);
    members.add("least_g", expiry.arbitrage.least_g);
    members.add("least_calendar", expiry.arbitrage.least_calendar);
    members.add("left_slope", expiry.arbitrage.left_slope);
    members.add("right_slope", expiry.arbitrage.right_slope);
    members.add("svi_least_g", expiry.svi_butterflies.least_g);
}

void tell_expiry_json(std::ostream& out, const FittedChain& fitted, std::size_t at) {
    const ExpiryReport& expiry = fitted.fit->expiries[at];
    Members members(out);
    members.add_text("expiry", fitted.label_of(at));
    members.add("time", expiry.time);
    members.name("fitted") << (expiry.is_fitted ? "true" : "false");
    tell_forward_json(members.name("forward"), expiry.forward);
    {
        Members quotes(members.name("quotes"));
        for (std::size_t status = 0; status < pricing::quote_statuses; ++status) {
            if (expiry.quotes[status] > 0) {
                quotes.add_count(sentence(static_cast<QuoteStatus>(status)), expiry.quotes[status]);
            }
        }
    }
    members.add_count("inside", expiry.inside);
    members.add_count("marks", expiry.marks);
    members.add_count("marks_inside", expiry.marks_inside);
    members.add_count("svi_inside", expiry.svi_inside);
    members.add_count("ssvi_inside", expiry.ssvi_inside);
    members.add("vol_rms", expiry.rms);
    members.add("price_rms", expiry.price_rms);
    if (!expiry.is_fitted) {
        members.name("svi") << "null";
        members.name("arbitrage") << "null";
        return;
    }
    tell_curve_json(members.name("svi"), expiry.svi);
    tell_arbitrage_json(members.name("arbitrage"), expiry);
}

void tell_quote_json(std::ostream& out, const pricing::Quote& quote,
                     const pricing::QuoteReport& report) {
    Members members(out);
    members.add("time", quote.time);
    members.add("strike", quote.strike);
    members.add_text("kind", quote.kind == pricing::call ? "call" : "put");
    members.add("bid", quote.bid);
    members.add("ask", quote.ask);
    members.add_text("status", sentence(report.status));
    if (report.status == QuoteStatus::used) {
        members.add("fitted", report.fitted);
        members.add("fitted_vol", report.fitted_vol);
        members.add("bid_vol", report.bid_vol);
        members.add("ask_vol", report.ask_vol);
    }
}

template <class Tell>
void tell_list(std::ostream& out, std::size_t count, Tell tell) {
    out << "[";
    for (std::size_t at = 0; at < count; ++at) {
        out << (at == 0 ? "" : ", ");
        tell(at);
    }
    out << "]";
}

std::string escaped(std::string_view text, std::string_view special,
                    std::string_view (*replacement)(char)) {
    std::string result;
    for (const char letter : text) {
        const bool is_control = static_cast<unsigned char>(letter) < 0x20;
        if (special.find(letter) != std::string_view::npos) {
            result += replacement(letter);
        } else {
            result += is_control ? ' ' : letter;
        }
    }
    return result;
}

}  // namespace

std::string FittedChain::label_of(std::size_t expiry) const {
    for (std::size_t at = 0; at < chain.quotes.size(); ++at) {
        if (chain.quotes[at].time == fit->expiries[expiry].time && !chain.labels[at].empty()) {
            return chain.labels[at];
        }
    }
    return fixed(fit->expiries[expiry].time * days_a_year, 2) + " days";
}

void tell_tables(std::ostream& out, const FittedChain& fitted) {
    const NamedChain& chain = fitted.chain;
    out << (chain.name.empty() ? "chain" : chain.name) << ": " << chain.quotes.size() << " quotes";
    if (!fitted.fit) {
        out << ": " << sentence(fitted.fit.error()) << "\n";
        return;
    }
    std::uint32_t used = 0;
    std::uint32_t inside = 0;
    std::uint32_t marks = 0;
    std::uint32_t marks_inside = 0;
    for (const ExpiryReport& expiry : fitted.fit->expiries) {
        used += used_in(expiry);
        inside += expiry.inside;
        marks += expiry.marks;
        marks_inside += expiry.marks_inside;
    }
    out << ", " << used << " used; passed over: " << reasons_of(fitted.fit->quotes) << "\n";
    out << "fitted between bid and ask: " << share(inside, used);
    if (marks > 0) {
        out << "; the venue's marks: " << share(marks_inside, marks);
    }
    out << "\n";
    tell_quotes(out, fitted);
    tell_forwards(out, fitted);
    tell_curves(out, fitted);
    tell_arbitrage(out, fitted);
}

void tell_json(std::ostream& out, const FittedChain& fitted) {
    Members members(out);
    members.add_text("name", fitted.chain.name);
    members.add("index", fitted.chain.spot);
    members.add_text("status", fitted.fit ? "ok" : sentence(fitted.fit.error()));
    if (!fitted.fit) {
        return;
    }
    const pricing::Ssvi& ssvi = fitted.fit->ssvi.surface;
    {
        Members told(members.name("ssvi"));
        told.add("rho", ssvi.rho);
        told.add("eta", ssvi.eta);
        told.add("gamma", ssvi.gamma);
        told.add("rms", fitted.fit->ssvi.rms);
        told.add_text("status", sentence(fitted.fit->ssvi.status));
        tell_list(told.name("theta"), ssvi.theta.size(),
                  [&](std::size_t at) { out << exact(ssvi.theta[at]); });
    }
    tell_list(members.name("expiries"), fitted.fit->expiries.size(),
              [&](std::size_t at) { tell_expiry_json(out, fitted, at); });
    tell_list(members.name("quotes"), fitted.fit->quotes.size(), [&](std::size_t at) {
        tell_quote_json(out, fitted.chain.quotes[at], fitted.fit->quotes[at]);
    });
}

std::string fixed(double value, int digits) {
    if (!std::isfinite(value) || std::abs(value) > 1e15) {
        return "-";
    }
    std::array<char, 64> text{};
    const auto end =
        std::to_chars(text.begin(), text.end(), value, std::chars_format::fixed, digits);
    return {text.begin(), end.ptr};
}

std::string exact(double value) {
    if (!std::isfinite(value)) {
        return "null";
    }
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.begin(), text.end(), value);
    return {text.begin(), end.ptr};
}

std::string json_text(std::string_view text) {
    return "\"" +
           escaped(
               text, "\"\\",
               [](char letter) -> std::string_view { return letter == '"' ? "\\\"" : "\\\\"; }) +
           "\"";
}

std::string xml_text(std::string_view text) {
    return escaped(text, "<>&", [](char letter) -> std::string_view {
        return letter == '<' ? "&lt;" : letter == '>' ? "&gt;" : "&amp;";
    });
}

}  // namespace miletus::surface_report
