// Reading, planning, asking.
#include "edge/listing/agent.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <chrono>

namespace miletus::listing {

using protocol::EventType;
using protocol::view;

namespace {

std::string date_of(UnixNanos moment) {
    const std::chrono::sys_time<std::chrono::nanoseconds> time{
        std::chrono::nanoseconds(moment.value())};
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
    const auto two_digits = [](unsigned number) {
        return (number < 10 ? "-0" : "-") + std::to_string(number);
    };
    return std::to_string(static_cast<int>(date.year())) +
           two_digits(static_cast<unsigned>(date.month())) +
           two_digits(static_cast<unsigned>(date.day()));
}

}  // namespace

Agent::Agent(const Settings& settings) : settings_(settings), catalogue_(settings) {
    ASSERT(!mistake_in(settings).has_value());
}

// ---- What the venue tells ----

void Agent::read(std::span<const Unit> event) {
    const std::size_t priced = catalogue_.priced();
    catalogue_.read(event);
    const auto type = static_cast<EventType>(view<protocol::EventHeader>(event).type);
    if (type == EventType::completed) {
        finish_command(view<protocol::Completed>(event));
    } else if (type == EventType::instrument_listed) {
        listed_.push_back(view<protocol::InstrumentListed>(event).instrument);
    } else if (type == EventType::index_changed && catalogue_.priced() > priced) {
        next_refresh_ = UnixNanos(0);
    } else if (type == EventType::epoch_started) {
        // What was on its way may be lost. Under its number it is done once.
        submitted_ = ClientSequence(0);
    }
}

void Agent::finish_command(const protocol::Completed& event) {
    if (event.session == settings_.session && event.account == AccountId(0)) {
        take_answer(event);
    }
    for (const InstrumentId instrument : listed_) {
        for (const Task& step : steps_due(catalogue_, settings_, instrument)) {
            append(step);
        }
    }
    listed_.clear();
    if (catalogue_.now() >= next_refresh_) {
        refresh();
    }
    while (!tasks_.empty() && is_void(tasks_.front(), catalogue_, settings_)) {
        tasks_.pop_front();
    }
}

void Agent::take_answer(const protocol::Completed& answer) {
    last_number_ = std::max(last_number_, answer.client_sequence);
    const auto task = std::ranges::find(tasks_, answer.client_sequence, &Task::number);
    if (task == tasks_.end()) {
        return;
    }
    if (answer.reject != Reject::none) {
        waiting_[task->goal] = catalogue_.now() + settings_.retry_after;
        note_refusal(task->goal, answer.reject);
    }
    tasks_.erase(task);
}

void Agent::set_volatility(std::string_view underlying, std::int64_t volatility) {
    catalogue_.set_volatility(underlying, volatility);
}

// ---- Planning ----

void Agent::refresh() {
    const std::int64_t interval = settings_.refresh.value();
    next_refresh_ = UnixNanos((catalogue_.now().value() / interval + 1) * interval);
    std::erase_if(waiting_, [this](const auto& goal) { return goal.second <= catalogue_.now(); });
    std::set<Goal> taken;
    for (const Task& task : tasks_) {
        taken.insert(task.goal);
    }
    for (const auto& [goal, until] : waiting_) {
        taken.insert(goal);
    }
    for (const auto& [instrument, known] : catalogue_.instruments()) {
        for (const Task& step : steps_due(catalogue_, settings_, instrument)) {
            if (!taken.contains(step.goal)) {
                append(step);
            }
        }
    }
    refresh_listings(taken);
}

void Agent::refresh_listings(const std::set<Goal>& taken) {
    const Plan plan = listings_due(catalogue_, settings_);
    for (const Task& task : plan.tasks) {
        if (!taken.contains(task.goal)) {
            append(task);
        }
    }
    for (const Goal& goal : plan.crowded) {
        note_crowd(goal);
    }
}

// Numbers begin with the time, so that they lie above those of any earlier life; none is zero.
void Agent::append(Task task) {
    if (last_number_ == ClientSequence(0)) {
        last_number_ = ClientSequence(static_cast<std::uint64_t>(catalogue_.now().value()));
    }
    last_number_ = ClientSequence(last_number_.value() + 1);
    task.number = last_number_;
    tasks_.push_back(std::move(task));
}

// ---- Asking ----

const Task* Agent::next_task() const {
    std::size_t in_flight = 0;
    for (const Task& task : tasks_) {
        if (task.number > submitted_ && !is_void(task, catalogue_, settings_)) {
            return &task;
        }
        if (task.number <= submitted_ && ++in_flight == in_flight_max) {
            return nullptr;
        }
    }
    return nullptr;
}

std::span<const Unit> Agent::next_command() {
    const Task* task = next_task();
    return task == nullptr ? std::span<const Unit>() : command_of(*task, settings_.session, room_);
}

void Agent::mark_submitted() {
    const Task* task = next_task();
    ASSERT(task != nullptr);
    submitted_ = task->number;
}

// ---- Telling ----

std::optional<Note> Agent::take_note() {
    if (notes_.empty()) {
        return std::nullopt;
    }
    Note note = std::move(notes_.front());
    notes_.pop_front();
    return note;
}

void Agent::note_refusal(const Goal& goal, Reject reject) {
    note(reject, text_of(goal) + " was refused: " + std::string(name(reject)) +
                     "; it is asked for again later");
}

void Agent::note_crowd(const Goal& goal) {
    std::erase_if(crowded_, [this](const Goal& told) { return told.expiry <= catalogue_.now(); });
    if (crowded_.insert(goal).second) {
        note(Reject::none, text_of(goal) + " has as many strikes as it may: others are left out");
    }
}

void Agent::note(Reject reject, const std::string& text) {
    if (notes_.size() == notes_max) {
        notes_.pop_front();
    }
    notes_.push_back({.time = catalogue_.now(), .reject = reject, .text = text});
}

std::string Agent::text_of(const Goal& goal) const {
    const std::string instrument = "instrument " + std::to_string(goal.instrument.value());
    const auto market =
        std::ranges::find(catalogue_.markets(), goal.underlying, &Market::underlying);
    const std::string underlying =
        market == catalogue_.markets().end() ? "" : market->settings.name;
    switch (goal.aim) {
        case Aim::list_future:
            return goal.expiry == UnixNanos(0)
                       ? "listing the perpetual of " + underlying
                       : "listing the future of " + underlying + " for " + date_of(goal.expiry);
        case Aim::list_options:
            return "listing options of " + underlying + " for " + date_of(goal.expiry);
        case Aim::set_band:
            return "the band of " + instrument;
        case Aim::open:
            return "opening " + instrument;
        case Aim::archive:
            return "archiving " + instrument;
    }
    return "";
}

}  // namespace miletus::listing
