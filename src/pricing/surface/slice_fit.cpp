// The weights are a prior's, which is near the SVI slice, times factors. The factors are as smooth
// as they can be while prices lie between bids and asks: a quadratic program. Convex order with the
// expiry before means that calls, before the bells widen them, cost no less at any node.
#include "pricing/surface/slice_fit.hpp"

#include "base/assert.hpp"
#include "pricing/backends/backends.hpp"
#include "pricing/math/math.hpp"
#include "pricing/surface/program.hpp"
#include "pricing/surface/scalars.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace miletus::pricing {

namespace {

// What is tried while some quote is missed: another prior, and narrower bells. Their width is by
// the deviation at the money.
struct Attempt {
    bool is_flat;  // the prior; else it is near the SVI slice
    double width_share;
};
constexpr std::array attempts{Attempt{false, 0.3}, Attempt{true, 0.3}, Attempt{false, 0.2},
                              Attempt{true, 0.2}};
// What the distance between nodes grows by from one to the next: in the middle they stand as far
// apart as bells are wide.
constexpr double node_growth = 0.05;
// How far nodes reach at most, in deviations at the money and in ln(K / F).
constexpr double deviations_max = 40.0;
constexpr double log_reach = 12.0;
// The program's weights: smoothness, nearness to the middle of quotes, missing a quote, missing
// what a later expiry asks, and what holds factors near one where nothing else does.
constexpr double smoothness = 0.1;
constexpr double nearness = 0.05;
constexpr double cost_of_quote = 1000;
constexpr double cost_of_later = 500;
constexpr double rest = 1e-6;
// By how much of half its width a fitted price should stay within a quote.
constexpr double inset = 0.05;
constexpr double later_inset = 0.1;
constexpr std::size_t later_expiries = 3;
constexpr double least_half_width = 1e-7;

double variance_at(const Svi& slice, double k) {
    const double x = k - slice.m;
    return slice.a + slice.b * (slice.rho * x + root(x * x + slice.sigma * slice.sigma));
}

double slope_at(const Svi& slice, double k) {
    const double x = k - slice.m;
    return slice.b * (slice.rho + x / root(x * x + slice.sigma * slice.sigma));
}

// SVI among the quotes; beyond them its slope is halved, and never more than the level warrants.
double prior_variance(const ExpiryQuotes& expiry, const Svi& svi, double k) {
    const double edge = clamped(expiry.least, k, expiry.most);
    const double at_edge = variance_at(svi, edge);
    const double outward = k < edge ? -slope_at(svi, edge) : slope_at(svi, edge);
    const double most = at_edge / larger_of(size_of(edge), 1e-3);
    return at_edge + 0.5 * clamped(0, outward, most) * size_of(k - edge);
}

double half_width_of(const Band& band) {
    return larger_of(0.5 * (band.ask - band.bid), least_half_width);
}

double exp_of(double x) {
    return value_of(Function::exp, x);
}

// From asinh(low) to asinh(high) in equal steps.
std::vector<double> log_nodes_within(double low, double high, double width) {
    const auto count_to = [width](double distance) {
        const double x = node_growth * distance / width;
        const double asinh = value_of(Function::log, x + root(x * x + 1.0));
        return static_cast<int>(asinh / node_growth) + 1;
    };
    constexpr int side_max = static_cast<int>(nodes_max) / 2 - 1;
    const int left = count_to(-low);
    const int right = count_to(high);
    std::vector<double> nodes;
    const int first = left < side_max ? left : side_max;
    const int last = right < side_max ? right : side_max;
    for (int at = -first; at <= last; ++at) {
        const double growth = exp_of(node_growth * at);
        nodes.push_back(width * (growth - 1.0 / growth) / (2.0 * node_growth));
    }
    return nodes;
}

// What each node's bell gives to an option out of the money.
std::vector<double> prices_of(std::span<const double> nodes, double moneyness, double width) {
    static constexpr double one = 1.0;
    const std::int8_t sign = moneyness >= 1 ? 1 : -1;
    std::vector<double> prices(nodes.size());
    backend().forward_price({.asset = {nodes.data(), false},
                             .strike = {&moneyness, true},
                             .time = {&one, true},
                             .vol = {&width, true},
                             .discount = {&one, true},
                             .rate = {},
                             .yield = {},
                             .sign = {&sign, true}},
                            {.price = prices.data()}, nodes.size());
    return prices;
}

class SliceProblem {
  public:
    SliceProblem(std::span<const ExpiryQuotes> expiries, std::size_t at, const Slice* before,
                 const Attempt& attempt)
        : expiry_(expiries[at]),
          later_(expiries.subspan(at + 1)),
          before_(before),
          svi_(attempt.is_flat ? Svi{.a = expiry_.mean_variance} : expiry_.svi) {
        choose_width(attempt.width_share);
        choose_nodes();
        find_prior();
    }

