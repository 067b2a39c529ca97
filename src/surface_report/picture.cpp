// Small multiples: one panel for each expiry, volatility in percent against the strike by the
// forward on a logarithmic axis.
#include "surface_report/picture.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <tuple>

namespace miletus::surface_report {

namespace {

constexpr int columns = 4;
constexpr double panel_width = 300;
constexpr double panel_height = 210;
constexpr double gap_width = 28;
constexpr double gap_height = 48;
constexpr double margin_left = 60;
constexpr double margin_top = 96;
constexpr double section_gap = 16;

constexpr std::string_view style =
    "<style>text{font-family:'DejaVu Sans',Helvetica,Arial,sans-serif;fill:#24292f}"
    ".title{font-size:20px;font-weight:600}.note{font-size:12px;fill:#57606a}"
    ".panel{font-size:12.5px;font-weight:600}.tick{font-size:10.5px;fill:#57606a}"
    ".frame{fill:#fff;stroke:#d0d7de}.grid{stroke:#eaeef2}"
    ".quote{stroke:#8c959f;stroke-width:1.6}.missed{stroke:#cf222e;stroke-width:2.2}"
    ".wide{stroke:#d0d7de;stroke-width:1.2}.cap{stroke:#8c959f;stroke-width:1}"
    ".fit{fill:none;stroke:#0969da;stroke-width:1.9;stroke-linejoin:round}"
    ".money{stroke:#d4a72c;stroke-dasharray:3 3}</style>";

struct Range {
    double low = 0;
    double high = 1;

    void take_in(double x) {
        low = std::min(low, x);
        high = std::max(high, x);
    }
    [[nodiscard]] double size() const { return high - low; }
    [[nodiscard]] double hold(double x) const { return std::clamp(x, low, high); }
};

struct Bar {
    double log_moneyness;
    double bid;
    double ask;
    bool is_inside;
};

// 1, 2 or 5 times a power of ten, so that there are about so many steps.
double step_of(double size, double steps) {
    const double wanted = size / steps;
    const double power = std::pow(10.0, std::floor(std::log10(wanted)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= wanted) {
            return factor * power;
        }
    }
    return 10.0 * power;
}

class Panel {
  public:
    Panel(const FittedChain& fitted, std::size_t expiry, double left, double top)
        : fitted_(fitted), report_(fitted.fit->expiries[expiry]), left_(left), top_(top) {
        label_ = fitted.label_of(expiry);
        collect_bars(expiry);
        choose_moneyness();
        trace_curve();
        choose_vols();
    }

    void draw(std::ostream& out) const {
        out << "<g><rect class='frame' x='" << fixed(left_, 1) << "' y='" << fixed(top_, 1)
            << "' width='" << panel_width << "' height='" << panel_height << "'/>";
        draw_axes(out);
        for (const Bar& bar : bars_) {
            draw_bar(out, bar);
        }
        out << "<path class='fit' d='";
        for (std::size_t at = 0; at < curve_.size(); ++at) {
            out << (at == 0 ? "M" : "L") << fixed(x_of(curve_[at].log_moneyness), 1) << " "
                << fixed(y_of(curve_[at].bid), 1);
        }
        out << "'/>";
        draw_label(out);
        out << "</g>\n";
    }

  private:
    // Of a call and a put at one strike the narrower, unless the fit misses the other.
    void collect_bars(std::size_t expiry) {
        for (std::size_t at = 0; at < fitted_.fit->quotes.size(); ++at) {
            const pricing::QuoteReport& quote = fitted_.fit->quotes[at];
            if (quote.status == pricing::QuoteStatus::used && quote.expiry == expiry &&
                quote.ask_vol > 0) {
                const double moneyness = fitted_.chain.quotes[at].strike / report_.forward.forward;
                bars_.push_back(
                    {std::log(moneyness), quote.bid_vol, quote.ask_vol, quote.is_inside});
            }
        }
        std::ranges::sort(bars_, {}, [](const Bar& bar) {
            return std::tuple(bar.log_moneyness, bar.is_inside, bar.ask - bar.bid);
        });
        const auto same = std::ranges::unique(bars_, {}, &Bar::log_moneyness);
        bars_.erase(same.begin(), same.end());
    }

