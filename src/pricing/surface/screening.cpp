// One question after the other; the first that a quote fails names its status.
#include "pricing/surface/screening.hpp"

#include "pricing/surface/scalars.hpp"

#include <algorithm>
#include <tuple>

namespace miletus::pricing {

namespace {

constexpr double least_years = 1e-9;
constexpr double most_years = 100;
constexpr double least_number = 1e-30;
constexpr double most_number = 1e30;
// How far a forward that no pair confirms may be off.
constexpr double forward_slack = 1e-3;

bool is_number(double x) {
    return x == x;
}

bool is_price(double x) {
    return x == 0 || (least_number <= x && x <= most_number);
}

QuoteStatus first_status(const Quote& quote, const QuotedChain& chain) {
    for (const double number : {quote.time, quote.strike, quote.bid, quote.ask, quote.age}) {
        if (!is_number(number)) {
            return QuoteStatus::not_a_number;
        }
    }
    const bool is_inside = least_number <= quote.strike && quote.strike <= most_number &&
                           quote.time <= most_years && (quote.kind == 1 || quote.kind == -1) &&
                           is_price(quote.bid) && is_price(quote.ask);
    if (!is_inside) {
        return QuoteStatus::out_of_domain;
    }
    if (quote.time < least_years) {
        return QuoteStatus::expired;
    }
    if (quote.age > chain.age_max) {
        return QuoteStatus::stale;
    }
    if (quote.bid == 0 && quote.ask == 0) {
        return QuoteStatus::no_side;
    }
    if (quote.bid == 0 || quote.ask == 0) {
        return QuoteStatus::one_sided;
    }
    if (quote.bid > quote.ask) {
        return QuoteStatus::crossed;
    }
    if (quote.bid == quote.ask) {
        return QuoteStatus::zero_width;
    }
    const bool is_too_dear =
        chain.settlement == Settlement::coin && quote.kind == 1 && quote.bid >= 1;
    return is_too_dear ? QuoteStatus::above_maximum : QuoteStatus::used;
}

bool has_expiry(QuoteStatus status) {
    return status != QuoteStatus::not_a_number && status != QuoteStatus::out_of_domain &&
           status != QuoteStatus::expired;
}

double listed_of(const QuotedChain& chain, const std::vector<std::size_t>& quotes) {
    std::vector<double> listed;
    for (const std::size_t at : quotes) {
        const double forward = chain.quotes[at].forward;
        if (least_number <= forward && forward <= most_number) {
            listed.push_back(forward);
        }
    }
    std::ranges::sort(listed);
    return listed.empty() ? 0.0 : listed[listed.size() / 2];
}

}  // namespace

Screening screened(const QuotedChain& chain) {
    Screening screening;
    std::vector<std::size_t> order;
    for (std::size_t at = 0; at < chain.quotes.size(); ++at) {
        screening.reports.push_back({.status = first_status(chain.quotes[at], chain)});
        if (has_expiry(screening.reports.back().status)) {
            order.push_back(at);
        }
    }
    // Of one option, the quote that can be used comes first, then the youngest.
    const auto rank = [&](std::size_t at) {
        const Quote& quote = chain.quotes[at];
        const bool is_bad = screening.reports[at].status != QuoteStatus::used;
        return std::tuple(quote.time, quote.strike, quote.kind, is_bad, quote.age, quote.bid,
                          quote.ask, at);
    };
    std::ranges::sort(order, {}, rank);
    const Quote* before = nullptr;
    for (const std::size_t at : order) {
        const Quote& quote = chain.quotes[at];
        if (before == nullptr || before->time != quote.time) {
            screening.expiries.push_back({.time = quote.time, .quotes = {}, .listed = 0});
        } else if (before->strike == quote.strike && before->kind == quote.kind &&
                   screening.reports[at].status == QuoteStatus::used) {
            screening.reports[at].status = QuoteStatus::duplicate;
        }
        before = &quote;
        screening.reports[at].expiry = static_cast<std::uint32_t>(screening.expiries.size() - 1);
        screening.expiries.back().quotes.push_back(at);
    }
    for (ScreenedExpiry& expiry : screening.expiries) {
        expiry.listed = listed_of(chain, expiry.quotes);
    }
    return screening;
}

std::vector<ParityPair> pairs_of(const QuotedChain& chain, const Screening& screening,
                                 const ScreenedExpiry& expiry) {
    std::vector<ParityPair> pairs;
    const Quote* before = nullptr;
    for (const std::size_t at : expiry.quotes) {
        if (screening.reports[at].status != QuoteStatus::used) {
            continue;
        }
        const Quote& quote = chain.quotes[at];
        if (before != nullptr && before->strike == quote.strike && before->kind < quote.kind) {
            const double call = 0.5 * (quote.bid + quote.ask);
            const double put = 0.5 * (before->bid + before->ask);
            pairs.push_back(
                {.strike = quote.strike,
                 .difference = call - put,
                 .half_width = 0.5 * ((quote.ask - quote.bid) + (before->ask - before->bid))});
        }
        before = &quote;
    }
    return pairs;
}

void screen_prices(const QuotedChain& chain, const ScreenedExpiry& expiry,
                   const ForwardEstimate& forward, Screening& screening) {
    const double low = forward.agreeing > 0 ? smaller_of(forward.least, forward.forward)
                                            : forward.forward * (1.0 - forward_slack);
    const double high = forward.agreeing > 0 ? larger_of(forward.most, forward.forward)
                                             : forward.forward * (1.0 + forward_slack);
    const bool is_coin = chain.settlement == Settlement::coin;
    for (const std::size_t at : expiry.quotes) {
        QuoteStatus& status = screening.reports[at].status;
        if (status != QuoteStatus::used) {
            continue;
        }
        const Quote& quote = chain.quotes[at];
        // The forward at which exercise brings least, and the one at which the option may cost
        // most.
        const double least_at = quote.kind == 1 ? low : high;
        const double most_at = quote.kind == 1 ? high : low;
        const double unit_at_least = is_coin ? 1.0 / least_at : forward.discount;
        const double unit_at_most = is_coin ? 1.0 / most_at : forward.discount;
        const double intrinsic = quote.kind * (least_at - quote.strike) * unit_at_least;
        const double most = (quote.kind == 1 ? most_at : quote.strike) * unit_at_most;
        if (quote.ask <= intrinsic) {
            status = QuoteStatus::below_intrinsic;
        } else if (quote.bid >= most) {
            status = QuoteStatus::above_maximum;
        }
    }
}

std::string_view sentence(QuoteStatus status) {
    switch (status) {
        case QuoteStatus::used:
            return "used";
        case QuoteStatus::no_side:
            return "no side";
        case QuoteStatus::one_sided:
            return "one-sided";
        case QuoteStatus::crossed:
            return "crossed";
        case QuoteStatus::zero_width:
            return "zero width";
        case QuoteStatus::stale:
            return "stale";
        case QuoteStatus::below_intrinsic:
            return "below intrinsic";
        case QuoteStatus::above_maximum:
            return "above maximum";
        case QuoteStatus::duplicate:
            return "duplicate";
        case QuoteStatus::not_a_number:
            return "not a number";
        case QuoteStatus::out_of_domain:
            return "out of domain";
        case QuoteStatus::expired:
            return "expired";
        case QuoteStatus::no_forward:
            return "no forward";
        case QuoteStatus::too_few:
            return "too few";
    }
    return "?";
}

}  // namespace miletus::pricing
