// Numbers and the budget.
#include "edge/crowd/outbox.hpp"

namespace miletus::crowd {

namespace {

constexpr std::int64_t second = 1'000'000'000;

}  // namespace

Outbox::Outbox(protocol::Intake& intake, Rate rate)
    : intake_(intake),
      time_per_command_(second / rate.per_second),
      ahead_(time_per_command_.value() * rate.at_once) {}

void Outbox::set_time(UnixNanos now) {
    now_ = std::max(now_, now);
}

bool Outbox::has_budget() const {
    return paid_until_ + time_per_command_ <= now_ + ahead_;
}

ClientSequence Outbox::next_number() const {
    const auto time = static_cast<std::uint64_t>(now_.value());
    return ClientSequence(std::max(last_.value() + 1, time));
}

void Outbox::pay() {
    paid_until_ = std::max(paid_until_, now_) + time_per_command_;
    ++sent_;
}

}  // namespace miletus::crowd