    [[nodiscard]] Slice solve() const {
        const ProgramSolution solution =
            pricing::solve(program(), std::vector<double>(nodes_.size(), 1.0));
        std::vector<double> weights = prior_;
        for (std::size_t node = 0; node < nodes_.size(); ++node) {
            weights[node] *= solution.x[node];
        }
        for (std::vector<double> candidate : {std::move(weights), prior_, spread_before()}) {
            if (!candidate.empty() && make_valid(candidate)) {
                return slice_of(std::move(candidate));
            }
        }
        return slice_of(spread_before());
    }

  private:
    [[nodiscard]] Slice slice_of(std::vector<double> weights) const {
        SliceTerms terms = expiry_.terms;
        terms.deviation = width_;
        return {terms, log_nodes_, std::move(weights)};
    }

    void choose_width(double width_share) {
        theta_ = clamped(1e-9, variance_at(svi_, 0.0), 16.0);
        deviation_ = root(theta_);
        width_ = width_share * deviation_;
        if (before_ != nullptr) {
            width_ = larger_of(width_, before_->terms().deviation);
        }
    }

    void choose_nodes() {
        const double most = smaller_of(deviations_max * deviation_, log_reach);
        double low = smaller_of(expiry_.least, -4.0 * deviation_) - 2.0 * deviation_;
        double high = larger_of(expiry_.most, 4.0 * deviation_) + 2.0 * deviation_;
        low = larger_of(low, -most);
        high = smaller_of(high, most);
        if (before_ != nullptr) {
            low = smaller_of(low, before_->log_nodes().front());
            high = larger_of(high, before_->log_nodes().back());
        }
        log_nodes_ = log_nodes_within(low, high, width_);
        nodes_.resize(log_nodes_.size());
        (void)evaluate(Function::exp, log_nodes_, {}, nodes_);
    }

    // The weights whose bells have about the prices of SVI: how calls bend from node to node, where
    // nothing later asks for less and nothing earlier for more.
    void find_prior() {
        const std::vector<double> calls = prior_calls();
        prior_.resize(nodes_.size());
        for (std::size_t at = 0; at < nodes_.size(); ++at) {
            const double left = at == 0
                                    ? (calls[0] - 1.0) / nodes_[0]
                                    : (calls[at] - calls[at - 1]) / (nodes_[at] - nodes_[at - 1]);
            const double right = at + 1 == nodes_.size()
                                     ? -calls[at] / nodes_[at]
                                     : (calls[at + 1] - calls[at]) / (nodes_[at + 1] - nodes_[at]);
            const double gap =
                at == 0 ? log_nodes_[1] - log_nodes_[0] : log_nodes_[at] - log_nodes_[at - 1];
            const double least =
                1e-3 * exp_of(-size_of(log_nodes_[at]) / deviation_) * gap / deviation_;
            prior_[at] = larger_of(right - left, least);
        }
        for (int repetition = 0; repetition < 50; ++repetition) {
            centre(prior_);
        }
    }

    [[nodiscard]] std::vector<double> prior_calls() const {
        static constexpr double one = 1.0;
        static constexpr std::int8_t call = 1;
        const double own = width_ * width_;
        std::vector<double> deviations;
        for (const double k : log_nodes_) {
            double variance = larger_of(prior_variance(expiry_, svi_, k) - own, 0.3 * theta_);
            for (const ExpiryQuotes& later : later_) {
                const double of_later = prior_variance(later, later.svi, k) - own;
                variance = smaller_of(variance, larger_of(of_later, 0.3 * theta_));
            }
            deviations.push_back(root(variance));
        }
        std::vector<double> calls(nodes_.size());
        backend().forward_price({.asset = {&one, true},
                                 .strike = {nodes_.data(), false},
                                 .time = {&one, true},
                                 .vol = {deviations.data(), false},
                                 .discount = {&one, true},
                                 .rate = {},
                                 .yield = {},
                                 .sign = {&call, true}},
                                {.price = calls.data()}, calls.size());
        for (std::size_t at = 0; at < calls.size(); ++at) {
            calls[at] = larger_of(calls[at], 1.0 - nodes_[at]);
            if (before_ != nullptr) {
                calls[at] = larger_of(calls[at], before_->bare_call(nodes_[at]));
            }
        }
        return calls;
    }

