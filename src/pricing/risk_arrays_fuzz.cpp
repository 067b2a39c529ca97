// Any numbers as lots, scenarios and shocks: a fault, or rows that fit their status, with the same
// entries alone and in a chain, by every kind of lanes.
#include "base/assert.hpp"
#include "fuzz/fuzz_one.hpp"
#include "pricing/pricing.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

namespace miletus {

namespace {

using pricing::RiskFault;
using pricing::Scenario;
using pricing::VolMove;

constexpr std::size_t lots_max = 40;
constexpr std::int64_t entry_max = 1LL << 48U;

// Takes numbers from the front; zeros when nothing is left.
class Numbers {
  public:
    explicit Numbers(std::span<const std::byte> bytes) : bytes_(bytes) {}

    [[nodiscard]] bool is_empty() const { return bytes_.empty(); }
    double number() {
        std::array<std::byte, sizeof(double)> number{};
        const auto taken = bytes_.first(std::min(bytes_.size(), number.size()));
        std::ranges::copy(taken, number.begin());
        bytes_ = bytes_.subspan(taken.size());
        return std::bit_cast<double>(number);
    }
    std::uint8_t byte() {
        const std::uint8_t value = bytes_.empty() ? 0 : static_cast<std::uint8_t>(bytes_.front());
        bytes_ = bytes_.subspan(bytes_.empty() ? 0 : 1);
        return value;
    }

  private:
    std::span<const std::byte> bytes_;
};

struct Case {
    std::vector<Scenario> scenarios;
    pricing::VolShocks shocks;
    std::vector<double> forward, strike, time, vol, discount, units;
    std::vector<std::int8_t> kind;

    // From the numbered lot on, so many.
    [[nodiscard]] pricing::OptionLots lots(std::size_t at, std::size_t count) const {
        const auto part = [&](const auto& column) {
            return std::span(column).subspan(at, count);
        };
        return {.forward = part(forward),
                .strike = part(strike),
                .time = part(time),
                .vol = part(vol),
                .discount = part(discount),
                .units = part(units),
                .kind = part(kind)};
    }
};

Case case_in(std::span<const std::byte> bytes) {
    Numbers numbers(bytes);
    Case result;
    const std::size_t scenarios = numbers.byte() % (pricing::scenarios_max + 2);
    for (std::size_t at = 0; at < scenarios; ++at) {
        const auto move = VolMove{static_cast<std::uint8_t>(numbers.byte() % 4)};
        const double price_move = numbers.number();
        result.scenarios.push_back(
            {.price_move = price_move, .vol_move = move, .weight = numbers.number()});
    }
    if (scenarios == 0) {
        const auto usual = pricing::usual_scenarios({});
        result.scenarios.assign(usual.begin(), usual.end());
    }
    if (numbers.byte() % 2 != 0) {
        for (double* number :
             {&result.shocks.range_up, &result.shocks.range_down, &result.shocks.power_near,
              &result.shocks.power_far, &result.shocks.vol_min_up}) {
            *number = numbers.number();
        }
    }
    while (!numbers.is_empty() && result.kind.size() < lots_max) {
        for (std::vector<double>* column : {&result.forward, &result.strike, &result.time,
                                            &result.vol, &result.discount, &result.units}) {
            column->push_back(numbers.number());
        }
        result.kind.push_back(static_cast<std::int8_t>(numbers.byte()));
    }
    return result;
}

struct Arrays {
    std::vector<std::int64_t> entries;
    std::vector<std::uint8_t> status;
    RiskFault fault = RiskFault::none;
};

Arrays arrays_of(const Case& from, std::size_t at, std::size_t count) {
    Arrays arrays{std::vector<std::int64_t>(count * from.scenarios.size()),
                  std::vector<std::uint8_t>(count)};
    arrays.fault = risk_arrays(from.lots(at, count), from.scenarios, from.shocks,
                               {arrays.entries, arrays.status});
    return arrays;
}

void check_row(std::span<const std::int64_t> row, pricing::Status status,
               std::span<const Scenario> scenarios) {
    const bool has_price =
        status == pricing::Status::ok || status == pricing::Status::no_time_value;
    for (std::size_t at = 0; at < row.size(); ++at) {
        const bool moves = scenarios[at].price_move != 0 || scenarios[at].vol_move != VolMove::same;
        ASSERT(-entry_max <= row[at] && row[at] <= entry_max);
        ASSERT((has_price && moves) || row[at] == 0);
    }
}

void check_linear(const Case& from) {
    Arrays arrays{std::vector<std::int64_t>(from.kind.size() * from.scenarios.size()),
                  std::vector<std::uint8_t>(from.kind.size())};
    arrays.fault = risk_arrays(pricing::LinearLots{.price = from.forward, .units = from.units},
                               from.scenarios, {arrays.entries, arrays.status});
    const std::size_t width = from.scenarios.size();
    for (std::size_t at = 0; at < from.kind.size(); ++at) {
        for (const std::int64_t entry : std::span(arrays.entries).subspan(at * width, width)) {
            ASSERT(-entry_max <= entry && entry <= entry_max);
            ASSERT(arrays.status[at] == 0 || entry == 0);
        }
    }
}

}  // namespace

void fuzz_one(std::span<const std::byte> bytes) {
    const Case from = case_in(bytes);
    const std::size_t width = from.scenarios.size();
    check_linear(from);
    ASSERT(pricing::set_isa(pricing::Isa::scalar));
    Arrays one_by_one;
    for (std::size_t at = 0; at < from.kind.size(); ++at) {
        const Arrays one = arrays_of(from, at, 1);
        check_row(one.entries, pricing::Status{one.status[0]}, from.scenarios);
        one_by_one.fault = one.fault;
        one_by_one.status.push_back(one.status[0]);
        one_by_one.entries.insert(one_by_one.entries.end(), one.entries.begin(), one.entries.end());
    }
    for (const pricing::Isa isa :
         {pricing::Isa::scalar, pricing::Isa::avx2, pricing::Isa::avx512}) {
        if (pricing::set_isa(isa) && !from.kind.empty()) {
            const Arrays all = arrays_of(from, 0, from.kind.size());
            ASSERT(all.fault == one_by_one.fault);
            ASSERT(all.status == one_by_one.status);
            ASSERT(all.entries == one_by_one.entries && all.entries.size() % width == 0);
        }
    }
}

}  // namespace miletus
