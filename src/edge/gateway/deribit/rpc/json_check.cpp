// A machine with a stack of what is open.
#include "edge/gateway/deribit/rpc/json_check.hpp"

#include "edge/gateway/deribit/rpc/number.hpp"

#include <cstddef>
#include <string>

namespace miletus::deribit {

namespace {

class Checker {
  public:
    Checker(std::string_view text, std::uint32_t depth_max) : text_(text), depth_max_(depth_max) {}

    [[nodiscard]] bool check() {
        bool is_good = true;
        while (is_good && step_ != Step::done) {
            skip_space();
            is_good = take();
        }
        skip_space();
        return is_good && text_.empty();
    }

  private:
    // What may come next.
    enum class Step : std::uint8_t { value, value_or_end, key, key_or_end, separator, done };

    [[nodiscard]] bool take() {
        if (text_.empty()) {
            return false;
        }
        switch (step_) {
            case Step::value_or_end:
                return is_at(']') ? close(']') : take_value();
            case Step::value:
                return take_value();
            case Step::key_or_end:
                return is_at('}') ? close('}') : take_key();
            case Step::key:
                return take_key();
            case Step::separator:
                return take_separator();
            case Step::done:
                break;
        }
        return false;
    }

    [[nodiscard]] bool take_value() {
        switch (text_.front()) {
            case '[':
                return open(']', Step::value_or_end);
            case '{':
                return open('}', Step::key_or_end);
            case '"':
                return take_string() && ended();
            case 't':
                return take_word("true") && ended();
            case 'f':
                return take_word("false") && ended();
            case 'n':
                return take_word("null") && ended();
            default:
                return take_number() && ended();
        }
    }

    [[nodiscard]] bool open(char closing, Step next) {
        if (open_.size() >= depth_max_) {
            return false;
        }
        text_.remove_prefix(1);
        open_.push_back(closing);
        step_ = next;
        return true;
    }
    [[nodiscard]] bool close(char closing) {
        if (open_.empty() || open_.back() != closing) {
            return false;
        }
        text_.remove_prefix(1);
        open_.pop_back();
        return ended();
    }
    // A value is over.
    [[nodiscard]] bool ended() {
        step_ = open_.empty() ? Step::done : Step::separator;
        return true;
    }

    [[nodiscard]] bool take_separator() {
        if (!is_at(',')) {
            return close(text_.front());
        }
        text_.remove_prefix(1);
        step_ = open_.back() == '}' ? Step::key : Step::value;
        return true;
    }
    [[nodiscard]] bool take_key() {
        if (!is_at('"') || !take_string()) {
            return false;
        }
        skip_space();
        if (!is_at(':')) {
            return false;
        }
        text_.remove_prefix(1);
        step_ = Step::value;
        return true;
    }

    [[nodiscard]] bool take_word(std::string_view word) {
        if (!text_.starts_with(word)) {
            return false;
        }
        text_.remove_prefix(word.size());
        return true;
    }
    [[nodiscard]] bool take_number() {
        const std::size_t end = text_.find_first_of(" \t\r\n,]}");
        const std::string_view number = text_.substr(0, end);
        text_.remove_prefix(number.size());
        return is_json_number(number);
    }
    [[nodiscard]] bool take_string() {
        text_.remove_prefix(1);
        while (!text_.empty() && text_.front() != '"') {
            const char letter = text_.front();
            if (static_cast<unsigned char>(letter) < 0x20) {
                return false;
            }
            text_.remove_prefix(1);
            if (letter == '\\' && !take_escape()) {
                return false;
            }
        }
        return take_word("\"");
    }
    [[nodiscard]] bool take_escape() {
        if (text_.empty()) {
            return false;
        }
        const char letter = text_.front();
        text_.remove_prefix(1);
        if (letter != 'u') {
            return std::string_view("\"\\/bfnrt").contains(letter);
        }
        constexpr std::string_view hexadecimal = "0123456789abcdefABCDEF";
        if (text_.size() < 4 ||
            text_.substr(0, 4).find_first_not_of(hexadecimal) != std::string_view::npos) {
            return false;
        }
        text_.remove_prefix(4);
        return true;
    }

    [[nodiscard]] bool is_at(char letter) const { return text_.starts_with(letter); }
    void skip_space() {
        const std::size_t begin = text_.find_first_not_of(" \t\r\n");
        text_.remove_prefix(begin == std::string_view::npos ? text_.size() : begin);
    }

    std::string_view text_;
    std::uint32_t depth_max_;
    std::string open_;  // what closes each list and object that is open
    Step step_ = Step::value;
};

}  // namespace

bool is_json(std::string_view text, std::uint32_t depth_max) {
    return Checker(text, depth_max).check();
}

}  // namespace miletus::deribit