    // Of the quotes whose bids say something, or of all where those are few.
    void choose_moneyness() {
        constexpr int few = 6;
        const bool are_few =
            std::ranges::count_if(bars_, [](const Bar& bar) { return bar.bid > 0; }) < few;
        moneyness_ = {1e9, -1e9};
        for (const Bar& bar : bars_) {
            if (are_few || bar.bid > 0) {
                moneyness_.take_in(bar.log_moneyness);
            }
        }
        moneyness_ = moneyness_.size() > 0 ? moneyness_ : Range{-0.1, 0.1};
        const double room = 0.04 * moneyness_.size();
        moneyness_ = {moneyness_.low - room, moneyness_.high + room};
    }

    void trace_curve() {
        constexpr int points = 120;
        for (int at = 0; at <= points; ++at) {
            const double k = moneyness_.low + moneyness_.size() * at / points;
            const double variance = fitted_.fit->surface.total_variance(k, report_.time);
            const double vol = std::sqrt(variance / report_.time);
            if (std::isfinite(vol)) {
                curve_.push_back({k, vol, vol, true});
            }
        }
    }

    // The curve's, and a little more: bars are cut where they leave.
    void choose_vols() {
        vols_ = {1e9, 0};
        for (const Bar& point : curve_) {
            vols_.take_in(point.bid);
        }
        if (curve_.empty()) {
            vols_ = {0, 1};
        }
        const double room = 0.35 * vols_.size() + 0.01;
        vols_ = {std::max(0.0, vols_.low - room), vols_.high + room};
    }

    [[nodiscard]] double x_of(double log_moneyness) const {
        return left_ + panel_width * (log_moneyness - moneyness_.low) / moneyness_.size();
    }
    [[nodiscard]] double y_of(double vol) const {
        return top_ + panel_height * (1 - (vols_.hold(vol) - vols_.low) / vols_.size());
    }

    static void draw_line(std::ostream& out, std::string_view kind, double x1, double y1, double x2,
                          double y2) {
        out << "<line class='" << kind << "' x1='" << fixed(x1, 1) << "' y1='" << fixed(y1, 1)
            << "' x2='" << fixed(x2, 1) << "' y2='" << fixed(y2, 1) << "'/>";
    }

    void draw_axes(std::ostream& out) const {
        const double step = step_of(vols_.size() * 100, 5);
        for (double vol = std::ceil(vols_.low * 100 / step) * step; vol <= vols_.high * 100;
             vol += step) {
            const double y = y_of(vol / 100);
            draw_line(out, "grid", left_, y, left_ + panel_width, y);
            out << "<text class='tick' text-anchor='end' x='" << fixed(left_ - 5, 1) << "' y='"
                << fixed(y + 3.5, 1) << "'>" << fixed(vol, step < 1 ? 1 : 0) << "</text>";
        }
        const Range percent{std::exp(moneyness_.low) * 100, std::exp(moneyness_.high) * 100};
        const double stride = step_of(percent.size(), 5);
        for (double k = std::ceil(percent.low / stride) * stride; k <= percent.high; k += stride) {
            if (k > 0) {
                const double x = x_of(std::log(k / 100));
                draw_line(out, "grid", x, top_, x, top_ + panel_height);
                out << "<text class='tick' text-anchor='middle' x='" << fixed(x, 1) << "' y='"
                    << fixed(top_ + panel_height + 13, 1) << "'>" << fixed(k, stride < 1 ? 1 : 0)
                    << "</text>";
            }
        }
        if (moneyness_.low < 0 && 0 < moneyness_.high) {
            draw_line(out, "money", x_of(0), top_, x_of(0), top_ + panel_height);
        }
    }

