// Log: what a running venue tells its operator: one line an event, `key=value` pairs, so that both
// people and programs read it. Never on the way of an order: only what is rare is told.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace miletus::host {

struct LogField {
    std::string_view key;
    std::string value;

    LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
    LogField(std::string_view name, std::integral auto number)
        : key(name), value(std::to_string(number)) {}
};

enum class LogLevel : unsigned char { info, warning, error };

// time=… level=… event=… and the fields, without the line's end; values with blanks are quoted.
[[nodiscard]] std::string log_line(LogLevel level, std::string_view event,
                                   std::initializer_list<LogField> fields);

class Log {
  public:
    virtual ~Log() = default;
    // From any thread.
    virtual void write(LogLevel level, std::string_view event,
                       std::initializer_list<LogField> fields) = 0;
};

// Each line in one piece, to standard error.
class ErrorLog final : public Log {
  public:
    void write(LogLevel level, std::string_view event,
               std::initializer_list<LogField> fields) override;
};

// Whether somebody looks at standard error.
[[nodiscard]] bool has_reader();

// Hands on what went wrong, and no more: for people, who are told the rest in other words.
class QuietLog final : public Log {
  public:
    explicit QuietLog(Log& log) : log_(log) {}
    void write(LogLevel level, std::string_view event,
               std::initializer_list<LogField> fields) override;

  private:
    Log& log_;
};

// For tests and simulation.
class NoLog final : public Log {
  public:
    void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

}  // namespace miletus::host
