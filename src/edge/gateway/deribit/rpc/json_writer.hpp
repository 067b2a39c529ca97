// JSON, appended to a text that the caller keeps: commas come by themselves, numbers are exact.
// Letters are gathered in a room of its own, since a text that grows by a few costs more than they
// do: the caller's has them once the outermost object, list or value is whole.
#pragma once

#include "base/annotations.hpp"
#include "base/assert.hpp"
#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace miletus::deribit {

class JsonWriter {
  public:
    // What stands in `out` before stays, and is no part of the JSON.
    explicit JsonWriter(std::string& out LIFETIME_BOUND) : out_(&out) {}
    JsonWriter(const JsonWriter&) = delete;
    JsonWriter& operator=(const JsonWriter&) = delete;

    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }

    // A name of the tables: nothing in it needs an escape. In line, since most are literals.
    ALWAYS_INLINE void key(std::string_view name) {
        const std::span<char> letters = next(name.size() + 3);
        letters.front() = '"';
        std::copy(name.begin(), name.end(), letters.subspan(1).begin());
        letters[name.size() + 1] = '"';
        letters.back() = ':';
        is_comma_due_ = false;
    }

    // Valid UTF-8; control characters, quotes and backslashes are escaped.
    void text(std::string_view value);
    void integer(std::int64_t value);
    // value / 10^decimals, without an exponent and without zeros at the end.
    void decimal(int128 value, std::uint32_t decimals);
    // With so many digits behind the point at most; null where it is no finite number.
    void real(double value, std::uint32_t digits);
    void boolean(bool value);
    void null();
    // JSON already.
    void raw(std::string_view json);

    // ---- A key and its value ----
    ALWAYS_INLINE void text(std::string_view name, std::string_view value) {
        key(name);
        text(value);
    }
    ALWAYS_INLINE void integer(std::string_view name, std::int64_t value) {
        key(name);
        integer(value);
    }
    ALWAYS_INLINE void decimal(std::string_view name, int128 value, std::uint32_t decimals) {
        key(name);
        decimal(value, decimals);
    }
    ALWAYS_INLINE void real(std::string_view name, double value, std::uint32_t digits) {
        key(name);
        real(value, digits);
    }
    ALWAYS_INLINE void boolean(std::string_view name, bool value) {
        key(name);
        boolean(value);
    }
    ALWAYS_INLINE void null(std::string_view name) {
        key(name);
        null();
    }
    ALWAYS_INLINE void raw(std::string_view name, std::string_view json) {
        key(name);
        raw(json);
    }

  private:
    void open(char bracket);
    void close(char bracket);
    // Room for so many letters, behind a comma where one is due.
    ALWAYS_INLINE std::span<char> next(std::size_t letters) {
        ASSERT(letters < room_.size());
        if (used_ >= room_.size() - letters) [[unlikely]] {
            flush();
        }
        if (is_comma_due_) {
            room_[used_] = ',';
            ++used_;
        }
        const std::size_t begin = used_;
        used_ += letters;
        return std::span(room_).subspan(begin, letters);
    }
    // A value is over, that needed so many letters less.
    void end(std::size_t letters_left = 0) {
        used_ -= letters_left;
        is_comma_due_ = true;
        if (depth_ == 0) {
            flush();
        }
    }
    void put(std::string_view json);
    void put_escaped(std::string_view text);
    void flush() {
        hand_over();
        used_ = 0;
    }
    void hand_over();

    std::string* out_;
    std::size_t used_ = 0;
    std::uint32_t depth_ = 0;  // of what is open
    bool is_comma_due_ = false;
    std::array<char, 512> room_;  // of which so many are used
};

}  // namespace miletus::deribit
