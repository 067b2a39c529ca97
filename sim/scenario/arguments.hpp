// Arguments: the words of a line, taken one by one. The first mistake sticks, and what is taken
// after it is empty: a handler takes all it needs, then asks once whether that went well.
#pragma once

#include "base/units.hpp"
#include "protocol/enums.hpp"
#include "sim/scenario/names.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::scenario {

class Arguments {
  public:
    Arguments(std::vector<std::string_view> words, const Names& names)
        : words_(std::move(words)), names_(names) {}

    [[nodiscard]] const std::string& error() const { return error_; }
    void fail(const std::string& error);
    [[nodiscard]] bool is_done() const { return next_ == words_.size(); }
    [[nodiscard]] std::string_view peek() const { return is_done() ? "" : words_[next_]; }

    std::string_view word(std::string_view what);
    bool take(std::string_view expected);  // where it comes next
    std::int64_t integer(std::string_view what);
    std::int64_t decimal(std::string_view what, std::uint32_t decimals);
    UnixNanos time(std::string_view what);
    AccountId account();
    AssetId asset();
    UnderlyingId underlying();
    InstrumentId instrument();

    template <class Enum>
    Enum value(std::string_view what) {
        const std::string_view text = word(what);
        const std::optional<Enum> found = protocol::value_named<Enum>(text);
        if (!found) {
            fail("no " + std::string(what) + " is called " + std::string(text));
        }
        return found.value_or(Enum{});
    }

    // The rest of the line is key=value in any order; a key is taken once.
    std::optional<std::string_view> option(std::string_view key);
    std::int64_t integer_option(std::string_view key, std::int64_t otherwise);
    // Fails where there are more than a message has room for.
    void check_count(std::string_view what, std::size_t count, std::size_t bound);
    // A word of its own, anywhere in the rest of the line.
    bool flag(std::string_view word);
    // The line is over: false where words are left, or where any before were wrong.
    [[nodiscard]] bool finish();

  private:
    std::vector<std::string_view> words_;
    const Names& names_;
    std::size_t next_ = 0;
    std::string error_;
};

}  // namespace miletus::scenario
