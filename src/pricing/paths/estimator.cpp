// Blocks become the sum of their shift, and shifts the sum of all; with random paths there is one.
#include "pricing/paths/estimator.hpp"

#include "pricing/math/functions.hpp"

#include <algorithm>
#include <cmath>

namespace miletus::pricing {

namespace {

bool is_finite(double x) {
    return std::abs(x) < math::infinity;
}

Estimate without_value(PathStatus status) {
    return {.value = math::not_a_number, .standard_error = math::not_a_number, .status = status};
}

}  // namespace

BlockSum merged(const BlockSum& first, const BlockSum& second) {
    const auto samples = static_cast<double>(first.samples + second.samples);
    const double share = static_cast<double>(second.samples) / samples;
    const double between = static_cast<double>(first.samples) * share;
    const double step = second.mean - first.mean;
    const double control_step = second.control_mean - first.control_mean;
    return {.samples = first.samples + second.samples,
            .mean = first.mean + step * share,
            .squares = (first.squares + second.squares) + step * step * between,
            .control_mean = first.control_mean + control_step * share,
            .control_squares = (first.control_squares + second.control_squares) +
                               control_step * control_step * between,
            .products = (first.products + second.products) + step * control_step * between};
}

void BlockTree::add(const BlockSum& block) {
    BlockSum sum = block;
    std::size_t at = 0;
    for (; (count_ >> at & 1U) != 0; ++at) {
        sum = merged(whole_[at], sum);
    }
    whole_[at] = sum;
    ++count_;
}

BlockSum BlockTree::sum() const {
    BlockSum sum;
    for (std::size_t at = 0; at < whole_.size(); ++at) {
        if ((count_ >> at & 1U) != 0) {
            sum = sum.samples == 0 ? whole_[at] : merged(whole_[at], sum);
        }
    }
    return sum;
}

void Estimator::add(const BlockSum& block) {
    if (blocks_ == plan_.blocks || block.samples == 0) {
        is_wrong_ = true;
        return;
    }
    tree_.add(block);
    ++blocks_;
    if (blocks_ % plan_.shift_blocks == 0) {
        shifts_.push_back(tree_.sum());
        tree_ = {};
    }
}

BlockSum Estimator::all() const {
    BlockTree tree;
    for (const BlockSum& shift : shifts_) {
        tree.add(shift);
    }
    return tree.sum();
}

double Estimator::error_of_samples(const BlockSum& all, double coefficient) const {
    const auto samples = static_cast<double>(all.samples);
    const double squares = all.squares - coefficient * all.products;
    const double freedom = std::max(1.0, samples - (plan_.has_control ? 2.0 : 1.0));
    return std::sqrt(std::max(0.0, squares) / (freedom * samples));
}

double Estimator::error_of_shifts(const BlockSum& all, double coefficient) const {
    const double centre = all.mean - coefficient * all.control_mean;
    double squares = 0;
    for (const BlockSum& shift : shifts_) {
        const double distance = (shift.mean - coefficient * shift.control_mean) - centre;
        squares += distance * distance;
    }
    const auto shifts = static_cast<double>(shifts_.size());
    return std::sqrt(squares / (shifts * (shifts - 1)));
}

Estimate Estimator::estimate() const {
    if (plan_.status != PathStatus::ok) {
        return without_value(plan_.status);
    }
    if (is_wrong_ || blocks_ != plan_.blocks) {
        return without_value(PathStatus::missing_blocks);
    }
    const BlockSum sum = all();
    const bool has_control = plan_.has_control && sum.control_squares > 0;
    const double coefficient = has_control ? sum.products / sum.control_squares : 0.0;
    const double correction = coefficient * (sum.control_mean - plan_.control_expected);
    const double error =
        plan_.shifts > 1 ? error_of_shifts(sum, coefficient) : error_of_samples(sum, coefficient);
    const double value = plan_.discount * (sum.mean - (plan_.has_control ? correction : 0.0));
    const double standard_error = plan_.discount * error;
    if (!is_finite(value) || !is_finite(standard_error)) {
        return without_value(PathStatus::not_a_number);
    }
    return {.value = value,
            .standard_error = standard_error,
            .paths = sum.samples * (plan_.is_antithetic ? 2U : 1U),
            .control_coefficient = coefficient};
}

}  // namespace miletus::pricing