    // Towards weights that add up to one and have a mean of one.
    void centre(std::vector<double>& weights) const {
        double mass = 0;
        for (const double weight : weights) {
            mass += weight;
        }
        double mean = 0;
        double square = 0;
        for (std::size_t at = 0; at < weights.size(); ++at) {
            weights[at] /= mass;
            mean += weights[at] * nodes_[at];
            square += weights[at] * nodes_[at] * nodes_[at];
        }
        const double tilt = (1.0 - mean) / larger_of(square - mean * mean, 1e-30);
        for (std::size_t at = 0; at < weights.size(); ++at) {
            weights[at] *= larger_of(1.0 + tilt * (nodes_[at] - mean), 0.1);
        }
    }

    [[nodiscard]] QuadraticProgram program() const {
        QuadraticProgram program;
        program.variables = nodes_.size();
        program.quadratic.resize(nodes_.size() * nodes_.size());
        program.linear.assign(nodes_.size(), -rest);
        add_quotes(program);
        add_smoothness(program);
        add_later(program);
        add_calendar(program);
        for (std::size_t at = 0; at < nodes_.size(); ++at) {
            program.equations[0].push_back(prior_[at]);
            program.equations[1].push_back(prior_[at] * (nodes_[at] - 1.0) / deviation_);
        }
        program.targets = {1.0, 0.0};
        return program;
    }

    // Prices at one moneyness, by half the width of a quote.
    [[nodiscard]] std::vector<double> row_of(double moneyness, double half_width) const {
        std::vector<double> row = prices_of(nodes_, moneyness, width_);
        for (std::size_t node = 0; node < nodes_.size(); ++node) {
            row[node] *= prior_[node] / half_width;
        }
        return row;
    }

    static void add_row(QuadraticProgram& program, const std::vector<double>& row,
                        const Bounds& bounds) {
        program.rows.insert(program.rows.end(), row.begin(), row.end());
        program.bounds.push_back(bounds);
    }

    void add_quotes(QuadraticProgram& program) const {
        const double share = nearness / static_cast<double>(expiry_.bands.size());
        for (const Band& band : expiry_.bands) {
            const double half_width = half_width_of(band);
            const std::vector<double> row = row_of(band.moneyness, half_width);
            const double least = band.bid / half_width;
            const double most = band.ask / half_width;
            add_row(program, row,
                    {.least = least + inset,
                     .most = most - inset,
                     .cost = cost_of_quote,
                     .has_least = true,
                     .has_most = true});
            for (std::size_t at = 0; at < nodes_.size(); ++at) {
                program.linear[at] -= share * 0.5 * (least + most) * row[at];
                for (std::size_t other = 0; other < nodes_.size(); ++other) {
                    program.quadratic[at * nodes_.size() + other] += share * row[at] * row[other];
                }
            }
        }
    }

    // Second differences of the factors, squared.
    void add_smoothness(QuadraticProgram& program) const {
        const std::size_t count = nodes_.size();
        constexpr std::array<double, 3> difference{1.0, -2.0, 1.0};
        for (std::size_t at = 0; at + 2 < count; ++at) {
            for (std::size_t row = 0; row < 3; ++row) {
                for (std::size_t column = 0; column < 3; ++column) {
                    program.quadratic[(at + row) * count + at + column] +=
                        smoothness * difference[row] * difference[column];
                }
            }
        }
        for (std::size_t at = 0; at < count; ++at) {
            program.quadratic[at * count + at] += rest;
        }
    }

    // What a later expiry asks for at a moneyness, this one must not cost more than.
    void add_later(QuadraticProgram& program) const {
        const std::size_t expiries =
            later_.size() < later_expiries ? later_.size() : later_expiries;
        for (const ExpiryQuotes& later : later_.first(expiries)) {
            for (const Band& band : later.bands) {
                if (nodes_.front() < band.moneyness && band.moneyness < nodes_.back()) {
                    add_ask(program, band);
                }
            }
        }
    }

    // Where the prior is far below it says nothing.
    void add_ask(QuadraticProgram& program, const Band& band) const {
        constexpr double near = 0.2;
        const double half_width = half_width_of(band);
        const double most = band.ask / half_width;
        const std::vector<double> row = row_of(band.moneyness, half_width);
        double price = 0;
        for (const double part : row) {
            price += part;
        }
        if (price >= near * most) {
            add_row(program, row,
                    {.least = 0,
                     .most = most - later_inset,
                     .cost = cost_of_later,
                     .has_least = false,
                     .has_most = true});
        }
    }

    // What an option out of the money at a node gets from another node before bells widen it.
    [[nodiscard]] double bare(std::size_t strike, std::size_t node) const {
        const double value = nodes_[node] - nodes_[strike];
        return larger_of(nodes_[strike] >= 1 ? value : -value, 0.0);
    }
    [[nodiscard]] double bare_before(std::size_t strike) const {
        return nodes_[strike] >= 1 ? before_->bare_call(nodes_[strike])
                                   : before_->bare_put(nodes_[strike]);
    }