    void draw_bar(std::ostream& out, const Bar& bar) const {
        const bool is_within = moneyness_.low <= bar.log_moneyness &&
                               bar.log_moneyness <= moneyness_.high && bar.ask > vols_.low &&
                               bar.bid < vols_.high;
        if (!is_within) {
            return;
        }
        const double x = x_of(bar.log_moneyness);
        const bool is_wide = bar.ask - bar.bid > 0.5 * vols_.size();
        draw_line(out,
                  !bar.is_inside ? "missed"
                  : is_wide      ? "wide"
                                 : "quote",
                  x, y_of(bar.bid), x, y_of(bar.ask));
        for (const double vol : {bar.bid, bar.ask}) {
            if (vols_.low < vol && vol < vols_.high) {
                draw_line(out, "cap", x - 2, y_of(vol), x + 2, y_of(vol));
            }
        }
    }

    void draw_label(std::ostream& out) const {
        const std::uint32_t used = report_.quotes[0];
        out << "<text class='panel' x='" << fixed(left_, 1) << "' y='" << fixed(top_ - 7, 1) << "'>"
            << xml_text(label_) << "</text><text class='tick' text-anchor='end' x='"
            << fixed(left_ + panel_width, 1) << "' y='" << fixed(top_ - 7, 1) << "'>"
            << fixed(report_.time * 365, 1) << " days · " << report_.inside << "/" << used
            << " inside</text>";
    }

    const FittedChain& fitted_;
    const pricing::ExpiryReport& report_;
    double left_;
    double top_;
    std::string label_;
    std::vector<Bar> bars_;
    std::vector<Bar> curve_;
    Range moneyness_;
    Range vols_;
};

std::vector<std::size_t> expiries_of(const FittedChain& fitted) {
    std::vector<std::size_t> expiries;
    for (std::size_t at = 0; fitted.fit && at < fitted.fit->expiries.size(); ++at) {
        if (fitted.fit->expiries[at].is_fitted) {
            expiries.push_back(at);
        }
    }
    return expiries;
}

double height_of(std::size_t panels) {
    const double rows = std::ceil(static_cast<double>(panels) / columns);
    return margin_top + rows * (panel_height + gap_height);
}

void draw_section(std::ostream& out, const FittedChain& fitted, double top) {
    const std::vector<std::size_t> expiries = expiries_of(fitted);
    std::uint32_t used = 0;
    std::uint32_t inside = 0;
    for (const std::size_t expiry : expiries) {
        used += fitted.fit->expiries[expiry].quotes[0];
        inside += fitted.fit->expiries[expiry].inside;
    }
    out << "<text class='title' x='" << margin_left << "' y='" << fixed(top + 40, 1) << "'>"
        << xml_text(fitted.chain.name) << " implied volatility</text><text class='note' x='"
        << margin_left << "' y='" << fixed(top + 62, 1)
        << "'>Grey: bid to ask, red where the fit misses it. Blue: the fitted surface, free of "
           "arbitrage. "
        << inside << " of " << used
        << " quotes hold it. Across: strike in % of the forward; up: volatility in % a "
           "year.</text>\n";
    for (std::size_t at = 0; at < expiries.size(); ++at) {
        const auto column = static_cast<double>(at % columns);
        const std::size_t full_rows = at / columns;
        const auto row = static_cast<double>(full_rows);
        Panel(fitted, expiries[at], margin_left + column * (panel_width + gap_width),
              top + margin_top + row * (panel_height + gap_height))
            .draw(out);
    }
}

}  // namespace

std::string picture_of(std::span<const FittedChain> chains) {
    double height = 0;
    for (const FittedChain& fitted : chains) {
        const std::size_t panels = expiries_of(fitted).size();
        height += panels > 0 ? height_of(panels) + section_gap : 0;
    }
    constexpr double width = margin_left + columns * (panel_width + gap_width) + 12;
    std::ostringstream out;
    out << "<svg xmlns='http://www.w3.org/2000/svg' width='" << width << "' height='"
        << fixed(height, 0) << "' viewBox='0 0 " << width << " " << fixed(height, 0) << "'>"
        << style << "<rect width='100%' height='100%' fill='#f6f8fa'/>\n";
    double top = 0;
    for (const FittedChain& fitted : chains) {
        const std::size_t panels = expiries_of(fitted).size();
        if (panels > 0) {
            draw_section(out, fitted, top);
            top += height_of(panels) + section_gap;
        }
    }
    out << "</svg>\n";
    return out.str();
}

}  // namespace miletus::surface_report
