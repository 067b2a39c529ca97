// Lines of log.
#include "host/log.hpp"

#include <time.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace miletus::host {

namespace {

std::string time_of_day() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    tm parts{};
    gmtime_r(&now.tv_sec, &parts);
    std::array<char, 32> date{};
    strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::array<char, 32> micros{};
    std::snprintf(micros.data(), micros.size(), ".%06ldZ", now.tv_nsec / 1000);
    return std::string(date.data()) + micros.data();
}

std::string_view name_of(LogLevel level) {
    switch (level) {
        case LogLevel::info:
            return "info";
        case LogLevel::warning:
            return "warning";
        case LogLevel::error:
            return "error";
    }
    return "";
}

// As logfmt has it.
std::string quoted(std::string_view value) {
    if (!value.empty() && value.find_first_of(" =\"\\\n") == std::string_view::npos) {
        return std::string(value);
    }
    std::string text = "\"";
    for (const char letter : value) {
        if (letter == '"' || letter == '\\') {
            text += '\\';
        }
        text += letter == '\n' ? ' ' : letter;
    }
    return text + "\"";
}

}  // namespace

std::string log_line(LogLevel level, std::string_view event,
                     std::initializer_list<LogField> fields) {
    std::string line = "time=" + time_of_day();
    line.append(" level=").append(name_of(level)).append(" event=").append(event);
    for (const LogField& field : fields) {
        line.append(" ").append(field.key).append("=").append(quoted(field.value));
    }
    return line;
}

bool has_reader() {
    return isatty(STDERR_FILENO) == 1;
}

void QuietLog::write(LogLevel level, std::string_view event,
                     std::initializer_list<LogField> fields) {
    if (level != LogLevel::info) {
        log_.write(level, event, fields);
    }
}

void ErrorLog::write(LogLevel level, std::string_view event,
                     std::initializer_list<LogField> fields) {
    const std::string line = log_line(level, event, fields) + "\n";
    // Where nobody can be told, nothing can be done about it.
    static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
}

}  // namespace miletus::host