    void add_calendar(QuadraticProgram& program) const {
        if (before_ == nullptr) {
            return;
        }
        for (std::size_t strike = 1; strike + 1 < nodes_.size(); ++strike) {
            double scale = 0;
            for (std::size_t node = 0; node < nodes_.size(); ++node) {
                scale += prior_[node] * bare(strike, node);
            }
            scale = larger_of(scale, 1e-9);
            std::vector<double> row;
            for (std::size_t node = 0; node < nodes_.size(); ++node) {
                row.push_back(prior_[node] * bare(strike, node) / scale);
            }
            add_row(program, row,
                    {.least = bare_before(strike) / scale,
                     .most = 0,
                     .cost = 0,
                     .has_least = true,
                     .has_most = false});
        }
    }

    // Takes from weights what rounding and an unfinished program left wrong: each positive, one in
    // sum and mean, and no calendar that costs less than nothing. Whether that needed little.
    [[nodiscard]] bool make_valid(std::vector<double>& weights) const {
        for (const double weight : weights) {
            if (!(weight >= 0 && weight < 2)) {
                return false;
            }
        }
        for (int repetition = 0; repetition < 4; ++repetition) {
            centre(weights);
        }
        constexpr double most = 1e-4;
        const double share = before_ == nullptr ? 0.0 : share_of_widest(weights);
        if (!(share <= most)) {
            return false;
        }
        const std::array<double, 2> ends = widest();
        for (double& weight : weights) {
            weight *= 1.0 - share;
        }
        weights.front() += share * ends[0];
        weights.back() += share * ends[1];
        return true;
    }

    // All weight on the outermost nodes: nothing with a mean of one is wider.
    [[nodiscard]] std::array<double, 2> widest() const {
        const double range = nodes_.back() - nodes_.front();
        return {(nodes_.back() - 1.0) / range, (1.0 - nodes_.front()) / range};
    }

    // How much of the widest must be mixed in, so that every node's option costs what it did.
    [[nodiscard]] double share_of_widest(const std::vector<double>& weights) const {
        const std::array<double, 2> ends = widest();
        double share = 0;
        for (std::size_t strike = 1; strike + 1 < nodes_.size(); ++strike) {
            double price = 0;
            for (std::size_t node = 0; node < nodes_.size(); ++node) {
                price += weights[node] * bare(strike, node);
            }
            const double most =
                ends[0] * bare(strike, 0) + ends[1] * bare(strike, nodes_.size() - 1);
            const double missing = bare_before(strike) - price;
            if (missing > 0) {
                share = larger_of(share, 1.01 * missing / (most - price));
            }
        }
        return share;
    }

    // The weights of the expiry before, each shared by the nodes beside it: wider, whatever else.
    [[nodiscard]] std::vector<double> spread_before() const {
        if (before_ == nullptr) {
            return prior_;
        }
        std::vector<double> weights(nodes_.size());
        std::size_t at = 0;
        for (std::size_t node = 0; node < before_->nodes().size(); ++node) {
            const double place = before_->nodes()[node];
            while (at + 2 < nodes_.size() && nodes_[at + 1] < place) {
                ++at;
            }
            const double share =
                clamped(0, (place - nodes_[at]) / (nodes_[at + 1] - nodes_[at]), 1);
            weights[at] += before_->weights()[node] * (1.0 - share);
            weights[at + 1] += before_->weights()[node] * share;
        }
        return weights;
    }

    const ExpiryQuotes& expiry_;
    std::span<const ExpiryQuotes> later_;
    const Slice* before_;
    Svi svi_;
    double theta_ = 0;
    double deviation_ = 0;
    double width_ = 0;
    std::vector<double> log_nodes_;
    std::vector<double> nodes_;
    std::vector<double> prior_;
};

std::size_t count_inside(const ExpiryQuotes& expiry, const Slice& slice) {
    std::size_t inside = 0;
    for (const Band& band : expiry.bands) {
        const double price = slice.out_of_the_money(band.log_moneyness, slice.terms().deviation);
        inside += band.bid <= price && price <= band.ask ? 1U : 0U;
    }
    return inside;
}

}  // namespace

Slice fit_slice(std::span<const ExpiryQuotes> expiries, std::size_t at, const Slice* before) {
    std::optional<Slice> best;
    std::size_t most = 0;
    for (const Attempt& attempt : attempts) {
        Slice slice = SliceProblem(expiries, at, before, attempt).solve();
        const std::size_t inside = count_inside(expiries[at], slice);
        if (!best || inside > most) {
            best = std::move(slice);
            most = inside;
        }
        if (most == expiries[at].bands.size()) {
            break;
        }
    }
    ASSERT(best.has_value());
    return std::move(*best);
}

}  // namespace miletus::pricing
